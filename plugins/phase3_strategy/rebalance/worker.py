"""Keeps an asset near its share of the equity."""

from engine.sdk.plugin import (
    NOTHING,
    ONE,
    ZERO,
    AssessedContext,
    BaseStrategyPlanner,
    CloseTrades,
    Decimal,
    Decision,
    Direction,
    Envelopes,
    ExecutionIntentDirective,
    Field,
    Fraction,
    OrderRole,
    PluginError,
    PurchaseTerms,
    ScheduleTick,
    Trade,
    WorkerTools,
    purchase,
)

_WORKING = (OrderRole.ENTRY, OrderRole.CLOSE)
_NS_PER_MINUTE = 60_000_000_000


class RebalanceConfig(PurchaseTerms):
    """Which share of the equity, and how far it may drift."""

    target_weight: Fraction = Field(
        default=Decimal("0.5"), description="Share of the equity that the asset is to have."
    )
    band: Decimal = Field(
        default=Decimal("0.05"),
        gt=0,
        lt=1,
        description="How far the share may drift on either side before it is mended.",
    )
    minutes_between: int = Field(default=60, ge=0, description="Minutes between two looks; schedules look at once.")


class RebalancePlanner(BaseStrategyPlanner[RebalanceConfig]):
    """Buys what is missing as a new trade; what is too much it gives up in whole trades, the oldest first."""

    config_model = RebalanceConfig

    def __init__(self, config: RebalanceConfig, tools: WorkerTools) -> None:
        super().__init__(config, tools)
        if tools.ledger is None or tools.state is None:
            raise PluginError(
                "RebalancePlanner reads the ledger and keeps a state: its manifest asks for ledger_reading and state"
            )
        self._ledger = tools.ledger
        self._state = tools.state

    def on_context_assessment(self, assessed: AssessedContext) -> Envelopes:
        """Look at the share, not more often than `minutes_between`."""
        now_ns, looked_ns = self.tools.clock.now_ns(), (self._state.load() or {}).get("looked_ns")
        if isinstance(looked_ns, int) and now_ns < looked_ns + self.config.minutes_between * _NS_PER_MINUTE:
            return NOTHING
        return self._look(assessed, now_ns)

    def on_schedule(self, tick: ScheduleTick) -> Envelopes:
        """Look at the share now."""
        return self._look(tick, self.tools.clock.now_ns())

    def _look(self, cause: AssessedContext | ScheduleTick, now_ns: int) -> Envelopes:
        if self.config.minutes_between:
            self._state.save({"looked_ns": now_ns})
        if any(order.role in _WORKING for order in self._ledger.get_open_orders(self.tools.strategy_id)):
            return NOTHING  # the last decision is still being carried out
        symbol = self.tools.symbols[0]
        price, equity = self.tools.market.last_price(symbol), self._ledger.get_account().equity
        held = [
            trade
            for trade in self._ledger.get_open_trades(self.tools.strategy_id)
            if trade.symbol == symbol and trade.direction is Direction.BUY and trade.open_quantity > 0
        ]
        value = sum((trade.open_quantity * price for trade in held), ZERO)
        return self.answer(cause, self._decide(symbol, price, equity, held, value))

    def _decide(
        self, symbol: str, price: Decimal, equity: Decimal, held: list[Trade], value: Decimal
    ) -> Decision | None:
        config = self.config
        low, high = (config.target_weight - config.band) * equity, (config.target_weight + config.band) * equity
        if value < low:
            missing, market = config.target_weight * equity - value, self.tools.market.instrument(symbol)
            if missing < market.min_notional:
                return None
            reason = (
                f"{symbol} is worth {value} of {equity}; {missing} are missing to a share of {config.target_weight}"
            )
            return purchase(config, value_quote=missing, price=price, market=market, rationale=reason)
        if value <= high:
            return None
        surplus = _surplus(held, price, value=value, target=config.target_weight * equity, low=low)
        if not surplus and self.tools.remember is not None:
            self.tools.remember(
                "too much held", f"{symbol} is worth {value} of {equity}, but each trade is too large to go"
            )
        return None if not surplus else self._give_up(surplus, f"{symbol} is worth {value} of {equity}, at most {high}")

    def _give_up(self, surplus: list[Trade], reason: str) -> CloseTrades:
        return CloseTrades(
            confidence=ONE,
            trades=[trade.trade_id for trade in surplus],
            groups=(),
            execution_intent=ExecutionIntentDirective(
                execution_urgency=self.config.timing_preference,
                max_total_slippage_pct=self.config.max_total_slippage_pct,
            ),
            rationale=reason,
        )


def _surplus(held: list[Trade], price: Decimal, *, value: Decimal, target: Decimal, low: Decimal) -> list[Trade]:
    """Return trades, oldest first, without which the value is near the target, and never below `low`; all in quote."""
    chosen: list[Trade] = []
    for trade in held:
        worth = trade.open_quantity * price
        if value > target and value - worth >= low:
            chosen.append(trade)
            value -= worth
    return chosen
