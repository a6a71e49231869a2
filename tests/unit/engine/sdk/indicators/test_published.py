"""Every indicator with a published worked example gives what the example gives, one bar at a time and over a history."""

import math
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from engine.contracts.market import FloatColumn, IntColumn
from engine.primitives.timeframes import NS_PER_MINUTE
from engine.sdk.indicators import (
    ADX,
    ATR,
    EMA,
    MACD,
    RSI,
    SMA,
    BollingerBands,
    OnBalanceVolume,
    RollingCorrelation,
    RollingCovariance,
    RollingMax,
    RollingMin,
    RollingVWAP,
    SessionVWAP,
    StandardDeviation,
    WilderAverage,
    ZScore,
    adx,
    atr,
    bollinger_bands,
    ema,
    macd,
    on_balance_volume,
    rolling_correlation,
    rolling_covariance,
    rolling_max,
    rolling_min,
    rolling_vwap,
    rsi,
    session_vwap,
    sma,
    standard_deviation,
    true_range,
    true_ranges,
    wilder_average,
    z_score,
)
from tests.support.published import (
    ANSCOMBE,
    INVESTEXCEL_MACD,
    INVESTEXCEL_SIGNAL,
    NIST_ACCURACY,
    STOCKCHARTS_AVERAGES,
    STOCKCHARTS_BALANCE,
    STOCKCHARTS_BANDS,
    STOCKCHARTS_DIRECTION,
    STOCKCHARTS_RANGES,
    STOCKCHARTS_RSI,
    STOCKCHARTS_STOCHASTIC,
    STOCKCHARTS_VWAP,
    WILDER_DIRECTION,
    WILDER_RSI,
    Table,
)

pytestmark = pytest.mark.unit

FORMS = ("one bar at a time", "over a history")
DIRECTION = ("adx", "plus_di", "minus_di")


def fed(update: Callable[..., float], *columns: FloatColumn | IntColumn) -> FloatColumn:
    return np.array([update(*bar) for bar in zip(*(column.tolist() for column in columns), strict=True)])


def lines_of(
    indicator: object, names: Sequence[str], update: Callable[..., float], *columns: FloatColumn
) -> FloatColumn:
    """Feed bars to an indicator of several lines and return them all: shape ``(lines, bars)``."""
    rows = [(update(*bar), *(getattr(indicator, name) for name in names)) for bar in zip(*columns, strict=True)]
    return np.array(rows).T


def agree(ours: FloatColumn, published: FloatColumn, within: float) -> None:
    """Require the published results at the end, to their rounding, and nothing before them."""
    warm = len(ours) - len(published)
    assert np.isnan(ours[:warm]).all()
    assert np.abs(ours[warm:] - published).max() <= within


def bars(table: Table) -> tuple[FloatColumn, FloatColumn, FloatColumn]:
    return table["high"], table["low"], table["close"]


@pytest.mark.parametrize("form", FORMS)
def test_stockcharts_averages(form: str) -> None:
    closes, one = STOCKCHARTS_AVERAGES["close"], form == FORMS[0]

    agree(fed(SMA(10).update, closes) if one else sma(closes, 10), STOCKCHARTS_AVERAGES["sma_10"], 5e-6)
    agree(fed(EMA(10).update, closes) if one else ema(closes, 10), STOCKCHARTS_AVERAGES["ema_10"], 5e-9)


@pytest.mark.parametrize("form", FORMS)
def test_stockcharts_rsi(form: str) -> None:
    closes = STOCKCHARTS_RSI["close"]

    agree(fed(RSI(14).update, closes) if form == FORMS[0] else rsi(closes, 14), STOCKCHARTS_RSI["rsi_14"], 5e-5)


@pytest.mark.parametrize("form", FORMS)
def test_wilders_own_rsi_to_what_he_cut_off(form: str) -> None:
    closes = WILDER_RSI["close"]

    agree(fed(RSI(14).update, closes) if form == FORMS[0] else rsi(closes, 14), WILDER_RSI["rsi_14"], 0.55)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("table", [STOCKCHARTS_RANGES, WILDER_DIRECTION], ids=["stockcharts", "wilder"])
