"""The shape that all markets of one demo day share: regimes, bursts, volatility, and the crash.

Sources of the shapes: volatility clusters as in GARCH(1,1) (Bollerslev 1986), returns have heavy tails and activity a
daily pattern (Cont 2001, "Empirical properties of asset returns"). The numbers are chosen to look like liquid crypto
pairs; they are not fitted to any.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from connectors.demo_market.draws import Draws
from engine.sdk.connector import FloatColumn

MINUTES: Final = 1_440

_ALPHA: Final = 0.10  # how much one surprise raises the variance of the next minute
_BETA: Final = 0.89  # how much of the variance is remembered
_SURPRISE_MAX: Final = 25.0  # squared; keeps one outlier from shaking a whole day
# Activity by UTC hour: quiet before Europe wakes, busy when New York opens.
_MORNING: Final = (0.95, 0.90, 0.85, 0.80, 0.75, 0.75, 0.80, 0.95, 1.05, 1.05, 1.00, 0.95)
_EVENING: Final = (1.05, 1.35, 1.50, 1.45, 1.30, 1.15, 1.05, 1.00, 0.95, 0.90, 0.90, 0.95)
_HOURLY: Final = np.array([*_MORNING, *_EVENING])

_REGIME, _BURST, _COMMON, _CRASH = 1, 2, 3, 4  # which draws of the day


@dataclass(frozen=True, slots=True)
class FlashCrash:
    """The one flash crash of a UTC day, at the same minutes in every market.

    `minute` (0 = midnight UTC) is the first falling bar; it falls for `falling` bars and recovers for `recovering`
    bars. `drop` is the fall as a ratio of the price before it, `recovered` the share of the fall that comes back.
    """

    minute: int
    falling: int
    recovering: int
    drop: float
    recovered: float


@dataclass(frozen=True, slots=True)
class DayShape:
    """What every market of a day follows; arrays have shape ``(1440,)``, one entry per minute.

    `common` is the shared return in units of a market's own minute volatility, `turbulence` scales every noise,
    `activity` scales volume, `calm` is the share of its noise that a market keeps beside a burst.
    """

    common: FloatColumn
    turbulence: FloatColumn
    activity: FloatColumn
    calm: FloatColumn
    crash: FlashCrash


def crash_of(seed: int, day: int) -> FlashCrash:
    """Return the flash crash of a day (days since the epoch)."""
    minute, falling, recovering, drop, recovered = Draws(seed, day, _CRASH).uniforms(5).tolist()
    return FlashCrash(
        # Never so late that the recovery would run into the next day.
        minute=120 + int(minute * 1_080),
        falling=3 + int(falling * 4),
        recovering=30 + int(recovering * 31),
        drop=0.085 + drop * 0.04,
        recovered=0.5 + recovered * 0.25,
    )


def shape_of(seed: int, day: int, *, with_crash: bool) -> DayShape:
    """Return what all markets of a day share."""
    drift, turbulence = _regimes(seed, day)
    turbulence *= np.repeat(np.sqrt(_HOURLY), 60)
    activity = np.repeat(_HOURLY, 60)
    crash = crash_of(seed, day)
    if with_crash:
        _excite(turbulence, activity, crash)
    noise = Draws(seed, day, _COMMON).heavy_tailed(MINUTES)
    turbulence *= _clusters(noise)
    burst, calm = _bursts(seed, day, drift)
    return DayShape(
        common=noise * turbulence * calm + drift + burst,
        turbulence=turbulence,
        activity=activity,
        calm=calm,
        crash=crash,
    )


def _regimes(seed: int, day: int) -> tuple[FloatColumn, FloatColumn]:
    """Return the drift and the volatility level of each minute: trends up, down or none, 45 to 240 minutes each."""
    drift = np.zeros(MINUTES)
    level = np.ones(MINUTES)
    draws = Draws(seed, day, _REGIME)
    minute = 0
    while minute < MINUTES:
        length, way, strength, volatility = draws.uniforms(4).tolist()
        until = minute + 45 + int(length * 196)
        direction = 1.0 if way < 0.38 else -1.0 if way < 0.76 else 0.0
        drift[minute:until] = direction * (0.06 + 0.16 * strength)
        level[minute:until] = 0.7 + 0.8 * volatility
        minute = until
    return drift, level


def _bursts(seed: int, day: int, drift: FloatColumn) -> tuple[FloatColumn, FloatColumn]:
    """Return displacement moves (one to four minutes, along the trend) and the quiet beside them.

    A move of several deviations between two quiet bars is what leaves a fair value gap.
    """
    burst = np.zeros(MINUTES)
    calm = np.ones(MINUTES)
    draws = Draws(seed, day, _BURST)
    for _ in range(10 + int(draws.uniform() * 7)):
        at, length, size, way = draws.uniforms(4).tolist()
        first = 5 + int(at * (MINUTES - 15))
        after = first + 1 + int(length * 4)
        trend = float(drift[first])
        direction = 1.0 if trend > 0 or (trend == 0 and way < 0.5) else -1.0
        burst[first:after] = direction * (2.5 + 2.5 * size)
        calm[first - 1 : after + 1] = 0.35
    return burst, calm


def _clusters(noise: FloatColumn) -> FloatColumn:
    """Return the deviation of each minute: one surprise makes the next ones likelier (GARCH(1,1), mean variance 1)."""
    variance = 1.0
    deviations = []
    for surprise in (noise * noise).tolist():
        deviations.append(variance)
        variance = (1 - _ALPHA - _BETA) + variance * (_BETA + _ALPHA * min(surprise, _SURPRISE_MAX))
    clustered: FloatColumn = np.sqrt(np.array(deviations))
    return clustered


def _excite(turbulence: FloatColumn, activity: FloatColumn, crash: FlashCrash) -> None:
    """Let a crash be traded heavily, and the market stay nervous until it has recovered."""
    bottom = crash.minute + crash.falling
    fading = 1 - np.arange(crash.recovering) / crash.recovering
    turbulence[bottom : bottom + crash.recovering] *= 1 + fading
    activity[crash.minute : bottom] *= 12
    activity[bottom : bottom + crash.recovering] *= 1 + 5 * fading
