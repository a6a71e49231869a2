"""What every `MarketFeed` promises, asked of each one that there is."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from connectors.demo_market.feed import DemoFeed
from connectors.demo_market.settings import DemoSettings
from connectors.replay.feed import ReplayFeed
from connectors.replay.settings import ReplaySettings
from engine.contracts.market import BarSeries, BookSnapshot, MarketBar, MarketEvent, TradePrint
from engine.ports.market_data import DepthFeed, MarketFeed
from engine.primitives.errors import DataError
from engine.primitives.timeframes import NS_PER_MS, Timeframe, ns_from_datetime
from tests.support.books import a_change, a_snapshot, written
from tests.support.market import MONDAY_NS, StillWall, a_bar_series, an_instrument

pytestmark = pytest.mark.conformance

BARS = 30


@dataclass(frozen=True)
class Candidate:
    """A feed of thirty live bars for each of its symbols, newly made each time that it is called."""

    label: str
    timeframe: str
    make: Callable[[float, StillWall], MarketFeed]


def _demo(speed: float, wall: StillWall) -> MarketFeed:
    return DemoFeed(DemoSettings(bars=BARS, speed=speed), sleep=wall.sleep, wall_s=wall)


def _demo_with_prints(speed: float, wall: StillWall) -> MarketFeed:
    return DemoFeed(DemoSettings(bars=BARS, speed=speed, prints=True), sleep=wall.sleep, wall_s=wall)


def _demo_with_bars_alone(speed: float, wall: StillWall) -> MarketFeed:
    return DemoFeed(DemoSettings(bars=BARS, speed=speed, book_seconds=0), sleep=wall.sleep, wall_s=wall)


_RECORDED_BOOKS = TemporaryDirectory(prefix="recorded-books-")


@cache
def _recorded_books() -> dict[str, list[str]]:
    """Write order books of every 70 seconds, beginning long before the live part; return their files by symbol."""
    first_ms = MONDAY_NS // NS_PER_MS
    changes = [
        a_change(11 + at, 11 + at, at_ms=first_ms + at * 70_000, bids=[("99", str(1 + at % 5))]) for at in range(300)
    ]
    file = written(Path(_RECORDED_BOOKS.name) / "books.txt", [a_snapshot(10), *changes])
    return {symbol: [str(file)] for symbol in ("BTC/USDT", "ETH/USDT")}


def _replay_with_books(speed: float, wall: StillWall) -> MarketFeed:
    return _replay(speed, wall, books=_recorded_books())


def _replay(speed: float, wall: StillWall, **more: object) -> MarketFeed:
    closes = [100.0 + (at * 7) % 11 for at in range(BARS + 20)]
    return ReplayFeed(
        [a_bar_series(closes, symbol=symbol, timeframe="5m") for symbol in ("BTC/USDT", "ETH/USDT")],
        instruments=[an_instrument("BTC/USDT"), an_instrument("ETH/USDT")],
        settings=ReplaySettings.model_validate({"speed": speed, "warmup_bars": 20, **more}),
        sleep=wall.sleep,
        wall_s=wall,
    )


CANDIDATES = {
    "demo": Candidate("DEMO", "1m", _demo),
    "demo with prints": Candidate("DEMO", "1m", _demo_with_prints),
    "demo with bars alone": Candidate("DEMO", "1m", _demo_with_bars_alone),
    "replay": Candidate("REPLAY", "5m", _replay),
    "replay with order books": Candidate("REPLAY", "5m", _replay_with_books),
}


@pytest.fixture(params=CANDIDATES)
def candidate(request: pytest.FixtureRequest) -> Candidate:
    return CANDIDATES[request.param]


def a_feed(candidate: Candidate, speed: float = 0.0) -> MarketFeed:
    return candidate.make(speed, StillWall())


def heard(feed: MarketFeed, count: int | None = None) -> list[MarketEvent]:
    async def listen() -> list[MarketEvent]:
        events: list[MarketEvent] = []
        async with aclosing(feed.events()) as stream:  # type: ignore[type-var]  # every feed here is a generator
            async for event in stream:
                events.append(event)
                if len(events) == count:
                    break
        return events

    return asyncio.run(asyncio.wait_for(listen(), timeout=10))


def bars_of(events: Sequence[MarketEvent], symbol: str) -> list[MarketBar]:
    return [event for event in events if isinstance(event, MarketBar) and event.symbol == symbol]


def known_ns(event: MarketEvent) -> int:
    if isinstance(event, MarketBar):
        return event.closed_ns
    if isinstance(event, BookSnapshot):
        return event.taken_ns
    return ns_from_datetime(event.traded_at if isinstance(event, TradePrint) else event.quoted_at)


def test_a_feed_says_what_it_is(candidate: Candidate) -> None:
    assert a_feed(candidate).label == candidate.label


def test_every_event_is_of_an_instrument_of_the_feed(candidate: Candidate) -> None:
    feed = a_feed(candidate)
    symbols = [each.symbol for each in feed.instruments()]

    assert len(set(symbols)) == len(symbols)
    assert {event.symbol for event in heard(feed)} == set(symbols)


def test_events_come_in_time_order(candidate: Candidate) -> None:
    times = [known_ns(event) for event in heard(a_feed(candidate))]

    assert times == sorted(times)


def test_each_bar_is_delivered_once_and_spans_its_timeframe(candidate: Candidate) -> None:
    feed = a_feed(candidate)
    events = heard(feed)

    for instrument in feed.instruments():
        bars = bars_of(events, instrument.symbol)
        assert len(bars) == len({bar.opened_ns for bar in bars}) == BARS
        for bar in bars:
            assert bar.timeframe == candidate.timeframe
            assert bar.closed_ns - bar.opened_ns == Timeframe.parse(bar.timeframe).length_ns
            assert Timeframe.parse(bar.timeframe).opened_ns(bar.opened_ns) == bar.opened_ns
            assert 0 < bar.low <= min(bar.open, bar.close) <= max(bar.open, bar.close) <= bar.high


def test_a_bar_comes_after_every_print_in_it(candidate: Candidate) -> None:
    closed_ns: dict[str, int] = {}

    for event in heard(a_feed(candidate)):
        if isinstance(event, MarketBar):
            closed_ns[event.symbol] = event.closed_ns
        else:
            assert known_ns(event) >= closed_ns.get(event.symbol, 0)


def test_no_order_book_is_one_that_cannot_be(candidate: Candidate) -> None:
    books = [event for event in heard(a_feed(candidate)) if isinstance(event, BookSnapshot)]

    assert {book.fault for book in books} <= {""}


def test_a_feed_keeps_its_word_about_order_books(candidate: Candidate) -> None:
    feed = a_feed(candidate)
    promised = {each.symbol for each in feed.instruments() if isinstance(feed, DepthFeed) and feed.delivers_books}

    assert {event.symbol for event in heard(feed) if isinstance(event, BookSnapshot)} == promised


def test_history_ends_where_events_begin(candidate: Candidate) -> None:
    feed = a_feed(candidate)
    before = {
        each.symbol: feed.history(symbol=each.symbol, timeframe=candidate.timeframe, bars=15)
        for each in feed.instruments()
    }
    events = heard(feed)

    for symbol, history in before.items():
        assert len(history) == 15
        length_ns = Timeframe.parse(candidate.timeframe).length_ns
        assert (np.diff(history.opened_ns) == length_ns).all()
        first = bars_of(events, symbol)[0]
        assert int(history.opened_ns[-1]) + length_ns == first.opened_ns
        assert float(history.close[-1]) == first.open


def test_history_grows_with_what_was_delivered(candidate: Candidate) -> None:
    feed = a_feed(candidate)
    events = heard(feed)

    for instrument in feed.instruments():
        history = feed.history(symbol=instrument.symbol, timeframe=candidate.timeframe, bars=BARS)
        bars = bars_of(events, instrument.symbol)
        assert history.opened_ns.tolist() == [bar.opened_ns for bar in bars]
        assert history.close.tolist() == [bar.close for bar in bars]


def test_two_feeds_of_the_same_settings_tell_the_same_story(candidate: Candidate) -> None:
    assert heard(a_feed(candidate)) == heard(a_feed(candidate))


def test_the_pace_does_not_change_the_story(candidate: Candidate) -> None:
    assert heard(a_feed(candidate, speed=600)) == heard(a_feed(candidate, speed=0))


def test_who_stops_listening_and_comes_back_misses_nothing(candidate: Candidate) -> None:
    feed = a_feed(candidate)

    parts = [*heard(feed, 7), *heard(feed, 4), *heard(feed)]

    assert parts == heard(a_feed(candidate))


def test_a_cancelled_wait_ends_at_once_and_loses_no_event(candidate: Candidate) -> None:
    feed = candidate.make(60.0, StillWall())
    events: list[MarketEvent] = []

    async def listen() -> None:
        async with aclosing(feed.events()) as stream:  # type: ignore[type-var]  # every feed here is a generator
            async for event in stream:
                events.append(event)  # noqa: PERF401  # a comprehension that is cancelled keeps nothing

    async def cancel_in_the_middle() -> None:
        async with asyncio.TaskGroup() as tasks:
            listening = tasks.create_task(listen())
            for _ in range(75):
                await asyncio.sleep(0)
            listening.cancel()
        assert listening.cancelled()

    asyncio.run(cancel_in_the_middle())

    assert 0 < len(events) < len(heard(a_feed(candidate)))
    assert [*events, *heard(feed)] == heard(a_feed(candidate))


@pytest.mark.parametrize(("symbol", "timeframe"), [("XRP/USDT", None), (None, "3m")])
def test_history_that_is_not_there_is_refused(candidate: Candidate, symbol: str | None, timeframe: str | None) -> None:
    feed = a_feed(candidate)

    with pytest.raises(DataError, match="available="):
        feed.history(symbol=symbol or feed.instruments()[0].symbol, timeframe=timeframe or candidate.timeframe, bars=5)


def test_history_cannot_be_changed_by_who_reads_it(candidate: Candidate) -> None:
    feed = a_feed(candidate)
    series: BarSeries = feed.history(symbol="BTC/USDT", timeframe=candidate.timeframe, bars=5)

    with pytest.raises(ValueError, match="read-only"):
        series.close[0] = 1.0
