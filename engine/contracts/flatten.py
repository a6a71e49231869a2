"""An emergency flatten as a job: what it covers, how far it is, and what is still open."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from engine.contracts.base import Contract, Symbol, UtcDatetime, Word
from engine.contracts.orders import GroupIdField, OrderIdField
from engine.primitives.ids import BATCH, EXECUTION, BatchId, ExecutionDirectiveId, GroupId, id_pattern

BatchIdField = Annotated[BatchId, StringConstraints(pattern=id_pattern(BATCH))]
ExecutionDirectiveIdField = Annotated[ExecutionDirectiveId, StringConstraints(pattern=id_pattern(EXECUTION))]


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


class FlattenPart(Contract):
    """A part of an account: what fits all that is named. What is left empty does not narrow it."""

    symbols: tuple[Symbol, ...] = ()
    strategies: tuple[str, ...] = ()
    groups: tuple[GroupIdField, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether it covers the whole account."""
        return not (self.symbols or self.strategies or self.groups)

    def covers(self, *, symbol: str, strategy_id: str, group_id: GroupId | None) -> bool:
        """Tell whether something of this market, strategy and group belongs to it."""
        return (
            (not self.symbols or symbol in self.symbols)
            and (not self.strategies or strategy_id in self.strategies)
            and (not self.groups or group_id in self.groups)
        )

    def covers_market(self, symbol: str) -> bool:
        """Tell whether all of a market belongs to it, whoever holds it."""
        return not (self.strategies or self.groups) and (not self.symbols or symbol in self.symbols)

    @property
    def words(self) -> str:
        """What it covers, for people."""
        named = {"": self.symbols, "strategy ": self.strategies, "group ": self.groups}
        said = [f"{kind}{', '.join(names)}" for kind, names in named.items() if names]
        return " and ".join(said) or "everything"


class FlattenScope(FlattenPart):
    """What a flatten covers, fixed when it was asked for; live and paper are never together."""

    mode: str
    also: tuple[FlattenPart, ...] = ()
    """What was asked for while it ran, beside the first part."""

    @property
    def parts(self) -> tuple[FlattenPart, ...]:
        """All that was asked for, the first first."""
        return (FlattenPart(symbols=self.symbols, strategies=self.strategies, groups=self.groups), *self.also)

    @property
    def is_whole(self) -> bool:
        """Whether any part is the whole account."""
        return any(part.is_whole for part in self.parts)

    def covers(self, *, symbol: str, strategy_id: str, group_id: GroupId | None) -> bool:
        """Tell whether something of this market, strategy and group belongs to any part."""
        return any(part.covers(symbol=symbol, strategy_id=strategy_id, group_id=group_id) for part in self.parts)

    def covers_market(self, symbol: str) -> bool:
        """Tell whether all of a market belongs to any part, whoever holds it."""
        return any(part.covers_market(symbol) for part in self.parts)

    @property
    def names_groups(self) -> bool:
        """Whether it matters to which group something belongs."""
        return any(part.groups for part in self.parts)

    @property
    def markets(self) -> tuple[str, ...]:
        """The markets that are named, and covered whoever holds something of them."""
        named = [symbol for part in self.parts for symbol in part.symbols if part.covers_market(symbol)]
        return tuple(dict.fromkeys(named))

    @property
    def words(self) -> str:
        """What it covers, for people."""
        return "; ".join(part.words for part in self.parts)

    def with_part(self, asked: FlattenPart) -> "FlattenScope":
        """Return a scope that covers this as well."""
        if any(part.is_whole or part == asked for part in self.parts):
            return self
        return FlattenScope(mode=self.mode) if asked.is_whole else self.model_copy(update={"also": (*self.also, asked)})


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

    job_id: BatchIdField
    asked_at: UtcDatetime
    asked_by: str
    scope: FlattenScope
    batches: tuple[BatchIdField, ...] = ()
    """Emergency batches of strategies that asked for it, oldest first; empty when a person did."""
    directives: tuple[ExecutionDirectiveIdField, ...] = ()
    """The directives in them."""
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


class FlattenRequest(FlattenPart):
    """What is asked of a session: a flatten of what is named, or of everything."""

    kind: Literal["FLATTEN_ALL"] = "FLATTEN_ALL"
    asked_by: str
