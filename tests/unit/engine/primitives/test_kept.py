"""What can be kept over a restart comes back unchanged, and everything else is refused before it is lost."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.primitives.errors import PluginError
from engine.primitives.kept import KEPT_BYTES_MAX, Keepable, kept_text, kept_values

pytestmark = pytest.mark.unit

PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.dictionaries(
    st.text(),
    st.recursive(
        PLAIN,
        lambda inner: st.lists(inner, max_size=3).map(tuple) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=8,
    ),
    max_size=4,
)


@given(VALUES)
def test_everything_that_can_be_kept_comes_back_as_it_was(values: dict[str, Keepable]) -> None:
    text = kept_text(values)

    assert kept_values(text) == values
    assert text.isascii()  # half a surrogate pair must not stop the journal's writer
    assert kept_text(kept_values(text)) == text


def test_the_order_in_which_values_were_put_in_makes_no_difference() -> None:
    assert kept_text({"a": 1, "b": 2}) == kept_text({"b": 2, "a": 1})


def test_what_came_back_cannot_be_changed() -> None:
    kept = kept_values(kept_text({"peaks": [[1, "5.0"]], "by_day": {"monday": 1}}))

    assert kept["peaks"] == ((1, "5.0"),)
    with pytest.raises(TypeError):
        kept["by_day"]["monday"] = 2  # type: ignore[index,call-overload]  # that is what is tried


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"peaks": [1, Decimal(5)]}, r"Write a Decimal as str\(value\).*at=the state\['peaks'\]\[1\], got=Decimal"),
        ({"seen": datetime(2026, 1, 5, tzinfo=UTC)}, "a time as its nanoseconds.*got=datetime"),
        ({"names": {"a", "b"}}, "got=set"),
        ({"price": float("nan")}, r"Infinity and NaN cannot be kept.*\['price'\]"),
        ({"by_day": {1: "x"}}, r"Names in what is kept are text.*\['by_day'\], name=1, got=int"),
        ([1, 2], "a mapping of names to values.*got=list"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_place(values: dict[str, Keepable], said: str) -> None:
    with pytest.raises(PluginError, match=said):
        kept_text(values)


def test_a_whole_history_is_refused_with_its_size() -> None:
    at_most = {"x": "x" * (KEPT_BYTES_MAX - len('{"x":""}'))}
    assert len(kept_text(at_most)) == KEPT_BYTES_MAX

    with pytest.raises(PluginError, match=f"not a history. \\(bytes={KEPT_BYTES_MAX + 1}, allowed={KEPT_BYTES_MAX}\\)"):
        kept_text({"x": str(at_most["x"]) + "x"})


@pytest.mark.parametrize("text", ["{", "[1]"])
def test_a_damaged_text_is_no_state(text: str) -> None:
    with pytest.raises(PluginError, match="What was kept"):
        kept_values(text)
