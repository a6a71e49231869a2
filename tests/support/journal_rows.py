"""What stands in a journal, row by row, in the order in which it was written."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from engine.journal.ticks import slots_of, times_of, values_of
from engine.storage.database import Reader
from engine.storage.schema import CONFIG_FILE, EQUITY, INPUT, NOTE, SESSION, STRATEGY, TABLES, TICK_BLOCK

Row = tuple[Any, ...]
Rows = Mapping[str, Sequence[Row]]

_NOT_DECIDED: Final = {SESSION.name, NOTE.name, INPUT.name, CONFIG_FILE.name}
"""Who ran it, how fast the machine was, and what came in: the causes, as `journal_digest` has it."""
_MARKED_NS: Final = tuple(EQUITY.columns).index("at_ns")


def rows_of(journal: Path) -> Rows:
    """Return the rows that a session's decisions have left: by table, and ticks by strategy as well."""
    with Reader(journal) as reader:
        found: dict[str, list[Row]] = {}
        for table in TABLES:
            if table is TICK_BLOCK:
                for strategy in reader.rows(f"SELECT strategy_id FROM {STRATEGY.name}"):  # noqa: S608  # a constant
                    name = strategy["strategy_id"]
                    found[f"ticks of {name}"] = list(_ticks(reader, name))
            elif table.name not in _NOT_DECIDED:
                sql = f"SELECT {', '.join(table.columns)} FROM {table.name} ORDER BY rowid"  # noqa: S608  # constants
                found[table.name] = [tuple(row.values()) for row in reader.rows(sql)]
        return found


def what_was_rewritten(before: Rows, after: Rows, *, at_ns: int) -> Sequence[str]:
    """Return the tables of a longer run that do not begin with what a shorter run over the same past has written.

    Tables that keep the latest state of a thing are left out: how it came about stands in the others. Of the account's
    marks only that of the past's very last instant may differ, and it must be there: of one instant the latest counts,
    and what the opening of the next bar fills belongs to the instant at which the last one closed.

    Args:
        before: The shorter run.
        after: The longer one.
        at_ns: Where the past ends: when its last bar closes, and a next one may open.
    """
    latest = {table.name for table in TABLES if table.is_projection and table is not EQUITY}
    found = []
    for name, rows in before.items():
        told, then = list(rows), list(after[name][: len(rows)])
        if name == EQUITY.name and told and told[-1][_MARKED_NS] == at_ns:
            told[-1:], then[-1:] = [told[-1][_MARKED_NS]], [row[_MARKED_NS] for row in then[-1:]]
        if name not in latest and then != told:
            found.append(name)
    return found


def _ticks(reader: Reader, strategy_id: str) -> Iterator[Row]:
    sql = f"SELECT * FROM {TICK_BLOCK.name} WHERE strategy_id = ? ORDER BY number"  # noqa: S608  # a constant
    for block in reader.rows(sql, (strategy_id,)):
        parts = zip(slots_of(block), times_of(block), values_of(block), block["quiet"], strict=True)
        for slot, closed_ns, values, is_quiet in parts:
            yield (tuple(slot.tolist()), int(closed_ns), values.tobytes(), is_quiet)
