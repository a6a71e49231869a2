"""The rolling window: what a context sees, and what it can never see."""

import math

import numpy as np
import pytest

from engine.contracts.context import TradingContext
from engine.phase1_context.tick_cache import TickCache
from engine.primitives.errors import DataError
from engine.primitives.ids import IdSource
from tests.support.context import START_NS, a_drawn_bar, columns_named

pytestmark = pytest.mark.unit

NS_PER_MINUTE = 60_000_000_000


def a_cache(*columns: str, window: int = 4, higher: dict[str, TickCache] | None = None) -> TickCache:
    return TickCache("BTC/USDT", "1m", window, columns_named(columns), IdSource(lambda: START_NS), higher)


def pushed(cache: TickCache, *closes: float, first: int = 0) -> list[TradingContext]:
    return [cache.push(a_drawn_bar(close, at)) for at, close in enumerate(closes, first)]


def test_the_history_ends_with_the_current_bar() -> None:
    *_, context = pushed(a_cache(), 1.0, 2.0, 3.0)

    assert context.close == 3.0
    assert context.history("close").tolist() == [1.0, 2.0, 3.0]
    assert context.history("close", 2).tolist() == [2.0, 3.0]


def test_the_window_rolls_and_never_grows_beyond_its_length() -> None:
    cache = a_cache(window=3)
    for at in range(20):
        context = cache.push(a_drawn_bar(float(at + 1), at))
        assert context.history("close").tolist() == [float(n + 1) for n in range(max(0, at - 2), at + 1)]
        assert context.opened_history[-1] == context.opened_ns
        assert len(context.opened_history) == min(at + 1, 3)


def test_an_old_context_keeps_its_own_past_however_many_bars_follow() -> None:
    cache = a_cache("signal", window=3)
    old = pushed(cache, 1.0, 2.0, 3.0, 4.0)[-1]
    old.row[5] = 7.0
    pushed(cache, *[100.0] * 50, first=4)

    assert old.history("close").tolist() == [2.0, 3.0, 4.0]
    assert old.history("signal")[-1] == 7.0


def test_no_context_can_see_a_bar_that_comes_after_it() -> None:
    cache = a_cache(window=10)
    early = pushed(cache, 1.0, 2.0)[-1]
    seen_before = early.history("close")
    pushed(cache, 3.0, 4.0, first=2)

    assert seen_before.tolist() == [1.0, 2.0]
    assert early.history("close").tolist() == [1.0, 2.0]
    assert early.enriched_df.height == 2


def test_columns_are_unknown_until_somebody_writes_them() -> None:
    (context,) = pushed(a_cache("ema", "adx"), 1.0)

    assert math.isnan(context.value("ema"))
    context.row[5] = 1.5
    assert context.value("ema") == 1.5
    assert context.history("ema").tolist() == [1.5]
    assert math.isnan(context.history("adx")[0])


def test_later_workers_read_what_earlier_ones_wrote_of_earlier_bars() -> None:
    cache = a_cache("ema")
    for context, value in zip(pushed(cache, 1.0), [10.0], strict=True):
        context.row[5] = value
    context = cache.push(a_drawn_bar(2.0, 1))
    context.row[5] = 20.0

    assert context.history("ema").tolist() == [10.0, 20.0]


def test_history_cannot_be_written() -> None:
    (context,) = pushed(a_cache(), 1.0)

    with pytest.raises(ValueError, match="read-only"):
        context.history("close")[0] = 9.0
    with pytest.raises(ValueError, match="read-only"):
        context.opened_history[0] = 9


def test_a_bar_that_does_not_follow_the_last_one_is_refused() -> None:
    cache = a_cache()
    pushed(cache, 1.0, 2.0)

    with pytest.raises(DataError, match="after the one before it"):
        cache.push(a_drawn_bar(3.0, 1))


def test_a_column_that_nobody_declared_is_a_key_error() -> None:
    (context,) = pushed(a_cache(), 1.0)

    with pytest.raises(KeyError):
        context.history("ema_20")


