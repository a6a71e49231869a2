"""What was said in a flow, as the journal keeps it."""

from collections.abc import Sequence
from functools import cache
from typing import Final, cast

from pydantic.fields import FieldInfo

from engine.contracts.base import Contract
from engine.contracts.context import AssessedContext
from engine.contracts.flows import FlowNode
from engine.primitives.ids import ID_PATTERN
from engine.wiring.adapter import EventAdapter
from engine.wiring.compiled import Channel

PLATFORM: Final = "_platform"
"""In place of a worker's name: the birth of a flow, and its end when nobody stopped it."""

_ID_FORM: Final = ID_PATTERN.removeprefix("^[A-Z]{3}")
"""How the pattern of an id ends, of whatever kind."""

Said = tuple[Channel, EventAdapter | None, object]
"""What was published where, and by whom (None: the platform)."""


def nodes_of(said: Sequence[Said], flow_id: str, *, first: int = 0) -> list[FlowNode]:
    """Return the notes of a flow in the order in which they were published, counted from `first`.

    An assessment counts only if somebody has read it, and a bare context never: they are not notes of their own.
    """
    nodes: list[FlowNode] = []
    number = first
    for channel, adapter, payload in said:
        if isinstance(payload, AssessedContext):
            if not payload.is_written:
                continue
            note: Contract = payload.assessment
        elif channel.is_note:
            note = cast("Contract", payload)
        else:
            continue
        worker, method = (PLATFORM, "") if adapter is None else (adapter.contract.worker, adapter.contract.method)
        name = _id_field(type(note))
        node_id = vars(note)[name] if name else flow_id
        nodes.append(FlowNode(number, channel.event.name, worker, method, node_id, note))
        number += 1
    return nodes


@cache
def _id_field(kind: type[Contract]) -> str:
    """Return the field with a note's own id: the first that its contract says must hold one; empty if there is none."""
    return next((name for name, field in kind.model_fields.items() if field.is_required() and _is_id(field)), "")


def _is_id(field: FieldInfo) -> bool:
    patterns = (getattr(rule, "pattern", None) for rule in field.metadata)
    return any(isinstance(pattern, str) and pattern.endswith(_ID_FORM) for pattern in patterns)
