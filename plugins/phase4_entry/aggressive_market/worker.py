"""In now, at the market."""

from engine.sdk.plugin import ENTRY, BaseEntryPlanner, EntryPlan, OrderType, PlanError, StrategyDirective, WorkerConfig


class AggressiveMarketEntryPlanner(BaseEntryPlanner[WorkerConfig]):
    """Plans a market order. Its only specialism is not to wait."""

    def plan(self, directive: StrategyDirective) -> EntryPlan:
        """Return a market entry."""
        entry = directive.entry_directive
        if entry is None:
            raise PlanError("a new trade needs an entry directive", directive=directive.directive_id)
        return EntryPlan(
            plan_id=self.tools.ids.next(ENTRY),
            symbol=entry.symbol,
            direction=entry.direction,
            order_type=OrderType.MARKET,
            reference_price=entry.reference_price,
        )
