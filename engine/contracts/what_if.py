"""What a session would have decided with other settings: every flow that comes out otherwise, and what it came to."""

from decimal import Decimal

from engine.contracts.base import Contract, Word
from engine.contracts.flows import FlowOutcome
from engine.primitives.ids import AnyId


class ChangeKind(Word):
    """How a flow differs."""

    NEW = "NEW"
    """Something is decided where nothing was."""
    GONE = "GONE"
    """Nothing is decided where something was."""
    OUTCOME = "OUTCOME"
    """It ends otherwise: another outcome, or another rule says no."""
    VALUES = "VALUES"
    """It ends alike, with other values: another size, price or confidence."""


class FlowChange(Contract):
    """One flow that comes out otherwise.

    `born_ns` is engine time, UTC nanoseconds; `flow_id` its id in the session as it was. `before` is None, and so is the
    id, where nothing was decided; `after` is None where nothing would be. `difference` says in lines, the cause first,
    which notes are gone (``-``), new (``+``) or have other values (``~``); ids make no difference.
    """

    kind: ChangeKind
    strategy_id: str
    birth_event: str
    born_ns: int
    flow_id: AnyId | None
    before: FlowOutcome | None
    after: FlowOutcome | None
    difference: tuple[str, ...]


class SessionFigures(Contract):
    """What a session came to.

    `decisions` are the flows in which something was done or refused; `equity` is at the last mark, in the account's
    currency, None if there was none.
    """

    decisions: int
    trades: int
    equity: Decimal | None


class WhatIf(Contract):
    """A session, and the same with other settings, over the same inputs.

    `settings` are as they were written, ``worker.setting=value``; `changes` come oldest first. The first is the settings'
    own; from there on the books differ, so that a later one may follow from an earlier. `is_as_recorded` says that the
    session, played again without the change, was what the journal says: if not, the plugins or the program are others by
    now, and `before` is what they decide.
    """

    settings: tuple[str, ...]
    inputs: int
    currency: str
    is_as_recorded: bool
    before: SessionFigures
    after: SessionFigures
    changes: tuple[FlowChange, ...]