def test_published_true_ranges(table: Table, form: str) -> None:
    high, low, close = bars(table)
    ours = fed(true_range, high[1:], low[1:], close[:-1]) if form == FORMS[0] else true_ranges(high, low, close)[1:]

    assert ours == pytest.approx(table["true_range"][-len(ours) :], abs=1e-9)


@pytest.mark.parametrize("form", FORMS)
def test_stockcharts_average_true_range_is_wilders_average_of_its_ranges(form: str) -> None:
    ranges = STOCKCHARTS_RANGES["true_range"]
    ours = fed(WilderAverage(14).update, ranges) if form == FORMS[0] else wilder_average(ranges, 14)

    agree(ours, STOCKCHARTS_RANGES["atr_14"], 5.1e-7)


@pytest.mark.parametrize("form", FORMS)
def test_our_average_true_range_leaves_the_first_bar_out_and_the_difference_dies_out(form: str) -> None:
    table, published = bars(STOCKCHARTS_RANGES), STOCKCHARTS_RANGES["atr_14"]
    ours = fed(ATR(14).update, *table) if form == FORMS[0] else atr(*table, 14)
    first, *ranges = STOCKCHARTS_RANGES["true_range"][:14].tolist()
    apart = ours[14:] - published[1:]

    assert np.isnan(ours[:14]).all()
    assert apart[0] == pytest.approx((sum(ranges) - 13.0 * first) / 14.0**2, abs=1e-6)
    assert apart == pytest.approx(apart[0] * (13.0 / 14.0) ** np.arange(len(apart)), abs=2e-6)


@pytest.mark.parametrize("form", FORMS)
def test_stockcharts_extremes_and_the_stochastic_made_of_them(form: str) -> None:
    table, one = STOCKCHARTS_STOCHASTIC, form == FORMS[0]
    highest = (fed(RollingMax(14).update, table["high"]) if one else rolling_max(table["high"], 14))[13:]
    lowest = (fed(RollingMin(14).update, table["low"]) if one else rolling_min(table["low"], 14))[13:]

    assert highest.tolist() == table["highest_14"].tolist()
    assert lowest.tolist() == table["lowest_14"].tolist()
    agree(100.0 * (table["close"] - lowest) / (highest - lowest), table["percent_k"], 5e-3)


@pytest.mark.parametrize("form", FORMS)
def test_a_published_donchian_channel(form: str) -> None:
    table, one = STOCKCHARTS_RANGES, form == FORMS[0]
    highest = fed(RollingMax(20).update, table["high"]) if one else rolling_max(table["high"], 20)
    lowest = fed(RollingMin(20).update, table["low"]) if one else rolling_min(table["low"], 20)

    assert highest[19:].tolist() == table["highest_20"].tolist()
    assert lowest[19:].tolist() == table["lowest_20"].tolist()


@pytest.mark.parametrize("form", FORMS)
def test_stockcharts_bollinger_bands(form: str) -> None:
    table, bands = STOCKCHARTS_BANDS, BollingerBands(20, 2.0)
    closes = table["close"]
    one = form == FORMS[0]
    middle, upper, lower = (
        lines_of(bands, ("upper", "lower"), bands.update, closes) if one else bollinger_bands(closes, 20, 2.0)
    )
    deviation = fed(StandardDeviation(20).update, closes) if one else standard_deviation(closes, 20)
    distance = fed(ZScore(20).update, closes) if one else z_score(closes, 20)

    for ours, name in ((middle, "middle_20"), (deviation, "deviation_20"), (upper, "upper_20"), (lower, "lower_20")):
        agree(ours, table[name], 1.1e-6)
    agree(distance, (closes[19:] - table["middle_20"]) / table["deviation_20"], 2e-6)


@pytest.mark.parametrize("form", FORMS)
def test_stockcharts_directional_index(form: str) -> None:
    table, index = STOCKCHARTS_DIRECTION, ADX(14)
    ours = lines_of(index, DIRECTION[1:], index.update, *bars(table)) if form == FORMS[0] else adx(*bars(table), 14)

    for column, name in zip(ours, DIRECTION, strict=True):
        agree(column, table[f"{name}_14"], 5e-6)


