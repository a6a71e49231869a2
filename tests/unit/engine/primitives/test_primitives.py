"""Ids, money, ratios and timeframes."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.primitives import ids, money, ratios
from engine.primitives.timeframes import NS_PER_SECOND, Timeframe, datetime_from_ns, ns_from_datetime

pytestmark = pytest.mark.unit
D = Decimal


@given(st.lists(st.integers(0, 3), max_size=200), st.lists(st.booleans(), max_size=200))
def test_ids_are_unique_and_sort_in_the_order_in_which_they_were_made(steps: list[int], reserved: list[bool]) -> None:
    now = 1_700_000_000
    source = ids.IdSource(lambda: now * NS_PER_SECOND)
    made = []
    for step, is_reserved in zip(steps, reserved, strict=False):
        now += step
        made.append(source.reserve().write(ids.TICK) if is_reserved else source.next(ids.TICK))
    assert made == sorted(set(made))


def test_a_clock_that_steps_back_gives_no_id_twice() -> None:
    now = 100
    source = ids.IdSource(lambda: now * NS_PER_SECOND)
    first = [source.next(ids.ORDER), source.next(ids.ORDER)]
    now = 50
    assert source.next(ids.ORDER) > first[-1]


def test_an_id_tells_when_it_was_made() -> None:
    source = ids.IdSource(lambda: ns_from_datetime(datetime(2025, 10, 27, 14, 30, 22, tzinfo=UTC)))
    made = source.next(ids.OPPORTUNITY)
    assert made == "OPP_20251027_143022_00000"
    assert ids.instant_of(made) == datetime(2025, 10, 27, 14, 30, 22, tzinfo=UTC)
    with pytest.raises(ValueError, match="is not an id"):
        ids.instant_of("OPP_1")


@given(
    st.decimals(min_value=0, max_value=10**9, places=8),
    st.sampled_from([D("0.01"), D("0.00001"), D("0.5"), D(1), D("0.25")]),
)
def test_rounding_keeps_its_name(value: Decimal, step: Decimal) -> None:
    down, up, near = (f(value, step) for f in (money.round_down_to_step, money.round_up_to_step, money.round_to_step))
    assert down <= value <= up
    assert down <= near <= up
    assert abs(near - value) * 2 <= step
    assert all(result % step == 0 for result in (down, up, near))


def test_no_nan_becomes_money() -> None:
    for value in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="not a finite number"):
            money.from_float(value, D("0.01"))
    with pytest.raises(ValueError, match="cannot be NaN"):
        ratios.score_from_float(float("nan"))
    assert money.from_float(0.1 + 0.2, D("0.01")) == D("0.30")


def test_a_score_is_held_between_0_and_1() -> None:
    assert ratios.score_from_float(1.7) == 1
    assert ratios.score_from_float(-0.2) == 0
    assert ratios.clamp(D("1.2")) == 1
    assert ratios.in_range(D("0.8"), (D("0.8"), D(1)))


def test_weeks_open_on_monday_and_other_bars_at_their_multiple() -> None:
    at = ns_from_datetime(datetime(2025, 10, 29, 13, 37, tzinfo=UTC))
    assert datetime_from_ns(Timeframe.parse("1w").opened_ns(at)) == datetime(2025, 10, 27, tzinfo=UTC)
    assert datetime_from_ns(Timeframe.parse("4h").opened_ns(at)) == datetime(2025, 10, 29, 12, tzinfo=UTC)


@pytest.mark.parametrize("name", ["", "m", "0m", "5x", "-1m", "1.5h", "5M"])
def test_what_is_no_timeframe_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is not a timeframe"):
        Timeframe.parse(name)


@given(
    st.integers(631_152_000_000_000, 4_102_444_800_000_000).map(
        lambda us: datetime.fromtimestamp(0, tz=UTC) + timedelta(microseconds=us)
    )
)
def test_an_instant_survives_nanoseconds_and_back(at: datetime) -> None:
    assert datetime_from_ns(ns_from_datetime(at)) == at
