"""The same share of equity at risk in every trade."""

from engine.sdk.plugin import (
    SIZE,
    ZERO,
    BaseSizePlanner,
    Decimal,
    Direction,
    EntryDirective,
    Field,
    Instrument,
    InstrumentKind,
    LedgerReader,
    OrderRole,
    PlanError,
    PluginError,
    SizeDirective,
    SizePlan,
    StrategyDirective,
    WorkerConfig,
    WorkerTools,
    planned_stop_price,
    round_down_to_step,
)


class FixedRiskConfig(WorkerConfig):
    """How much a trade may lose, and what it may cost."""

    risk_pct: Decimal = Field(
        default=Decimal("0.01"), gt=0, lt=1, description="Loss at the stop, as a ratio of equity (0.01 = 1 %)."
    )
    cash_buffer_pct: Decimal = Field(
        default=Decimal("0.005"), ge=0, lt=1, description="Buying power kept back for slippage, as a ratio of it."
    )


class FixedRiskSizer(BaseSizePlanner[FixedRiskConfig]):
    """Buys as much as loses `risk_pct` of equity when the stop is hit, fees of both sides included.

    The size is rounded down to the lot. All positions and working entries together, long and short, never cost more than
    the equity: there is no leverage. The proceeds of a short sale are in the cash, and are owed.
    """

    config_model = FixedRiskConfig

    def __init__(self, config: FixedRiskConfig, tools: WorkerTools) -> None:
        super().__init__(config, tools)
        if tools.ledger is None:
            raise PluginError("FixedRiskSizer reads the ledger: its manifest asks for ledger_reading")
        self._ledger: LedgerReader = tools.ledger

    def plan(self, directive: StrategyDirective) -> SizePlan:
        """Return the size.

        Raises:
            PlanError: the size would be below what the market takes, or the market cannot be sold short.
        """
        entry, wanted = directive.entry_directive, directive.size_directive
        if entry is None or wanted is None:
            raise PlanError("a new trade needs an entry and a size directive", directive=directive.directive_id)
        market = self.tools.market.instrument(entry.symbol)
        _require_short_selling(entry, market)
        price, stop = entry.reference_price, planned_stop_price(directive, market)
        loss_per_unit = abs(price - stop) + (price + stop) * market.taker_fee
        affordable = self._buying_power() * (1 - self.config.cash_buffer_pct) / (price * (1 + market.taker_fee))
        size = round_down_to_step(min(self._risk(wanted) / loss_per_unit, affordable), market.lot_step)
        if size <= 0 or size < market.min_quantity or size * price < market.min_notional:
            raise PlanError(
                "the size is below what the market takes",
                size=size,
                value=size * price,
                min_quantity=market.min_quantity,
                min_notional=market.min_notional,
            )
        return SizePlan(
            plan_id=self.tools.ids.next(SIZE),
            position_size=size,
            position_value=size * price,
            risk_amount=size * loss_per_unit,
        )

    def _buying_power(self) -> Decimal:
        """Return the equity that is not at work yet, in quote, and never more than the free cash."""
        ledger = self._ledger
        at_work = sum((abs(held.quantity) * (held.mark_price or ZERO) for held in ledger.get_open_positions()), ZERO)
        for order in ledger.get_open_orders():
            if order.role is OrderRole.ENTRY:
                price = order.limit_price or order.stop_price or self.tools.market.last_price(order.symbol)
                at_work += order.remaining_quantity * price
        return min(ledger.get_balance().free, ledger.get_account().equity - at_work)

    def _risk(self, wanted: SizeDirective) -> Decimal:
        """Return what may be lost, in quote: our own share of equity, or less where the directive says so."""
        equity = self._ledger.get_account().equity
        risk = equity * self.config.risk_pct
        if wanted.account_risk_pct is not None:
            risk = min(risk, equity * wanted.account_risk_pct)
        return risk if wanted.max_risk_amount is None else min(risk, wanted.max_risk_amount)


def _require_short_selling(entry: EntryDirective, market: Instrument) -> None:
    may_sell = market.may_short or market.kind is InstrumentKind.PERPETUAL
    if entry.direction is Direction.SELL and not may_sell:
        raise PlanError("this market cannot be sold short", symbol=market.symbol)