def test_of_a_higher_timeframe_only_closed_bars_are_seen() -> None:
    hours = TickCache("BTC/USDT", "5m", 4, [], IdSource(lambda: START_NS))
    minutes = a_cache(higher={"5m": hours})
    before = minutes.push(a_drawn_bar(1.0, 3))
    # The five-minute bar is known to the feed already, but it closes only with the fifth minute: try to peek.
    hours.push(a_drawn_bar((1.0, 9.0, 1.0, 9.0), 0, minutes=5, timeframe="5m"))
    peeking = TickCache("BTC/USDT", "1m", 4, [], IdSource(lambda: START_NS), {"5m": hours}).push(a_drawn_bar(1.0, 3))
    closing = minutes.push(a_drawn_bar(9.0, 4))

    assert before.higher("5m") is None
    assert peeking.higher("5m") is None
    seen = closing.higher("5m")
    assert seen is not None
    assert seen.closed_ns == closing.closed_ns
    assert seen.close == 9.0
    assert before.higher("5m") is None


def test_a_companion_that_went_on_through_a_long_hole_is_shown_as_it_was() -> None:
    companion = TickCache("ETH/USDT", "1m", 30, [], IdSource(lambda: START_NS))
    pushed(companion, *[float(at) for at in range(1, 21)])

    seen = a_cache(higher={"ETH/USDT": companion}).push(a_drawn_bar(1.0, 2)).companion("ETH/USDT")

    assert seen is not None
    assert seen.close == 3.0
    assert seen.history("close").tolist() == [1.0, 2.0, 3.0]


def test_a_companion_that_went_on_for_more_than_its_window_shows_nothing_and_nothing_later() -> None:
    companion = TickCache("ETH/USDT", "1m", 4, [], IdSource(lambda: START_NS))
    pushed(companion, *[1.0] * 20)

    assert a_cache(higher={"ETH/USDT": companion}).push(a_drawn_bar(1.0, 2)).companion("ETH/USDT") is None


def test_a_window_of_one_bar_works() -> None:
    assert [context.history("close").tolist() for context in pushed(a_cache(window=1), 1.0, 2.0, 3.0)] == [
        [1.0],
        [2.0],
        [3.0],
    ]


def test_it_tells_how_warm_it_is() -> None:
    cache = a_cache(window=3)
    pushed(cache, 1.0, 2.0)
    assert (len(cache), cache.is_full) == (2, False)
    pushed(cache, 3.0, 4.0, 5.0, 6.0, first=2)

    assert (len(cache), cache.is_full) == (3, True)


def test_bars_and_columns_come_back_bit_for_bit() -> None:
    cache = a_cache("x", window=5)
    values = np.random.default_rng(1).normal(size=(40, 5))
    for at, row in enumerate(values):
        context = cache.push(a_drawn_bar((row[0], row[1], row[2], row[3]), at))
        context.row[5] = row[4]
        recent = values[max(0, at - 4) : at + 1]
        for column, name in enumerate(("open", "high", "low", "close")):
            np.testing.assert_array_equal(context.history(name), recent[:, column])
        np.testing.assert_array_equal(context.history("x"), recent[:, 4])


def test_a_column_that_is_not_there_is_named_with_what_to_write() -> None:
    (context,) = pushed(a_cache("trend"), 1.0)

    for ask in (context.value, context.previous, context.history, context.category):
        with pytest.raises(KeyError, match=r"no column ema_20; .* trend\. .*`requires_columns: \[ema_20\]`"):
            ask("ema_20")


def test_a_worker_can_ask_whether_a_column_is_there() -> None:
    (context,) = pushed(a_cache("trend"), 1.0)

    assert context.has("trend")
    assert context.has("close")
    assert not context.has("ema_20")


def test_a_number_has_no_word() -> None:
    (context,) = pushed(a_cache("trend"), 1.0)

    with pytest.raises(KeyError, match="trend is no CATEGORY"):
        context.category("trend")


def test_a_view_that_is_not_there_is_named_with_what_to_write() -> None:
    (context,) = pushed(a_cache(), 1.0)

    with pytest.raises(KeyError, match=r"`requires_timeframes: \[1h\]` .*`higher_timeframes: \[1h\]`"):
        context.higher("1h")
    with pytest.raises(KeyError, match=r"`requires_companions: \[ETH/USDT\]` .*`companions: \[ETH/USDT\]`"):
        context.companion("ETH/USDT")
