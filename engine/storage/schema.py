"""The tables of a session's file, their version, and the steps from one version to the next.

A file is of version *n* when the first *n* `MIGRATIONS` were applied to it (`PRAGMA user_version`). A step is never
changed once a file was written with it: what changes gets a step of its own.
"""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import sqlite_utils

from engine.primitives.errors import LedgerMismatch
from engine.storage.database import refusal


@dataclass(frozen=True, slots=True)
class Table:
    """One table. `columns` in the order in which rows are given.

    A `is_projection` table keeps the latest row of each key; the others take every row once and refuse a second one.
    `optional` columns may be NULL.
    """

    name: str
    columns: Mapping[str, type]
    primary_key: tuple[str, ...]
    optional: frozenset[str] = frozenset()
    unique: tuple[tuple[str, ...], ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()
    references: tuple[tuple[str, str, str], ...] = ()
    """(column, table, column there)."""
    is_projection: bool = False
    statement: str = field(init=False)
    """How a row is written."""

    def __post_init__(self) -> None:
        names = ", ".join(self.columns)
        marks = ", ".join("?" * len(self.columns))
        # Table and column names are the constants below; values always travel as parameters.
        text = f"INSERT INTO {self.name} ({names}) VALUES ({marks})"  # noqa: S608
        if self.is_projection:
            # Not INSERT OR REPLACE: that deletes the old row first, and the rows that point at it object.
            rest = ", ".join(f"{name} = excluded.{name}" for name in self.columns if name not in self.primary_key)
            text += f" ON CONFLICT ({', '.join(self.primary_key)}) DO UPDATE SET {rest}"
        object.__setattr__(self, "statement", text)


SESSION: Final = Table(
    "session",
    {
        "session_id": str,
        "operation": str,
        "mode": str,
        "label": str,
        "started_ns": int,
        "ended_ns": int,
        "account": str,
        "facts": str,
    },
    primary_key=("session_id",),
    optional=frozenset({"ended_ns"}),
    is_projection=True,
)
STRATEGY: Final = Table(
    "strategy",
    {"strategy_id": str, "symbol": str, "timeframe": str, "columns": str, "wiring_hash": str},
    primary_key=("strategy_id",),
)
TICK_BLOCK: Final = Table(
    "tick_block",
    {
        "strategy_id": str,
        "number": int,
        "first_ns": int,
        "last_ns": int,
        "first_second": int,
        "last_second": int,
        "count": int,
        "quiet_count": int,
        "slots": bytes,
        "times": bytes,
        "row_values": bytes,
        "quiet": bytes,
    },
    primary_key=("strategy_id", "number"),
    indexes=(("first_second", "last_second"),),
    references=(("strategy_id", "strategy", "strategy_id"),),
)
FLOW: Final = Table(
    "flow",
    {
        "flow_id": str,
        "seq": int,
        "strategy_id": str,
        "born_ns": int,
        "birth_event": str,
        "outcome": str,
        "stage": str,
        "rule": str,
        "reason": str,
        "error": str,
        "wiring_hash": str,
    },
    primary_key=("flow_id",),
    indexes=(("seq",), ("outcome",)),
)
NODE: Final = Table(
    "node",
    {
        "flow_id": str,
        "seq": int,
        "node_id": str,
        "event": str,
        "worker": str,
        "method": str,
        "type": str,
        "body": str,
    },
    primary_key=("flow_id", "seq"),
    indexes=(("node_id",),),
    references=(("flow_id", "flow", "flow_id"),),
)
REMARK: Final = Table(
    "remark",
    {"flow_id": str, "seq": int, "worker": str, "topic": str, "text": str},
    primary_key=("flow_id", "seq"),
    references=(("flow_id", "flow", "flow_id"),),
)
TRADE: Final = Table(
    "trade",
    {
        "trade_id": str,
        "strategy_id": str,
        "symbol": str,
        "direction": str,
        "status": str,
        "opened_ns": int,
        "closed_ns": int,
        "entry_quantity": str,
        "exit_quantity": str,
        "entry_value": str,
        "exit_value": str,
        "fees": str,
        "stop_loss_price": str,
        "take_profit_price": str,
        "exit_reason": str,
    },
    primary_key=("trade_id",),
    optional=frozenset({"closed_ns", "stop_loss_price", "take_profit_price"}),
    is_projection=True,
)
EXECUTION_GROUP: Final = Table(
    "execution_group",
    {
        "group_id": str,
        "parent_directive_id": str,
        "strategy_id": str,
        "execution_strategy": str,
        "order_ids": str,
        "status": str,
        "created_ns": int,
        "completed_ns": int,
    },
    primary_key=("group_id",),
    optional=frozenset({"completed_ns"}),
    indexes=(("parent_directive_id",),),
    is_projection=True,
)
ORDERS: Final = Table(
    "orders",
    {
        "order_id": str,
        "group_id": str,
        "trade_id": str,
        "strategy_id": str,
        "symbol": str,
        "direction": str,
        "role": str,
        "order_type": str,
        "time_in_force": str,
        "quantity": str,
        "limit_price": str,
        "stop_price": str,
        "reduce_only": int,
        "status": str,
        "filled_quantity": str,
        "average_fill_price": str,
        "created_ns": int,
        "updated_ns": int,
        "expires_ns": int,
        "reason": str,
    },
    primary_key=("order_id",),
    optional=frozenset({"limit_price", "stop_price", "average_fill_price", "expires_ns"}),
    indexes=(("group_id",), ("trade_id",)),
    references=(("group_id", "execution_group", "group_id"), ("trade_id", "trade", "trade_id")),
    is_projection=True,
)
POSITION: Final = Table(
    "position",
    {
        "position_id": str,
        "strategy_id": str,
        "symbol": str,
        "quantity": str,
        "cost_quote": str,
        "realised_pnl": str,
        "fees_paid": str,
        "mark_price": str,
        "updated_ns": int,
    },
    primary_key=("position_id",),
    optional=frozenset({"mark_price"}),
    is_projection=True,
)
_FILL_AT_FIRST: Final = Table(
    "fill",
    {
        "fill_id": str,
        "order_id": str,
        "group_id": str,
        "trade_id": str,
        "symbol": str,
        "direction": str,
        "role": str,
        "price": str,
        "quantity": str,
        "fee": str,
        "liquidity": str,
        "filled_ns": int,
        "venue_trade_id": str,
        "account": str,
    },
    primary_key=("fill_id",),
    unique=(("account", "symbol", "venue_trade_id"),),
    indexes=(("order_id",), ("trade_id",)),
    references=(("order_id", "orders", "order_id"),),
)
FILL: Final = Table(
    "fill",
    {**_FILL_AT_FIRST.columns, "fee_currency": str},
    primary_key=_FILL_AT_FIRST.primary_key,
    unique=_FILL_AT_FIRST.unique,
    indexes=_FILL_AT_FIRST.indexes,
    references=_FILL_AT_FIRST.references,
)
EQUITY: Final = Table(
    "equity",
    {
        "at_ns": int,
        "cash": str,
        "positions_value": str,
        "equity": str,
        "fees_paid": str,
        "realised_pnl": str,
        "currency": str,
    },
    primary_key=("at_ns",),
    is_projection=True,
)
_LEDGER_EVENT_AT_FIRST: Final = Table(
    "ledger_event",
    {"seq": int, "at_ns": int, "strategy_id": str, "kind": str, "refused": str, "body": str},
    primary_key=("seq",),
)
_WHAT_CHANGED: Final = {
    "order_id": str,
    "order_status": str,
    "filled_quantity": str,
    "reason": str,
    "trade_id": str,
    "trade_status": str,
    "stop_loss_price": str,
    "take_profit_price": str,
    "group_id": str,
    "group_status": str,
    "fill_id": str,
}
LEDGER_EVENT: Final = Table(
    "ledger_event",
    {**_LEDGER_EVENT_AT_FIRST.columns, **_WHAT_CHANGED},
    primary_key=("seq",),
    optional=frozenset(_WHAT_CHANGED),
)
COMMAND: Final = Table(
    "command",
    {
        "command_id": str,
        "at_ns": int,
        "kind": str,
        "status": str,
        "text": str,
        "body": str,
    },
    primary_key=("command_id",),
    is_projection=True,
)
NOTE: Final = Table(
    "note",
    {"seq": int, "at_ns": int, "level": str, "source": str, "text": str},
    primary_key=("seq",),
)

INPUT: Final = Table("input", {"seq": int, "kind": str, "body": str}, primary_key=("seq",))
CONFIG_FILE: Final = Table("config_file", {"name": str, "text": str}, primary_key=("name",), is_projection=True)
WORKER_STATE: Final = Table(
    "worker_state",
    {"strategy_id": str, "worker_id": str, "plugin": str, "version": int, "at_ns": int, "body": str},
    primary_key=("strategy_id", "worker_id"),
    is_projection=True,
)
STANDING: Final = Table(
    "standing",
    {"subject": str, "state": str, "reason": str, "at_ns": int},
    primary_key=("subject",),
    is_projection=True,
)

GROUP_PLAN: Final = Table(
    "group_plan",
    {"group_id": str, "body": str},
    primary_key=("group_id",),
    references=(("group_id", "execution_group", "group_id"),),
    is_projection=True,
)
BATCH: Final = Table("batch", {"batch_id": str, "body": str}, primary_key=("batch_id",), is_projection=True)

_OF_VERSION_1: Final = (
    SESSION,
    STRATEGY,
    TICK_BLOCK,
    FLOW,
    NODE,
    REMARK,
    TRADE,
    EXECUTION_GROUP,
    ORDERS,
    POSITION,
    _FILL_AT_FIRST,
    EQUITY,
    _LEDGER_EVENT_AT_FIRST,
    COMMAND,
    NOTE,
)
_OF_VERSION_2: Final = (INPUT, CONFIG_FILE)
_OF_VERSION_3: Final = (WORKER_STATE,)
_OF_VERSION_4: Final = (STANDING,)
_OF_VERSION_5: Final = (GROUP_PLAN,)
_OF_VERSION_6: Final = (BATCH,)
_SINCE_THEN: Final = {table.name: table for table in (LEDGER_EVENT, FILL)}
TABLES: Final = (
    *(_SINCE_THEN.get(table.name, table) for table in _OF_VERSION_1),
    *_OF_VERSION_2,
    *_OF_VERSION_3,
    *_OF_VERSION_4,
    *_OF_VERSION_5,
    *_OF_VERSION_6,
)
"""All tables, those that are pointed at before those that point."""

Migration = Callable[[sqlite_utils.Database], None]


def create_tables(database: sqlite_utils.Database, tables: Sequence[Table]) -> None:
    """Make tables as they are described, with their keys and indexes; those that are pointed at come first."""
    for table in tables:
        created = database.table(table.name).create(
            dict(table.columns),
            pk=table.primary_key if len(table.primary_key) > 1 else table.primary_key[0],
            not_null=[name for name in table.columns if name not in table.optional],
            foreign_keys=list(table.references),
            strict=True,
        )
        for columns in table.unique:
            created.create_index(list(columns), unique=True)
        for columns in table.indexes:
            created.create_index(list(columns))


def _begin(database: sqlite_utils.Database) -> None:
    create_tables(database, _OF_VERSION_1)


def _remember_inputs(database: sqlite_utils.Database) -> None:
    """What came in and how the session was set up: with both, a session can be played again."""
    create_tables(database, _OF_VERSION_2)


def _keep_states(database: sqlite_utils.Database) -> None:
    """What workers keep over a restart."""
    create_tables(database, _OF_VERSION_3)


def _keep_standing(database: sqlite_utils.Database) -> None:
    """What is allowed, and who is paused; and the few funding payments found without a look at every event."""
    create_tables(database, _OF_VERSION_4)
    database.conn.execute("CREATE INDEX ledger_event_funding ON ledger_event (seq) WHERE kind = 'FUNDING'")


def _keep_plans(database: sqlite_utils.Database) -> None:
    """The schedules of groups, as they stand last."""
    create_tables(database, _OF_VERSION_5)


def _keep_batches(database: sqlite_utils.Database) -> None:
    """How each batch stands last: one that ran is not run again."""
    create_tables(database, _OF_VERSION_6)


def _name_what_changed(database: sqlite_utils.Database) -> None:
    """What a change of the books changed, in columns; `body` is now for funding alone, which has no table of its own."""
    for name, kind in _WHAT_CHANGED.items():
        database.table(LEDGER_EVENT.name).add_column(name, kind)


def _name_fee_currencies(database: sqlite_utils.Database) -> None:
    """What each fee was paid in; empty, as in all before, is the quote currency."""
    database.table(FILL.name).add_column("fee_currency", str, not_null_default="")


MIGRATIONS: Final[tuple[Migration, ...]] = (
    _begin,
    _remember_inputs,
    _keep_states,
    _keep_standing,
    _keep_plans,
    _keep_batches,
    _name_what_changed,
    _name_fee_currencies,
)
"""The steps, oldest first."""


def migrate(database: sqlite_utils.Database, path: Path, migrations: tuple[Migration, ...] = MIGRATIONS) -> int:
    """Bring a file to the newest version, one transaction per step, and return the version that it had.

    Raises:
        LedgerMismatch: a newer program wrote the file, or a step failed; the file is then as it was before the step.
    """
    found = int(database.execute("PRAGMA user_version").fetchone()[0])
    if found > len(migrations):
        raise LedgerMismatch(
            "A newer version of the program wrote this journal: open it with that one",
            path=path,
            version=found,
            newest_known=len(migrations),
        )
    try:
        for version, step in enumerate(migrations[found:], start=found + 1):
            database.conn.execute("BEGIN IMMEDIATE")
            step(database)
            database.conn.execute(f"PRAGMA user_version={version}")
            database.conn.execute("COMMIT")
    except sqlite3.Error as error:
        if database.conn.in_transaction:
            database.conn.execute("ROLLBACK")
        raise refusal("The journal cannot be brought to this version", path, error, version=found) from error
    return found
