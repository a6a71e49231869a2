import asyncio
from contextlib import aclosing
from datetime import UTC, datetime

import pytest

from connectors.demo_market.feed import DemoFeed
from connectors.demo_market.settings import DemoSettings
from engine.contracts.market import BookSnapshot, MarketBar, MarketEvent, TradePrint
from engine.primitives.errors import DataError
from engine.primitives.timeframes import NS_PER_MINUTE, NS_PER_SECOND, ns_from_datetime
from tests.support.market import StillWall

pytestmark = pytest.mark.unit

START_NS = ns_from_datetime(datetime(2026, 1, 5, tzinfo=UTC))


def heard(feed: DemoFeed) -> list[MarketEvent]:
    async def listen() -> list[MarketEvent]:
        return [event async for event in feed.events()]

    return asyncio.run(listen())


def bars(events: list[MarketEvent]) -> list[MarketBar]:
    return [event for event in events if isinstance(event, MarketBar)]


def test_all_bars_of_a_minute_come_in_the_order_of_the_settings_before_the_next_minute() -> None:
    feed = DemoFeed(DemoSettings(symbols=("ETH/USDT", "BTC/USDT"), speed=0, bars=3))

    assert [(bar.symbol, (bar.opened_ns - START_NS) // NS_PER_MINUTE) for bar in bars(heard(feed))] == [
        ("ETH/USDT", 0),
        ("BTC/USDT", 0),
        ("ETH/USDT", 1),
        ("BTC/USDT", 1),
        ("ETH/USDT", 2),
        ("BTC/USDT", 2),
    ]


def test_at_sixty_a_bar_comes_every_second() -> None:
    wall = StillWall()
    feed = DemoFeed(DemoSettings(symbols=("BTC/USDT",), bars=90), sleep=wall.sleep, wall_s=wall)

    heard(feed)

    assert wall.now_s == pytest.approx(1_090.0)


def test_prints_come_at_their_own_time_before_their_bar() -> None:
    wall = StillWall()
    feed = DemoFeed(DemoSettings(bars=5, prints=True, speed=1), sleep=wall.sleep, wall_s=wall)
    late_s: list[float] = []
    last_print: dict[str, datetime] = {}

    async def listen() -> None:
        async for event in feed.events():
            if isinstance(event, TradePrint):
                last_print[event.symbol] = event.traded_at
                late_s.append(wall.now_s - 1_000 - (ns_from_datetime(event.traded_at) - START_NS) / 1e9)
            elif isinstance(event, MarketBar):
                assert event.opened_ns <= ns_from_datetime(last_print[event.symbol]) < event.closed_ns

    asyncio.run(listen())

    assert len(late_s) >= 40
    assert max(map(abs, late_s)) < 0.001


def test_without_prints_and_order_books_only_bars_come() -> None:
    events = heard(DemoFeed(DemoSettings(speed=0, bars=5, book_seconds=0)))

    assert len(events) == len(bars(events)) == 10


def test_every_market_has_its_order_books_at_even_steps_and_the_last_one_at_the_close() -> None:
    events = heard(DemoFeed(DemoSettings(speed=0, bars=2, book_seconds=20)))
    minute = events[: len(events) // 2]

    assert [
        (event.symbol, (event.taken_ns - START_NS) / NS_PER_SECOND)
        for event in minute
        if isinstance(event, BookSnapshot)
    ] == [(symbol, second) for second in (20, 40, 60) for symbol in ("BTC/USDT", "ETH/USDT")]
    assert [type(event) for event in minute[-2:]] == [MarketBar, MarketBar]


def test_order_books_change_nothing_else_in_the_market() -> None:
    with_books, without = (
        [event for event in heard(DemoFeed(settings)) if not isinstance(event, BookSnapshot)]
        for settings in (
            DemoSettings(speed=0, bars=30, prints=True),
            DemoSettings(speed=0, bars=30, prints=True, book_seconds=0),
        )
    )

    assert with_books == without


def test_a_pause_holds_the_market_until_it_is_resumed() -> None:
    feed = DemoFeed(DemoSettings(speed=0, bars=4, symbols=("BTC/USDT",), book_seconds=0))

    async def story() -> int:
        count = 0
        async with aclosing(feed.events()) as events:  # type: ignore[type-var]  # an async generator behind the protocol
            async for _ in events:
                count += 1
                if count == 2:
                    feed.pause()
                    assert feed.is_paused
                    asyncio.get_running_loop().call_later(0.01, feed.resume)
        return count

    assert asyncio.run(story()) == 4
    assert not feed.is_paused


def test_the_speed_may_change_on_the_way() -> None:
    wall = StillWall()
    feed = DemoFeed(DemoSettings(symbols=("BTC/USDT",), bars=20, book_seconds=0), sleep=wall.sleep, wall_s=wall)

    async def listen() -> None:
        count = 0
        async for _ in feed.events():
            count += 1
            if count == 10:
                feed.set_speed(600)

    asyncio.run(listen())

    assert feed.speed == 600
    assert wall.now_s == pytest.approx(1_000 + 10 + 1)


def test_history_is_as_long_as_the_settings_allow() -> None:
    feed = DemoFeed(DemoSettings(history_days=1))

    assert len(feed.history(symbol="BTC/USDT", timeframe="1m", bars=10_000)) == 1_440
    assert len(feed.history(symbol="BTC/USDT", timeframe="1m", bars=100)) == 100
    assert len(feed.bars(symbol="BTC/USDT", timeframe="1m")) == 1_440


def test_history_never_shows_a_bar_before_it_was_delivered() -> None:
    feed = DemoFeed(DemoSettings(speed=0, bars=3))
    tomorrow_ns = START_NS + 1_440 * NS_PER_MINUTE

    assert len(feed.bars(symbol="BTC/USDT", timeframe="1m", from_ns=START_NS, to_ns=tomorrow_ns)) == 0
    heard(feed)

    assert len(feed.bars(symbol="BTC/USDT", timeframe="1m", from_ns=START_NS, to_ns=tomorrow_ns)) == 3


def test_the_feed_knows_when_its_market_crashes() -> None:
    day = START_NS // (1_440 * NS_PER_MINUTE)

    assert DemoFeed(DemoSettings()).market.crash(day) is not None
    assert DemoFeed(DemoSettings(crash=False)).market.crash(day) is None


def test_a_symbol_that_is_not_made_is_refused_at_once() -> None:
    with pytest.raises(DataError, match="SOL/USDT"):
        DemoFeed(DemoSettings(symbols=("BTC/USDT", "SOL/USDT")))


def test_instruments_follow_the_settings() -> None:
    feed = DemoFeed(DemoSettings(symbols=("ETH/USDT",), may_short=False))

    assert [(each.symbol, each.may_short) for each in feed.instruments()] == [("ETH/USDT", False)]
