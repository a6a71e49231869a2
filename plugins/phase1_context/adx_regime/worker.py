"""Trending or ranging, by the average directional index."""

from collections.abc import Sequence
from typing import Final

from engine.sdk.indicators import ADX
from engine.sdk.plugin import ContextWorker, Field, TradingContext, WorkerConfig, WorkerTools

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
        adx = index.update(context.high, context.low, context.close)
        return adx, index.plus_di, index.minus_di, self._regime(adx)

    def _regime(self, adx: float) -> float:
        if adx >= self._trending_from:
            return TRENDING
        return RANGING if adx < self._trending_from else _UNKNOWN
