"""The table of phases: who works where, what each handler takes, and what it may ever say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from types import MappingProxyType
from typing import Final

from engine.config.manifest import WorkerType
from engine.contracts.context import AssessedContext, TradingContext
from engine.contracts.directives import StrategyDirective
from engine.contracts.events import EVENTS
from engine.contracts.execution import ExecutionDirective, ExecutionDirectiveBatch
from engine.contracts.flows import FlowEnd
from engine.contracts.intents import ExecutionIntent
from engine.contracts.plans import EntryPlan, ExitPlan, SizePlan
from engine.contracts.signals import OpportunitySignal, ThreatSignal
from engine.contracts.specs import BatchTranslation, Translation
from engine.contracts.swot import Collected, Situation, SWOTInputs


class Phase(IntEnum):
    """The rooms of the house in the order in which a flow walks through them."""

    BOOTSTRAP = 0
    CONTEXT = 1
    DETECTION = 2
    STRATEGY = 3
    PLANNING = 4
    EXECUTION = 5
    FINALE = 6

    @property
    def stage(self) -> str:
        """The phase's name in a flow's outcome."""
        return _STAGES[self]


_STAGES: Final = {
    Phase.BOOTSTRAP: "bootstrap",
    Phase.CONTEXT: "context",
    Phase.DETECTION: "detection",
    Phase.STRATEGY: "strategy_planning",
    Phase.PLANNING: "trade_planning",
    Phase.EXECUTION: "execution",
    Phase.FINALE: "finale",
}

TRANSLATION_STAGE: Final = "translation"
"""Phase 4c has a name of its own in outcomes (decisions 5.5)."""


@dataclass(frozen=True, slots=True)
class HandlerContract:
    """What one method of a worker takes and may say.

    Args:
        worker: The worker's name in the wiring.
        method: The method's name.
        input_type: The note it takes; a `Collected` one makes it a join.
        publishes: Every event that it may publish, with the payload's type.
        phase: Rank of its room, 1 to 6.
        worker_type: The kind of plugin; None for a worker of the platform.
        echoes: Events that come back from outside because of it (fills); each starts a flow of its own.
        stage: Its room's name in outcomes; the phase's if empty.
    """

    worker: str
    method: str
    input_type: type
    publishes: Mapping[str, type] = field(default_factory=dict)
    phase: int = Phase.CONTEXT
    worker_type: WorkerType | None = None
    echoes: tuple[str, ...] = ()
    stage: str = ""
    relays: bool = False
    """It returns the payload of the one event that it publishes, always, in place of an envelope: two handlers of the
    platform are called on every bar, and what they hand on needs no check."""

    @property
    def is_join(self) -> bool:
        """Whether it runs once per flow with everything that was gathered for it (decisions 2.3)."""
        return isinstance(self.input_type, Collected)

    @property
    def stage_name(self) -> str:
        """Its room's name in outcomes."""
        return self.stage or Phase(self.phase).stage


Roster = Mapping[str, Mapping[str, HandlerContract]]
"""Everybody who can be wired: handlers by worker and method, in the order of the house."""


@dataclass(frozen=True, slots=True)
class TypeRule:
    """What a kind of plugin is for: its room, and the only events that it may ever publish (decisions 2.6)."""

    phase: Phase
    may_publish: frozenset[str]


TYPE_RULES: Final[Mapping[WorkerType, TypeRule]] = MappingProxyType(
    {
        WorkerType.CONTEXT_WORKER: TypeRule(Phase.CONTEXT, frozenset()),
        WorkerType.OPPORTUNITY_WORKER: TypeRule(Phase.DETECTION, frozenset({"OPPORTUNITY_DETECTED"})),
        WorkerType.THREAT_WORKER: TypeRule(Phase.DETECTION, frozenset({"THREAT_DETECTED"})),
        WorkerType.STRATEGY_PLANNER: TypeRule(Phase.STRATEGY, frozenset({"STRATEGY_DIRECTIVE_ISSUED"})),
        WorkerType.ENTRY_PLANNER: TypeRule(Phase.PLANNING, frozenset({"ENTRY_PLAN_CREATED"})),
        WorkerType.SIZE_PLANNER: TypeRule(Phase.PLANNING, frozenset({"SIZE_PLAN_CREATED"})),
        WorkerType.EXIT_PLANNER: TypeRule(Phase.PLANNING, frozenset({"EXIT_PLAN_CREATED"})),
        WorkerType.EXECUTION_INTENT_PLANNER: TypeRule(Phase.PLANNING, frozenset({"EXECUTION_INTENT_CREATED"})),
    }
)

