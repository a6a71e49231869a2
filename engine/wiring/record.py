"""What was said in a flow, as the journal keeps it."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

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


def nodes_of(said: Sequence[Said], flow_id: str) -> tuple[FlowNode, ...]:
    """Return the notes of a flow in the order in which they were published.

    An assessment counts only if somebody has read it, and a bare context never: they are not notes of their own.
    """
    nodes: list[FlowNode] = []
    for channel, adapter, payload in said:
        note = _note_in(payload)
        if note is None:
            continue
        worker, method = (PLATFORM, "") if adapter is None else (adapter.contract.worker, adapter.contract.method)
        nodes.append(FlowNode(len(nodes), channel.event.name, worker, method, id_of(note) or flow_id, note))
    return tuple(nodes)


def notes_of(said: Sequence[Said]) -> tuple[Contract, ...]:
    """Return the notes alone, as in `nodes_of`."""
    return tuple(note for _, _, payload in said if (note := _note_in(payload)) is not None)


def _note_in(payload: object) -> Contract | None:
    if isinstance(payload, AssessedContext):
        return payload.assessment if payload.is_written else None
    return payload if isinstance(payload, Contract) else None


def id_of(note: Contract) -> str | None:
    """Return a note's own id: its first field that is named for an id and holds one; None if it has none."""
    for name in _id_fields(type(note)):
        value = getattr(note, name)
        if isinstance(value, str) and _is_id(value):
            return value
    return None


@cache
def _id_fields(kind: type[Contract]) -> tuple[str, ...]:
    return tuple(name for name in kind.model_fields if name.endswith("_id"))
