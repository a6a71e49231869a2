"""What was said in a flow, as the journal keeps it."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Final, cast

from engine.contracts.base import Contract
from engine.contracts.context import AssessedContext
from engine.contracts.flows import FlowNode
from engine.primitives.ids import ID_PATTERN
from engine.wiring.adapter import EventAdapter
from engine.wiring.compiled import Channel

PLATFORM: Final = "_platform"
"""In place of a worker's name: the birth of a flow, and its end when nobody stopped it."""

_is_id: Final = re.compile(ID_PATTERN).match

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
    """Return a note's own id: its first field that is named for an id and holds one; None if it has none."""
    values = vars(note)
    for name in _id_fields(type(note)):
        value = values[name]
        if value.__class__ is str and _is_id(value):
            return str(value)
    return None


@cache
def _id_fields(kind: type[Contract]) -> tuple[str, ...]:
    return tuple(name for name in kind.model_fields if name.endswith("_id"))