_PAYLOADS: Final[list[type]] = [event.payload_type for event in EVENTS.values()]

NOTES: Final[Mapping[str, type]] = MappingProxyType(
    {note.__name__: note for note in [*_PAYLOADS, SWOTInputs, Situation]}
)
"""Every note that a manifest may name, by its class's name."""

JOIN_LEGS: Final[Mapping[type, tuple[type, ...]]] = MappingProxyType(
    dict.fromkeys((SWOTInputs, Situation), (AssessedContext, OpportunitySignal, ThreatSignal))
)
"""Of which notes a gathered note is made. One that is not listed takes anything."""


def fits(payload_type: type, input_type: type) -> bool:
    """Tell whether a handler that takes `input_type` can be given (or gather) a `payload_type`."""
    if isinstance(input_type, Collected):
        return issubclass(payload_type, JOIN_LEGS.get(input_type, (object,)))
    return issubclass(payload_type, input_type)


def is_background(payload_type: type, input_type: type) -> bool:
    """Tell whether a payload is what the join would remember anyway, so that alone it is no reason to ask the join."""
    return isinstance(input_type, Collected) and issubclass(payload_type, input_type.remembers)


_FEEDBACK: Final = ("LEDGER_UPDATE", "POSITION_UPDATE")


def _handler(
    worker: str,
    phase: Phase,
    method: str,
    input_type: type,
    *publishes: str,
    stage: str = "",
    echoes: tuple[str, ...] = (),
    relays: bool = False,
) -> HandlerContract:
    return HandlerContract(
        worker=worker,
        method=method,
        input_type=input_type,
        publishes=MappingProxyType({name: EVENTS[name].payload_type for name in publishes}),
        phase=phase,
        echoes=echoes,
        stage=stage,
        relays=relays,
    )


def _by_worker(handlers: Iterable[HandlerContract]) -> Roster:
    table: dict[str, dict[str, HandlerContract]] = {}
    for handler in handlers:
        table.setdefault(handler.worker, {})[handler.method] = handler
    return MappingProxyType({worker: MappingProxyType(methods) for worker, methods in table.items()})


DIRECT_PLANNER: Final = "direct_planner"
"""Stands in the StrategyPlanner's place in direct mode (decisions 2.9)."""

_AGGREGATOR = ("planning_aggregator", Phase.PLANNING)
_TRANSLATOR = ("execution_translator_factory", Phase.PLANNING)
_EXECUTION = ("execution_handler", Phase.EXECUTION)

PLATFORM_WORKERS: Final[Roster] = _by_worker(
    (
        _handler("context_chain", Phase.CONTEXT, "on_tick", TradingContext, "CONTEXT_READY", relays=True),
        _handler(
            "context_aggregator",
            Phase.CONTEXT,
            "on_context_ready",
            TradingContext,
            "CONTEXT_ASSESSMENT_READY",
            relays=True,
        ),
        _handler(DIRECT_PLANNER, Phase.STRATEGY, "on_opportunity", OpportunitySignal, "STRATEGY_DIRECTIVE_ISSUED"),
        _handler(*_AGGREGATOR, "on_strategy_directive", StrategyDirective, "EXECUTION_INTENT_REQUESTED"),
        _handler(*_AGGREGATOR, "on_entry_plan", EntryPlan, "EXECUTION_INTENT_REQUESTED"),
        _handler(*_AGGREGATOR, "on_size_plan", SizePlan, "EXECUTION_INTENT_REQUESTED"),
        _handler(*_AGGREGATOR, "on_exit_plan", ExitPlan, "EXECUTION_INTENT_REQUESTED"),
        _handler(
            *_AGGREGATOR,
            "on_execution_intent",
            ExecutionIntent,
            "EXECUTION_DIRECTIVE_READY",
            "TRANSLATION_REQUESTED",
            "EXECUTION_BATCH_READY",
        ),
        _handler(
            *_TRANSLATOR,
            "on_translation_request",
            ExecutionDirective,
            "TRANSLATION_COMPLETE",
            stage=TRANSLATION_STAGE,
        ),
        _handler(
            *_TRANSLATOR,
            "on_execution_batch",
            ExecutionDirectiveBatch,
            "BATCH_TRANSLATION_COMPLETE",
            stage=TRANSLATION_STAGE,
        ),
        _handler(*_EXECUTION, "on_translation_complete", Translation, echoes=_FEEDBACK),
        _handler(*_EXECUTION, "on_batch_translation_complete", BatchTranslation, echoes=_FEEDBACK),
        _handler("flow_terminator", Phase.FINALE, "on_flow_stop", FlowEnd, "UI_FLOW_TERMINATED"),
    )
)
"""The platform's own workers; they need no manifest."""