@pytest.mark.parametrize("form", FORMS)
def test_wilders_own_directional_index_to_what_he_rounded_and_his_seed_of_a_bar_less(form: str) -> None:
    table, index = WILDER_DIRECTION, ADX(14)
    ours = lines_of(index, DIRECTION[1:], index.update, *bars(table)) if form == FORMS[0] else adx(*bars(table), 14)

    for column, name, within in zip(ours, DIRECTION, (1.05, 1.05, 1.15), strict=True):
        published = table[f"{name}_14"]
        assert np.abs(column[-len(published) :] - published).max() <= within


@pytest.mark.parametrize("form", FORMS)
def test_investexcels_macd(form: str) -> None:
    closes, indicator = INVESTEXCEL_MACD["close"], MACD(12, 26, 9)
    one = form == FORMS[0]
    line, signal, histogram = (
        lines_of(indicator, ("signal", "histogram"), indicator.update, closes) if one else macd(closes, 12, 26, 9)
    )

    agree(line, INVESTEXCEL_MACD["line"], 5.1e-11)
    assert np.isnan(signal[:33]).all()
    for at, published in INVESTEXCEL_SIGNAL.items():
        assert signal[at] == pytest.approx(published, abs=1e-12)
        assert histogram[at] == pytest.approx(line[at] - published, abs=1e-12)


@pytest.mark.parametrize("form", FORMS)
def test_stockcharts_balance_of_volume(form: str) -> None:
    closes, volumes = STOCKCHARTS_BALANCE["close"], STOCKCHARTS_BALANCE["volume"]
    ours = fed(OnBalanceVolume().update, closes, volumes) if form == FORMS[0] else on_balance_volume(closes, volumes)

    assert ours.tolist() == [0.0, *STOCKCHARTS_BALANCE["balance"].tolist()]


@pytest.mark.parametrize("form", FORMS)
def test_a_published_average_price_of_a_session(form: str) -> None:
    table = STOCKCHARTS_VWAP
    minutes, traded = np.arange(30) * NS_PER_MINUTE, (*bars(table), table["volume"])
    ours = fed(SessionVWAP().update, minutes, *traded) if form == FORMS[0] else session_vwap(minutes, *traded)

    rolled = fed(RollingVWAP(30).update, *traded) if form == FORMS[0] else rolling_vwap(*traded, 30)

    agree(ours, table["vwap"], 5.1e-5)
    agree(rolled, table["vwap"][-1:], 5.1e-5)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("number", ["1", "2", "3", "4"])
def test_anscombes_quartet(number: str, form: str) -> None:
    x, y = ANSCOMBE[f"x_{number}"], ANSCOMBE[f"y_{number}"]
    covariance = RollingCovariance(11)
    if form == FORMS[0]:
        correlation = fed(RollingCorrelation(11).update, x, y)[-1]
        fed(covariance.update, x, y)
        slope, mean_x, mean_y = covariance.value / covariance.variance_1, covariance.mean_1, covariance.mean_2
    else:
        columns = rolling_covariance(x, y, 11)
        correlation = rolling_correlation(x, y, 11)[-1]
        slope = columns.covariance[-1] / columns.variance_1[-1]
        mean_x, mean_y = columns.mean_1[-1], columns.mean_2[-1]

    assert correlation == pytest.approx(0.816, abs=6e-4)
    assert slope == pytest.approx(0.5, abs=5e-4)
    assert mean_x == pytest.approx(9.0)
    assert mean_y == pytest.approx(7.5, abs=1e-3)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", NIST_ACCURACY)
def test_certified_deviations_of_numbers_that_differ_in_their_last_digits(name: str, form: str) -> None:
    values, mean, sample_deviation = NIST_ACCURACY[name]
    count = len(values)
    deviation = StandardDeviation(count)
    if form == FORMS[0]:
        found, average = fed(deviation.update, values)[-1], deviation.mean
    else:
        found, average = standard_deviation(values, count)[-1], sma(values, count)[-1]

    assert average == pytest.approx(mean, rel=1e-14)
    assert found * math.sqrt(count / (count - 1)) == pytest.approx(sample_deviation, rel=1e-7)
