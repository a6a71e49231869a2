"""The rules about columns: each has one owner, and is written before it is read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.contracts.context import ColumnSpec
from engine.contracts.events import TICK_RECEIVED
from engine.contracts.market import BAR_COLUMNS
from engine.wiring.findings import Rule, Severity, WiringFinding, hint
from engine.wiring.flow import Roster
from engine.wiring.graph import HandlerGraph
from engine.wiring.structure import line_of_subscriber
from engine.wiring.wiring_map import Lines, WiringMap


@dataclass(frozen=True, slots=True)
class WorkerColumns:
    """The columns that a worker writes and those that it reads of others, with its configuration filled in."""

    provides: tuple[ColumnSpec, ...] = ()
    requires: tuple[str, ...] = ()


def column_findings(
    wiring: WiringMap, roster: Roster, columns: Mapping[str, WorkerColumns], *, lines: Lines | None = None
) -> tuple[WiringFinding, ...]:
    """Return columns with two owners and columns that nobody wrote before they are read; all are errors.

    Args:
        wiring: The map; its order on TICK_RECEIVED is the order of the chain.
        roster: Everybody who can be wired.
        columns: Of each worker that writes or reads any.
        lines: Where the entries of the map stand.
    """
    graph = HandlerGraph.of(wiring, roster)
    chain = graph.heard.get(TICK_RECEIVED.name, ())
    owners = dict.fromkeys(BAR_COLUMNS, "the bar itself")
    found: list[WiringFinding] = []
    for worker, method in chain:
        own = columns.get(worker, WorkerColumns())
        line = line_of_subscriber(wiring, roster, lines or {}, TICK_RECEIVED.name, (worker, method))
        found += _missing(worker, own, owners, columns, line)
        for spec in own.provides:
            if spec.name in owners:
                found.append(_twice(worker, spec.name, owners[spec.name], line))
            owners.setdefault(spec.name, worker)
    in_chain = {worker for worker, _ in chain}
    for worker in dict.fromkeys(worker for worker, _ in graph.handlers):
        if worker not in in_chain:
            found += _missing(worker, columns.get(worker, WorkerColumns()), owners, columns, None)
    return tuple(found)


def _missing(
    worker: str,
    own: WorkerColumns,
    owners: Mapping[str, str],
    columns: Mapping[str, WorkerColumns],
    line: int | None,
) -> Iterator[WiringFinding]:
    for name in own.requires:
        if name in owners:
            continue
        later = [other for other, theirs in columns.items() if any(spec.name == name for spec in theirs.provides)]
        yield WiringFinding(
            Rule.COLUMN_MISSING,
            Severity.ERROR,
            f"{worker} reads the column {name}, which nobody has written by then.",
            f"Put {later[0]} before {worker}." if later else hint(name, owners),
            worker=worker,
            line=line,
        )


def _twice(worker: str, column: str, owner: str, line: int | None) -> WiringFinding:
    return WiringFinding(
        Rule.COLUMN_TWICE,
        Severity.ERROR,
        f"{worker} writes the column {column}, which belongs to {owner}.",
        "Take one of the two workers out, or set one up so that its columns have other names.",
        worker=worker,
        line=line,
    )
