"""The memory: everything that came in, was decided, and became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Protocol

from engine.contracts.base import Contract, Scalar
from engine.contracts.batches import BatchReport
from engine.contracts.carried import CarriedBooks, CarriedVenue
from engine.contracts.commands import Command, CommandAnswer
from engine.contracts.context import AssessedContext, ColumnSpec, Scorer
from engine.contracts.execution import ExecutionGroup
from engine.contracts.flows import FlowOutcome, FlowRecord, OutcomeKind, Remark
from engine.contracts.market import FloatColumn, FloatMatrix, IntColumn
from engine.contracts.orders import AccountSnapshot, Fill, Order, Position, Trade
from engine.contracts.schedules import GroupPlan
from engine.contracts.worker_state import SavedState
from engine.ports.ledger import LedgerChange, Worth

ACCOUNT: Final = "account"
"""Whose standing is that of everybody."""
VENUE_READ: Final = "venue"
"""Whose standing tells up to when all that the venue executed is in the books: its instant."""
CLOSING: Final = "CLOSING"
"""The standing of a trade that is on its way out; of one that no longer is, it is empty."""
PAUSED: Final = "PAUSED"
"""The standing of a strategy that takes no new risk; of one that may, it is empty."""


@dataclass(frozen=True, slots=True)
class SessionHeader:
    """What a session was: written once, first."""

    session_id: str
    operation: str
    mode: str
    """BACKTEST, REPLAY, PAPER or LIVE."""
    label: str
    """What the market data was: a file's name, DEMO, a venue."""
    started_ns: int
    facts: Mapping[str, Scalar]
    """Versions, seeds, file names: what a person needs to run it again."""


class JournalWriter(Protocol):
    """Takes facts in order and keeps that order. No call waits for the disk but `commit` and `close`."""

    def open_session(
        self,
        header: SessionHeader,
        states: Sequence[SavedState] = (),
        left: CarriedBooks | None = None,
        venue: CarriedVenue | None = None,
    ) -> None:
        """Write down what this session is, together with what it goes on with: states, books, the simulated venue's."""
        ...

    @property
    def failure(self) -> str:
        """Why the journal's own file takes nothing more; empty while all is well."""
        ...

    def standing(self, subject: str, state: str, reason: str, at_ns: int) -> None:
        """Remember what the account or a strategy may do from now on; the latest counts.

        Or of `VENUE_READ` its instant, or that a trade is `CLOSING`.
        """
        ...

    def open_strategy(
        self, strategy_id: str, *, symbol: str, timeframe: str, columns: Sequence[ColumnSpec], wiring_hash: str
    ) -> None:
        """Write down what a strategy's ticks look like."""
        ...

    def configuration(self, files: Mapping[str, str]) -> None:
        """Remember the text of every file that the session was set up from, by name."""
        ...

    def came_in(self, kind: str, body: str) -> None:
        """Remember an input before it is acted on, so that the session can be played again: see `engine.journal.inputs`."""
        ...

    def tick(self, strategy_id: str, assessed: AssessedContext) -> None:
        """Remember the enriched row of a tick, which does not change any more. Cheap: rows are written in blocks."""
        ...

    def quiet_tick(self, strategy_id: str, assessed: AssessedContext) -> None:
        """Remember the same of a tick in whose flow nobody said anything: NO_OPPORTUNITY."""
        ...

    def flow(self, record: FlowRecord) -> None:
        """Remember a flow in which something was said."""
        ...

    def quiet_ticks(self, strategy_id: str, rows: FloatMatrix, *, closed_ns: IntColumn, scorer: Scorer) -> None:
        """Remember many ticks at once in whose flows nobody said anything; each was the first thing of its second.

        Args:
            strategy_id: Whose ticks.
            rows: Their enriched rows, shape ``(n_ticks, n_columns)``.
            closed_ns: Close times of their bars, UTC nanoseconds, shape ``(n_ticks,)``.
            scorer: Scores them.
        """
        ...

    def quiet_flow(self, strategy_id: str, flow_slot: tuple[int, int], born_ns: int) -> None:
        """Remember a tick flow that ended with nothing said before there was a row to assess: NO_OPPORTUNITY."""
        ...

    def ledger(self, change: LedgerChange) -> None:
        """Remember a change of the books."""
        ...

    def plan(self, plan: GroupPlan) -> None:
        """Remember the plan of a group as it stands now; it is on disk before any order that is sent after it."""
        ...

    def batch(self, report: BatchReport) -> None:
        """Remember how a batch stands now; it is on disk before any order that is sent after it."""
        ...

    def equity(self, account: AccountSnapshot) -> None:
        """Remember how the account stood at a mark."""
        ...

    def equity_along(self, account: AccountSnapshot, worths: Sequence[Worth]) -> None:
        """Remember how the account stood at many marks after each of which only its positions were worth something else.

        Args:
            account: Its cash, fees and results.
            worths: When (UTC nanoseconds) all its positions were worth how much (quote).
        """
        ...

    def command(self, command: Command, answer: CommandAnswer) -> None:
        """Remember what a person asked and what the answer was."""
        ...

    def note(self, *, at_ns: int, level: str, source: str, text: str) -> None:
        """Remember something that a person should be able to find: a pause, a quarantine, a gap in the data."""
        ...

    def commit(self) -> None:
        """Wait until everything given so far is on disk.

        Raises:
            LedgerMismatch: it could not be written; the message says what to do.
        """
        ...

    def close(self) -> None:
        """Commit, write the end of the session, and give the file free."""
        ...


