import hashlib
import time

import numpy as np
import pytest

from connectors.demo_market.generator import DAY_NS, DemoMarket
from engine.contracts.market import BAR_COLUMNS, BarSeries
from engine.primitives.errors import DataError
from engine.primitives.timeframes import NS_PER_MINUTE

pytestmark = pytest.mark.unit

FIRST = 20_458  # 2026-01-05
SYMBOLS = ("BTC/USDT", "ETH/USDT")
MARKETS = {seed: DemoMarket(seed=seed) for seed in (7, 42)}

each_market = pytest.mark.parametrize("seed", sorted(MARKETS))
each_symbol = pytest.mark.parametrize("symbol", SYMBOLS)


def days(seed: int, symbol: str, count: int = 6) -> BarSeries:
    return MARKETS[seed].bars(symbol, from_ns=FIRST * DAY_NS, to_ns=(FIRST + count) * DAY_NS)


def fingerprint(series: BarSeries) -> str:
    columns = [series.opened_ns, *(getattr(series, name) for name in BAR_COLUMNS)]
    return hashlib.sha256(b"".join(np.ascontiguousarray(column).tobytes() for column in columns)).hexdigest()


def without_crashes(seed: int, returns: np.ndarray) -> np.ndarray:
    calm = np.ones(len(returns), dtype=bool)
    for day in range(len(returns) // 1_440 + 1):
        crash = MARKETS[seed].crash(FIRST + day)
        assert crash is not None
        start = day * 1_440 + crash.minute - 1
        calm[start : start + crash.falling + crash.recovering + 1] = False
    return returns[calm]


@each_market
@each_symbol
def test_every_bar_is_a_bar(seed: int, symbol: str) -> None:
    bars = days(seed, symbol)

    assert (bars.low > 0).all()
    assert (bars.high >= np.maximum(bars.open, bars.close)).all()
    assert (bars.low <= np.minimum(bars.open, bars.close)).all()
    assert (bars.volume > 0).all()
    assert (np.diff(bars.opened_ns) == NS_PER_MINUTE).all()


@each_market
@each_symbol
def test_prices_stand_on_ticks_and_volumes_on_lots(seed: int, symbol: str) -> None:
    bars = days(seed, symbol)
    lots_per_unit = {"BTC/USDT": 100_000, "ETH/USDT": 10_000}[symbol]

    for prices in (bars.open, bars.high, bars.low, bars.close):
        assert (np.rint(prices * 100) / 100 == prices).all()
    assert (np.rint(bars.volume * lots_per_unit) / lots_per_unit == bars.volume).all()


@each_market
@each_symbol
def test_each_bar_opens_where_the_last_one_closed_also_at_midnight(seed: int, symbol: str) -> None:
    bars = days(seed, symbol)

    assert (bars.open[1:] == bars.close[:-1]).all()


@each_market
@each_symbol
def test_a_day_has_exactly_one_flash_crash(seed: int, symbol: str) -> None:
    bars = days(seed, symbol)
    # The deepest fall within six minutes, from the price before them.
    lowest = np.lib.stride_tricks.sliding_window_view(bars.low, 6).min(axis=1)
    falls = 1 - lowest / bars.open[:-5]

    for day in range(6):
        crash = MARKETS[seed].crash(FIRST + day)
        assert crash is not None
        own = falls[day * 1_440 : (day + 1) * 1_440 - 6]
        deep = np.flatnonzero(own >= 0.08)
        assert crash.minute in deep
        assert 0.08 <= own[crash.minute] <= 0.15
        assert ((deep >= crash.minute - 6) & (deep <= crash.minute + 6)).all()
        beside = np.delete(own, slice(crash.minute - 6, crash.minute + 7))
        assert beside.max() < 0.06


@each_market
@each_symbol
def test_a_crash_is_traded_heavily_and_recovers_in_part(seed: int, symbol: str) -> None:
    for day in range(6):
        crash = MARKETS[seed].crash(FIRST + day)
        assert crash is not None
        bars = MARKETS[seed].day(symbol, FIRST + day)
        bottom = crash.minute + crash.falling
        before = bars.open[crash.minute]
        lowest = bars.low[crash.minute : bottom].min()
        after = bars.close[bottom + crash.recovering - 1]
        assert bars.volume[crash.minute : bottom].mean() > 5 * np.median(bars.volume)
        assert lowest < after
        assert 0.2 < (after - lowest) / (before - lowest) < 1.2


@each_market
def test_all_markets_crash_at_the_same_minutes(seed: int) -> None:
    crash = MARKETS[seed].crash(FIRST)
    assert crash is not None

    for symbol in SYMBOLS:
        bars = MARKETS[seed].day(symbol, FIRST)
        falling = slice(crash.minute, crash.minute + crash.falling)
        assert (bars.close[falling] < bars.open[falling]).all()


def test_a_market_without_crashes_has_none() -> None:
    calm = DemoMarket(seed=7, with_crash=False)

    bars = calm.bars("BTC/USDT", from_ns=FIRST * DAY_NS, to_ns=(FIRST + 6) * DAY_NS)

    assert calm.crash(FIRST) is None
    assert (1 - bars.low[6:] / bars.close[:-6]).max() < 0.06


@each_market
@each_symbol
def test_volatility_comes_in_clusters(seed: int, symbol: str) -> None:
    closes = days(seed, symbol).close
    sizes = np.abs(without_crashes(seed, np.diff(np.log(closes))))

    for lag in (1, 5, 15):
        assert np.corrcoef(sizes[:-lag], sizes[lag:])[0, 1] > 0.05


@each_market
@each_symbol
def test_returns_have_heavy_tails_and_a_plausible_size(seed: int, symbol: str) -> None:
    returns = without_crashes(seed, np.diff(np.log(days(seed, symbol).close)))

    assert 0.0003 < returns.std() < 0.0012
    assert ((returns - returns.mean()) ** 4).mean() / returns.var() ** 2 > 4


@each_market
def test_the_markets_move_together_but_not_in_step(seed: int) -> None:
    btc, eth = (without_crashes(seed, np.diff(np.log(days(seed, symbol).close))) for symbol in SYMBOLS)

    assert 0.6 < np.corrcoef(btc, eth)[0, 1] < 0.95


@each_market
@each_symbol
def test_displacement_leaves_fair_value_gaps_in_both_directions(seed: int, symbol: str) -> None:
    bars = MARKETS[seed].day(symbol, FIRST)
    width = bars.close[:-2] * 0.0005

    assert (bars.low[2:] - bars.high[:-2] > width).sum() >= 5
    assert (bars.low[:-2] - bars.high[2:] > width).sum() >= 5


@each_symbol
def test_prices_wander_around_their_base_and_come_back(symbol: str) -> None:
    market = MARKETS[7]
    base = {"BTC/USDT": 60_000, "ETH/USDT": 2_500}[symbol]

    opens = np.array([market.day(symbol, day).open[0] for day in range(FIRST, FIRST + 400, 10)])

    assert 0.5 * base < opens.min() < base < opens.max() < 1.5 * base


@each_symbol
def test_a_day_is_the_same_whatever_was_asked_before(symbol: str) -> None:
    fresh = DemoMarket(seed=7).day(symbol, FIRST + 3)

    assert fingerprint(fresh) == fingerprint(MARKETS[7].day(symbol, FIRST + 3))
    part = MARKETS[7].bars(
        symbol, from_ns=(FIRST + 3) * DAY_NS + 100 * NS_PER_MINUTE, to_ns=(FIRST + 4) * DAY_NS + 5 * NS_PER_MINUTE
    )
    assert len(part) == 1_440 - 100 + 5
    assert part.close[0] == fresh.close[100]
    assert part.open[1_340] == fresh.close[-1]


def test_another_seed_is_another_market() -> None:
    assert fingerprint(days(7, "BTC/USDT", 1)) != fingerprint(days(42, "BTC/USDT", 1))


def test_the_market_of_the_default_seed_is_the_one_that_was_recorded() -> None:
    # Bytes of one day of both markets. A change is a change of everybody's demo session: say so in the changelog.
    assert [fingerprint(days(7, symbol, 1))[:16] for symbol in SYMBOLS] == ["fb870e2038966e15", "7752c1bc6d5ecf44"]


def test_one_bar_is_the_bar_of_the_series() -> None:
    series = MARKETS[7].day("ETH/USDT", FIRST)

    bar = MARKETS[7].bar("ETH/USDT", int(series.opened_ns[77]))

    assert (bar.open, bar.high, bar.low, bar.close) == tuple(
        float(getattr(series, name)[77]) for name in ("open", "high", "low", "close")
    )
    assert bar.closed_ns - bar.opened_ns == NS_PER_MINUTE


@pytest.mark.parametrize(("from_minute", "to_minute", "count"), [(0, 0, 0), (10, 5, 0), (0.5, 2, 1), (0, 1.5, 2)])
def test_a_range_holds_the_bars_that_open_within_it(from_minute: float, to_minute: float, count: int) -> None:
    series = MARKETS[7].bars(
        "BTC/USDT",
        from_ns=FIRST * DAY_NS + int(from_minute * NS_PER_MINUTE),
        to_ns=FIRST * DAY_NS + int(to_minute * NS_PER_MINUTE),
    )

    assert len(series) == count


def test_a_day_of_both_markets_is_made_in_under_fifty_milliseconds() -> None:
    market = DemoMarket(seed=7)
    took_s = []
    for day in range(FIRST, FIRST + 3):
        started = time.perf_counter()
        for symbol in SYMBOLS:
            market.day(symbol, day)
        took_s.append(time.perf_counter() - started)

    assert min(took_s) < 0.05


def test_a_symbol_that_is_not_made_is_refused_with_those_that_are() -> None:
    with pytest.raises(DataError, match="BTC/USDT, ETH/USDT"):
        MARKETS[7].day("SOL/USDT", FIRST)
