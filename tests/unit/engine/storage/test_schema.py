from pathlib import Path

import pytest
import sqlite_utils

from engine.primitives.errors import LedgerMismatch
from engine.storage.database import Durability, Reader, connect
from engine.storage.schema import MIGRATIONS, TABLES, migrate

pytestmark = pytest.mark.unit


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "session.db"


def test_a_new_file_gets_every_table_with_its_columns_in_order(path: Path) -> None:
    database = connect(path, Durability.NORMAL)
    assert migrate(database, path) == 0

    found = {table.name: list(table.columns_dict) for table in database.tables}
    database.conn.close()

    assert found == {table.name: list(table.columns) for table in TABLES}


def test_money_cannot_become_a_float(path: Path) -> None:
    database = connect(path, Durability.NORMAL)
    migrate(database, path)

    kinds = {
        (table.name, name): column
        for table in database.tables
        for name, column in table.columns_dict.items()
        if column is float
    }
    database.conn.close()

    assert kinds == {}


def test_an_old_file_is_brought_forward_step_by_step_and_keeps_its_rows(path: Path) -> None:
    def add_column(database: sqlite_utils.Database) -> None:
        database.table("note").add_column("person", str)

    database = connect(path, Durability.NORMAL)
    migrate(database, path)
    database.execute("INSERT INTO note VALUES (0, 0, 'INFO', 'test', 'kept')")

    assert migrate(database, path, (*MIGRATIONS, add_column)) == len(MIGRATIONS)
    assert migrate(database, path, (*MIGRATIONS, add_column)) == len(MIGRATIONS) + 1
    database.conn.close()

    with Reader(path) as reader:
        assert reader.version() == len(MIGRATIONS) + 1
        assert reader.row("SELECT text, person FROM note") == {"text": "kept", "person": None}


def test_an_event_of_an_older_program_keeps_its_body_and_says_nothing_in_the_new_columns(path: Path) -> None:
    database = connect(path, Durability.NORMAL)
    migrate(database, path, MIGRATIONS[:6])
    database.execute("INSERT INTO ledger_event VALUES (0, 5, 's', 'ORDER', '', '{\"order\":1}')")

    migrate(database, path)
    database.conn.close()

    with Reader(path) as reader:
        event = reader.row("SELECT body, order_id, fill_id FROM ledger_event")
    assert event == {"body": '{"order":1}', "order_id": None, "fill_id": None}


def test_a_step_that_fails_leaves_the_file_as_it_was(path: Path) -> None:
    def fail_half_way(database: sqlite_utils.Database) -> None:
        database.table("note").add_column("person", str)
        database.execute("DELETE FROM nothing")

    database = connect(path, Durability.NORMAL)
    migrate(database, path)
    with pytest.raises(LedgerMismatch, match="cannot be brought to this version"):
        migrate(database, path, (*MIGRATIONS, fail_half_way))
    database.conn.close()

    with Reader(path) as reader:
        assert reader.version() == len(MIGRATIONS)
        assert not list(reader.rows("SELECT name FROM pragma_table_info('note') WHERE name = 'person'"))


def test_a_file_of_a_newer_program_is_left_alone(path: Path) -> None:
    database = connect(path, Durability.NORMAL)
    database.execute("PRAGMA user_version=99")

    with pytest.raises(LedgerMismatch, match="newer version of the program"):
        migrate(database, path)
    database.conn.close()


def test_a_fill_of_an_older_program_was_paid_in_quote(path: Path) -> None:
    database = connect(path, Durability.NORMAL)
    migrate(database, path, MIGRATIONS[:7])
    cells = ("FIL", "ORD", "GRP", "TRD", "BTC/USDT", "BUY", "ENTRY", "100", "2", "0.2", "TAKER", 0, "1", "demo")
    database.conn.execute("PRAGMA foreign_keys=OFF")
    database.execute("INSERT INTO fill VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", cells)

    migrate(database, path)

    assert database.execute("SELECT fee, fee_currency FROM fill").fetchall() == [("0.2", "")]
    database.conn.close()
