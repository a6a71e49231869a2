"""Who may touch the engine's state: one thread at a time, and nobody while a worker's own code runs."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from enum import Enum
from typing import Any

from engine.contracts.execution import ExecutionGroup, ExecutionGroupStatus
from engine.contracts.orders import AccountSnapshot, Balance, Order, Position, Trade
from engine.ports.ledger import LedgerReader
from engine.primitives.ids import GroupId, IdKind, IdSlot, IdSource, IdT, OrderId, TradeId


class Reach(Enum):
    """What a thread got hold of."""

    NOTHING = "NOTHING"
    BOOKS = "BOOKS"
    """The books, the venue and the journal, while a worker hangs in the middle of a flow: no other flow may run."""
    WHOLE = "WHOLE"


class EngineTurn:
    """Two locks: the turn, from an event until all its flows are over, and in it the books.

    The books are let go while a worker's code runs. A worker that never returns holds the turn for ever, and not the
    books: an emergency still reaches these. Both may be taken again by the thread that holds them.
    """

    def __init__(self) -> None:
        self._turn = threading.RLock()
        self._books = threading.RLock()
        self._mine = threading.local()

    @contextmanager
    def whole(self) -> Iterator[None]:
        """Hold everything; waits for as long as it takes."""
        with self._turn, self.books():
            yield

    @contextmanager
    def books(self) -> Iterator[None]:
        """Hold the books; waits until nobody works on them."""
        with self._books:
            self._mine.depth = self._depth + 1
            try:
                yield
            finally:
                self._mine.depth -= 1

    @contextmanager
    def within(self, patience_s: float) -> Iterator[Reach]:
        """Hold everything, or else the books, or else nothing; each is waited for so long."""
        has_turn = self._turn.acquire(timeout=patience_s)
        has_books = self._books.acquire(timeout=patience_s)
        self._mine.depth = self._depth + has_books
        try:
            yield (Reach.WHOLE if has_turn else Reach.BOOKS) if has_books else Reach.NOTHING
        finally:
            self._mine.depth -= has_books
            if has_books:
                self._books.release()
            if has_turn:
                self._turn.release()

    @property
    def _depth(self) -> int:
        return int(getattr(self._mine, "depth", 0))

    def outside(self, worker: object) -> "Outside":
        """Return a worker whose methods run without the books."""
        return Outside(worker, self)

    def call_outside(self, call: Callable[..., Any], *given: Any, **named: Any) -> Any:
        """Call foreign code with the books let go; they are taken again before this returns."""
        depth = self._depth
        for _ in range(depth):
            self._books.release()
        try:
            return call(*given, **named)
        finally:
            for _ in range(depth):
                self._books.acquire()


class Outside:
    """A worker, each of whose methods lets the books go while it runs."""

    def __init__(self, worker: object, turn: EngineTurn) -> None:
        self._worker = worker
        self._turn = turn

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._worker, name)
        if not callable(found):
            return found
        return lambda *given, **named: self._turn.call_outside(found, *given, **named)


class SharedIds(IdSource):
    """An id source for two threads: no id is given out twice."""

    def __init__(self, now_ns: Callable[[], int], *, after_second: int = -1) -> None:
        super().__init__(now_ns, after_second=after_second)
        self._lock = threading.Lock()

    def next(self, kind: IdKind[IdT]) -> IdT:
        """Return the next id of a kind."""
        with self._lock:
            return super().next(kind)

    def reserve(self) -> IdSlot:
        """Take the next place without writing it out."""
        with self._lock:
            return super().reserve()


class SharedBooks:
    """Implements `LedgerReader` for those who do not hold the books: each answer is whole."""

    def __init__(self, ledger: LedgerReader, turn: EngineTurn) -> None:
        self._ledger = ledger
        self._turn = turn

    def get_open_positions(self, strategy_id: str | None = None) -> Sequence[Position]:
        """Return all positions that are not flat, oldest first."""
        with self._turn.books():
            return self._ledger.get_open_positions(strategy_id)

    def get_execution_groups(
        self, status: ExecutionGroupStatus | None = None, strategy_id: str | None = None
    ) -> Sequence[ExecutionGroup]:
        """Return groups, oldest first."""
        with self._turn.books():
            return self._ledger.get_execution_groups(status, strategy_id)

    def get_open_orders(
        self, strategy_id: str | None = None, *, trade_id: TradeId | None = None, group_id: GroupId | None = None
    ) -> Sequence[Order]:
        """Return orders that are not terminal, oldest first."""
        with self._turn.books():
            return self._ledger.get_open_orders(strategy_id, trade_id=trade_id, group_id=group_id)

    def get_open_trades(self, strategy_id: str | None = None) -> Sequence[Trade]:
        """Return trades that are pending or open, oldest first."""
        with self._turn.books():
            return self._ledger.get_open_trades(strategy_id)

    def get_closed_trades(self, strategy_id: str | None = None, *, newest: int) -> Sequence[Trade]:
        """Return the newest closed trades, the one opened last first."""
        with self._turn.books():
            return self._ledger.get_closed_trades(strategy_id, newest=newest)

    def get_trade(self, trade_id: TradeId) -> Trade:
        """Return one trade; LedgerMismatch if there is none."""
        with self._turn.books():
            return self._ledger.get_trade(trade_id)

    def get_order(self, order_id: OrderId) -> Order:
        """Return one order; LedgerMismatch if there is none."""
        with self._turn.books():
            return self._ledger.get_order(order_id)

    def get_group(self, group_id: GroupId) -> ExecutionGroup:
        """Return one group; LedgerMismatch if there is none."""
        with self._turn.books():
            return self._ledger.get_group(group_id)

    def get_balance(self) -> Balance:
        """Return the cash of the account."""
        with self._turn.books():
            return self._ledger.get_balance()

    def get_funding(self) -> Decimal:
        """Return the sum of all funding payments, in quote."""
        with self._turn.books():
            return self._ledger.get_funding()

    def get_account(self) -> AccountSnapshot:
        """Return cash, positions at their last marks, and equity."""
        with self._turn.books():
            return self._ledger.get_account()

    def get_peak_equity(self) -> Decimal:
        """Return the highest equity seen at any mark, in quote."""
        with self._turn.books():
            return self._ledger.get_peak_equity()