ALIASES: Final[Mapping[str, str]] = MappingProxyType(
    dict.fromkeys(("backtest_handler", "paper_handler", "live_handler"), "execution_handler")
)
"""Names that a map may use for a platform worker; which handler it is, the operation's mode decides."""

REQUIRED: Final[tuple[tuple[str, str, str], ...]] = (
    ("TICK_RECEIVED", "context_chain", "on_tick"),
    ("CONTEXT_READY", "context_aggregator", "on_context_ready"),
    ("STRATEGY_DIRECTIVE_ISSUED", "planning_aggregator", "on_strategy_directive"),
    ("ENTRY_PLAN_CREATED", "planning_aggregator", "on_entry_plan"),
    ("SIZE_PLAN_CREATED", "planning_aggregator", "on_size_plan"),
    ("EXIT_PLAN_CREATED", "planning_aggregator", "on_exit_plan"),
    ("EXECUTION_INTENT_CREATED", "planning_aggregator", "on_execution_intent"),
    ("TRANSLATION_REQUESTED", "execution_translator_factory", "on_translation_request"),
    ("TRANSLATION_COMPLETE", "execution_handler", "on_translation_complete"),
    ("EXECUTION_BATCH_READY", "execution_translator_factory", "on_execution_batch"),
    ("BATCH_TRANSLATION_COMPLETE", "execution_handler", "on_batch_translation_complete"),
    ("_flow_stop", "flow_terminator", "on_flow_stop"),
)
"""Subscriptions without which some decision could not become orders or be remembered: (event, worker, method).

Exits go out as batches, so these are needed as much as the way of a single directive.
"""


EVENT_ROOMS: Final[Mapping[str, str]] = MappingProxyType(
    {
        name: title
        for title, names in {
            "From outside: each starts a flow": (
                "TICK_RECEIVED",
                "SCHEDULE_DUE",
                "WEEKLY_DCA_TICK",
                "NEWS_RECEIVED",
                "LEDGER_UPDATE",
                "POSITION_UPDATE",
            ),
            "Phase 1: context": ("CONTEXT_READY", "CONTEXT_ASSESSMENT_READY"),
            "Phase 2: opportunities and threats": ("OPPORTUNITY_DETECTED", "THREAT_DETECTED"),
            "Phase 3: strategy": ("STRATEGY_DIRECTIVE_ISSUED",),
            "Phase 4: plans, intent, translation": (
                "ENTRY_PLAN_CREATED",
                "SIZE_PLAN_CREATED",
                "EXIT_PLAN_CREATED",
                "EXECUTION_INTENT_REQUESTED",
                "EXECUTION_INTENT_CREATED",
                "EXECUTION_DIRECTIVE_READY",
                "EXECUTION_BATCH_READY",
                "TRANSLATION_REQUESTED",
                "TRANSLATION_COMPLETE",
                "BATCH_TRANSLATION_COMPLETE",
            ),
            "Phase 6: finale": ("_flow_stop", "UI_FLOW_TERMINATED"),
        }.items()
        for name in names
    }
)
"""The room out of which each event comes, as people read it."""


def is_platform_event(name: str) -> bool:
    """Tell whether an event is for the platform alone."""
    return name.startswith("_")


def canonical(worker: str, roster: Mapping[str, object]) -> str:
    """Return the name under which a worker of the map is known; an alias gives way to a worker of that very name."""
    return worker if worker in roster else ALIASES.get(worker, worker)
