"""What stands in a journal, row by row: all of it, or what stood there at an instant."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from engine.journal.ticks import slots_of, times_of, values_of
from engine.primitives.timeframes import NS_PER_SECOND
from engine.storage.database import Reader
from engine.storage.schema import CONFIG_FILE, INPUT, NOTE, SESSION, STRATEGY, TABLES, TICK_BLOCK, Table

Rows = Mapping[str, Sequence[tuple[Any, ...]]]

_NOT_DECIDED: Final = {SESSION.name, NOTE.name, INPUT.name, CONFIG_FILE.name}
"""Who ran it, how fast the machine was, and what came in: the causes, as `journal_digest` has it."""
_TIMES: Final = ("born_ns", "filled_ns", "at_ns")
"""When a row was written, by its engine's clock; a table has one of them, or belongs to a flow."""


def rows_of(journal: Path, *, until_ns: int | None = None) -> Rows:
    """Return the rows of every table that a session's decisions have left, in the order of their keys.

    Args:
        journal: Closed.
        until_ns: Only what stood there at this instant (UTC nanoseconds, included); tables that keep the latest state
            of a thing are then left out, for how they came about stands in the others.
    """
    with Reader(journal) as reader:
        tables = [table for table in TABLES if table.name not in _NOT_DECIDED]
        if until_ns is None:
            return {table.name: list(_rows(reader, table)) for table in tables}
        flows = {row[0] for row in _rows(reader, _table("flow"), until_ns)}
        found: dict[str, list[tuple[Any, ...]]] = {}
        for table in tables:
            if table is STRATEGY or ("flow_id" in table.columns and not set(_TIMES) & set(table.columns)):
                found[table.name] = [row for row in _rows(reader, table) if table is STRATEGY or row[0] in flows]
            elif table is TICK_BLOCK or set(_TIMES) & set(table.columns):
                found[table.name] = list(_rows(reader, table, until_ns))
            else:
                assert table.is_projection, f"{table.name} says not when its rows were written"
        return found


def _table(name: str) -> Table:
    return next(table for table in TABLES if table.name == name)


def _rows(reader: Reader, table: Table, until_ns: int | None = None) -> Iterator[tuple[Any, ...]]:
    if table is TICK_BLOCK:
        yield from _ticks(reader, until_ns)
        return
    time = next((name for name in _TIMES if name in table.columns), None)
    sql = f"SELECT {', '.join(table.columns)} FROM {table.name} ORDER BY {', '.join(table.primary_key)}"  # noqa: S608  # names from the schema
    for row in reader.rows(sql):
        if until_ns is None or time is None or row[time] <= until_ns:
            yield tuple(row.values())


def _ticks(reader: Reader, until_ns: int | None) -> Iterator[tuple[Any, ...]]:
    """Give one row for each tick; its time is that of its id, for a bar before a hole is only known after the hole."""
    for block in reader.rows("SELECT * FROM tick_block ORDER BY strategy_id, number"):
        parts = zip(slots_of(block), times_of(block), values_of(block), block["quiet"], strict=True)
        for slot, closed_ns, values, is_quiet in parts:
            if until_ns is None or int(slot[0]) * NS_PER_SECOND <= until_ns:
                yield (block["strategy_id"], tuple(slot.tolist()), int(closed_ns), values.tobytes(), is_quiet)
