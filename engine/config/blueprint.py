"""strategy_blueprint.yaml: which specialists make up a strategy, and who answers when."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints, field_validator, model_validator

from engine.config.base import SNAKE, ConfigModel, FileModel, Misfit, Money, at_key
from engine.config.schedules import ScheduleSettings
from engine.contracts.events import SCHEDULES
from engine.primitives.ratios import Fraction, Range
from engine.primitives.timeframes import Timeframe


class MatchPolicy(StrEnum):
    """What happens when several planners of one slot match: the first in order wins, or it is an error."""

    FIRST = "first"
    ERROR = "error"


class WorkerEntry(ConfigModel):
    """One specialist: which plugin, under which name in the wiring, and how it is set."""

    plugin: str
    worker: Annotated[str, StringConstraints(pattern=SNAKE)] | None = None
    """Its name in the wiring; the plugin's own worker_id if not given."""
    config: Mapping[str, object] = Field(default_factory=dict)


class PlannerEntry(WorkerEntry):
    """A planner and the ranges in which it answers. No trigger means always.

    Triggers: confidence; the hints of the sub-directives (timing_preference, aggressiveness, profit_taking_preference,
    execution_urgency); for execution_intent also position_size (base) and position_value (quote).
    """

    triggers: Mapping[str, Range] = Field(default_factory=dict)

    @field_validator("triggers")
    @classmethod
    def _low_before_high(cls, triggers: Mapping[str, Range]) -> Mapping[str, Range]:
        for name, (low, high) in triggers.items():
            if low > high:
                raise ValueError(f"{name}: the range [{low}, {high}] is empty, low must not be above high")
        return triggers


class PlanningWorkers(ConfigModel):
    """The four slots of phase 4a; in each the order is the order of precedence."""

    entry: tuple[PlannerEntry, ...]
    size: tuple[PlannerEntry, ...]
    exit: tuple[PlannerEntry, ...]
    execution_intent: tuple[PlannerEntry, ...]


class Workforce(ConfigModel):
    """All specialists of a strategy. Context workers form a chain in this order."""

    context_workers: tuple[WorkerEntry, ...] = ()
    opportunity_workers: tuple[WorkerEntry, ...] = ()
    threat_workers: tuple[WorkerEntry, ...] = ()
    strategy_planner: WorkerEntry | None = None
    planning_workers: PlanningWorkers


class StrategyMarket(ConfigModel):
    """What the strategy looks at. `window` is how many bars each rolling window keeps."""

    symbol: str
    timeframe: str
    window: Annotated[int, Field(ge=10, le=100_000)] = 500
    higher_timeframes: tuple[str, ...] = ()
    """Longer bars of the same market, like [15m, 1h]: workers see the last closed one (`context.higher`)."""
    companions: tuple[str, ...] = ()
    """Other markets that workers may look at (`context.companion`); they are not traded. Same timeframe."""
    wide_warmup_bars: Annotated[int, Field(ge=0, le=10_000)] = 30
    """Bars of each higher timeframe and companion that are there before the first decision."""

    @field_validator("timeframe")
    @classmethod
    def _is_a_timeframe(cls, name: str) -> str:
        return Timeframe.parse(name).name

    @model_validator(mode="after")
    def _higher_is_higher(self) -> "StrategyMarket":
        own = Timeframe.parse(self.timeframe)
        for name in self.higher_timeframes:
            higher = Timeframe.parse(name)
            if higher.length_ns <= own.length_ns or higher.length_ns % own.length_ns:
                raise ValueError(f"higher_timeframes: {name} must be a whole multiple of {own}")
        return self


class DirectPlanning(ConfigModel):
    """Direct mode: an opportunity becomes a directive by itself, from this confidence up (decisions 2.9).

    There is no planner to set limits, so they stand here: of each trade, the largest loss (a ratio of equity), the
    largest distance to the stop and the largest slippage (ratios of the price); and how many trades may be open.
    """

    minimum_confidence: Mapping[str, Fraction]
    """By signal type; a type that is not named is not traded."""
    max_open_trades: Annotated[int, Field(ge=1)] = 1
    account_risk_pct: Fraction = Decimal("0.02")
    stop_loss_tolerance: Annotated[Money, Field(gt=0, lt=1)] = Decimal("0.015")
    max_total_slippage_pct: Annotated[Money, Field(ge=0, lt=1)] = Decimal("0.002")


class StrategyBlueprint(FileModel):
    """The whole of strategy_blueprint.yaml. Paths are relative to this file; ``shipped:`` means the program's own."""

    strategy_id: Annotated[str, StringConstraints(pattern=SNAKE)]
    name: str
    description: str = ""
    market: StrategyMarket
    workforce: Workforce
    schedules: Mapping[str, ScheduleSettings] = Field(default_factory=dict)
    """Timed events by name; workers hear them under their event (base_wiring.yaml: StrategyPlanner.on_schedule)."""
    match_policy: MatchPolicy = MatchPolicy.FIRST
    aggregation_policy: str
    """Path of the aggregation_policy.yaml."""
    direct_planning: DirectPlanning | None = None
    wiring: str | None = None
    """Path of a wiring_map.yaml; generated from base_wiring.yaml if not given."""

    @classmethod
    def misfits(cls, raw: Mapping[str, object]) -> Iterator[Misfit]:
        """Name a strategy in which nobody, or more than one, decides."""
        planner, direct = at_key(raw, "workforce", "strategy_planner"), raw.get("direct_planning")
        if (planner is None) == (direct is None):
            problem = "give either workforce.strategy_planner or direct_planning, not both and not none"
            yield Misfit(("direct_planning",) if direct is not None else ("workforce",), problem)
        schedules = raw.get("schedules")
        for name in schedules if isinstance(schedules, Mapping) else ():
            event = at_key(raw, "schedules", name, "event")
            if isinstance(event, str) and event not in SCHEDULES:
                problem, expected = f"'{event}' is no event of a schedule", f"one of {', '.join(SCHEDULES)}"
                yield Misfit(("schedules", name, "event"), problem, expected, known=tuple(SCHEDULES), written=event)
