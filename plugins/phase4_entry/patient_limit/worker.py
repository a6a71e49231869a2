"""In at a better price, or not at all."""

from engine.sdk.plugin import (
    ENTRY,
    BaseEntryPlanner,
    Decimal,
    Direction,
    EntryDirective,
    EntryPlan,
    Field,
    OrderType,
    PlanError,
    StrategyDirective,
    WorkerConfig,
    planned_stop_price,
    round_down_to_step,
    round_up_to_step,
)


class PatientLimitConfig(WorkerConfig):
    """How much better the price must be."""

    offset_pct: Decimal = Field(
        default=Decimal("0.001"),
        ge=0,
        lt=1,
        description="Distance to the last price, as a ratio of it (0.001 = 0.1 %).",
    )


class PatientLimitEntryPlanner(BaseEntryPlanner[PatientLimitConfig]):
    """Plans a limit order in the middle of the preferred price zone, or a little better than the last price."""

    config_model = PatientLimitConfig

    def plan(self, directive: StrategyDirective) -> EntryPlan:
        """Return a limit entry, rounded to the better side of the tick.

        Raises:
            PlanError: the limit would be at or beyond the stop.
        """
        entry = directive.entry_directive
        if entry is None:
            raise PlanError("a new trade needs an entry directive", directive=directive.directive_id)
        instrument = self.tools.market.instrument(entry.symbol)
        to_better_tick = round_down_to_step if entry.direction is Direction.BUY else round_up_to_step
        limit = to_better_tick(self._wished_price(entry), instrument.tick_size)
        stop = planned_stop_price(directive, instrument)
        if (limit - stop) * entry.direction.sign <= 0:
            raise PlanError("there is no room for a better price before the stop", limit_price=limit, stop_price=stop)
        return EntryPlan(
            plan_id=self.tools.ids.next(ENTRY),
            symbol=entry.symbol,
            direction=entry.direction,
            order_type=OrderType.LIMIT,
            reference_price=entry.reference_price,
            limit_price=limit,
        )

    def _wished_price(self, entry: EntryDirective) -> Decimal:
        zone = entry.preferred_price_zone
        if zone is not None:
            return (zone.low + zone.high) / 2
        return entry.reference_price * (1 - entry.direction.sign * self.config.offset_pct)
