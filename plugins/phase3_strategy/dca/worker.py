"""Buys for the same amount whenever its schedule is due, whatever the price."""

from engine.sdk.plugin import (
    NOTHING,
    BaseStrategyPlanner,
    Decimal,
    Envelopes,
    Field,
    PluginError,
    PurchaseTerms,
    ScheduleTick,
    WorkerTools,
    purchase,
)


class DCAConfig(PurchaseTerms):
    """How much is bought each time, and when."""

    amount_quote: Decimal = Field(
        default=Decimal(100), gt=0, description="What each buy may cost before fees, in quote."
    )
    schedule: str = Field(
        default="", description="Name of the schedule that it follows, as in the blueprint; empty follows every one."
    )


class DCAPlanner(BaseStrategyPlanner[DCAConfig]):
    """Opens one trade at each tick of its schedule; it looks at no signal, and sells nothing."""

    config_model = DCAConfig

    def __init__(self, config: DCAConfig, tools: WorkerTools) -> None:
        super().__init__(config, tools)
        if tools.ledger is None:
            raise PluginError("DCAPlanner reads the ledger: its manifest asks for ledger_reading")
        self._ledger = tools.ledger

    def on_schedule(self, tick: ScheduleTick) -> Envelopes:
        """Buy, or say why the cash does not reach."""
        config = self.config
        if config.schedule and tick.schedule != config.schedule:
            return NOTHING
        free = self._ledger.get_balance().free
        if free < config.amount_quote:
            return self.declined("not enough cash", f"{free} is free; each buy takes {config.amount_quote}")
        symbol = self.tools.symbols[0]
        return self.answer(
            tick,
            purchase(
                config,
                value_quote=config.amount_quote,
                price=self.tools.market.last_price(symbol),
                market=self.tools.market.instrument(symbol),
                rationale=f"schedule {tick.schedule}: buys for {config.amount_quote}",
            ),
        )
