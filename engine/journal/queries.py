"""Find things in a journal: by id, by flow, by trade, and as columns."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import numpy as np

from engine.contracts.batches import BatchReport
from engine.contracts.context import ColumnSpec
from engine.contracts.directives import StrategyDirective
from engine.contracts.events import TICK_RECEIVED
from engine.contracts.execution import ExecutionGroup
from engine.contracts.flows import FlowOutcome, OutcomeKind, Remark
from engine.contracts.market import BAR_COLUMNS
from engine.contracts.orders import Fill, Order, Position, Trade
from engine.contracts.schedules import GroupPlan
from engine.journal.journal import FILL_ROWS, GROUP_ROWS, ORDER_ROWS, POSITION_ROWS, TRADE_ROWS
from engine.journal.notes import read_note
from engine.journal.ticks import slot_of, slots_of, times_of, values_of
from engine.ports.journal import (
    EquityMark,
    SessionHeader,
    StoredFlow,
    StoredNode,
    StoredNote,
    StoredStrategy,
    TickColumns,
    TickRow,
)
from engine.primitives.ids import TICK, id_pattern
from engine.storage.database import Cell, Reader

_HAS_PLANS: Final = 5
"""Version of the schema from which on plans of groups are kept."""
_HAS_BATCHES: Final = 6
"""Version of the schema from which on reports of batches are kept."""
_BIRTHS: Final = ("TCK_", "SCH_", "NWS_", "USR_", "LDG_")


class SqliteJournalReader:
    """Implements `engine.ports.journal.JournalReader`; it belongs to the thread that makes it.

    Args:
        path: The session's file; it may be written at the same time.

    Raises:
        LedgerMismatch: the file is missing, damaged, or none of ours.
    """

    def __init__(self, path: Path) -> None:
        self._reader = Reader(path)

    def session(self) -> SessionHeader | None:
        """Return what the session was."""
        row = self._reader.row("SELECT * FROM session")
        if row is None:
            return None
        names = ("session_id", "operation", "mode", "label", "started_ns")
        return SessionHeader(**{name: row[name] for name in names}, facts=json.loads(row["facts"]))

    def strategies(self) -> Sequence[StoredStrategy]:
        """Return the strategies of the session."""
        return [
            StoredStrategy(
                strategy_id=row["strategy_id"],
                symbol=row["symbol"],
                timeframe=row["timeframe"],
                columns=tuple(ColumnSpec.model_validate_json(json.dumps(spec)) for spec in json.loads(row["columns"])),
                wiring_hash=row["wiring_hash"],
            )
            for row in self._reader.rows("SELECT * FROM strategy ORDER BY rowid")
        ]

    def flow(self, flow_id: str) -> StoredFlow | None:
        """Return one flow, also a quiet one."""
        row = self._reader.row("SELECT * FROM flow WHERE flow_id = ?", (flow_id,))
        if row is not None:
            return _flow(row)
        found = self._tick(flow_id)
        if found is None or not found[0]["quiet"][found[1]]:
            return None
        block, index = found
        return StoredFlow(
            flow_id=flow_id,
            strategy_id=block["strategy_id"],
            born_ns=int(times_of(block)[index]),
            birth_event=TICK_RECEIVED.name,
            outcome=FlowOutcome(kind=OutcomeKind.NO_OPPORTUNITY),
            is_quiet=True,
        )

    def flows(
        self,
        *,
        strategy_id: str | None = None,
        outcome: OutcomeKind | None = None,
        limit: int = 100,
        offset: int = 0,
    ) -> Sequence[StoredFlow]:
        """Return a page of the flows in which something was said, newest first."""
        rows = self._reader.rows(
            "SELECT * FROM flow WHERE (:strategy IS NULL OR strategy_id = :strategy)"
            " AND (:outcome IS NULL OR outcome = :outcome) ORDER BY seq DESC LIMIT :limit OFFSET :offset",
            {
                "strategy": strategy_id,
                "outcome": None if outcome is None else outcome.value,
                "limit": limit,
                "offset": offset,
            },
        )
        return [_flow(row) for row in rows]

    def all_flows(self) -> Iterator[StoredFlow]:
        """Give every flow in which something was said, oldest first."""
        for row in self._reader.rows("SELECT * FROM flow ORDER BY seq"):
            yield _flow(row)

    def node(self, node_id: str) -> StoredNode | None:
        """Return the first note with this id."""
        row = self._reader.row("SELECT * FROM node WHERE node_id = ? ORDER BY rowid", (node_id,))
        return None if row is None else _node(row)

    def nodes_of_flow(self, flow_id: str) -> Sequence[StoredNode]:
        """Return the notes of a flow in the order in which they were published."""
        return [
            _node(row) for row in self._reader.rows("SELECT * FROM node WHERE flow_id = ? ORDER BY seq", (flow_id,))
        ]

    def directives_about(self, trade_id: str) -> Sequence[StoredNode]:
        """Return every `StrategyDirective` that names a trade as its target, oldest first. Looks through all notes."""
        rows = self._reader.rows(
            "SELECT * FROM node WHERE type = ? AND instr(body, ?) ORDER BY rowid",
            (StrategyDirective.__name__, trade_id),
        )
        nodes = [(node, node.payload) for node in map(_node, rows)]
        return [
            node
            for node, directive in nodes
            if isinstance(directive, StrategyDirective) and trade_id in directive.target_trade_ids
        ]

    def remarks_of_flow(self, flow_id: str) -> Sequence[Remark]:
        """Return what was remembered beside the notes."""
        rows = self._reader.rows("SELECT worker, topic, text FROM remark WHERE flow_id = ? ORDER BY seq", (flow_id,))
        return [Remark(**row) for row in rows]

    def flow_of(self, identifier: str) -> str | None:
        """Return the id of the flow that an id comes from."""
        if identifier.startswith(_BIRTHS) and self.flow(identifier) is not None:
            return identifier
        row = self._reader.row("SELECT flow_id FROM node WHERE node_id = ? ORDER BY rowid", (identifier,))
        if row is None:
            row = self._reader.row(_FLOW_OF_BOOKS, {"id": identifier})
        return None if row is None else str(row["flow_id"])

    def tick_row(self, strategy_id: str, flow_id: str) -> TickRow | None:
        """Return the enriched row of the tick that gave birth to a flow."""
        found = self._tick(flow_id, strategy_id)
        if found is None:
            return None
        block, index = found
        *values, strength, weakness = values_of(block)[index].tolist()
        return TickRow(
            strategy_id=strategy_id,
            closed_ns=int(times_of(block)[index]),
            values=dict(zip(self._columns_of(strategy_id), values, strict=True)),
            strength=strength,
            weakness=weakness,
            is_quiet=bool(block["quiet"][index]),
        )

    def tick_columns(self, strategy_id: str) -> TickColumns:
        """Return all ticks of a strategy."""
        names = self._columns_of(strategy_id)
        blocks = list(
            self._reader.rows("SELECT * FROM tick_block WHERE strategy_id = ? ORDER BY number", (strategy_id,))
        )
        values = np.concatenate([values_of(block) for block in blocks] or [np.empty((0, len(names) + 2))])
        closed = np.concatenate([times_of(block) for block in blocks] or [np.empty(0, np.int64)])
        return TickColumns(
            closed_ns=closed,
            values={name: values[:, place] for place, name in enumerate(names)},
            strength=values[:, -2],
            weakness=values[:, -1],
        )

    def group(self, group_id: str) -> ExecutionGroup | None:
        """Return a group as it stood last."""
        row = self._reader.row("SELECT * FROM execution_group WHERE group_id = ?", (group_id,))
        return None if row is None else GROUP_ROWS.note(row)

    def groups_of_directive(self, directive_id: str) -> Sequence[ExecutionGroup]:
        """Return the groups that a directive led to, oldest first."""
        sql = "SELECT * FROM execution_group WHERE parent_directive_id = ? ORDER BY rowid"
        return [GROUP_ROWS.note(row) for row in self._reader.rows(sql, (directive_id,))]

    def group_plan(self, group_id: str) -> GroupPlan | None:
        """Return the plan of a group as it stood last; None for one without an entry, and in older journals."""
        if self._reader.version() < _HAS_PLANS:
            return None
        row = self._reader.row("SELECT body FROM group_plan WHERE group_id = ?", (group_id,))
        return None if row is None else GroupPlan.model_validate_json(row["body"])

    def group_plans(self) -> Sequence[GroupPlan]:
        """Return the plans of all groups as they stood last, oldest first; none in older journals."""
        if self._reader.version() < _HAS_PLANS:
            return ()
        rows = self._reader.rows("SELECT body FROM group_plan ORDER BY rowid")
        return [GroupPlan.model_validate_json(row["body"]) for row in rows]

    def batch(self, batch_id: str) -> BatchReport | None:
        """Return how a batch stood last; None for one that is not kept: a backtest's, an emergency's, an older journal's."""
        if self._reader.version() < _HAS_BATCHES:
            return None
        row = self._reader.row("SELECT body FROM batch WHERE batch_id = ?", (batch_id,))
        return None if row is None else BatchReport.model_validate_json(row["body"])

    def notes_naming(self, identifier: str) -> Sequence[StoredNote]:
        """Return the notes for people in which an id stands, oldest first. Looks through all notes."""
        rows = self._reader.rows(
            "SELECT at_ns, level, source, text FROM note WHERE instr(text, ?) ORDER BY seq", (identifier,)
        )
        return [StoredNote(**row) for row in rows]

    def order(self, order_id: str) -> Order | None:
        """Return an order as it stood last."""
        return next(self._orders("order_id", order_id), None)

    def orders_of_group(self, group_id: str) -> Sequence[Order]:
        """Return the orders of a group, oldest first."""
        return list(self._orders("group_id", group_id))

    def orders_of_trade(self, trade_id: str) -> Sequence[Order]:
        """Return the orders of a trade, oldest first."""
        return list(self._orders("trade_id", trade_id))

    def fills_of_order(self, order_id: str) -> Sequence[Fill]:
        """Return the executions of an order, oldest first."""
        rows = self._reader.rows("SELECT * FROM fill WHERE order_id = ? ORDER BY rowid", (order_id,))
        return [FILL_ROWS.note(row) for row in rows]

    def fills_of_trade(self, trade_id: str) -> Sequence[Fill]:
        """Return the executions of a trade, oldest first."""
        rows = self._reader.rows("SELECT * FROM fill WHERE trade_id = ? ORDER BY rowid", (trade_id,))
        return [FILL_ROWS.note(row) for row in rows]

    def trade(self, trade_id: str) -> Trade | None:
        """Return a trade as it stood last."""
        row = self._reader.row("SELECT * FROM trade WHERE trade_id = ?", (trade_id,))
        return None if row is None else TRADE_ROWS.note(row)

    def trades(self, strategy_id: str | None = None) -> Sequence[Trade]:
        """Return all trades, oldest first."""
        sql = "SELECT * FROM trade WHERE (:strategy IS NULL OR strategy_id = :strategy) ORDER BY rowid"
        return [TRADE_ROWS.note(row) for row in self._reader.rows(sql, {"strategy": strategy_id})]

    def positions(self) -> Sequence[Position]:
        """Return all positions as they stood last, also flat ones."""
        return [POSITION_ROWS.note(row) for row in self._reader.rows("SELECT * FROM position ORDER BY rowid")]

    def outcome_counts(self) -> Mapping[OutcomeKind, int]:
        """Return how many flows ended how, quiet ones among NO_OPPORTUNITY."""
        counts = {
            OutcomeKind(row["outcome"]): int(row["n"])
            for row in self._reader.rows("SELECT outcome, count(*) AS n FROM flow GROUP BY outcome ORDER BY outcome")
        }
        quiet = self._reader.row("SELECT coalesce(sum(quiet_count), 0) AS n FROM tick_block")
        if quiet is not None and quiet["n"]:
            counts[OutcomeKind.NO_OPPORTUNITY] = counts.get(OutcomeKind.NO_OPPORTUNITY, 0) + int(quiet["n"])
        return counts

    def rejection_counts(self) -> Mapping[tuple[str, str], int]:
        """Return how many flows each (stage, rule) rejected."""
        rows = self._reader.rows(
            "SELECT stage, rule, count(*) AS n FROM flow WHERE outcome = ? GROUP BY stage, rule ORDER BY stage, rule",
            (OutcomeKind.REJECTED.value,),
        )
        return {(row["stage"], row["rule"]): int(row["n"]) for row in rows}

    def equity_curve(self) -> Sequence[EquityMark]:
        """Return the account at every mark, oldest first."""
        rows = self._reader.rows("SELECT at_ns, cash, positions_value, equity FROM equity ORDER BY at_ns")
        money = ("cash", "positions_value", "equity")
        return [EquityMark(row["at_ns"], *(Decimal(row[name]) for name in money)) for row in rows]

    def notes(self) -> Sequence[StoredNote]:
        """Return the notes for people, oldest first."""
        rows = self._reader.rows("SELECT at_ns, level, source, text FROM note ORDER BY seq")
        return [StoredNote(**row) for row in rows]

    def quick_check(self) -> tuple[str, ...]:
        """Return what is wrong with the file; empty when it is sound."""
        return self._reader.quick_check()

    def close(self) -> None:
        """Give the file free."""
        self._reader.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _orders(self, column: str, value: Cell) -> Iterator[Order]:
        # The column is one of three names in this module.
        rows = self._reader.rows(f"SELECT * FROM orders WHERE {column} = ? ORDER BY rowid", (value,))  # noqa: S608
        return (ORDER_ROWS.note(row) for row in rows)

    def _columns_of(self, strategy_id: str) -> tuple[str, ...]:
        row = self._reader.row("SELECT columns FROM strategy WHERE strategy_id = ?", (strategy_id,))
        if row is None:
            return BAR_COLUMNS
        return (*BAR_COLUMNS, *(spec["name"] for spec in json.loads(row["columns"])))

    def _tick(self, flow_id: str, strategy_id: str | None = None) -> tuple[dict[str, Any], int] | None:
        if re.match(id_pattern(TICK), flow_id) is None:
            return None
        second, number = slot_of(flow_id)
        blocks = self._reader.rows(
            "SELECT * FROM tick_block WHERE first_second <= :second AND last_second >= :second"
            " AND (:strategy IS NULL OR strategy_id = :strategy)",
            {"second": second, "strategy": strategy_id},
        )
        for block in blocks:
            places = np.flatnonzero((slots_of(block) == (second, number)).all(axis=1))
            if len(places):
                return block, int(places[0])
        return None


