"""Divergences: price makes a new swing extreme, and the oscillator does not follow."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.sdk.plugin import (
    NOTHING,
    AssessedContext,
    BoolColumn,
    Direction,
    Envelopes,
    Field,
    FloatColumn,
    OpportunityWorker,
    RecordedColumns,
    TradingContext,
    WorkerConfig,
)


class DivergenceConfig(WorkerConfig):
    """Which swings are compared, and by which oscillator."""

    oscillator_column: str = Field(default="rsi_14", description="Oscillator column that should follow the price.")
    swing_bars: int = Field(default=3, ge=1, description="Bars on each side that must stay inside a swing.")
    lookback_bars: int = Field(default=60, ge=3, description="Bars back to which an earlier swing is looked for.")
    lower_zone: float | None = Field(
        default=40.0, description="At the earlier low the oscillator was at or below this; null for anywhere."
    )
    upper_zone: float | None = Field(
        default=60.0, description="At the earlier high the oscillator was at or above this; null for anywhere."
    )
    min_gap: float = Field(
        default=2.0, ge=0, description="How far the oscillator must stay behind, in its own unit (RSI: points)."
    )
    full_gap: float = Field(default=12.0, gt=0, description="Gap that convinces fully, in the oscillator's unit.")
    confidence_at_min: float = Field(
        default=0.5, ge=0, le=1, description="Confidence at `min_gap`; rises in a line to 1 at `full_gap`."
    )
    stop_buffer_pct: float = Field(
        default=0.0005, ge=0, lt=1, description="How far beyond the swing the idea is wrong, as a ratio of its price."
    )


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two swings on the same side: price (quote per base) and oscillator at each."""

    before: float
    now: float
    oscillator_before: float
    oscillator_now: float


class DivergenceScanner(OpportunityWorker[DivergenceConfig]):
    """Signals against the price when a swing goes further than the last one and the oscillator does not.

    A swing is known `swing_bars` later, and that bar signals it. It remembers nothing.
    """

    config_model = DivergenceConfig

    def on_context_assessment(self, assessed: AssessedContext) -> Envelopes:
        """Return a signal when the swing that this bar confirms diverges from the one before it."""
        context, config = assessed.context, self.config
        lows, highs = context.history("low", config.lookback_bars), context.history("high", config.lookback_bars)
        newest = slice(-1 - 2 * config.swing_bars, None)
        low_pair = self._pair(context, lows) if _is_a_low(lows[newest].tolist(), config.swing_bars) else None
        # Turned upside down, the swing high of a column is the swing low of its negative.
        is_a_high = _is_a_low([-high for high in highs[newest].tolist()], config.swing_bars)
        high_pair = self._pair(context, -highs) if is_a_high else None
        # A comparison with NaN is false: while the oscillator warms up, nothing diverges.
        if low_pair is not None:
            is_low = config.lower_zone is None or low_pair.oscillator_before <= config.lower_zone
            gap = low_pair.oscillator_now - low_pair.oscillator_before
            if is_low and gap >= config.min_gap:
                return self._diverging(assessed, Direction.BUY, low_pair, low_pair.now, gap)
        if high_pair is not None:
            is_high = config.upper_zone is None or high_pair.oscillator_before >= config.upper_zone
            gap = high_pair.oscillator_before - high_pair.oscillator_now
            if is_high and gap >= config.min_gap:
                return self._diverging(assessed, Direction.SELL, high_pair, -high_pair.now, gap)
        return NOTHING

    def candidates(self, recorded: RecordedColumns) -> BoolColumn:
        """Return the bars that confirm a swing which goes further than the last one without the oscillator."""
        config = self.config
        oscillator = recorded.column(config.oscillator_column)
        found = np.zeros(len(recorded), dtype=np.bool_)
        lower = np.inf if config.lower_zone is None else config.lower_zone
        found[self._confirmed(recorded.column("low"), oscillator, lower)] = True
        # All upside down once more, the oscillator and its zone too.
        upper = np.inf if config.upper_zone is None else -config.upper_zone
        found[self._confirmed(-recorded.column("high"), -oscillator, upper)] = True
        return found

    def _confirmed(self, prices: FloatColumn, oscillator: FloatColumn, zone: float) -> NDArray[np.intp]:
        """Return the bars that confirm a swing low with a divergence from the one before it."""
        config = self.config
        swings = _swing_lows(prices, config.swing_bars)
        before, now = swings[:-1], swings[1:]
        diverges = (
            (now + 2 * config.swing_bars - before < config.lookback_bars)
            & (prices[now] < prices[before])
            & (oscillator[before] <= zone)
            & (oscillator[now] - oscillator[before] >= config.min_gap)
        )
        return now[diverges] + config.swing_bars

    def _pair(self, context: TradingContext, prices: FloatColumn) -> _Pair | None:
        """Return the swing low that this bar has confirmed and the one before it, if price went further down."""
        side = self.config.swing_bars
        newest = len(prices) - 1 - side
        swings = _swing_lows(prices, side)
        if len(swings) < 2 or prices[newest] >= prices[swings[-2]]:
            return None
        earlier = swings[-2]
        oscillator = context.history(self.config.oscillator_column, len(prices))
        return _Pair(
            before=float(prices[earlier]),
            now=float(prices[newest]),
            oscillator_before=float(oscillator[earlier]),
            oscillator_now=float(oscillator[newest]),
        )

    def _diverging(
        self, assessed: AssessedContext, direction: Direction, pair: _Pair, swing_price: float, gap: float
    ) -> Envelopes:
        config = self.config
        way = config.full_gap - config.min_gap
        share = min((gap - config.min_gap) / way, 1.0) if way > 0 else 1.0
        return self.signal(
            assessed,
            direction=direction,
            signal_type="divergence",
            confidence=config.confidence_at_min + (1.0 - config.confidence_at_min) * share,
            invalidation_price=swing_price * (1.0 - direction.sign * config.stop_buffer_pct),
            metadata={
                "swing_price": swing_price,
                "earlier_swing_price": abs(pair.before),
                "oscillator": pair.oscillator_now,
                "earlier_oscillator": pair.oscillator_before,
            },
        )


def _is_a_low(prices: Sequence[float], side: int) -> bool:
    """Tell whether the middle one of ``2 * side + 1`` prices is below all others; False of fewer."""
    return len(prices) > 2 * side and min(prices) == prices[side] and prices.count(prices[side]) == 1


def _swing_lows(prices: FloatColumn, side: int) -> NDArray[np.intp]:
    """Return where a price is below all of its `side` neighbours on both sides, oldest first."""
    middle = prices[side : max(len(prices) - side, side)]
    is_low = np.ones(len(middle), dtype=np.bool_)
    for away in range(1, side + 1 if len(middle) else 1):
        is_low &= middle < prices[side - away : len(prices) - side - away]
        is_low &= middle < prices[side + away : len(prices) - side + away]
    return np.flatnonzero(is_low) + side
