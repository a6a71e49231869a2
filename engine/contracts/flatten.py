"""An emergency flatten as a job: what it covers, how far it is, and what is still open."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field, StringConstraints

from engine.contracts.base import Contract, Symbol, UtcDatetime, Word
from engine.contracts.orders import OrderIdField
from engine.primitives.ids import BATCH, BatchId, GroupId, id_pattern


class FlattenStage(Word):
    """What a flatten is doing, in this order."""

    CANCEL = "CANCEL"
    """Latched; schedules are stopped, entries are being cancelled."""
    CLOSE = "CLOSE"
    """What is held is being closed; entries that the venue has not confirmed as cancelled are asked for again."""
    VERIFY = "VERIFY"
    """Positions and orders are read from the venue, twice in a row."""
    REPORT = "REPORT"
    """It is through, or goes on for ever with long pauses: `result` says which."""


class FlattenResult(Word):
    """What came of it."""

    WORKING = "WORKING"
    FLAT = "FLAT"
    """Read twice from the venue: nothing is held, and no order of ours works that could change that."""
    FLAT_WITH_DUST = "FLAT_WITH_DUST"
    """As FLAT, but for amounts that are too small to be sold."""
    INCOMPLETE = "INCOMPLETE"
    """Something is still open after the whole ladder. It goes on trying, with pauses, until it is not."""
    ABORTED = "ABORTED"
    """A person ended it before it was through."""

    @property
    def is_final(self) -> bool:
        """Whether nothing more is sent."""
        return self in (FlattenResult.FLAT, FlattenResult.FLAT_WITH_DUST, FlattenResult.ABORTED)


class LegState(Word):
    """How one market of a flatten stands."""

    OPEN = "OPEN"
    CLOSING = "CLOSING"
    """Orders are at the venue."""
    WAITING = "WAITING"
    """The last attempt did not do it; the next one comes at `next_at`."""
    FLAT = "FLAT"
    DUST = "DUST"
    """What is left is smaller than the venue trades."""
    FOREIGN = "FOREIGN"
    """The venue holds what no trade of ours accounts for: a person must decide."""


class FlattenScope(Contract):
    """What a flatten covers, fixed when it was asked for. Empty means all of it; live and paper are never together."""

    mode: str
    symbols: tuple[Symbol, ...] = ()
    strategies: tuple[str, ...] = ()
    groups: tuple[GroupId, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether it covers the whole account."""
        return not (self.symbols or self.strategies or self.groups)


class FlattenAttempt(Contract):
    """One close order of a leg."""

    order_id: OrderIdField
    at: UtcDatetime
    quantity: Decimal
    bound_bps: Decimal | None = None
    """How far from the last price it may trade, in basis points; None at market."""


class FlattenLeg(Contract):
    """One market of a flatten. `held` is what the venue holds of it by its last word: base units, positive long."""

    symbol: Symbol
    state: LegState = LegState.OPEN
    held: Decimal = Decimal(0)
    value: Decimal = Decimal(0)
    """What is held at the last price, in quote, never signed."""
    attempts: tuple[FlattenAttempt, ...] = ()
    rung: Annotated[int, Field(ge=0)] = 0
    """Place on the ladder; at its end, orders go at market."""
    next_at: UtcDatetime | None = None
    text: str = ""


class FlattenJob(Contract):
    """A flatten, from the press to the proof. Every version of it is journaled; the last one is resumed after a crash."""

    job_id: Annotated[BatchId, StringConstraints(pattern=id_pattern(BATCH))]
    asked_at: UtcDatetime
    asked_by: str
    scope: FlattenScope
    stage: FlattenStage = FlattenStage.CANCEL
    result: FlattenResult = FlattenResult.WORKING
    updated_at: UtcDatetime
    legs: tuple[FlattenLeg, ...] = ()
    may_still_fill: tuple[OrderIdField, ...] = ()
    """Entries that the venue has not yet confirmed as cancelled: what they bring in is closed again."""
    foreign_orders: Annotated[int, Field(ge=0)] = 0
    """Orders of other hands that work at the venue; they are never touched."""
    text: str = ""
    """How it stands, in words for people."""

    @property
    def open_legs(self) -> tuple[FlattenLeg, ...]:
        """The markets that are not flat."""
        return tuple(leg for leg in self.legs if leg.state not in (LegState.FLAT, LegState.DUST))

    @property
    def dust(self) -> tuple[FlattenLeg, ...]:
        """The markets of which something too small to be sold is left."""
        return tuple(leg for leg in self.legs if leg.state is LegState.DUST)

    @property
    def attempts(self) -> int:
        """How many close orders were sent."""
        return sum(len(leg.attempts) for leg in self.legs)


class FlattenRequest(Contract):
    """What another process asks of a running session: a flatten of these markets, or of everything."""

    asked_by: str
    symbols: tuple[Symbol, ...] = ()
