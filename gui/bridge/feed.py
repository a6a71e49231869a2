"""What the session tells, as Qt signals: bars in batches once per frame, facts one by one."""

import time
from collections import deque
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal, Slot

from engine.contracts.context import AssessedContext
from engine.contracts.flows import FlowRecord
from engine.contracts.orders import AccountSnapshot
from engine.ports.ledger import LedgerChange
from engine.ports.session import SessionStatus
from gui.bridge.rows import BarRow, BarRows

_FRAME_MS: Final = 16
_SLOW_FRAME_MS: Final = 33
# A frame may spend a quarter of its time on delivery; more of it would be seen as jerks when the market is busy.
_BUDGET_S: Final = 0.004
_WAITING_MAX: Final = 20_000

Fact = FlowRecord | LedgerChange | SessionStatus


class SessionFeed(QObject):
    """Watches a session and tells the window at most once per frame.

    Every bar reaches the window, in batches. Orders, fills, flows and changes of state are delivered one by one, in
    order, and never dropped: what a frame has no time for waits for the next, and beyond 20,000 waiting facts the
    window stutters rather than loses one. Account, time and counters are conflated: the newest wins.

    Nothing is delivered inside a call of the session, so a slow or failing panel cannot hold up trading.

    Args:
        monotonic_s: A wall clock for the budget alone.
        parent: Qt parent.
    """

    bars_arrived = Signal(object)  # BarRows
    flow_ended = Signal(object)  # FlowRecord
    order_changed = Signal(object)  # Order
    fill_booked = Signal(object)  # Fill
    position_changed = Signal(object)  # Position
    trade_changed = Signal(object)  # Trade
    group_changed = Signal(object)  # ExecutionGroup
    plan_changed = Signal(object)  # GroupPlan
    report_refused = Signal(object)  # LedgerChange
    account_changed = Signal(object)  # AccountSnapshot
    status_changed = Signal(object)  # SessionStatus
    _woken = Signal()  # by another thread: the engine works on one of its own while the window hangs

    def __init__(
        self,
        *,
        monotonic_s: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._monotonic_s = monotonic_s
        self._bars: dict[str, BarRows] = {}
        self._facts: deque[Fact] = deque()
        self._account: AccountSnapshot | None = None
        self._status: SessionStatus | None = None
        self._state: tuple[object, ...] = ()
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.setTimerType(Qt.TimerType.PreciseTimer)
        self._frame.setInterval(_FRAME_MS)
        self._frame.timeout.connect(self._deliver)
        self._woken.connect(self._wake, Qt.ConnectionType.QueuedConnection)

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits to be delivered; no timer runs then."""
        return not (self._facts or self._bars or self._account or self._status)

    @property
    def backlog(self) -> int:
        """How many facts wait to be delivered."""
        return len(self._facts)

    def on_status(self, status: SessionStatus) -> None:
        """Take a status: a change of state is delivered; when only time and counters moved the newest wins."""
        state = (status.state, status.trading_state, status.message, status.strategies)
        if state == self._state:
            self._status = status
            self._wake()
        else:
            self._state, self._status = state, None
            self._take(status)

    def on_tick(self, strategy_id: str, assessed: AssessedContext) -> None:
        """Copy a bar; all bars of a frame are delivered together."""
        batch = self._bars.get(strategy_id)
        if batch is None:
            batch = self._bars[strategy_id] = BarRows(strategy_id, assessed.context.columns)
        batch.rows.append(BarRow.of(assessed))
        self._wake()

    def on_flow(self, record: FlowRecord) -> None:
        """Take a flow; each is delivered."""
        self._take(record)

    def on_ledger(self, change: LedgerChange) -> None:
        """Take a change of the books; each is delivered."""
        self._take(change)

    def on_equity(self, account: AccountSnapshot) -> None:
        """Keep the newest account."""
        self._account = account
        self._wake()

    def add_bar(self, strategy_id: str, columns: tuple[str, ...], row: BarRow) -> None:
        """Take a bar that was copied before."""
        self._bars.setdefault(strategy_id, BarRows(strategy_id, columns)).rows.append(row)
        self._wake()

    def flush(self) -> None:
        """Deliver everything that waits, now; for the end of a session and for pictures."""
        while not self.is_idle:
            self._deliver()

    def _take(self, fact: Fact) -> None:
        self._facts.append(fact)
        self._wake()

    @Slot()
    def _wake(self) -> None:
        if QThread.currentThread() is not self.thread():
            self._woken.emit()
        elif not self._frame.isActive():
            self._frame.start()

    def _deliver(self) -> None:
        self._frame.stop()
        began_s = self._monotonic_s()
        bars, self._bars = self._bars, {}
        for batch in bars.values():
            self.bars_arrived.emit(batch)
        while self._facts:
            self._tell(self._facts.popleft())
            if self._monotonic_s() - began_s > _BUDGET_S and len(self._facts) < _WAITING_MAX:
                break
        account, self._account = self._account, None
        if account is not None:
            self.account_changed.emit(account)
        if self._status is not None and not self._facts:  # newer than any status that still waits among the facts
            status, self._status = self._status, None
            self.status_changed.emit(status)
        self._pace(self._monotonic_s() - began_s)
        if not self.is_idle:
            self._wake()

    def _pace(self, spent_s: float) -> None:
        self._frame.setInterval(_FRAME_MS if spent_s <= _BUDGET_S else _SLOW_FRAME_MS)

    def _tell(self, fact: Fact) -> None:
        match fact:
            case FlowRecord():
                self.flow_ended.emit(fact)
            case SessionStatus():
                self.status_changed.emit(fact)
            case LedgerChange():
                self._tell_change(fact)

    def _tell_change(self, change: LedgerChange) -> None:
        for signal, part in (
            (self.trade_changed, change.trade),
            (self.group_changed, change.group),
            (self.plan_changed, change.plan),
            (self.order_changed, change.order),
            (self.fill_booked, change.fill),
            (self.position_changed, change.position),
        ):
            if part is not None:
                signal.emit(part)
        if change.refused:
            self.report_refused.emit(change)
