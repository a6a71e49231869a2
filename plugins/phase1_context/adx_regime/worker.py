"""Trending or ranging, by the average directional index."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from engine.sdk.indicators import ADX, adx
from engine.sdk.plugin import (
    ContextWorker,
    Field,
    FloatColumn,
    RecordedColumns,
    TradingContext,
    WorkerConfig,
    WorkerTools,
)

RANGING: Final = 0.0
TRENDING: Final = 1.0
_UNKNOWN: Final = float("nan")


class ADXRegimeConfig(WorkerConfig):
    """How long the index looks back, and from where on a market trends."""

    periods: int = Field(default=14, ge=2, description="Bars of Wilder's smoothing.")
    trending_from: float = Field(default=25.0, ge=0, le=100, description="ADX from which on the market trends.")


class ADXRegimeClassifier(ContextWorker[ADXRegimeConfig]):
    """Writes `adx`, `plus_di`, `minus_di` and the category `regime`."""

    config_model = ADXRegimeConfig

    def __init__(self, config: ADXRegimeConfig, tools: WorkerTools) -> None:
        super().__init__(config, tools)
        self._index = ADX(config.periods)
        self._trending_from = config.trending_from

    def enrich(self, context: TradingContext) -> Sequence[float]:
        """Return the index, its two directions, and the regime that follows from it."""
        index = self._index
        strength = index.update(context.high, context.low, context.close)
        return strength, index.plus_di, index.minus_di, self._regime(strength)

    def precompute(self, recorded: RecordedColumns) -> Sequence[FloatColumn]:
        """Return the index, its two directions and the regime over a whole recording."""
        high, low, close = (recorded.column(name) for name in ("high", "low", "close"))
        index, plus_di, minus_di = adx(high, low, close, self.config.periods)
        regime = np.where(index >= self._trending_from, TRENDING, np.where(np.isnan(index), _UNKNOWN, RANGING))
        return index, plus_di, minus_di, regime

    def _regime(self, strength: float) -> float:
        if strength >= self._trending_from:
            return TRENDING
        return RANGING if strength < self._trending_from else _UNKNOWN
