"""A running session as the window and the command line see it: watch it, and ask it things."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from engine.contracts.batches import BatchReport
from engine.contracts.commands import Command, CommandAnswer, TradingState
from engine.contracts.context import AssessedContext, ColumnSpec
from engine.contracts.flatten import FlattenJob
from engine.contracts.flows import FlowRecord, OutcomeKind
from engine.contracts.limits import LimitUse
from engine.contracts.market import BarSeries, FloatColumn, Instrument
from engine.contracts.orders import AccountSnapshot
from engine.contracts.schedules import GroupPlan
from engine.ports.ledger import LedgerChange, LedgerReader
from engine.ports.reasoning import DecisionReader
from engine.primitives.ids import UserCommandId


class Mode(StrEnum):
    """What a session trades with. Nothing else asks which one it is, but what a person looks at always shows it."""

    BACKTEST = "BACKTEST"
    REPLAY = "REPLAY"
    PAPER = "PAPER"
    LIVE = "LIVE"


class SessionState(StrEnum):
    """Where a session stands."""

    READY = "READY"
    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    STOPPED = "STOPPED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class StrategySummary:
    """One strategy of a session, as it is shown. `columns` are the enriched ones, in chain order."""

    strategy_id: str
    name: str
    symbol: str
    timeframe: str
    columns: Sequence[ColumnSpec]
    is_paused: bool = False
    pause_reason: str = ""
    written_by: Mapping[str, str] = field(default_factory=dict)
    """The worker that writes each of the columns."""
    blueprint_path: Path | None = None
    """The file that it was read from."""


@dataclass(frozen=True, slots=True)
class SessionStatus:
    """Everything about a session that fits on a status line. `now` is engine time (market time in a demo)."""

    session_id: str
    operation: str
    mode: Mode
    label: str
    state: SessionState
    trading_state: TradingState
    now: datetime | None
    strategies: Sequence[StrategySummary] = ()
    flows: Mapping[OutcomeKind, int] = field(default_factory=dict)
    journal_path: Path | None = None
    message: str = ""
    """What a person should know now; empty when all is well."""
    journal_fault: str = ""
    """Why the journal cannot be written; empty while it can."""
    venue_silent_since: datetime | None = None
    """Since when nothing can be heard from the venue (UTC); None while the line is up, or where the market is recorded."""
    quarantined: Mapping[str, str] = field(default_factory=dict)
    """Plugins that are not used, and why, by name."""


class SessionObserver(Protocol):
    """Is told what happens, on the engine's own loop, in order. It must return quickly and never raise."""

    def on_status(self, status: SessionStatus) -> None:
        """The session or a strategy changed its state."""
        ...

    def on_tick(self, strategy_id: str, assessed: AssessedContext) -> None:
        """A bar was enriched and assessed. The context is valid during the call: copy what is to be kept."""
        ...

    def on_flow(self, record: FlowRecord) -> None:
        """A flow in which something was said has ended. Quiet flows are only counted in the status."""
        ...

    def on_ledger(self, change: LedgerChange) -> None:
        """The books changed."""
        ...

    def on_equity(self, account: AccountSnapshot) -> None:
        """The account was marked to the market."""
        ...


class TradingSession(Protocol):
    """One operation, running. All methods are called on the loop that runs it; none of them blocks."""

    @property
    def status(self) -> SessionStatus:
        """How it stands now."""
        ...

    @property
    def ledger(self) -> LedgerReader:
        """The books, to read."""
        ...

    @property
    def group_plans(self) -> Sequence[GroupPlan]:
        """The schedules of all groups that brought an entry, oldest first."""
        ...

    @property
    def reasoning(self) -> DecisionReader:
        """Answers questions about decisions that were made."""
        ...

    def instrument(self, symbol: str) -> Instrument:
        """Return the market of a symbol."""
        ...

    def history(self, strategy_id: str) -> tuple[BarSeries, Mapping[str, FloatColumn]]:
        """Return the bars of the rolling window before the first live tick, and the enriched columns beside them."""
        ...

    def watch(self, observer: SessionObserver) -> None:
        """Tell this observer from now on."""
        ...

    def next_command_id(self) -> UserCommandId:
        """Return the id for a command that is about to be asked."""
        ...

    def limit_uses(self) -> Sequence[LimitUse]:
        """Return how much of each limit of the risk guard is used now."""
        ...

    @property
    def batch_reports(self) -> Sequence[BatchReport]:
        """How every batch of the session stands, oldest first."""
        ...

    @property
    def flatten_job(self) -> FlattenJob | None:
        """The last flatten as it stands; None when there was none since the latch was cleared."""
        ...

    def ask(self, command: Command) -> CommandAnswer:
        """Carry out a command, or say why not. It is journaled with its answer."""
        ...

    async def run(self) -> None:
        """Run until the feed ends or `stop` is called; then everything is on disk and the session is STOPPED."""
        ...

    def pause(self) -> None:
        """Take no more market data until `resume`. Orders that work at a venue go on working."""
        ...

    def resume(self) -> None:
        """Go on."""
        ...

    @property
    def speed(self) -> float | None:
        """Market seconds per wall second, 0 for as fast as possible; None where the market has a pace of its own."""
        ...

    def set_speed(self, speed: float) -> None:
        """Change the pace from now on; a market with a pace of its own keeps it.

        Raises:
            ValueError: the speed is negative or not a finite number.
        """
        ...

    def step_bar(self) -> None:
        """Let the market of a paused session go on until its next bar has closed, at once; it stays paused."""
        ...

    def stop(self) -> None:
        """End the run soon and orderly; working orders are left as they are and said so."""
        ...
