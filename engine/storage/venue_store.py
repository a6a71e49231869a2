"""The file in which a simulated venue keeps its books over the death of the process."""

import contextlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import sqlite_utils

from engine.contracts.carried import CarriedExecution, CarriedOrder, CarriedVenue, CarriedVenueAccount
from engine.contracts.venue import FundingPaid
from engine.primitives.errors import LedgerMismatch
from engine.primitives.kill_switch import kill_point
from engine.primitives.timeframes import ns_from_datetime
from engine.storage.database import Cell, Durability, Reader, Row, as_json, connect, refusal
from engine.storage.fallback import FallbackFile
from engine.storage.schema import Migration, Table, create_tables, migrate

VENUE_ORDER: Final = Table(
    "venue_order",
    {"order_id": str, "trade_id": str, "number": int, "at_ns": int, "is_open": int, "body": str},
    primary_key=("order_id",),
    indexes=(("trade_id",), ("at_ns",)),
    is_projection=True,
)
VENUE_EXECUTION: Final = Table(
    "venue_execution",
    {"number": int, "order_id": str, "at_ns": int, "body": str},
    primary_key=("number",),
    indexes=(("order_id",), ("at_ns",)),
)
VENUE_FUNDING: Final = Table(
    "venue_funding",
    {"symbol": str, "funding_id": str, "at_ns": int, "body": str},
    primary_key=("symbol", "funding_id"),
    indexes=(("at_ns",),),
)
VENUE_ACCOUNT: Final = Table("venue_account", {"one": int, "body": str}, primary_key=("one",), is_projection=True)
VENUE_TABLES: Final = (VENUE_ORDER, VENUE_EXECUTION, VENUE_FUNDING, VENUE_ACCOUNT)
SUFFIX: Final = ".venue"
"""Of the file, which is otherwise called like the journal of the session that it belongs to."""


def _begin(database: sqlite_utils.Database) -> None:
    create_tables(database, VENUE_TABLES)


_MIGRATIONS: Final[tuple[Migration, ...]] = (_begin,)


class VenueStore:
    """Writes what changed in a simulated venue; each call is on the disk before it returns.

    Blocks for one commit (0.2 ms with FULL on a fast disk); used by the engine's thread alone.

    Args:
        path: The file; made if missing.
        durability: What a commit survives.
        fallback: Takes what the file cannot take.

    Raises:
        LedgerMismatch: it cannot be opened; the message says why and what to do.
    """

    def __init__(self, path: Path, *, durability: Durability, fallback: FallbackFile | None = None) -> None:
        self.path = path
        self._fallback = fallback
        self._failure: LedgerMismatch | None = None
        self._database = connect(path, durability)
        migrate(self._database, path, _MIGRATIONS)

    def keep(self, changed: CarriedVenue) -> None:
        """Write down what changed, all or none of it.

        Raises:
            LedgerMismatch: neither the file nor its fallback can be written.
        """
        kill_point("venue.before")
        parts = venue_rows(changed)
        self._failure = self._failure or self._write(parts)
        if self._failure is not None:
            if self._fallback is None:
                raise LedgerMismatch(self._failure.message, **self._failure.facts)
            self._fallback.append(parts)
        kill_point("venue.kept")

    def _write(self, parts: Sequence[tuple[Table, Sequence[Row]]]) -> LedgerMismatch | None:
        """Write rows; return why not, if they cannot be written."""
        connection = self._database.conn
        try:
            connection.execute("BEGIN IMMEDIATE")
            for table, rows in parts:
                connection.executemany(table.statement, rows)
            connection.execute("COMMIT")
        except (sqlite3.Error, OverflowError) as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            return refusal("The books of the simulated venue cannot be written", self.path, error)
        return None

    def close(self) -> None:
        """Fold the WAL back and give the file free; a second call does nothing."""
        with contextlib.suppress(sqlite3.Error):
            # Somebody still reads it, or it is closed: what is committed is there all the same.
            self._database.conn.execute("PRAGMA busy_timeout=0")
            self._database.conn.execute("PRAGMA journal_mode=DELETE")
        self._database.conn.close()


def venue_rows(venue: CarriedVenue) -> Sequence[tuple[Table, Sequence[Row]]]:
    """Return the books of a simulated venue as rows: all that is in them, or all that changed."""
    return (
        (VENUE_ORDER, [_order_row(one) for one in venue.orders]),
        (VENUE_EXECUTION, [_execution_row(one) for one in venue.executions]),
        (VENUE_FUNDING, [_funding_row(one) for one in venue.fundings]),
        (VENUE_ACCOUNT, [(1, venue.account.model_dump_json())]),
    )


def _order_row(one: CarriedOrder) -> Row:
    order = one.order
    is_open = int(one.ended is None)
    return (order.order_id, order.trade_id, one.number, ns_from_datetime(one.at), is_open, one.model_dump_json())


def _execution_row(one: CarriedExecution) -> Row:
    return (one.number, one.report.order_id, ns_from_datetime(one.report.at), one.model_dump_json())


def _funding_row(one: FundingPaid) -> Row:
    return (one.symbol, one.funding_id, ns_from_datetime(one.at), one.model_dump_json())


_YOUNG: Final = (
    "SELECT trade_id FROM venue_order WHERE is_open OR at_ns >= :since"
    " OR order_id IN (SELECT order_id FROM venue_execution WHERE at_ns >= :since)"
    " UNION SELECT value FROM json_each(:held)"
)
# Put together from constants; what is asked travels as parameters.
_IDS: Final = f"SELECT order_id FROM venue_order WHERE trade_id IN ({_YOUNG})"  # noqa: S608  # constants of ours; values travel as parameters
_ORDERS: Final = f"SELECT body FROM venue_order WHERE trade_id IN ({_YOUNG}) ORDER BY number"  # noqa: S608  # constants of ours; values travel as parameters
_EXECUTIONS: Final = f"SELECT body FROM venue_execution WHERE order_id IN ({_IDS}) ORDER BY number"  # noqa: S608  # constants of ours; values travel as parameters


def read_venue(path: Path, *, since_ns: int) -> CarriedVenue | None:
    """Return the books of a simulated venue; None if the file was begun and never written.

    Everything is there of trades in which anything works, that hold anything, or to which something happened at or
    after `since_ns` (UTC); of the rest the sums.

    Raises:
        LedgerMismatch: the file is missing or damaged.
    """
    with Reader(path) as reader:
        found = reader.row("SELECT body FROM venue_account")
        if found is None:
            return None
        account = CarriedVenueAccount.model_validate_json(found["body"])
        asked: dict[str, Cell] = {"since": since_ns, "held": as_json(list(account.held))}
        fundings = reader.rows("SELECT body FROM venue_funding WHERE at_ns >= :since ORDER BY at_ns, symbol", asked)
        return CarriedVenue(
            account=account,
            orders=tuple(CarriedOrder.model_validate_json(row["body"]) for row in reader.rows(_ORDERS, asked)),
            executions=tuple(
                CarriedExecution.model_validate_json(row["body"]) for row in reader.rows(_EXECUTIONS, asked)
            ),
            fundings=tuple(FundingPaid.model_validate_json(row["body"]) for row in fundings),
        )
