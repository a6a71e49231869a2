"""The session as the window holds it: the only object that panels get from it."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QObject, Signal

from engine.contracts.batches import BatchReport
from engine.contracts.execution import ExecutionGroup, ExecutionGroupStatus
from engine.contracts.flatten import FlattenJob
from engine.contracts.limits import LimitUse
from engine.contracts.market import BarSeries, FloatColumn, Instrument
from engine.contracts.orders import AccountSnapshot, Balance, Order, Position, Trade
from engine.contracts.schedules import GroupPlan
from engine.ports.reasoning import DecisionReader
from engine.ports.session import SessionState, SessionStatus, TradingSession
from engine.primitives.ids import GroupId, TradeId
from gui.bridge.commands import SessionCommands
from gui.bridge.feed import SessionFeed
from gui.bridge.focus import Focus
from gui.bridge.tasks import TaskKeeper


@dataclass(frozen=True, slots=True)
class Exposure:
    """What could still win or lose money, read from the ledger at one instant."""

    orders: tuple[Order, ...]
    positions: tuple[Position, ...]

    @property
    def is_flat(self) -> bool:
        """Whether no order works and nothing is held."""
        return not self.orders and not self.positions


class SessionHost(QObject):
    """Owns one session on the window's loop, watches it, and asks it things.

    Args:
        session: Not started yet; a session runs once.
        tasks: Where its run is kept.
        parent: Qt parent.
    """

    ended = Signal()  # the run is over and everything is on disk

    def __init__(self, session: TradingSession, tasks: TaskKeeper, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._tasks = tasks
        self._run: asyncio.Task[None] | None = None
        self.feed = SessionFeed(parent=self)
        self.focus = Focus(self)
        self.commands = SessionCommands(session, tasks, parent=self)
        session.watch(self.feed)

    @property
    def status(self) -> SessionStatus:
        """How the session stands now."""
        return self._session.status

    @property
    def flatten_job(self) -> FlattenJob | None:
        """The last flatten as it stands; None when there was none since the latch was cleared."""
        return self._session.flatten_job

    @property
    def is_running(self) -> bool:
        """Whether its run has begun and not ended."""
        return self._run is not None and not self._run.done()

    def instrument(self, symbol: str) -> Instrument:
        """Return the market of a symbol."""
        return self._session.instrument(symbol)

    @property
    def reasoning(self) -> DecisionReader:
        """Answers questions about decisions that were made; it asks nobody and changes nothing."""
        return self._session.reasoning

    def history(self, strategy_id: str) -> tuple[BarSeries, Mapping[str, FloatColumn]]:
        """Return the bars before the first live one, and the enriched columns beside them."""
        return self._session.history(strategy_id)

    def limit_uses(self) -> Sequence[LimitUse]:
        """Return how much of each limit of the risk guard is used now."""
        return self._session.limit_uses()

    def batch_reports(self) -> Sequence[BatchReport]:
        """Return how every batch of the session stands, oldest first."""
        return self._session.batch_reports

    def exposure(self) -> Exposure:
        """Return what works and what is held, as the ledger has it now."""
        ledger = self._session.ledger
        return Exposure(tuple(ledger.get_open_orders()), tuple(ledger.get_open_positions()))

    def groups(self) -> tuple[ExecutionGroup, ...]:
        """Return all groups of the ledger, oldest first."""
        return tuple(self._session.ledger.get_execution_groups())

    def trades_of(self, groups: Iterable[GroupId]) -> frozenset[TradeId]:
        """Return the trades to which the orders of some groups belong."""
        ledger = self._session.ledger
        order_ids = (order_id for group_id in groups for order_id in ledger.get_group(group_id).order_ids)
        return frozenset(ledger.get_order(order_id).trade_id for order_id in order_ids)

    def open_group_count(self) -> int:
        """Return how many groups are not done. Quick however many are: it is asked for several times a second."""
        ledger, living = self._session.ledger, [status for status in ExecutionGroupStatus if not status.is_terminal]
        return sum(len(ledger.get_execution_groups(status)) for status in living)

    def group_plans(self) -> tuple[GroupPlan, ...]:
        """Return the schedules of all groups that brought an entry, oldest first."""
        return tuple(self._session.group_plans)

    def open_trades(self) -> tuple[Trade, ...]:
        """Return trades that are pending or open, oldest first."""
        return tuple(self._session.ledger.get_open_trades())

    def closed_trades(self, *, newest: int) -> tuple[Trade, ...]:
        """Return at most so many of the trades that are closed, the one opened first first."""
        return tuple(reversed(self._session.ledger.get_closed_trades(newest=newest)))

    def balance(self) -> Balance:
        """Return the cash of the account as the ledger has it now."""
        return self._session.ledger.get_balance()

    def funding(self) -> Decimal:
        """Return the sum of all funding payments, in quote: below zero when more was paid than received."""
        return self._session.ledger.get_funding()

    def account(self) -> AccountSnapshot:
        """Return the account as the ledger has it now."""
        return self._session.ledger.get_account()

    def peak_equity(self) -> Decimal:
        """Return the highest equity since the session began, in quote."""
        return self._session.ledger.get_peak_equity()

    def start(self) -> None:
        """Begin the run; does nothing when it has begun before."""
        if self._run is None:
            self._run = self._tasks.keep(self._run_to_end(), name="session")

    def toggle_pause(self) -> None:
        """Let the market stand still, or go on; nothing happens before the run has begun or after it."""
        match self.status.state:
            case SessionState.RUNNING:
                self._session.pause()
            case SessionState.PAUSED:
                self._session.resume()
            case SessionState.READY | SessionState.STOPPED | SessionState.FAILED:
                return

    @property
    def speed(self) -> float | None:
        """Market seconds per wall second, 0 for as fast as possible; None where the market has a pace of its own."""
        return self._session.speed

    def set_speed(self, speed: float) -> None:
        """Change the pace of a market that is made or read from a file."""
        self._session.set_speed(speed)

    def step_bar(self) -> None:
        """Let one bar pass in a session that is paused."""
        self._session.step_bar()

    def stop(self) -> None:
        """End the run soon and orderly; `ended` tells when everything is on disk."""
        if self.is_running:
            self._session.stop()

    async def wait_ended(self) -> None:
        """Wait until the run is over; returns at once when none is under way."""
        if self._run is not None:
            await asyncio.shield(self._run)

    async def _run_to_end(self) -> None:
        try:
            await self._session.run()
        finally:
            self.feed.on_status(self._session.status)
            self.feed.flush()
            self.ended.emit()
