"""News from outside a flow's own chain: ledger, positions, schedules, headlines."""

from typing import Annotated

from pydantic import StringConstraints

from engine.contracts.base import Contract, Price, Symbol, UtcDatetime
from engine.contracts.execution import ExecutionGroup
from engine.contracts.orders import AccountSnapshot, Fill, Order, Position, Trade
from engine.primitives.ids import (
    LEDGER,
    NEWS,
    SCHEDULE,
    LedgerUpdateId,
    NewsId,
    ScheduleId,
    id_pattern,
)


class LedgerUpdate(Contract):
    """Something in the books of a strategy changed: what, and how the account stands after it."""

    update_id: Annotated[LedgerUpdateId, StringConstraints(pattern=id_pattern(LEDGER))]
    timestamp: UtcDatetime
    strategy_id: str
    account: AccountSnapshot
    order: Order | None = None
    fill: Fill | None = None
    group: ExecutionGroup | None = None
    trade: Trade | None = None


class PositionUpdate(Contract):
    """A position changed, or the market moved under it."""

    update_id: Annotated[LedgerUpdateId, StringConstraints(pattern=id_pattern(LEDGER))]
    timestamp: UtcDatetime
    strategy_id: str
    position: Position
    last_price: Price | None = None


class ScheduleTick(Contract):
    """A schedule is due."""

    schedule_id: Annotated[ScheduleId, StringConstraints(pattern=id_pattern(SCHEDULE))]
    timestamp: UtcDatetime
    schedule: str
    """Its name in the blueprint."""


class NewsItem(Contract):
    """A headline from outside."""

    news_id: Annotated[NewsId, StringConstraints(pattern=id_pattern(NEWS))]
    timestamp: UtcDatetime
    headline: str
    source: str
    symbols: tuple[Symbol, ...] = ()
