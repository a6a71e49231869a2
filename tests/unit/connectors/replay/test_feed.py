import asyncio

import pytest

from connectors.replay.feed import ReplayFeed
from connectors.replay.settings import ReplaySettings
from engine.contracts.market import BarSeries, MarketBar, MarketEvent
from engine.primitives.errors import DataError
from engine.primitives.timeframes import NS_PER_MINUTE
from tests.support.market import MONDAY_NS, StillWall, a_bar_series, an_instrument

pytestmark = pytest.mark.unit

INSTRUMENTS = (an_instrument("BTC/USDT"), an_instrument("ETH/USDT"), an_instrument("SOL/USDT"))
CLOSES = [100.0 + at for at in range(10)]


def a_feed(*series: BarSeries, wall: StillWall | None = None, **settings: object) -> ReplayFeed:
    still = wall or StillWall()
    chosen = ReplaySettings.model_validate({"warmup_bars": 0, **settings})
    return ReplayFeed(series, instruments=INSTRUMENTS, settings=chosen, sleep=still.sleep, wall_s=still)


def heard(feed: ReplayFeed) -> list[MarketEvent]:
    async def listen() -> list[MarketEvent]:
        return [event async for event in feed.events()]

    return asyncio.run(listen())


def test_a_recording_is_played_bar_by_bar_as_it_was() -> None:
    series = a_bar_series(CLOSES)

    events = heard(a_feed(series))

    assert events[1] == MarketBar(
        symbol="BTC/USDT",
        timeframe="1m",
        opened_ns=MONDAY_NS + NS_PER_MINUTE,
        closed_ns=MONDAY_NS + 2 * NS_PER_MINUTE,
        open=100.0,
        high=102.0,
        low=99.0,
        close=101.0,
        volume=2.0,
    )
    assert len(events) == 10


def test_the_first_bars_are_history() -> None:
    feed = a_feed(a_bar_series(CLOSES), warmup_bars=4)

    assert feed.history(symbol="BTC/USDT", timeframe="1m", bars=3).close.tolist() == [101.0, 102.0, 103.0]
    assert [event.close for event in heard(feed) if isinstance(event, MarketBar)] == CLOSES[4:]


def test_the_live_part_begins_for_all_markets_at_once() -> None:
    btc = a_bar_series(CLOSES, from_ns=MONDAY_NS)
    eth = a_bar_series(CLOSES, symbol="ETH/USDT", from_ns=MONDAY_NS + 2 * NS_PER_MINUTE)
    feed = a_feed(btc, eth, warmup_bars=5)

    assert len(feed.history(symbol="BTC/USDT", timeframe="1m", bars=100)) == 5
    assert len(feed.history(symbol="ETH/USDT", timeframe="1m", bars=100)) == 3


def test_bars_come_as_they_closed_and_together_in_the_order_of_the_recordings() -> None:
    hours = a_bar_series([100.0, 101.0], symbol="ETH/USDT", timeframe="5m")
    feed = a_feed(hours, a_bar_series(CLOSES))

    bars = [(event.symbol, event.closed_ns) for event in heard(feed) if isinstance(event, MarketBar)]

    assert [closed_ns for _, closed_ns in bars] == sorted(closed_ns for _, closed_ns in bars)
    assert [symbol for symbol, closed_ns in bars if closed_ns == MONDAY_NS + 5 * NS_PER_MINUTE] == [
        "ETH/USDT",
        "BTC/USDT",
    ]


@pytest.mark.parametrize(("skip_holes", "seconds"), [(True, 6.0), (False, 10.0)])
def test_a_hole_is_jumped_over_unless_it_is_to_be_waited_for(skip_holes: bool, seconds: float) -> None:
    wall = StillWall()
    feed = a_feed(a_bar_series(CLOSES, without=(3, 4, 5, 6)), wall=wall, skip_holes=skip_holes, speed=60)

    assert len(heard(feed)) == 6
    assert wall.now_s == pytest.approx(1_000 + seconds)


def test_a_market_that_began_later_leaves_no_hole_in_the_other() -> None:
    wall = StillWall()
    late = a_bar_series(CLOSES[:4], symbol="ETH/USDT", from_ns=MONDAY_NS + 6 * NS_PER_MINUTE)

    heard(a_feed(a_bar_series(CLOSES), late, wall=wall))

    assert wall.now_s == pytest.approx(1_010)


def test_instruments_are_those_that_were_recorded() -> None:
    feed = a_feed(a_bar_series(CLOSES))

    assert [each.symbol for each in feed.instruments()] == ["BTC/USDT"]


def test_a_whole_recording_may_be_history() -> None:
    feed = a_feed(a_bar_series(CLOSES), warmup_bars=500)

    assert len(feed.history(symbol="BTC/USDT", timeframe="1m", bars=500)) == 10
    assert heard(feed) == []


@pytest.mark.parametrize(
    "series",
    [(), (a_bar_series(CLOSES), a_bar_series(CLOSES)), (a_bar_series(CLOSES, symbol="XRP/USDT"),), (a_bar_series([]),)],
)
def test_recordings_that_cannot_be_played_are_refused(series: tuple[BarSeries, ...]) -> None:
    with pytest.raises(DataError):
        a_feed(*series)