@dataclass(frozen=True, slots=True)
class StoredStrategy:
    """What a strategy's ticks look like. `columns` are the enriched ones, in chain order."""

    strategy_id: str
    symbol: str
    timeframe: str
    columns: tuple[ColumnSpec, ...]
    wiring_hash: str


@dataclass(frozen=True, slots=True)
class StoredFlow:
    """One flow without its nodes. Nobody said anything in a quiet one: it is kept as a tick alone."""

    flow_id: str
    strategy_id: str
    born_ns: int
    birth_event: str
    outcome: FlowOutcome
    wiring_hash: str = ""
    is_quiet: bool = False


@dataclass(frozen=True, slots=True)
class StoredNode:
    """One note of a flow. `payload` is the note again, equal to what was published."""

    flow_id: str
    seq: int
    node_id: str
    event: str
    worker: str
    method: str
    payload: Contract


@dataclass(frozen=True, slots=True)
class TickRow:
    """The enriched row of one tick, as its flow saw it. Scores are NaN while no factor was present."""

    strategy_id: str
    closed_ns: int
    values: Mapping[str, float]
    strength: float
    weakness: float
    is_quiet: bool


@dataclass(frozen=True, slots=True)
class TickColumns:
    """All ticks of a strategy as columns, oldest first; every array has shape ``(n_ticks,)``."""

    closed_ns: IntColumn
    values: Mapping[str, FloatColumn]
    strength: FloatColumn
    weakness: FloatColumn


@dataclass(frozen=True, slots=True)
class EquityMark:
    """The account at one mark, all in quote."""

    at_ns: int
    cash: Decimal
    positions_value: Decimal
    equity: Decimal


@dataclass(frozen=True, slots=True)
class StoredNote:
    """Something that a person should be able to find."""

    at_ns: int
    level: str
    source: str
    text: str


