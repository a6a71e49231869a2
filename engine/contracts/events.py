"""Every event of the platform with its payload type, once."""

from typing import Final

from engine.contracts.context import AssessedContext, TradingContext
from engine.contracts.directives import StrategyDirective
from engine.contracts.execution import ExecutionDirective, ExecutionDirectiveBatch
from engine.contracts.flows import FlowEnd
from engine.contracts.intents import ExecutionIntent, ExecutionRequest
from engine.contracts.plans import EntryPlan, ExitPlan, SizePlan
from engine.contracts.signals import OpportunitySignal, ThreatSignal
from engine.contracts.specs import BatchTranslation, Translation
from engine.contracts.updates import LedgerUpdate, NewsItem, PositionUpdate, ScheduleTick
from engine.primitives.event_type import EventType

# Births: each starts a flow of its own.
TICK_RECEIVED: Final = EventType(
    "TICK_RECEIVED", TradingContext, "A bar closed; the context is still bare.", flow_boundary=True, external=True
)
SCHEDULE_DUE: Final = EventType(
    "SCHEDULE_DUE", ScheduleTick, "A schedule of the blueprint is due.", flow_boundary=True, external=True
)
WEEKLY_DCA_TICK: Final = EventType(
    "WEEKLY_DCA_TICK", ScheduleTick, "A schedule that names this event is due.", flow_boundary=True, external=True
)
NEWS_RECEIVED: Final = EventType("NEWS_RECEIVED", NewsItem, "A headline came in.", flow_boundary=True, external=True)
LEDGER_UPDATE: Final = EventType(
    "LEDGER_UPDATE", LedgerUpdate, "The books of the strategy changed.", flow_boundary=True, external=True
)
POSITION_UPDATE: Final = EventType(
    "POSITION_UPDATE", PositionUpdate, "A position changed or its market moved.", flow_boundary=True, external=True
)

# Phase 1
CONTEXT_READY: Final = EventType("CONTEXT_READY", TradingContext, "All context workers have written their columns.")
CONTEXT_ASSESSMENT_READY: Final = EventType(
    "CONTEXT_ASSESSMENT_READY", AssessedContext, "Strength and weakness of the context are known.", terminal=True
)

# Phase 2
OPPORTUNITY_DETECTED: Final = EventType("OPPORTUNITY_DETECTED", OpportunitySignal, "Somebody sees a chance.")
THREAT_DETECTED: Final = EventType("THREAT_DETECTED", ThreatSignal, "Somebody sees a danger.")

# Phase 3
STRATEGY_DIRECTIVE_ISSUED: Final = EventType(
    "STRATEGY_DIRECTIVE_ISSUED", StrategyDirective, "The planner decided; hints and constraints, no orders."
)

# Phase 4
ENTRY_PLAN_CREATED: Final = EventType("ENTRY_PLAN_CREATED", EntryPlan, "What and where.")
SIZE_PLAN_CREATED: Final = EventType("SIZE_PLAN_CREATED", SizePlan, "How much.")
EXIT_PLAN_CREATED: Final = EventType("EXIT_PLAN_CREATED", ExitPlan, "Where out.")
EXECUTION_INTENT_REQUESTED: Final = EventType(
    "EXECUTION_INTENT_REQUESTED", ExecutionRequest, "Entry, size and exit are in; how is it to be carried out?"
)
EXECUTION_INTENT_CREATED: Final = EventType("EXECUTION_INTENT_CREATED", ExecutionIntent, "How and when.")
EXECUTION_DIRECTIVE_READY: Final = EventType(
    "EXECUTION_DIRECTIVE_READY", ExecutionDirective, "All four plans together.", terminal=True
)
EXECUTION_BATCH_READY: Final = EventType(
    "EXECUTION_BATCH_READY", ExecutionDirectiveBatch, "Several directives that belong together."
)
TRANSLATION_REQUESTED: Final = EventType("TRANSLATION_REQUESTED", ExecutionDirective, "What does it mean at the venue?")
TRANSLATION_COMPLETE: Final = EventType(
    "TRANSLATION_COMPLETE", Translation, "The venue's terms, and the group that will track the orders."
)
BATCH_TRANSLATION_COMPLETE: Final = EventType(
    "BATCH_TRANSLATION_COMPLETE", BatchTranslation, "The venue's terms for every directive of a batch."
)

# Phase 6
FLOW_STOP: Final = EventType("_flow_stop", FlowEnd, "The flow ended, with its outcome and what led to it.")
UI_FLOW_TERMINATED: Final = EventType(
    "UI_FLOW_TERMINATED", FlowEnd, "The flow is in the journal; the window may show it.", terminal=True
)

# Any: an EventType of a pydantic union has no common payload type but object.
EVENTS: Final[dict[str, EventType[object]]] = {
    event.name: event  # type: ignore[misc]  # a registry of all payload types at once
    for event in (
        TICK_RECEIVED,
        SCHEDULE_DUE,
        WEEKLY_DCA_TICK,
        NEWS_RECEIVED,
        LEDGER_UPDATE,
        POSITION_UPDATE,
        CONTEXT_READY,
        CONTEXT_ASSESSMENT_READY,
        OPPORTUNITY_DETECTED,
        THREAT_DETECTED,
        STRATEGY_DIRECTIVE_ISSUED,
        ENTRY_PLAN_CREATED,
        SIZE_PLAN_CREATED,
        EXIT_PLAN_CREATED,
        EXECUTION_INTENT_REQUESTED,
        EXECUTION_INTENT_CREATED,
        EXECUTION_DIRECTIVE_READY,
        EXECUTION_BATCH_READY,
        TRANSLATION_REQUESTED,
        TRANSLATION_COMPLETE,
        BATCH_TRANSLATION_COMPLETE,
        FLOW_STOP,
        UI_FLOW_TERMINATED,
    )
}
"""All events by name."""

SCHEDULES: Final[dict[str, EventType[ScheduleTick]]] = {event.name: event for event in (SCHEDULE_DUE, WEEKLY_DCA_TICK)}
"""The events that a schedule of a blueprint may give birth to, by name."""
