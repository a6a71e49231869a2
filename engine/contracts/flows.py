"""What became of a flow: its outcome, and everything that was said in it."""

from dataclasses import dataclass
from typing import Final, NamedTuple

from engine.contracts.base import Contract, Word
from engine.contracts.causality import CausalityChain
from engine.contracts.worker_state import SavedState
from engine.primitives.ids import AnyId

MAXIMUM_DAILY_LOSS: Final = "maximum daily loss"
"""The rule by which the guard lets nothing new pass for the rest of the day."""


class OutcomeKind(Word):
    """How a flow ended (decisions 2.1)."""

    EXECUTED = "EXECUTED"
    NO_OPPORTUNITY = "NO_OPPORTUNITY"
    REJECTED = "REJECTED"
    FAILED = "FAILED"


class FlowOutcome(Contract):
    """How a flow ended and why.

    `stage` is the room (``trade_planning``, ``translation``, ``execution`` …), `rule` the short name of the rule that said
    no, `reason` the full sentence with the numbers; `error` holds the traceback of a FAILED flow.
    """

    kind: OutcomeKind
    stage: str = ""
    rule: str = ""
    reason: str = ""
    error: str = ""


class FlowEnd(Contract):
    """The payload of `_flow_stop`: the outcome together with everything that led to it."""

    flow_id: AnyId
    strategy_id: str
    outcome: FlowOutcome
    causality: CausalityChain


class Remark(Contract):
    """Something that a worker or the platform wants remembered beside the notes of a flow.

    Example: the planner match of a slot, or a planner that was passed over.
    """

    worker: str
    topic: str
    text: str


class FlowNode(NamedTuple):
    """One note of a flow: who published what.

    `payload` is the note itself; `node_id` its id (``OPP_…``, ``STR_…``), or the flow's id where the note has none.
    """

    seq: int
    event: str
    worker: str
    method: str
    node_id: str
    payload: Contract


@dataclass(frozen=True, slots=True)
class FlowRecord:
    """One flow as the journal keeps it. `born_ns` is engine time, UTC nanoseconds.

    `states` is what workers saved in it for good; none when it FAILED.
    """

    flow_id: str
    strategy_id: str
    born_ns: int
    birth_event: str
    outcome: FlowOutcome
    nodes: tuple[FlowNode, ...] = ()
    remarks: tuple[Remark, ...] = ()
    states: tuple[SavedState, ...] = ()
    wiring_hash: str = ""
