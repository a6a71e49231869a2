"""How much of the best of many runs is luck: the deflated Sharpe ratio.

Source: Bailey and Lopez de Prado 2014, "The Deflated Sharpe Ratio: Correcting for Selection Bias, Backtest Overfitting
and Non-Normality", Journal of Portfolio Management 40 (5). Sharpe ratios are per observation here, never annualised,
and the risk-free rate is left out.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean, variance
from typing import Final

EULER_MASCHERONI: Final = 0.5772156649015329

_STANDARD: Final = NormalDist()


@dataclass(frozen=True, slots=True)
class ReturnShape:
    """What is to be known of a run's returns. `kurtosis` is that of Pearson: 3 for normal returns."""

    observations: int
    sharpe: float
    skewness: float
    kurtosis: float

    @classmethod
    def of(cls, returns: Sequence[float]) -> "ReturnShape | None":
        """Return the shape of returns, given as ratios per period; None if there are fewer than three or none moves."""
        if len(returns) < 3:
            return None
        mean = fmean(returns)
        second, third, fourth = (fmean([(each - mean) ** power for each in returns]) for power in (2, 3, 4))
        if second <= 0.0:
            return None
        return cls(len(returns), mean / math.sqrt(variance(returns, mean)), third / second**1.5, fourth / second**2)


def luckiest_sharpe(*, trials: int, spread: float) -> float:
    """Return the Sharpe ratio to be expected of the best of so many trials when none is worth anything (the paper's SR0).

    Args:
        trials: How many independent ones were made, from 2 up.
        spread: Standard deviation of the Sharpe ratios of all trials.

    Raises:
        ValueError: fewer than two trials.
    """
    if trials < 2:
        raise ValueError("the best of one trial is no choice")
    quantile = _STANDARD.inv_cdf
    return spread * (
        (1.0 - EULER_MASCHERONI) * quantile(1.0 - 1.0 / trials)
        + EULER_MASCHERONI * quantile(1.0 - 1.0 / (trials * math.e))
    )


def deflated_sharpe(shape: ReturnShape, *, benchmark: float) -> float:
    """Return the probability, 0-1, that the true Sharpe ratio is above a benchmark; below 0.95 it may well be luck.

    With the luckiest Sharpe ratio as its benchmark this is the paper's deflated Sharpe ratio. A shape that cannot be
    (the estimator's variance is not positive) gives 0.
    """
    sharpe = shape.sharpe
    variance_factor = 1.0 - shape.skewness * sharpe + (shape.kurtosis - 1.0) / 4.0 * sharpe**2
    if variance_factor <= 0.0:
        return 0.0
    return _STANDARD.cdf((sharpe - benchmark) * math.sqrt((shape.observations - 1) / variance_factor))
