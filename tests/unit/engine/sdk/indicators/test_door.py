"""The set is whole: every indicator has both forms, and says how long it warms up."""

import inspect
import math

import pytest

from engine.sdk import indicators

pytestmark = pytest.mark.unit

OFFERED = {name: getattr(indicators, name) for name in indicators.__all__}
FUNCTIONS = [one for one in OFFERED.values() if inspect.isfunction(one)]
KINDS = [one for one in OFFERED.values() if inspect.isclass(one) and hasattr(one, "update")]


def test_every_indicator_has_a_form_over_a_whole_history() -> None:
    described = " ".join(inspect.getdoc(function) or "" for function in FUNCTIONS)

    assert [kind.__name__ for kind in KINDS if f"Return `{kind.__name__}` over a whole history" not in described] == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_an_indicator_says_how_long_it_warms_up_and_what_it_said_last(kind: type) -> None:
    periods = "periods" in inspect.signature(kind).parameters
    one = kind(periods=5) if periods else kind()

    assert one.warmup >= 0
    assert math.isnan(one.value) or kind is indicators.OnBalanceVolume
    assert "arm-up" in (inspect.getdoc(kind) or "")
