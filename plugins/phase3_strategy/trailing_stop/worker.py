"""Lets stops follow the price, and never back."""

from engine.sdk.plugin import (
    NOTHING,
    AssessedContext,
    BaseStrategyPlanner,
    Envelopes,
    PluginError,
    PositionUpdate,
    TradingContext,
    TrailingRule,
    TrailingTerms,
    WorkerTools,
    average_true_range,
)


class TrailingStopConfig(TrailingTerms):
    """How far behind the price a stop follows."""


class TrailingStopPlanner(BaseStrategyPlanner[TrailingStopConfig]):
    """Moves the stops of this strategy's trades in their favour; it opens and closes nothing."""

    config_model = TrailingStopConfig

    def __init__(self, config: TrailingStopConfig, tools: WorkerTools) -> None:
        super().__init__(config, tools)
        if tools.ledger is None or tools.context is None:
            raise PluginError(
                "TrailingStopPlanner reads ledger and bars: its manifest asks for ledger_reading and context_reading"
            )
        self._context = tools.context
        self._trailing = TrailingRule(config, strategy_id=tools.strategy_id, market=tools.market, ledger=tools.ledger)

    def on_context_assessment(self, assessed: AssessedContext) -> Envelopes:
        """Look after every bar whether a stop lags behind."""
        return self._follow(assessed, assessed.context)

    def on_position_update(self, update: PositionUpdate) -> Envelopes:
        """Look again as soon as a fill has changed a position, at the last price."""
        return self._follow(update, self._context())

    def _follow(self, cause: AssessedContext | PositionUpdate, context: TradingContext | None) -> Envelopes:
        if context is None or not self._trailing.holds:
            return NOTHING
        periods = self._trailing.atr_periods
        tick_size = self.tools.market.instrument(context.symbol).tick_size
        atr = None if periods is None else average_true_range(context, periods, tick_size=tick_size)
        return self.answer(cause, self._trailing.decide(atr))
