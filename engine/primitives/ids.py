"""Typed ids and the one source that gives them out.

An id is ``PREFIX_YYYYMMDD_HHMMSS_suffix`` in UTC. The suffix is a base-36 counter that starts again every second, so
that ids are unique, sort in the order in which they were made, and come out the same when a recorded run is replayed.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import Annotated, Final, Generic, NamedTuple, NewType, TypeVar, cast

from pydantic import StringConstraints

TickId = NewType("TickId", str)
ScheduleId = NewType("ScheduleId", str)
NewsId = NewType("NewsId", str)
UserCommandId = NewType("UserCommandId", str)
LedgerUpdateId = NewType("LedgerUpdateId", str)
OpportunityId = NewType("OpportunityId", str)
ThreatId = NewType("ThreatId", str)
AssessmentId = NewType("AssessmentId", str)
StrategyDirectiveId = NewType("StrategyDirectiveId", str)
EntryPlanId = NewType("EntryPlanId", str)
SizePlanId = NewType("SizePlanId", str)
ExitPlanId = NewType("ExitPlanId", str)
IntentId = NewType("IntentId", str)
ExecutionDirectiveId = NewType("ExecutionDirectiveId", str)
BatchId = NewType("BatchId", str)
GroupId = NewType("GroupId", str)
OrderId = NewType("OrderId", str)
FillId = NewType("FillId", str)
PositionId = NewType("PositionId", str)
TradeId = NewType("TradeId", str)
JournalId = NewType("JournalId", str)

FlowId = TickId | ScheduleId | NewsId | UserCommandId | LedgerUpdateId
"""The id of a flow is the id of the event that gave birth to it."""

IdT = TypeVar("IdT", bound=str)

ID_PATTERN: Final = r"^[A-Z]{3}_\d{8}_\d{6}_[0-9a-z]{5,8}$"
"""What every id looks like (decisions 1.1)."""

AnyId = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
"""An id of any kind, checked for its form alone."""

_ALPHABET: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_SUFFIX_WIDTH: Final = 5
_NS_PER_SECOND: Final = 1_000_000_000


@dataclass(frozen=True)  # no slots: with Generic they break construction before Python 3.13
class IdKind(Generic[IdT]):
    """What an id names: its three-letter prefix, and its type for the type checker."""

    prefix: str


TICK: Final = IdKind[TickId]("TCK")
SCHEDULE: Final = IdKind[ScheduleId]("SCH")
NEWS: Final = IdKind[NewsId]("NWS")
USER_COMMAND: Final = IdKind[UserCommandId]("USR")
LEDGER: Final = IdKind[LedgerUpdateId]("LDG")
OPPORTUNITY: Final = IdKind[OpportunityId]("OPP")
THREAT: Final = IdKind[ThreatId]("THR")
ASSESSMENT: Final = IdKind[AssessmentId]("CTX")
STRATEGY: Final = IdKind[StrategyDirectiveId]("STR")
ENTRY: Final = IdKind[EntryPlanId]("ENT")
SIZE: Final = IdKind[SizePlanId]("SIZ")
EXIT: Final = IdKind[ExitPlanId]("EXT")
INTENT: Final = IdKind[IntentId]("EXI")
EXECUTION: Final = IdKind[ExecutionDirectiveId]("EXE")
BATCH: Final = IdKind[BatchId]("BAT")
GROUP: Final = IdKind[GroupId]("EXG")
ORDER: Final = IdKind[OrderId]("ORD")
FILL: Final = IdKind[FillId]("FIL")
POSITION: Final = IdKind[PositionId]("POS")
TRADE: Final = IdKind[TradeId]("TRD")
JOURNAL: Final = IdKind[JournalId]("JRN")


def id_pattern(kind: IdKind[IdT]) -> str:
    """Return the regular expression that an id of this kind matches."""
    return ID_PATTERN.replace("[A-Z]{3}", kind.prefix)


def instant_of(identifier: str) -> datetime:
    """Return the second (aware, UTC) at which an id was given out.

    Raises:
        ValueError: the text is not an id.
    """
    if re.match(ID_PATTERN, identifier) is None:
        raise ValueError(f"{identifier!r} is not an id: expected {ID_PATTERN}")
    return datetime.strptime(identifier[4:19], "%Y%m%d_%H%M%S").replace(tzinfo=UTC)


@lru_cache(maxsize=64)
def _stamp_of(second: int) -> str:
    """Return the middle of an id; most ids of a flow share their second."""
    at = datetime.fromtimestamp(second, tz=UTC)
    # Not strftime: it asks the C library for every part.
    return f"{at.year:04}{at.month:02}{at.day:02}_{at.hour:02}{at.minute:02}{at.second:02}"


def base36(number: int, width: int = _SUFFIX_WIDTH) -> str:
    """Return a non-negative number in base 36, padded with zeros on the left."""
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = _ALPHABET[rest] + digits
    return digits.rjust(width, "0")


_suffix_of: Final[Callable[[int], str]] = lru_cache(maxsize=1024)(base36)
"""The end of an id; every second counts from the beginning."""


class IdSlot(NamedTuple):
    """A place in the order of ids, taken now and written out only when somebody asks.

    A quiet bar needs no id text; taking a slot keeps the order whether or not it is ever written.
    """

    second: int
    number: int

    def write(self, kind: IdKind[IdT]) -> IdT:
        """Return the id of this slot."""
        return f"{kind.prefix}_{_stamp_of(self.second)}_{_suffix_of(self.number)}"  # type: ignore[return-value]  # NewType over str


_slot: Final = cast("Callable[[tuple[int, int]], IdSlot]", partial(tuple.__new__, IdSlot))
"""Makes a slot of its two numbers without a call into Python: every bar takes one."""


class IdSource:
    """Gives out ids in creation order, fed by the engine's clock.

    Args:
        now_ns: The engine clock: nanoseconds since the epoch, UTC.
        after_second: Ids come from later seconds than this one (since the epoch), wherever the clock stands: in it the
            session before may have given out ids that nobody remembers.
    """

    def __init__(self, now_ns: Callable[[], int], *, after_second: int = -1) -> None:
        self._now_ns = now_ns
        # As if one had been given out in the next second: those of that second go on from there.
        self._second = after_second + 1 if after_second >= 0 else -1
        self._number = 0

    def _advance(self) -> int:
        second = self._now_ns() // _NS_PER_SECOND
        # A clock that steps back must not give an id twice: the source stays at the latest second it has seen.
        if second > self._second:
            self._second = second
            self._number = 0
        else:
            self._number += 1
        return self._number

    def next(self, kind: IdKind[IdT]) -> IdT:
        """Return the next id of a kind."""
        number = self._advance()
        return f"{kind.prefix}_{_stamp_of(self._second)}_{_suffix_of(number)}"  # type: ignore[return-value]  # NewType over str

    def reserve(self) -> IdSlot:
        """Take the next place without writing it out."""
        number = self._advance()
        return _slot((self._second, number))
