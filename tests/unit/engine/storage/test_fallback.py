import json
from pathlib import Path

import pytest

from engine.storage.database import Reader
from engine.storage.fallback import take_back
from engine.storage.schema import TABLES

pytestmark = pytest.mark.unit


def test_rows_of_a_program_that_knew_fewer_columns_are_taken_back(tmp_path: Path) -> None:
    database, fallback = tmp_path / "session.db", tmp_path / "session.rows"
    row = [0, 5, "ema_trend", "REFUSED", "booked already", "{}"]
    fallback.write_text(json.dumps(["ledger_event", row]) + "\n", encoding="utf-8")

    assert take_back(database, fallback, TABLES) == 1

    with Reader(database) as reader:
        event = reader.row("SELECT at_ns, refused, order_id FROM ledger_event")
    assert event == {"at_ns": 5, "refused": "booked already", "order_id": None}
