"""What became of a flow, judged by what was said in it."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final, cast

from engine.contracts.base import Contract
from engine.contracts.causality import CausalityChain, trusted_chain
from engine.contracts.context import AggregatedContextAssessment
from engine.contracts.directives import StrategyDirective
from engine.contracts.execution import ExecutionDirective, ExecutionDirectiveBatch
from engine.contracts.flows import FlowOutcome, OutcomeKind
from engine.contracts.intents import ExecutionIntent
from engine.contracts.plans import EntryPlan, ExitPlan, SizePlan
from engine.contracts.signals import OpportunitySignal, ThreatSignal
from engine.contracts.specs import Translation
from engine.primitives.errors import PlanError, VenueRejected
from engine.wiring.flow import TRANSLATION_STAGE, HandlerContract, Phase
from engine.wiring.tracebacks import traceback_text

_SLOTS: Final = {"entry": "ENTRY_PLAN_CREATED", "size": "SIZE_PLAN_CREATED", "exit": "EXIT_PLAN_CREATED"}

_FELL_SILENT: Final[tuple[tuple[frozenset[str], str, str, str], ...]] = (
    (
        frozenset({"TRANSLATION_COMPLETE", "BATCH_TRANSLATION_COMPLETE"}),
        Phase.EXECUTION.stage,
        "no execution",
        "The orders were ready, but no execution handler took them.",
    ),
    (
        frozenset({"EXECUTION_DIRECTIVE_READY", "TRANSLATION_REQUESTED", "EXECUTION_BATCH_READY"}),
        TRANSLATION_STAGE,
        "no translation",
        "The directive was ready, but nobody put it into the venue's terms.",
    ),
    (
        frozenset({"EXECUTION_INTENT_CREATED"}),
        Phase.PLANNING.stage,
        "no execution directive",
        "All plans were made, but no execution directive came of them.",
    ),
    (
        frozenset({"EXECUTION_INTENT_REQUESTED"}),
        Phase.PLANNING.stage,
        "incomplete plans",
        "No plan came from: execution_intent.",
    ),
    (frozenset({"STRATEGY_DIRECTIVE_ISSUED"}), Phase.PLANNING.stage, "incomplete plans", ""),
    (
        frozenset({"OPPORTUNITY_DETECTED"}),
        Phase.STRATEGY.stage,
        "no directive",
        "An opportunity was seen, but the planner issued no directive.",
    ),
)
"""What was said last, and so which room said no by its silence; the rooms at the back first."""


_LINKS: Final[tuple[tuple[type, str, str], ...]] = (
    (OpportunitySignal, "opportunity_ids", "signal_id"),
    (ThreatSignal, "threat_ids", "threat_id"),
    (AggregatedContextAssessment, "context_assessment_id", "assessment_id"),
    (StrategyDirective, "strategy_directive_id", "directive_id"),
    (EntryPlan, "entry_plan_id", "plan_id"),
    (SizePlan, "size_plan_id", "plan_id"),
    (ExitPlan, "exit_plan_id", "plan_id"),
    (ExecutionIntent, "execution_intent_id", "intent_id"),
    (ExecutionDirective, "execution_directive_id", "directive_id"),
    (ExecutionDirectiveBatch, "batch_id", "batch_id"),
)
"""Which note is which link of a chain, and its field with the id."""


def outcome_of_silence(said: frozenset[str], directive: StrategyDirective | None = None) -> FlowOutcome:
    """Return the outcome of a flow that nobody stopped.

    Args:
        said: The names of the events that were said in it.
        directive: The one that was issued in it; its sub-directives tell which plans were asked for.
    """
    for events, stage, rule, reason in _FELL_SILENT:
        if said & events:
            return _rejected(stage, rule, reason or _silent_slots(said, directive))
    return FlowOutcome(kind=OutcomeKind.NO_OPPORTUNITY)


def _silent_slots(said: frozenset[str], directive: StrategyDirective | None) -> str:
    asked = [slot for slot in _SLOTS if directive is None or getattr(directive, f"{slot}_directive") is not None]
    silent = [slot for slot in asked if _SLOTS[slot] not in said]
    return f"No plan came from: {', '.join(silent)}." if silent else "The plans led to no request for an intent."


def _rejected(stage: str, rule: str, reason: str) -> FlowOutcome:
    return FlowOutcome(kind=OutcomeKind.REJECTED, stage=stage, rule=rule, reason=reason)


def outcome_of_error(error: Exception, contract: HandlerContract) -> FlowOutcome:
    """Return what an error makes of a flow: a `PlanError`, or the platform's own `VenueRejected`, is a plain no."""
    if isinstance(error, PlanError):
        return _rejected(contract.stage_name, "plan error", str(error))
    if isinstance(error, VenueRejected) and contract.worker_type is None:
        return _rejected(contract.stage_name, "venue cannot", str(error))
    return FlowOutcome(
        kind=OutcomeKind.FAILED,
        stage=contract.stage_name,
        rule=type(error).__name__,
        reason=f"{contract.worker}.{contract.method}: {error}",
        error=traceback_text(error),
    )


def causality_of(notes: Sequence[Contract], flow_id: str) -> CausalityChain:
    """Return the chain of a flow: that of the last note that carries one, with the links that it lacks filled in.

    Args:
        notes: Everything that was said, in order.
        flow_id: The flow; the chain begins here when no note carries one.
    """
    chain = _last_chain(notes) or trusted_chain(flow_id=flow_id)
    missing = {name: value for name, value in _links(notes).items() if value and not getattr(chain, name)}
    return chain.extended(**missing) if missing else chain


def _last_chain(notes: Sequence[Contract]) -> CausalityChain | None:
    # Not by asking each note for the attribute: a missing one costs a search and an exception.
    chains = (vars(note).get("causality") for note in reversed(notes))
    return next((chain for chain in chains if isinstance(chain, CausalityChain)), None)


def _links(notes: Sequence[object]) -> Mapping[str, object]:
    links: dict[str, object] = {}
    opportunities: list[object] = []
    threats: list[object] = []
    for note in notes:
        kind: type = type(note)
        link, own_id = _link_of(kind)
        if link == "opportunity_ids":
            opportunities.append(getattr(note, own_id))
        elif link == "threat_ids":
            threats.append(getattr(note, own_id))
        elif link:
            links[link] = getattr(note, own_id)
        elif kind is Translation:
            links["group_id"] = cast("Translation", note).group.group_id
    return links | {"opportunity_ids": tuple(opportunities), "threat_ids": tuple(threats)}


@cache
def _link_of(kind: type) -> tuple[str, str]:
    """Return which link of a chain a note of this kind is, and the field that holds it; both empty for no link."""
    return next(((link, own_id) for noted, link, own_id in _LINKS if issubclass(kind, noted)), ("", ""))
