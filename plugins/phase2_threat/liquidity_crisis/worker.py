"""Liquidity: how much is traded, and how far a little of it moves the price, against the market's own past."""

from typing import NamedTuple

import numpy as np

from engine.sdk.indicators import median, medians_at, sma
from engine.sdk.plugin import (
    NOTHING,
    AssessedContext,
    BoolColumn,
    Envelopes,
    Field,
    FloatColumn,
    RecordedColumns,
    ThreatWorker,
    TradingContext,
    WorkerConfig,
)


class LiquidityCrisisConfig(WorkerConfig):
    """What is usual, and how far from it a crisis begins."""

    recent_bars: int = Field(default=10, ge=1, description="Newest bars that are judged, this one included.")
    usual_bars: int = Field(default=240, ge=10, description="Bars before those that say what is usual.")
    min_volume_share: float = Field(
        default=0.1, gt=0, lt=1, description="Volume per bar, as a share of the usual, below which it has collapsed."
    )
    max_illiquidity: float = Field(
        default=8.0, gt=1, description="Price range per traded value, as a multiple of the usual, that is too much."
    )
    full_illiquidity: float = Field(default=30.0, gt=1, description="Multiple at which that part is at its worst.")
    depth_column: str = Field(
        default="book_depth", description="Column of the order book's depth, read where the chain writes it."
    )
    min_depth_share: float = Field(
        default=0.2, gt=0, lt=1, description="Depth, as a share of its usual, below which the book is empty."
    )
    severity_at_limit: float = Field(
        default=0.4, ge=0, le=1, description="Severity at a limit; rises in a line to `full_severity`."
    )
    full_severity: float = Field(default=0.8, ge=0, le=1, description="Severity when nothing could be worse.")


class _Seen(NamedTuple):
    """The newest bars against the usual ones; 1 is as usual."""

    volume_share: float
    illiquidity: float
    depth_share: float


class LiquidityCrisisDetector(ThreatWorker[LiquidityCrisisConfig]):
    """Warns while the market is much thinner than it used to be, by volume, by price impact, or by its book.

    Illiquidity is Amihud's: how far price goes per traded value. It remembers nothing between bars.
    """

    config_model = LiquidityCrisisConfig

    def on_context_assessment(self, assessed: AssessedContext) -> Envelopes:
        """Return a warning when any of the measures is beyond its limit."""
        seen = self._seen(assessed.context)
        if seen is None:
            return NOTHING
        badness = max(self._badness(seen))
        if badness < 0.0:
            return NOTHING
        config = self.config
        return self.threat(
            assessed,
            threat_type="LIQUIDITY_CRISIS",
            severity=config.severity_at_limit + (config.full_severity - config.severity_at_limit) * badness,
            asset=assessed.context.symbol,
            metadata={
                "volume_share": seen.volume_share,
                # A note survives JSON, and JSON knows no infinity.
                "illiquidity": min(seen.illiquidity, 1e9),
                "depth_share": seen.depth_share,
            },
        )

    def candidates(self, recorded: RecordedColumns) -> BoolColumn | None:
        """Return the bars with too little volume or too much price impact; None where the chain writes depth."""
        config = self.config
        if config.depth_column in recorded.columns:
            return None
        found = np.zeros(len(recorded), dtype=np.bool_)
        bars = config.recent_bars + config.usual_bars
        if len(recorded) < bars:
            return found
        volume, close = recorded.column("volume"), recorded.column("close")
        ranges = (recorded.column("high") - recorded.column("low")) / close
        at = np.arange(bars - 1, len(recorded))
        recent_volume = medians_at(volume, at, config.recent_bars)
        # Half of all volumes are at their median or above it, so the median is no more than twice the mean.
        is_low = (
            recent_volume <= 2.001 * config.min_volume_share * sma(volume, config.usual_bars)[at - config.recent_bars]
        )
        lowest = at[is_low]
        usual_volume = medians_at(volume, lowest - config.recent_bars, config.usual_bars)
        found[lowest] = recent_volume[is_low] <= 1.001 * config.min_volume_share * usual_volume
        recent, usual = (
            _impacts(sma(ranges, periods), sma(volume * close, periods))
            for periods in (config.recent_bars, config.usual_bars)
        )
        # Sums are rounded otherwise than bar by bar: a bar at a limit may not be lost.
        found[at] |= recent[at] >= 0.999 * config.max_illiquidity * usual[at - config.recent_bars]
        return found

    def _seen(self, context: TradingContext) -> _Seen | None:
        """Return the measures; None while the usual is not known, or where the feed gives no volume."""
        config = self.config
        bars = config.recent_bars + config.usual_bars
        volumes = context.history("volume", bars)
        if len(volumes) < bars:
            return None
        usual_volume = median(volumes[: config.usual_bars])
        if usual_volume <= 0:
            return None
        closes = context.history("close", bars)
        ranges = (context.history("high", bars) - context.history("low", bars)) / closes
        values = volumes * closes
        usual = _impact(ranges[: config.usual_bars], values[: config.usual_bars])
        recent = _impact(ranges[config.usual_bars :], values[config.usual_bars :])
        return _Seen(
            volume_share=median(volumes[config.usual_bars :]) / usual_volume,
            illiquidity=recent / usual if usual > 0 else 1.0,
            depth_share=self._depth_share(context),
        )

    def _depth_share(self, context: TradingContext) -> float:
        """Return the book's depth over its usual one; 1 where nobody knows it."""
        if self.config.depth_column not in context.columns:
            return 1.0
        depths = context.history(self.config.depth_column, self.config.usual_bars + 1)
        known = depths[:-1][~np.isnan(depths[:-1])]
        usual = median(known) if len(known) else 0.0
        share = float(depths[-1]) / usual if usual > 0 else 1.0
        return 1.0 if np.isnan(share) else share

    def _badness(self, seen: _Seen) -> tuple[float, float, float]:
        """Return how far each measure is beyond its limit: 0 at the limit, 1 at its worst, negative before it."""
        config = self.config
        way = config.full_illiquidity - config.max_illiquidity
        beyond = seen.illiquidity - config.max_illiquidity
        return (
            1.0 - seen.volume_share / config.min_volume_share,
            min(beyond / way, 1.0) if way > 0 else (1.0 if beyond >= 0 else -1.0),
            1.0 - seen.depth_share / config.min_depth_share,
        )


def _impact(ranges: FloatColumn, values: FloatColumn) -> float:
    """Return the range (a ratio of the price) that one unit of traded value (quote) came with; infinity for none.

    A ratio of sums, where Amihud averages ratios: a bar on which nobody traded would divide by zero.
    """
    traded = float(np.add.reduce(values))
    return float(np.add.reduce(ranges)) / traded if traded > 0 else float("inf")


def _impacts(ranges: FloatColumn, values: FloatColumn) -> FloatColumn:
    """Return `_impact` of many windows; means will do where both are of as many bars."""
    return np.where(values > 0.0, ranges / np.where(values > 0.0, values, 1.0), np.inf)
