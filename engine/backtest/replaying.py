"""Plays a recorded session again and looks for the first decision that comes out otherwise."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import unified_diff
from itertools import zip_longest
from pathlib import Path

from engine.backtest.recorded_session import RecordedSession, flow_lines
from engine.config.places import Places
from engine.journal.digest import journal_digest
from engine.journal.queries import SqliteJournalReader


@dataclass(frozen=True, slots=True)
class ReplayResult:
    """What came of playing a session again.

    `difference` is a diff of the first two flows that differ, empty when there is none. `is_identical` says that the
    whole journals are the same, order by order and fill by fill, ids included.
    """

    inputs: int
    flows: int
    is_identical: bool
    difference: Sequence[str]


def replay(journal: Path, *, places: Places) -> ReplayResult:
    """Play a session again from its journal alone. Blocks until it is done; the journal is only read.

    The market's bars, the user's commands and the configuration come from the journal; plugins and the program are
    those of today. So a difference means that one of those two has changed, or that something decides by chance.

    Args:
        journal: The journal of a session: paper, live, or one that played recorded bars.
        places: Where the user's plugins are.

    Raises:
        ConfigError: the journal holds no inputs (a backtest has them in files), or its configuration cannot be used.
        LedgerMismatch: the file is no journal, or is damaged.
    """
    session = RecordedSession.read(journal)
    with tempfile.TemporaryDirectory(prefix="s1mpletrader-replay-") as folder:
        again = session.play(Path(folder), places=places)
        difference = _first_difference(journal, again)
        with SqliteJournalReader(again) as reader:
            flows = sum(1 for _ in reader.all_flows())
        return ReplayResult(
            inputs=len(session.inputs),
            flows=flows,
            is_identical=journal_digest(journal) == journal_digest(again),
            difference=difference,
        )


def _first_difference(recorded: Path, again: Path) -> Sequence[str]:
    with SqliteJournalReader(recorded) as before, SqliteJournalReader(again) as after:
        for old, new in zip_longest(before.all_flows(), after.all_flows()):
            lines = [flow_lines(reader, flow) for reader, flow in ((before, old), (after, new))]
            if lines[0] != lines[1]:
                return list(unified_diff(lines[0], lines[1], "recorded", "played again", lineterm="", n=2))
    return ()