class JournalReader(Protocol):
    """Asks a session's journal, also while it is being written: what is committed is seen.

    Reading may touch the disk, for milliseconds. Every method raises `LedgerMismatch` when the file cannot be read.
    Nothing that is looked up by id is ever an error when it is not there: the answer is None or empty.
    """

    def session(self) -> SessionHeader | None:
        """Return what the session was."""
        ...

    def strategies(self) -> Sequence[StoredStrategy]:
        """Return the strategies of the session."""
        ...

    def flow(self, flow_id: str) -> StoredFlow | None:
        """Return one flow, also a quiet one."""
        ...

    def flows(
        self,
        *,
        strategy_id: str | None = None,
        outcome: OutcomeKind | None = None,
        limit: int = 100,
        offset: int = 0,
    ) -> Sequence[StoredFlow]:
        """Return a page of the flows in which something was said, newest first."""
        ...

    def node(self, node_id: str) -> StoredNode | None:
        """Return the first note with this id."""
        ...

    def nodes_of_flow(self, flow_id: str) -> Sequence[StoredNode]:
        """Return the notes of a flow in the order in which they were published."""
        ...

    def directives_about(self, trade_id: str) -> Sequence[StoredNode]:
        """Return every `StrategyDirective` that names a trade as its target, oldest first. Looks through all notes."""
        ...

    def remarks_of_flow(self, flow_id: str) -> Sequence[Remark]:
        """Return what was remembered beside the notes."""
        ...

    def flow_of(self, identifier: str) -> str | None:
        """Return the id of the flow that an id comes from.

        A note is looked up itself; an order, fill, trade, position or group through its group and directive.
        """
        ...

    def tick_row(self, strategy_id: str, flow_id: str) -> TickRow | None:
        """Return the enriched row of the tick that gave birth to a flow."""
        ...

    def tick_columns(self, strategy_id: str) -> TickColumns:
        """Return all ticks of a strategy."""
        ...

    def group(self, group_id: str) -> ExecutionGroup | None:
        """Return a group as it stood last."""
        ...

    def groups_of_directive(self, directive_id: str) -> Sequence[ExecutionGroup]:
        """Return the groups that a directive led to, oldest first."""
        ...

    def group_plan(self, group_id: str) -> GroupPlan | None:
        """Return the plan of a group as it stood last; None for one without an entry, and in older journals."""
        ...

    def group_plans(self) -> Sequence[GroupPlan]:
        """Return the plans of all groups as they stood last, oldest first; none in older journals."""
        ...

    def batch(self, batch_id: str) -> BatchReport | None:
        """Return how a batch stood last; None for one that is not kept: a backtest's, an emergency's, an older journal's."""
        ...

    def notes_naming(self, identifier: str) -> Sequence[StoredNote]:
        """Return the notes for people in which an id stands, oldest first. Looks through all notes."""
        ...

    def order(self, order_id: str) -> Order | None:
        """Return an order as it stood last."""
        ...

    def orders_of_group(self, group_id: str) -> Sequence[Order]:
        """Return the orders of a group, oldest first."""
        ...

    def orders_of_trade(self, trade_id: str) -> Sequence[Order]:
        """Return the orders of a trade, oldest first."""
        ...

    def fills_of_order(self, order_id: str) -> Sequence[Fill]:
        """Return the executions of an order, oldest first."""
        ...

    def fills_of_trade(self, trade_id: str) -> Sequence[Fill]:
        """Return the executions of a trade, oldest first."""
        ...

    def trade(self, trade_id: str) -> Trade | None:
        """Return a trade as it stood last."""
        ...

    def trades(self, strategy_id: str | None = None) -> Sequence[Trade]:
        """Return all trades, oldest first."""
        ...

    def positions(self) -> Sequence[Position]:
        """Return all positions as they stood last, also flat ones."""
        ...

    def outcome_counts(self) -> Mapping[OutcomeKind, int]:
        """Return how many flows ended how, quiet ones among NO_OPPORTUNITY."""
        ...

    def rejection_counts(self) -> Mapping[tuple[str, str], int]:
        """Return how many flows each (stage, rule) rejected."""
        ...

    def equity_curve(self) -> Sequence[EquityMark]:
        """Return the account at every mark, oldest first."""
        ...

    def notes(self) -> Sequence[StoredNote]:
        """Return the notes for people, oldest first."""
        ...
