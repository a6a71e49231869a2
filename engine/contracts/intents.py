"""How a trade is to be carried out, in trade-offs that every kind of venue understands."""

from decimal import Decimal
from typing import Annotated, Final

from pydantic import Field, StringConstraints, model_validator

from engine.contracts.base import Contract, Word
from engine.contracts.directives import StrategyDirective
from engine.contracts.plans import EntryPlan, ExitPlan, SizePlan, exit_mistake
from engine.primitives.ids import INTENT, IntentId, id_pattern
from engine.primitives.ratios import Fraction, Ratio

URGENT_ABOVE: Final = Decimal("0.8")
"""Above this urgency the execution window is short (decisions 4.3)."""
URGENT_WINDOW_MINUTES: Final = 5


class ExecutionAction(Word):
    """What is to be done (decisions 4.5)."""

    EXECUTE_TRADE = "EXECUTE_TRADE"
    CANCEL_ORDER = "CANCEL_ORDER"
    CANCEL_GROUP = "CANCEL_GROUP"
    MODIFY_ORDER = "MODIFY_ORDER"
    CLOSE_POSITION = "CLOSE_POSITION"


class ExecutionStyle(Word):
    """How an order is spread; as a hint, not binding."""

    SINGLE_ORDER = "SINGLE_ORDER"
    TWAP = "TWAP"
    """Slices of one size, evenly over the window."""
    VWAP = "VWAP"
    """Slices as large as the market's own volume usually is at that time of day."""
    IMPLEMENTATION_SHORTFALL = "IMPLEMENTATION_SHORTFALL"
    """Slices that fall in size: optimal execution after Almgren and Chriss (2000)."""
    ICEBERG = "ICEBERG"
    """One visible piece at a time."""
    LAYERED = "LAYERED"
    """Several limit prices that rest at once."""


class ChunkDistribution(Word):
    """How the size is spread over child orders."""

    UNIFORM = "UNIFORM"
    FRONT_LOADED = "FRONT_LOADED"
    BACK_LOADED = "BACK_LOADED"
    RANDOM = "RANDOM"


class ExecutionIntent(Contract):
    """Universal trade-offs: patience against speed, stealth against openness, and a hard slippage limit.

    `max_slippage_pct` is a ratio of the reference price (0.01 = 1 %) and binds every child order.
    """

    intent_id: Annotated[IntentId, StringConstraints(pattern=id_pattern(INTENT))]
    action: ExecutionAction
    execution_urgency: Fraction
    visibility_preference: Fraction
    max_slippage_pct: Ratio
    must_complete_immediately: bool = False
    max_execution_window_minutes: Annotated[int, Field(gt=0)] | None = None
    preferred_execution_style: ExecutionStyle | None = None
    chunk_count_hint: Annotated[int, Field(gt=0)] | None = None
    chunk_distribution: ChunkDistribution | None = None
    min_fill_ratio: Fraction | None = None

    @model_validator(mode="after")
    def _times_fit(self) -> "ExecutionIntent":
        window = self.max_execution_window_minutes
        if self.must_complete_immediately and window is not None:
            raise ValueError("must_complete_immediately excludes max_execution_window_minutes")
        if window is not None and self.execution_urgency > URGENT_ABOVE and window > URGENT_WINDOW_MINUTES:
            raise ValueError(
                f"an urgency above {URGENT_ABOVE} allows a window of at most {URGENT_WINDOW_MINUTES} minutes"
            )
        return self


class ExecutionRequest(Contract):
    """All that an intent planner may look at. It cannot exist without the three plans of a new trade.

    For MODIFY_EXISTING and CLOSE_EXISTING the plans that the scope has no use for are None (decisions 4.4).
    """

    strategy_directive: StrategyDirective
    entry_plan: EntryPlan | None = None
    size_plan: SizePlan | None = None
    exit_plan: ExitPlan | None = None

    @model_validator(mode="after")
    def _plans_fit_the_scope(self) -> "ExecutionRequest":
        if self.strategy_directive.scope.value != "NEW_TRADE":
            return self
        if self.entry_plan is None or self.size_plan is None or self.exit_plan is None:
            raise ValueError("a NEW_TRADE request needs entry_plan, size_plan and exit_plan")
        mistake = exit_mistake(
            direction=self.entry_plan.direction, entry_price=self.entry_plan.expected_price, exit_plan=self.exit_plan
        )
        if mistake is not None:
            raise ValueError(mistake)
        return self
