import pytest

from connectors.replay.history import FileHistory
from engine.contracts.market import BarSeries
from engine.primitives.errors import DataError
from engine.primitives.timeframes import NS_PER_MINUTE
from engine.sdk.connector import HistorySource
from tests.support.market import MONDAY_NS, a_bar_series, an_instrument

pytestmark = pytest.mark.unit


def a_history(series: BarSeries | None = None) -> HistorySource:
    recorded = series or a_bar_series([float(at) for at in range(1, 11)], without=(4,))
    return FileHistory([recorded], instruments=[an_instrument()])


@pytest.mark.parametrize(
    ("from_minute", "to_minute", "closes"),
    [
        (None, 2, [1.0, 2.0]),
        (8, None, [9.0, 10.0]),
        (2, 6, [3.0, 4.0, 6.0]),
        (4, 5, []),
        (6, 2, []),
        (1.5, 3, [3.0]),
    ],
)
def test_bars_are_those_that_open_within_the_range(
    from_minute: float | None, to_minute: float | None, closes: list[float]
) -> None:
    from_ns, to_ns = (
        None if minute is None else MONDAY_NS + int(minute * NS_PER_MINUTE) for minute in (from_minute, to_minute)
    )

    series = a_history().bars(symbol="BTC/USDT", timeframe="1m", from_ns=from_ns, to_ns=to_ns)

    assert series.close.tolist() == closes


def test_without_bounds_everything_is_there() -> None:
    assert len(a_history().bars(symbol="BTC/USDT", timeframe="1m")) == 9


def test_a_timeframe_that_was_not_recorded_is_refused_with_the_one_that_was() -> None:
    with pytest.raises(DataError, match="available=1m"):
        a_history().bars(symbol="BTC/USDT", timeframe="5m")


def test_a_symbol_that_was_not_recorded_is_refused_with_those_that_were() -> None:
    with pytest.raises(DataError, match="available=BTC/USDT"):
        a_history().bars(symbol="ETH/USDT", timeframe="1m")
