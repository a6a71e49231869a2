"""Which contract a stored note is."""

import inspect
from types import ModuleType
from typing import Final

from pydantic import ValidationError

from engine.contracts import (
    context,
    directives,
    execution,
    flows,
    intents,
    market,
    plans,
    signals,
    specs,
    swot,
    updates,
)
from engine.contracts.base import Contract
from engine.primitives.errors import LedgerMismatch


def _contracts_of(module: ModuleType) -> dict[str, type[Contract]]:
    return {
        name: kind
        for name, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, Contract) and kind.__module__ == module.__name__
    }


NOTE_TYPES: Final[dict[str, type[Contract]]] = {
    name: kind
    for module in (context, directives, execution, flows, intents, market, plans, signals, specs, swot, updates)
    for name, kind in _contracts_of(module).items()
}
"""All notes that a flow may carry, by class name."""


def read_note(type_name: str, body: str) -> Contract:
    """Return a stored note again.

    Raises:
        LedgerMismatch: no contract has this name, or the text does not fit it.
    """
    kind = NOTE_TYPES.get(type_name)
    if kind is None:
        raise LedgerMismatch(
            "The journal holds a note of a kind that this version does not know: open it with the version that wrote it",
            type=type_name,
        )
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        raise LedgerMismatch(
            "A note in the journal does not fit its contract: open it with the version that wrote it",
            type=type_name,
            cause=str(error),
        ) from error
