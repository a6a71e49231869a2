"""Flatten: latch, cancel, settle, close, verify (decisions 6.5). Nothing is rolled back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from engine.contracts.commands import TradingState
from engine.contracts.orders import Order, OrderRole, Trade
from engine.phase5_execution.closing import Closing
from engine.phase5_execution.order_desk import OrderDesk
from engine.phase5_execution.working import WorkingEntries
from engine.primitives.ids import OrderId, TradeId

REASON: Final = "flatten"


class FlattenState(StrEnum):
    """How far it got."""

    IDLE = "IDLE"
    """Nobody asked."""
    WORKING = "WORKING"
    FLAT = "FLAT"
    """Proven by the books: nothing is held, and nothing works that could change that."""
    STUCK = "STUCK"
    """The venue refuses to close something: a person must look."""


@dataclass(frozen=True, slots=True)
class FlattenProgress:
    """How far a flatten got. `symbols` empty means all of them."""

    state: FlattenState
    symbols: Sequence[str] = ()
    open_trades: Sequence[TradeId] = ()
    """Trades that still hold something."""
    working_orders: Sequence[OrderId] = ()
    may_still_fill: Sequence[OrderId] = ()
    """Entries that the venue has not yet confirmed as cancelled: bounded, and closed again if they fill."""
    text: str = ""


class Flatten:
    """Brings the account to nothing, whatever strategies think, and keeps it there until a person clears the latch.

    Args:
        desk: Orders.
        entries: To be stopped.
        closing: To close with.
        settle: Books what the venue has reported, and reacts.
    """

    def __init__(
        self, desk: OrderDesk, entries: WorkingEntries, closing: Closing, settle: Callable[[], object]
    ) -> None:
        self._desk = desk
        self._entries = entries
        self._closing = closing
        self._settle = settle
        self._symbols: tuple[str, ...] | None = None

    def start(self, symbols: Sequence[str] = ()) -> None:
        """Latch first, then stop and cancel every entry, settle, and close what is held.

        The latch holds for the whole account, also when only some symbols are flattened.
        """
        self._desk.guard.latch(TradingState.REDUCING, REASON)
        self._symbols = tuple(symbols)
        for group_id in {order.group_id: None for order in self._entries_at_work()}:
            self._entries.stop_group(group_id, reason=REASON)
        self._settle()
        for trade in self._trades():
            self._closing.begin(trade, reason=REASON)
            self._closing.attend(self._desk.ledger.get_trade(trade.trade_id))
        self._settle()

    @property
    def is_wanted(self) -> bool:
        """Whether a flatten was asked for and its latch not cleared since."""
        return self._symbols is not None

    def end(self) -> None:
        """Forget it: a person has cleared the latch."""
        self._symbols = None

    def status(self) -> FlattenProgress:
        """Return how far it got, by the books of this instant."""
        if self._symbols is None:
            return FlattenProgress(FlattenState.IDLE, text="nothing is being flattened")
        held = [trade.trade_id for trade in self._trades() if trade.open_quantity]
        working = [order.order_id for order in self._desk.working() if self._covers(order.symbol)]
        entries = [order.order_id for order in self._entries_at_work()]
        state = self._state(held, working)
        return FlattenProgress(state, self._symbols, held, working, entries, _words(state, held, working))

    def _state(self, held: Sequence[TradeId], working: Sequence[OrderId]) -> FlattenState:
        if any(self._closing.is_stuck(trade_id) for trade_id in held):
            return FlattenState.STUCK
        return FlattenState.WORKING if held or working else FlattenState.FLAT

    def _covers(self, symbol: str) -> bool:
        return not self._symbols or symbol in self._symbols

    def _trades(self) -> list[Trade]:
        return [trade for trade in self._desk.ledger.get_open_trades() if self._covers(trade.symbol)]

    def _entries_at_work(self) -> list[Order]:
        return [order for order in self._desk.working(role=OrderRole.ENTRY) if self._covers(order.symbol)]


def _words(state: FlattenState, held: Sequence[TradeId], working: Sequence[OrderId]) -> str:
    if state is FlattenState.FLAT:
        return "flat: nothing is held and no order works"
    if state is FlattenState.STUCK:
        return f"the venue refuses to close {', '.join(held)}: close by hand at the venue"
    return f"closing: {len(held)} trades still hold something, {len(working)} orders still work"
