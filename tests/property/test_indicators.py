"""Whatever the market: both forms of an indicator say the same, and nothing can be known sooner than they say."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.contracts.market import FloatColumn, IntColumn
from engine.sdk import indicators as ind

pytestmark = pytest.mark.property

Columns = tuple[FloatColumn, ...]


@dataclass(frozen=True)
class Market:
    """Bars as columns, and how far the indicators look back."""

    opened_ns: IntColumn
    high: FloatColumn
    low: FloatColumn
    close: FloatColumn
    volume: FloatColumn
    periods: int

    def bars(self) -> Iterator[tuple[float, float, float, float]]:
        """Give high, low, close and volume of each bar."""
        return zip(self.high.tolist(), self.low.tolist(), self.close.tolist(), self.volume.tolist(), strict=True)


@st.composite
def markets(draw: st.DrawFn) -> Market:
    """Draw a market of 1 to 120 bars: tiny or huge prices, calm, wild, or at rest, some bars without volume."""
    count = draw(st.integers(1, 120))
    dice = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    scale, wildness = draw(st.sampled_from([1e-9, 1e-3, 1.0, 5e4, 1e12])), draw(st.sampled_from([0.0, 1e-9, 1e-3, 0.3]))
    close = scale * np.exp(np.cumsum(dice.standard_normal(count) * wildness))
    resting = draw(st.integers(0, count))
    close[resting:] = close[min(resting, count - 1)]
    reach = np.abs(dice.standard_normal(count)) * wildness * draw(st.sampled_from([0.0, 1.0]))
    traded = dice.random(count) >= draw(st.sampled_from([0.0, 0.5, 1.0]))
    volume = dice.lognormal(sigma=2.0, size=count) * draw(st.sampled_from([1e-6, 1.0, 1e9])) * traded
    opened_ns = np.arange(count, dtype=np.int64) * 3 * 3_600_000_000_000
    return Market(opened_ns, close * (1.0 + reach), close / (1.0 + reach), close, volume, draw(st.integers(2, 40)))


def told(rows: Iterable[tuple[float, ...]]) -> Columns:
    return tuple(np.array(column) for column in zip(*rows, strict=True))


def of_closes(kind: Callable[[int], "ind.EMA | ind.SMA | ind.RSI | ind.ZScore"]) -> Callable[[Market], Columns]:
    def run(market: Market) -> Columns:
        one = kind(market.periods)
        return told((one.update(close),) for close in market.close.tolist())

    return run


def a_macd(market: Market) -> Columns:
    one = ind.MACD(market.periods, market.periods + 3, 4)
    return told((one.update(close), one.signal, one.histogram) for close in market.close.tolist())


def an_atr(market: Market) -> Columns:
    one = ind.ATR(market.periods)
    return told((one.update(high, low, close),) for high, low, close, _ in market.bars())


def an_adx(market: Market) -> Columns:
    one = ind.ADX(market.periods)
    return told((one.update(high, low, close), one.plus_di, one.minus_di) for high, low, close, _ in market.bars())


def bands(market: Market) -> Columns:
    one = ind.BollingerBands(market.periods, 2.0)
    return told((one.update(close), one.upper, one.lower) for close in market.close.tolist())


def a_session_vwap(market: Market) -> Columns:
    one = ind.SessionVWAP()
    opened = market.opened_ns.tolist()
    return told((one.update(at, *bar),) for at, bar in zip(opened, market.bars(), strict=True))


def a_rolling_vwap(market: Market) -> Columns:
    one = ind.RollingVWAP(market.periods)
    return told((one.update(*bar),) for bar in market.bars())


def a_balance(market: Market) -> Columns:
    one = ind.OnBalanceVolume()
    return told((one.update(close, volume),) for _, _, close, volume in market.bars())


def a_volume_ratio(market: Market) -> Columns:
    one = ind.VolumeRatio(market.periods)
    return told((one.update(volume),) for volume in market.volume.tolist())


def a_correlation(market: Market) -> Columns:
    one = ind.RollingCorrelation(market.periods)
    return told((one.update(close, volume),) for _, _, close, volume in market.bars())


def a_covariance(market: Market) -> Columns:
    one = ind.RollingCovariance(market.periods)
    return told(
        (one.update(close, volume), one.mean_1, one.mean_2, one.variance_1, one.variance_2)
        for _, _, close, volume in market.bars()
    )


def a_profile(market: Market) -> Columns:
    one = ind.VolumeProfile(market.periods, 0.01)
    return told(
        (one.update(high, low, volume), one.value_area_low, one.value_area_high)
        for high, low, _, volume in market.bars()
    )


FORMS: dict[str, tuple[Callable[[Market], Columns], Callable[[Market], Columns]]] = {
    "ema": (of_closes(ind.EMA), lambda m: (ind.ema(m.close, m.periods),)),
    "sma": (of_closes(ind.SMA), lambda m: (ind.sma(m.close, m.periods),)),
    "wilder": (of_closes(ind.WilderAverage), lambda m: (ind.wilder_average(m.close, m.periods),)),
    "rsi": (of_closes(ind.RSI), lambda m: (ind.rsi(m.close, m.periods),)),
    "deviation": (of_closes(ind.StandardDeviation), lambda m: (ind.standard_deviation(m.close, m.periods),)),
    "z score": (of_closes(ind.ZScore), lambda m: (ind.z_score(m.close, m.periods),)),
    "max": (of_closes(ind.RollingMax), lambda m: (ind.rolling_max(m.close, m.periods),)),
    "min": (of_closes(ind.RollingMin), lambda m: (ind.rolling_min(m.close, m.periods),)),
    "macd": (a_macd, lambda m: ind.macd(m.close, m.periods, m.periods + 3, 4)),
    "atr": (an_atr, lambda m: (ind.atr(m.high, m.low, m.close, m.periods),)),
    "adx": (an_adx, lambda m: ind.adx(m.high, m.low, m.close, m.periods)),
    "bollinger": (bands, lambda m: ind.bollinger_bands(m.close, m.periods, 2.0)),
    "session vwap": (
        a_session_vwap,
        lambda m: (ind.session_vwap(m.opened_ns, m.high, m.low, m.close, m.volume),),
    ),
    "rolling vwap": (a_rolling_vwap, lambda m: (ind.rolling_vwap(m.high, m.low, m.close, m.volume, m.periods),)),
    "on-balance volume": (a_balance, lambda m: (ind.on_balance_volume(m.close, m.volume),)),
    "volume ratio": (a_volume_ratio, lambda m: (ind.volume_ratio(m.volume, m.periods),)),
    "correlation": (a_correlation, lambda m: (ind.rolling_correlation(m.close, m.volume, m.periods),)),
    "covariance": (a_covariance, lambda m: ind.rolling_covariance(m.close, m.volume, m.periods)),
    "profile": (a_profile, lambda m: ind.volume_profile(m.high, m.low, m.volume, m.periods, 0.01)),
}
WARMUPS: dict[str, Callable[[int], int]] = {
    "ema": lambda n: ind.EMA(n).warmup,
    "sma": lambda n: ind.SMA(n).warmup,
    "wilder": lambda n: ind.WilderAverage(n).warmup,
    "rsi": lambda n: ind.RSI(n).warmup,
    "deviation": lambda n: ind.StandardDeviation(n).warmup,
    "z score": lambda n: ind.ZScore(n).warmup,
    "max": lambda n: ind.RollingMax(n).warmup,
    "min": lambda n: ind.RollingMin(n).warmup,
    "macd": lambda n: ind.MACD(n, n + 3, 4).warmup,
    "atr": lambda n: ind.ATR(n).warmup,
    "adx": lambda n: ind.ADX(n).warmup,
    "bollinger": lambda n: ind.BollingerBands(n).warmup,
    "session vwap": lambda n: ind.SessionVWAP().warmup,
    "rolling vwap": lambda n: ind.RollingVWAP(n).warmup,
    "on-balance volume": lambda n: ind.OnBalanceVolume().warmup,
    "volume ratio": lambda n: ind.VolumeRatio(n).warmup,
    "correlation": lambda n: ind.RollingCorrelation(n).warmup,
    "covariance": lambda n: ind.RollingCovariance(n).warmup,
    "profile": lambda n: ind.VolumeProfile(n).warmup,
}


@pytest.mark.parametrize("name", FORMS)
@given(market=markets())
def test_both_forms_say_the_same(name: str, market: Market) -> None:
    by_bar, whole = FORMS[name]

    for one, other in zip(by_bar(market), whole(market), strict=True):
        # The issue asks for 1e-9; the same operations in the same order give the same floats.
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("name", FORMS)
@given(periods=st.integers(2, 30), seed=st.integers(0, 1000))
def test_all_is_known_after_the_warm_up_and_not_before(name: str, periods: int, seed: int) -> None:
    dice, count = np.random.default_rng(seed), 100
    close = 100.0 + np.cumsum(dice.normal(size=count))
    opened_ns = np.arange(count, dtype=np.int64)
    market = Market(opened_ns, close + 1.0, close - 1.0, close, dice.lognormal(size=count), periods)
    unknown = np.isnan(np.array(FORMS[name][1](market))).any(axis=0)
    warmup = WARMUPS[name](periods)

    assert unknown.tolist() == [True] * warmup + [False] * (count - warmup)


@pytest.mark.parametrize("name", FORMS)
@given(market=markets(), length=st.integers(1, 120))
def test_what_was_known_does_not_depend_on_what_came_after(name: str, market: Market, length: int) -> None:
    whole = FORMS[name][1]
    sooner = Market(
        market.opened_ns[:length],
        market.high[:length],
        market.low[:length],
        market.close[:length],
        market.volume[:length],
        market.periods,
    )

    for then, now in zip(whole(sooner), whole(market), strict=True):
        np.testing.assert_array_equal(then, now[:length])


@given(market=markets())
def test_indices_stay_within_their_scale(market: Market) -> None:
    scaled = [ind.rsi(market.close, market.periods), *ind.adx(market.high, market.low, market.close, market.periods)]
    known = np.concatenate(scaled)
    known = known[~np.isnan(known)]

    assert ((known >= 0.0) & (known <= 100.0 + 1e-9)).all()


@given(market=markets())
def test_windows_agree_with_numpy_on_their_own_values(market: Market) -> None:
    periods, close = market.periods, market.close
    if len(close) < periods:
        return
    seen = np.lib.stride_tricks.sliding_window_view(close, periods)
    middle, upper, _ = ind.bollinger_bands(close, periods, 1.0)

    np.testing.assert_allclose(ind.sma(close, periods)[periods - 1 :], seen.mean(axis=1), rtol=1e-12)
    np.testing.assert_allclose(middle[periods - 1 :], seen.mean(axis=1), rtol=1e-12)
    np.testing.assert_allclose(upper[periods - 1 :], seen.mean(axis=1) + seen.std(axis=1), rtol=1e-9)
    np.testing.assert_array_equal(ind.rolling_max(close, periods)[periods - 1 :], seen.max(axis=1))
    np.testing.assert_array_equal(ind.rolling_min(close, periods)[periods - 1 :], seen.min(axis=1))


def test_a_covariance_far_from_zero_is_that_of_numpy_after_a_year_of_bars() -> None:
    dice, periods, count = np.random.default_rng(5), 120, 50_000
    first = 11.0 + np.cumsum(dice.standard_normal(count)) * 1e-5
    second = 0.6 * first + dice.standard_normal(count) * 1e-6
    told_of = ind.rolling_covariance(first, second, periods)
    for end in (periods, count // 2, count):
        window = np.cov(first[end - periods : end], second[end - periods : end], bias=True)

        assert told_of.covariance[end - 1] == pytest.approx(window[0, 1], rel=1e-9)
        assert told_of.variance_2[end - 1] == pytest.approx(window[1, 1], rel=1e-9)


OF_A_WINDOW = {
    "sma",
    "deviation",
    "z score",
    "max",
    "min",
    "bollinger",
    "rolling vwap",
    "volume ratio",
    "correlation",
    "covariance",
}
FOREVER = {"ema", "wilder", "rsi", "macd", "atr", "adx", "on-balance volume"}


@pytest.mark.parametrize("name", sorted(OF_A_WINDOW | FOREVER))
@given(market=markets(), hole=st.integers(0, 119))
def test_a_hole_in_the_market_is_never_hidden_behind_an_older_value(name: str, market: Market, hole: int) -> None:
    by_bar, whole = FORMS[name]
    at = hole % len(market.close)
    for column in (market.high, market.low, market.close, market.volume):
        column[at] = np.nan
    told_by_bar = by_bar(market)

    for one, other in zip(told_by_bar, whole(market), strict=True):
        np.testing.assert_array_equal(one, other)
        if at:
            end = at + 1 if name in OF_A_WINDOW else len(one)
            assert np.isnan(one[at:end]).all()
