import asyncio
from contextlib import aclosing
from pathlib import Path

import pytest

from connectors.replay.feed import ReplayFeed
from connectors.replay.settings import ReplaySettings
from engine.contracts.market import BarSeries, BookSnapshot, MarketBar, MarketEvent
from engine.primitives.errors import DataError
from engine.primitives.timeframes import NS_PER_MINUTE, NS_PER_MS, NS_PER_SECOND
from tests.support.books import a_change, a_snapshot, written
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


def test_without_history_no_bar_of_any_market_is_left_out() -> None:
    late, early = a_bar_series(CLOSES[1:], from_ns=MONDAY_NS + NS_PER_MINUTE), a_bar_series(CLOSES, symbol="ETH/USDT")

    events = heard(a_feed(late, early))

    assert len(events) == len(late) + len(early)


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


def recorded_books(folder: Path, *seconds: float) -> str:
    """Write a recording of order books so many seconds after Monday midnight; return its file."""
    changes = [
        a_change(11 + at, 11 + at, at_ms=(MONDAY_NS + round(second * NS_PER_SECOND)) // NS_PER_MS, bids=[("99", "2")])
        for at, second in enumerate(seconds)
    ]
    return str(written(folder / "books.txt", [a_snapshot(10), *changes]))


def told(events: list[MarketEvent]) -> list[tuple[str, float]]:
    """Return books and bars with the seconds since Monday midnight at which they came."""
    return [
        ("book", (event.taken_ns - MONDAY_NS) / NS_PER_SECOND)
        if isinstance(event, BookSnapshot)
        else ("bar", (event.closed_ns - MONDAY_NS) / NS_PER_SECOND)
        for event in events
        if isinstance(event, BookSnapshot | MarketBar)
    ]


def test_recorded_order_books_come_beside_the_bars_at_their_own_time(tmp_path: Path) -> None:
    wall = StillWall()
    file = recorded_books(tmp_path, 30, 90, 120, 150.5, 185)
    feed = a_feed(a_bar_series(CLOSES[:3]), wall=wall, warmup_bars=1, books={"BTC/USDT": [file]})

    assert feed.delivers_books
    assert told(heard(feed)) == [("book", 90), ("book", 120), ("bar", 120), ("book", 150.5), ("bar", 180)]
    assert wall.now_s == pytest.approx(1_002)


def test_who_stops_listening_misses_no_order_book(tmp_path: Path) -> None:
    feed = a_feed(a_bar_series(CLOSES[:3]), books={"BTC/USDT": [recorded_books(tmp_path, 30, 90, 120, 150.5)]})

    async def listen_in_parts() -> list[MarketEvent]:
        events: list[MarketEvent] = []
        for _ in range(7):
            async with aclosing(feed.events()) as stream:  # type: ignore[type-var]  # an async generator behind the protocol
                events.append(await anext(stream))
        return events

    assert told(asyncio.run(listen_in_parts())) == [
        ("book", 30),
        ("bar", 60),
        ("book", 90),
        ("book", 120),
        ("bar", 120),
        ("book", 150.5),
        ("bar", 180),
    ]


def test_order_books_of_a_market_without_bars_are_refused() -> None:
    with pytest.raises(DataError, match=r"Order books are played beside recorded bars.*symbol=ETH/USDT.*BTC/USDT"):
        a_feed(a_bar_series(CLOSES), books={"ETH/USDT": ["books.gz"]})


def test_without_recorded_order_books_the_feed_promises_none() -> None:
    assert not a_feed(a_bar_series(CLOSES)).delivers_books
