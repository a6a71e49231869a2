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
        nodes.append(FlowNode(number, channel.event.name, worker, method, id_of(note) or flow_id, note))
        number += 1
    return nodes


def id_of(note: Contract) -> str | None:
    """Return a note's own id: its first field that must hold one; None if it has none."""
    name = _id_field(type(note))
    return vars(note)[name] if name else None


@cache
def _id_field(kind: type[Contract]) -> str:
    """Return the field of a kind of note that its contract says is an id, checked when the note was made; or nothing."""
    return next((name for name, field in kind.model_fields.items() if field.is_required() and _is_id(field)), "")


def _is_id(field: FieldInfo) -> bool:
    patterns = (getattr(rule, "pattern", None) for rule in field.metadata)
    return any(isinstance(pattern, str) and pattern.endswith(_ID_FORM) for pattern in patterns)
