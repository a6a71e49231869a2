import numpy as np
import pytest

from engine.backtest.resampling import resample
from engine.primitives.errors import DataError
from engine.primitives.timeframes import NS_PER_MINUTE
from tests.support.market import MONDAY_NS, a_bar_series, the_first

pytestmark = pytest.mark.unit

CLOSES = (100.0, 104.0, 98.0, 101.0, 103.0, 102.0, 105.0, 99.0, 100.0, 101.0)


def test_a_longer_bar_has_first_open_last_close_extremes_and_summed_volume() -> None:
    longer = resample(a_bar_series(CLOSES), "5m")

    assert longer.timeframe == "5m"
    assert longer.opened_ns.tolist() == [MONDAY_NS, MONDAY_NS + 5 * NS_PER_MINUTE]
    assert longer.open.tolist() == [100.0, 103.0]
    assert longer.high.tolist() == [105.0, 106.0]
    assert longer.low.tolist() == [97.0, 98.0]
    assert longer.close.tolist() == [103.0, 101.0]
    assert longer.volume.tolist() == [15.0, 40.0]


def test_a_longer_bar_that_has_not_closed_is_not_shown() -> None:
    assert len(resample(a_bar_series(CLOSES[:9]), "5m")) == 1
    assert len(resample(a_bar_series(CLOSES[:4]), "5m")) == 0


def test_a_longer_bar_that_began_before_the_series_is_not_shown() -> None:
    longer = resample(a_bar_series(CLOSES, from_ns=MONDAY_NS + 3 * NS_PER_MINUTE), "5m")

    assert longer.opened_ns.tolist() == [MONDAY_NS + 5 * NS_PER_MINUTE]
    assert longer.volume.tolist() == [3.0 + 4 + 5 + 6 + 7]


def test_with_a_gap_the_longer_bar_is_made_of_what_is_there() -> None:
    longer = resample(a_bar_series(CLOSES, without=(1, 2)), "5m")

    assert longer.volume.tolist() == [1.0 + 4 + 5, 40.0]
    assert longer.high[0] == 104.0


def test_a_longer_bar_without_any_bar_is_missing() -> None:
    longer = resample(a_bar_series(CLOSES * 2, without=range(5, 10)), "5m")

    assert np.diff(longer.opened_ns).tolist() == [10 * NS_PER_MINUTE, 5 * NS_PER_MINUTE]


def test_weeks_open_on_monday() -> None:
    days = a_bar_series([100.0] * 14, timeframe="1d")

    assert resample(days, "1w").opened_ns.tolist() == [MONDAY_NS, MONDAY_NS + 7 * 1_440 * NS_PER_MINUTE]


def test_a_cut_of_the_series_never_changes_a_bar_that_was_shown() -> None:
    series = a_bar_series(CLOSES * 6, without=(7, 8, 31))
    whole = resample(series, "5m")

    for end in range(1, len(series)):
        part = resample(the_first(series, end), "5m")
        assert part.close.tolist() == whole.close[: len(part)].tolist()
        assert part.volume.tolist() == whole.volume[: len(part)].tolist()


def test_the_same_timeframe_gives_the_same_bars() -> None:
    series = a_bar_series(CLOSES)

    assert resample(series, "1m") is series


@pytest.mark.parametrize("timeframe", ["7m", "1m", "5min"])
def test_a_timeframe_that_cannot_be_built_is_refused(timeframe: str) -> None:
    with pytest.raises(DataError):
        resample(a_bar_series(CLOSES, timeframe="5m"), timeframe)