_FLOW_OF_BOOKS: Final = """
WITH directive(id) AS (
    SELECT parent_directive_id FROM execution_group WHERE group_id = :id
    UNION ALL
    SELECT g.parent_directive_id FROM orders o JOIN execution_group g USING (group_id) WHERE o.order_id = :id
    UNION ALL
    SELECT g.parent_directive_id FROM orders o JOIN execution_group g USING (group_id) WHERE o.trade_id = :id
    UNION ALL
    SELECT g.parent_directive_id FROM fill f JOIN execution_group g USING (group_id) WHERE f.fill_id = :id
    UNION ALL
    SELECT g.parent_directive_id FROM position p JOIN orders o USING (strategy_id, symbol)
    JOIN execution_group g USING (group_id) WHERE p.position_id = :id
)
SELECT node.flow_id FROM directive JOIN node ON node.node_id = directive.id ORDER BY node.rowid LIMIT 1
"""


def _flow(row: Mapping[str, Any]) -> StoredFlow:
    return StoredFlow(
        flow_id=row["flow_id"],
        strategy_id=row["strategy_id"],
        born_ns=row["born_ns"],
        birth_event=row["birth_event"],
        outcome=FlowOutcome(
            kind=OutcomeKind(row["outcome"]),
            stage=row["stage"],
            rule=row["rule"],
            reason=row["reason"],
            error=row["error"],
        ),
        wiring_hash=row["wiring_hash"],
    )


def _node(row: Mapping[str, Any]) -> StoredNode:
    names = ("flow_id", "seq", "node_id", "event", "worker", "method")
    return StoredNode(**{name: row[name] for name in names}, payload=read_note(row["type"], row["body"]))
