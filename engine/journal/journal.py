"""The journal of a session: takes facts in order and writes them in blocks."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from engine.contracts.base import Contract
from engine.contracts.batches import BatchReport
from engine.contracts.carried import CarriedBooks, CarriedVenue
from engine.contracts.commands import Command, CommandAnswer
from engine.contracts.context import AssessedContext, ColumnSpec, Scorer
from engine.contracts.events import TICK_RECEIVED, UI_FLOW_TERMINATED
from engine.contracts.execution import ExecutionGroup
from engine.contracts.flows import FlowOutcome, FlowRecord, OutcomeKind
from engine.contracts.market import BAR_COLUMNS, FloatMatrix, IntColumn
from engine.contracts.orders import AccountSnapshot, Fill, Order, Position, Trade
from engine.contracts.schedules import GroupPlan
from engine.contracts.worker_state import SavedState
from engine.journal.inputs import InputKind
from engine.journal.states import STATE_ROWS
from engine.journal.texts import text_of, texts_of
from engine.journal.ticks import Slot, TickBlock
from engine.ports.clock import Clock
from engine.ports.journal import ACCOUNT, CLOSING, PAUSED, SessionHeader
from engine.ports.ledger import LedgerChange, Worth
from engine.primitives.errors import ConfigError
from engine.primitives.ids import TICK, IdSlot
from engine.primitives.kill_switch import IS_ARMED, kill_point
from engine.primitives.timeframes import ns_from_datetime
from engine.storage import schema
from engine.storage.database import Durability, Reader, Row, as_json
from engine.storage.fallback import FallbackFile
from engine.storage.rows import RowCodec, decimal_text
from engine.storage.schema import Table
from engine.storage.writer import DatabaseWriter

BACKTEST_BLOCK: Final = 4096
"""Ticks per block where speed counts and a crash costs a run that can be made again."""
LIVE_BLOCK: Final = 1
"""Ticks per block where a person watches: each is on disk as soon as its flow has ended."""
_BATCH: Final = 1024
"""Facts that are handed over together in a backtest; where a person watches, each at once."""

ORDER_ROWS: Final = RowCodec(Order)
FILL_ROWS: Final = RowCodec(Fill)
GROUP_ROWS: Final = RowCodec(ExecutionGroup)
POSITION_ROWS: Final = RowCodec(Position)
TRADE_ROWS: Final = RowCodec(Trade)


_Four = tuple[str | None, str | None, str | None, str | None]
_Two = tuple[str | None, str | None]
_UNTOUCHED: Final[_Four] = (None, None, None, None)


def _plan_rows(plans: Iterable[GroupPlan]) -> Sequence[Row]:
    return [(plan.group_id, text_of(plan)) for plan in plans]


@dataclass(frozen=True, slots=True)
class _Standing:
    """How an account stands until something is booked: what many marks in a row have in common."""

    account: AccountSnapshot
    cash_text: str
    rest: tuple[str, str, str]

    @classmethod
    def of(cls, account: AccountSnapshot) -> "_Standing":
        rest = (decimal_text(account.fees_paid), decimal_text(account.realised_pnl), account.currency)
        return cls(account, decimal_text(account.cash), rest)


def _equity_rows(marks: Iterable[tuple[Worth, _Standing]]) -> Sequence[Row]:
    # All together, for there is one of every bar on which something is held.
    return [
        (at_ns, it.cash_text, decimal_text(worth), decimal_text(it.account.cash + worth), *it.rest)
        for (at_ns, worth), it in marks
    ]


def _fill_row(fill: Fill, account: str) -> Row:
    *first, fee_currency = FILL_ROWS.row(fill)
    return (*first, account, fee_currency)


def _batch_rows(reports: Iterable[BatchReport]) -> Sequence[Row]:
    return [(report.batch_id, text_of(report)) for report in reports]


_PROJECTIONS: Final[Mapping[str, Callable[[Iterable[Any]], Sequence[Row]]]] = {
    schema.TRADE.name: TRADE_ROWS.rows,
    schema.EXECUTION_GROUP.name: GROUP_ROWS.rows,
    schema.GROUP_PLAN.name: _plan_rows,
    schema.BATCH.name: _batch_rows,
    schema.ORDERS.name: ORDER_ROWS.rows,
    schema.POSITION.name: POSITION_ROWS.rows,
    schema.EQUITY.name: _equity_rows,
    schema.WORKER_STATE.name: STATE_ROWS.rows,
}
"""How the notes of each projection are written."""

_HAND_OVER: Final = (
    schema.FLOW,
    schema.NODE,
    schema.REMARK,
    schema.TRADE,
    schema.EXECUTION_GROUP,
    schema.GROUP_PLAN,
    schema.BATCH,
    schema.ORDERS,
    schema.POSITION,
    schema.FILL,
    schema.LEDGER_EVENT,
    schema.EQUITY,
    schema.WORKER_STATE,
)
"""Tables that collect rows before they are handed over: those that are pointed at first."""


class SqliteJournal:
    """Implements `engine.ports.journal.JournalWriter` on one file per session.

    It is called from one thread. Rows collect in memory and go to the writer's thread in batches; of a projection only
    the latest row in a batch is written.

    Args:
        path: The session's own file; made here.
        clock: The engine's clock, for the end of the session.
        block_size: Ticks per block: `BACKTEST_BLOCK` or `LIVE_BLOCK`. With 1 no fact waits in memory.
        durability: What a commit survives: NORMAL will do for a backtest.
        account: Names the account in the fills; with symbol and venue trade id an execution is there once.
        fallback: Takes what the file cannot take any more; without one a full disk ends the session.

    Raises:
        ConfigError: the file holds a session already.
        LedgerMismatch: the file cannot be opened; the message says why and what to do.
    """

    def __init__(
        self,
        path: Path,
        *,
        clock: Clock,
        block_size: int = LIVE_BLOCK,
        durability: Durability = Durability.FULL,
        account: str = "main",
        fallback: FallbackFile | None = None,
    ) -> None:
        self.path = path
        self._clock = clock
        self._account = account
        self._block_size = block_size
        self._batch_size = min(block_size, _BATCH)
        self._blocks: dict[str, TickBlock] = {}
        self._rows: dict[str, list[Row]] = {table.name: [] for table in _HAND_OVER if not table.is_projection}
        self._latest: dict[str, dict[object, object]] = {table.name: {} for table in _HAND_OVER if table.is_projection}
        self._waiting = 0
        self._changes: list[LedgerChange] = []
        self._standing: _Standing | None = None
        self._flow_seq = self._event_seq = self._note_seq = self._input_seq = 0
        self._header: SessionHeader | None = None
        self._is_closed = False
        self._writer = DatabaseWriter(path, durability=durability, fallback=fallback)
        if _holds_a_session(path):
            self._writer.close()
            raise ConfigError("This file holds a session already: each session has a file of its own", path=path)

    @property
    def failure(self) -> str:
        """Why the file takes nothing more; empty while all is well."""
        return self._writer.failure

    def open_session(
        self,
        header: SessionHeader,
        states: Sequence[SavedState] = (),
        left: CarriedBooks | None = None,
        venue: CarriedVenue | None = None,
    ) -> None:
        """Write down what this session is, together with what it goes on with: states, books, the simulated venue's."""
        self._header = header
        inputs = [
            (kind, note.model_dump_json())
            for kind, note in ((InputKind.BOOKS, left), (InputKind.VENUE, venue))
            if note is not None
        ]
        # Together: a session that was killed here must not be one that has lost what it was to go on with.
        self._writer.give_together(
            [
                (schema.SESSION, [self._session_row(header)]),
                (schema.WORKER_STATE, [STATE_ROWS.row(state) for state in states]),
                *(() if left is None else self._carried_rows(left)),
                (schema.INPUT, [(seq, kind, body) for seq, (kind, body) in enumerate(inputs)]),
            ]
        )
        self._input_seq = len(inputs)

    def _carried_rows(self, left: CarriedBooks) -> Sequence[tuple[Table, Sequence[Row]]]:
        at_ns = ns_from_datetime(left.as_of)
        allowed = (ACCOUNT, left.trading_state.value, left.latch_reason, at_ns)
        paused = [(strategy_id, PAUSED, reason, at_ns) for strategy_id, reason in left.pauses.items()]
        closing = [(trade_id, CLOSING, reason, at_ns) for trade_id, reason in left.closings.items()]
        return (
            (schema.TRADE, [TRADE_ROWS.row(trade) for trade in left.trades]),
            (schema.EXECUTION_GROUP, [GROUP_ROWS.row(group) for group in left.groups]),
            (schema.ORDERS, [ORDER_ROWS.row(order) for order in left.orders]),
            (schema.POSITION, [POSITION_ROWS.row(position) for position in left.positions]),
            (schema.FILL, [_fill_row(fill, self._account) for fill in left.fills]),
            (schema.STANDING, [allowed, *paused, *closing]),
        )

    def open_strategy(
        self, strategy_id: str, *, symbol: str, timeframe: str, columns: Sequence[ColumnSpec], wiring_hash: str
    ) -> None:
        """Write down what a strategy's ticks look like."""
        specs = as_json([spec.model_dump(mode="json") for spec in columns])
        self._writer.give(schema.STRATEGY, [(strategy_id, symbol, timeframe, specs, wiring_hash)])
        self._blocks[strategy_id] = TickBlock(strategy_id, width=len(BAR_COLUMNS) + len(columns), size=self._block_size)

    def configuration(self, files: Mapping[str, str]) -> None:
        """Remember the text of every file that the session was set up from, by name."""
        self._writer.give(schema.CONFIG_FILE, list(files.items()))

    def came_in(self, kind: str, body: str) -> None:
        """Remember an input before it is acted on."""
        self._writer.give(schema.INPUT, [(self._input_seq, kind, body)])
        self._input_seq += 1
        if IS_ARMED:
            self._writer.commit()
            kill_point("input.kept")

    def tick(self, strategy_id: str, assessed: AssessedContext) -> None:
        """Remember the enriched row of a tick. Cheap: rows are written in blocks."""
        block = self._blocks[strategy_id]
        if block.count == block.size:
            self._give_block(block)
        block.add(assessed, is_quiet=False)

    def quiet_tick(self, strategy_id: str, assessed: AssessedContext) -> None:
        """Remember the same of a tick in whose flow nobody said anything: NO_OPPORTUNITY."""
        block = self._blocks[strategy_id]
        if block.count == block.size:
            self._give_block(block)
        block.add(assessed, is_quiet=True)
        if block.count == block.size:
            self._give_block(block)

    def quiet_ticks(self, strategy_id: str, rows: FloatMatrix, *, closed_ns: IntColumn, scorer: Scorer) -> None:
        """Remember many ticks at once in whose flows nobody said anything; each was the first thing of its second."""
        block, first = self._blocks[strategy_id], 0
        while first < len(rows):
            if block.count == block.size:
                self._give_block(block)
            end = first + block.size - block.count
            block.add_quiet(rows[first:end], closed_ns[first:end], scorer)
            first = end
        if block.count == block.size:
            self._give_block(block)

    def flow(self, record: FlowRecord) -> None:
        """Remember a flow in which something was said."""
        self._flow_row(
            record.flow_id,
            record.strategy_id,
            record.born_ns,
            record.birth_event,
            record.outcome,
            record.wiring_hash,
        )
        # UI_FLOW_TERMINATED repeats `_flow_stop` for the window, word for word.
        nodes = [node for node in record.nodes if node.event != UI_FLOW_TERMINATED.name]
        texts = texts_of([node.payload for node in nodes])
        self._rows["node"].extend(
            [
                (
                    record.flow_id,
                    node.seq,
                    node.node_id,
                    node.event,
                    node.worker,
                    node.method,
                    type(node.payload).__name__,
                    text,
                )
                for node, text in zip(nodes, texts, strict=True)
            ]
        )
        if record.remarks:
            self._rows["remark"].extend(
                (record.flow_id, seq, remark.worker, remark.topic, remark.text)
                for seq, remark in enumerate(record.remarks)
            )
        for state in record.states:
            self._latest["worker_state"][state.strategy_id, state.worker_id] = state
        self._give_full_block(record.strategy_id)
        self._took(1)

    def quiet_flow(self, strategy_id: str, flow_slot: Slot, born_ns: int) -> None:
        """Remember a tick flow that ended with nothing said before there was a row to assess: NO_OPPORTUNITY."""
        flow_id = IdSlot(*flow_slot).write(TICK)
        outcome = FlowOutcome(kind=OutcomeKind.NO_OPPORTUNITY)
        self._flow_row(flow_id, strategy_id, born_ns, TICK_RECEIVED.name, outcome, "")
        self._took(1)

    def ledger(self, change: LedgerChange) -> None:
        """Remember a change of the books."""
        self._changes.append(change)
        self._took(1)

    def _take_in_changes(self) -> None:
        """Turn the changes of the books into rows, all together, in their order."""
        latest, events, fills = self._latest, self._rows["ledger_event"], self._rows["fill"]
        trades, groups, orders = latest["trade"], latest["execution_group"], latest["orders"]
        positions = latest["position"]
        for at, strategy_id, order, fill, position, trade, group, funding, _, refused in self._changes:
            of_order = of_trade = _UNTOUCHED
            of_group: _Two = (None, None)
            fill_id, kind, body = None, "TRADE", ""
            if trade is not None:
                trades[trade.trade_id] = trade
                of_trade = _of_trade(trade)
            if group is not None:
                groups[group.group_id] = group
                kind, of_group = "GROUP", (group.group_id, str(group.status))
            if order is not None:
                orders[order.order_id] = order
                kind, filled = "ORDER", order.filled_quantity
                of_order = (order.order_id, str(order.status), decimal_text(filled) if filled else "0", order.reason)
            if position is not None:
                positions[position.position_id] = position
            if funding is not None:
                kind, body = "FUNDING", f'{{"funding":{_json_of(funding)}}}'
            if fill is not None:
                fills.append(_fill_row(fill, self._account))
                kind, fill_id = "FILL", fill.fill_id
            if refused:
                kind = "REFUSED"
            at_ns = ns_from_datetime(at)
            events.append(
                (
                    self._event_seq,
                    at_ns,
                    strategy_id,
                    kind,
                    refused,
                    body,
                    *of_order,
                    *of_trade,
                    *of_group,
                    fill_id,
                )
            )
            self._event_seq += 1
        self._changes.clear()

    def plan(self, plan: GroupPlan) -> None:
        """Remember the plan of a group as it stands now."""
        self._latest["group_plan"][plan.group_id] = plan
        self._took(1)

    def batch(self, report: BatchReport) -> None:
        """Remember how a batch stands now."""
        self._latest["batch"][report.batch_id] = report
        self._took(1)

    def equity(self, account: AccountSnapshot) -> None:
        """Remember how the account stood at a mark; of several at one instant the last."""
        self.equity_along(account, ((ns_from_datetime(account.at), account.positions_value),))

    def equity_along(self, account: AccountSnapshot, worths: Sequence[Worth]) -> None:
        """Remember how the account stood at many marks; of several at one instant the last."""
        standing, latest = self._standing, self._latest["equity"]
        if standing is None or standing.account is not account:
            self._standing = standing = _Standing.of(account)
        for worth in worths:
            latest[worth[0]] = (worth, standing)
        self._took(len(worths))

    def command(self, command: Command, answer: CommandAnswer) -> None:
        """Remember what a person asked and what the answer was."""
        row = (
            command.command_id,
            ns_from_datetime(command.asked_at),
            command.kind,
            answer.status.value,
            answer.text,
            command.model_dump_json(),
        )
        self._writer.give(schema.COMMAND, [row])

    def standing(self, subject: str, state: str, reason: str, at_ns: int) -> None:
        """Remember what the account (`ACCOUNT`) or a strategy may do from now on, or that a trade is `CLOSING`."""
        self._writer.give(schema.STANDING, [(subject, state, reason, at_ns)])

    def note(self, *, at_ns: int, level: str, source: str, text: str) -> None:
        """Remember something that a person should be able to find: a pause, a quarantine, a gap in the data."""
        self._writer.give(schema.NOTE, [(self._note_seq, at_ns, level, source, text)])
        self._note_seq += 1

    def commit(self) -> None:
        """Wait until everything given so far is on disk.

        Raises:
            LedgerMismatch: it could not be written; the message says what to do.
        """
        self._give_all()
        kill_point("journal.before")
        self._writer.commit()
        kill_point("journal.kept")

    def close(self) -> None:
        """Commit, write the end of the session, and give the file free. A second call does nothing.

        Raises:
            LedgerMismatch: something that was given is not on disk.
        """
        if self._is_closed:
            return
        self._is_closed = True
        try:
            self._give_all()
            if self._header is not None:
                row = self._session_row(self._header, ended_ns=self._clock.now_ns())
                self._writer.give(schema.SESSION, [row])
        finally:
            self._writer.close()

    def _flow_row(
        self, flow_id: str, strategy_id: str, born_ns: int, birth_event: str, outcome: FlowOutcome, wiring_hash: str
    ) -> None:
        self._rows["flow"].append(
            (
                flow_id,
                self._flow_seq,
                strategy_id,
                born_ns,
                birth_event,
                outcome.kind.value,
                outcome.stage,
                outcome.rule,
                outcome.reason,
                outcome.error,
                wiring_hash,
            )
        )
        self._flow_seq += 1

    def _took(self, facts: int) -> None:
        self._waiting += facts
        if self._waiting >= self._batch_size:
            self._give_rows()

    def _give_rows(self) -> None:
        self._waiting = 0
        self._take_in_changes()
        # Together: after a crash an order that filled must not be there without its fill.
        self._writer.give_together([(table, self._taken(table)) for table in _HAND_OVER])

    def _taken(self, table: Table) -> Sequence[Row]:
        if table.is_projection:
            latest = self._latest[table.name]
            if not latest:
                return ()
            self._latest[table.name] = {}
            # Only now: of many changes the last alone becomes a row.
            return _PROJECTIONS[table.name](latest.values())
        rows = self._rows[table.name]
        if rows:
            self._rows[table.name] = []
        return rows

    def _give_full_block(self, strategy_id: str) -> None:
        block = self._blocks.get(strategy_id)
        if block is not None and block.count == block.size:
            self._give_block(block)

    def _give_block(self, block: TickBlock) -> None:
        row = block.take_row()
        if row is not None:
            self._writer.give(schema.TICK_BLOCK, [row])

    def _give_all(self) -> None:
        for block in self._blocks.values():
            self._give_block(block)
        self._give_rows()

    def _session_row(self, header: SessionHeader, *, ended_ns: int | None = None) -> Row:
        return (
            header.session_id,
            header.operation,
            header.mode,
            header.label,
            header.started_ns,
            ended_ns,
            self._account,
            as_json(dict(header.facts)),
        )


def _json_of(note: Contract) -> str:
    """Return the text of `model_dump_json` without its options."""
    return note.__pydantic_serializer__.to_json(note).decode()


def _of_trade(trade: Trade) -> _Four:
    stop, target = trade.stop_loss_price, trade.take_profit_price
    return (
        trade.trade_id,
        str(trade.status),
        None if stop is None else decimal_text(stop),
        None if target is None else decimal_text(target),
    )


def _holds_a_session(path: Path) -> bool:
    with Reader(path) as reader:
        return reader.row("SELECT session_id FROM session") is not None
