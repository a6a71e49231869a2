"""What is wrong with a wiring map: all rules, all findings, at once."""

from collections.abc import Iterable, Mapping

from engine.contracts.events import EVENTS
from engine.wiring.columns import WorkerColumns, column_findings
from engine.wiring.findings import Severity, WiringFinding
from engine.wiring.flow import Roster
from engine.wiring.flow_rules import flow_findings
from engine.wiring.platform_rules import platform_findings
from engine.wiring.structure import Events, structure_findings
from engine.wiring.wiring_map import Lines, WiringMap

_WORST_FIRST = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


def validate(
    wiring: WiringMap,
    roster: Roster,
    *,
    lines: Lines | None = None,
    columns: Mapping[str, WorkerColumns] | None = None,
    before: Iterable[WiringFinding] = (),
    events: Events = EVENTS,
) -> tuple[WiringFinding, ...]:
    """Return every finding about a map, the worst first, and by line among equals.

    Args:
        wiring: The map.
        roster: Everybody who can be wired (`roster_of`).
        lines: Where the entries of the map stand in its file.
        columns: What each worker writes and reads; not judged if None.
        before: Findings about blueprint and manifests (`roster_of`), to be listed together with these.
        events: Every event that there is.
    """
    found = [
        *before,
        *structure_findings(wiring, roster, lines=lines, events=events),
        *platform_findings(wiring, roster, lines=lines, events=events),
        *flow_findings(wiring, roster, lines=lines, events=events),
        *(column_findings(wiring, roster, columns, lines=lines) if columns is not None else ()),
    ]
    unique = dict.fromkeys(found)
    return tuple(sorted(unique, key=lambda one: (_WORST_FIRST[one.severity], one.line or 0)))
