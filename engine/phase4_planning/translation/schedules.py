"""How large each slice of a schedule is against the others: by the market's volume, by urgency, or by chance."""

import hashlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Final

import numpy as np

from engine.contracts.market import FloatColumn, IntColumn
from engine.primitives.money import from_float
from engine.primitives.timeframes import NS_PER_MINUTE

_SHARE_STEP: Final = Decimal("0.000001")
_MINUTES_PER_DAY: Final = 1440

RecentVolume = Callable[[str], "VolumeHistory | None"]
"""Finds the bars that are known of a symbol; None where there are none."""


@dataclass(frozen=True, slots=True)
class VolumeHistory:
    """The volume of recent bars of one market, oldest first: opening times (UTC nanoseconds), base units, shape (n,)."""

    opened_ns: IntColumn
    volume: FloatColumn


def on_line(value: Decimal, points: Sequence[tuple[Decimal, Decimal]]) -> Decimal:
    """Return where a value lies on the straight lines between points (x, y); outside them the nearest point's y."""
    ordered = sorted(points)
    first, last = ordered[0], ordered[-1]
    if value <= first[0]:
        return first[1]
    for (x_0, y_0), (x_1, y_1) in pairwise(ordered):
        if value <= x_1:
            return y_0 + (y_1 - y_0) * (value - x_0) / (x_1 - x_0)
    return last[1]


def random_shares(seed: str, parts: int) -> tuple[Decimal, ...]:
    """Return shares between a half and one and a half that nobody can foresee, and that are the same at each replay.

    They are drawn from SHA-256 of the seed and the place: the seed is the id of the group.
    """
    shares = []
    for place in range(parts):
        digest = hashlib.sha256(f"{seed}/{place}".encode()).digest()
        drawn = Decimal(int.from_bytes(digest[:8], "big")) / Decimal(2**64)
        shares.append((Decimal("0.5") + drawn).quantize(_SHARE_STEP))
    return tuple(shares)


def shortfall_shares(parts: int, lifetimes: Decimal) -> tuple[Decimal, ...]:
    """Return the shares of the optimal schedule of Almgren and Chriss for linear impact; they fall, and add up to one.

    Almgren and Chriss (2000), "Optimal execution of portfolio transactions", Journal of Risk 3(2), section 2.2, the
    closed form of the trade list: n_j = 2 sinh(kappa tau / 2) / sinh(kappa T) * cosh(kappa (T - (j - 1/2) tau)) * X for
    j = 1..N and tau = T / N, which follows from the holdings x_j = sinh(kappa (T - j tau)) / sinh(kappa T) * X. There
    kappa comes from 2 (cosh(kappa tau) - 1) / tau^2 = lambda sigma^2 / (eta - gamma tau / 2): risk aversion lambda,
    volatility sigma, temporary impact eta, permanent impact gamma. We ask for kappa * T directly.

    Args:
        parts: N, how many slices.
        lifetimes: kappa * T: how many trade lifetimes 1 / kappa fit the window. 0, no aversion to risk, is TWAP.
    """
    kappa_t = float(lifetimes)
    if kappa_t < 1e-6:
        return (Decimal(1),) * parts
    step = kappa_t / parts
    scale = 2 * math.sinh(step / 2) / math.sinh(kappa_t)
    shares = [scale * math.cosh(kappa_t - (place - 0.5) * step) for place in range(1, parts + 1)]
    return tuple(from_float(share, _SHARE_STEP) for share in shares)


def volume_shares(
    history: VolumeHistory, *, starts_at: datetime, window_minutes: int, parts: int
) -> tuple[Decimal, ...] | None:
    """Return shares like the volume that the market usually has in each slice's minutes of the day (UTC).

    The volume of a bar counts evenly over its minutes; of several days the mean is taken. None when no bar is known for
    some minute of the window: a profile with holes would send nothing in them.
    """
    if len(history.opened_ns) < 2:
        return None
    length = max(1, int(np.median(np.diff(history.opened_ns))) // NS_PER_MINUTE)
    first = (history.opened_ns // NS_PER_MINUTE) % _MINUTES_PER_DAY
    minutes = (first[:, None] + np.arange(min(length, _MINUTES_PER_DAY))[None, :]) % _MINUTES_PER_DAY
    totals, counts = np.zeros(_MINUTES_PER_DAY), np.zeros(_MINUTES_PER_DAY)
    np.add.at(totals, minutes.ravel(), np.repeat(history.volume / length, minutes.shape[1]))
    np.add.at(counts, minutes.ravel(), 1)
    start = starts_at.hour * 60 + starts_at.minute
    window = (start + np.arange(window_minutes)) % _MINUTES_PER_DAY
    if not counts[window].all():
        return None
    usual = totals[window] / counts[window]
    places = np.arange(window_minutes) * parts // window_minutes
    sums = np.bincount(places, weights=usual, minlength=parts)
    if not np.isfinite(sums).all() or not sums.sum() > 0:
        return None
    return tuple(from_float(float(share), _SHARE_STEP) for share in sums / sums.sum())
