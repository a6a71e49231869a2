"""Vetted indicators, each in two forms that agree: one bar at a time, and over a whole history.

The classes are incremental: feed `update` every closed bar in order, at constant cost per bar. NaN comes back while they
warm up; `warmup` says for how many bars, until all that they tell is known. The functions of the same names in lower
case take columns of shape ``(n,)``, oldest first, and return columns of the same length with the same NaN. Both do the
same floating-point operations in the same order; recursions are written ``(1 - a) * v + a * x``.

Feed what is known only. A NaN that is fed all the same is never hidden behind an older value: what remembers a window is
NaN until it has left the window, what remembers everything (averages of EMA's and Wilder's kind, and all that is built
on them) stays NaN. The engine refuses such bars long before.

Where published tables differ, each docstring names its convention and who does it otherwise.
"""

from engine.sdk.indicators.averages import EMA, SMA, WilderAverage, ema, sma, wilder_average
from engine.sdk.indicators.correlation import (
    CovarianceColumns,
    RollingCorrelation,
    RollingCovariance,
    rolling_correlation,
    rolling_covariance,
)
from engine.sdk.indicators.median import median, medians_at
from engine.sdk.indicators.momentum import MACD, RSI, MACDColumns, macd, rsi
from engine.sdk.indicators.profile import ProfileColumns, VolumeProfile, volume_profile
from engine.sdk.indicators.structure import RollingMax, RollingMin, rolling_max, rolling_min
from engine.sdk.indicators.trend import ADX, ADXColumns, adx
from engine.sdk.indicators.volatility import (
    ATR,
    BollingerBands,
    BollingerColumns,
    StandardDeviation,
    ZScore,
    atr,
    bollinger_bands,
    standard_deviation,
    true_range,
    true_ranges,
    z_score,
)
from engine.sdk.indicators.volume import (
    OnBalanceVolume,
    RollingVWAP,
    SessionVWAP,
    VolumeRatio,
    on_balance_volume,
    rolling_vwap,
    session_vwap,
    volume_ratio,
)

__all__ = [
    "ADX",
    "ATR",
    "EMA",
    "MACD",
    "RSI",
    "SMA",
    "ADXColumns",
    "BollingerBands",
    "BollingerColumns",
    "CovarianceColumns",
    "MACDColumns",
    "OnBalanceVolume",
    "ProfileColumns",
    "RollingCorrelation",
    "RollingCovariance",
    "RollingMax",
    "RollingMin",
    "RollingVWAP",
    "SessionVWAP",
    "StandardDeviation",
    "VolumeProfile",
    "VolumeRatio",
    "WilderAverage",
    "ZScore",
    "adx",
    "atr",
    "bollinger_bands",
    "ema",
    "macd",
    "median",
    "medians_at",
    "on_balance_volume",
    "rolling_correlation",
    "rolling_covariance",
    "rolling_max",
    "rolling_min",
    "rolling_vwap",
    "rsi",
    "session_vwap",
    "sma",
    "standard_deviation",
    "true_range",
    "true_ranges",
    "volume_profile",
    "volume_ratio",
    "wilder_average",
    "z_score",
]
