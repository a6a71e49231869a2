"""Asks a journal why something happened."""

from collections.abc import Sequence
from pathlib import Path

from engine.config.places import Places
from engine.journal.queries import SqliteJournalReader
from engine.phase6_finale.decision_chain import explain, rebuild
from engine.primitives.errors import ConfigError


def newest_journal(places: Places) -> Path:
    """Return the journal that was written last.

    Raises:
        ConfigError: there is none yet.
    """
    # A session that was killed while it opened its journal leaves an empty file.
    journals = [path for path in (places.data / "journals").glob("*/*/*.sqlite") if path.stat().st_size]
    if not journals:
        raise ConfigError(
            f"There is no journal yet under {places.data / 'journals'}. Run a session or a backtest first, "
            "or name a file with --journal."
        )
    return max(journals, key=lambda path: path.stat().st_mtime_ns)


def explain_id(journal: Path, identifier: str) -> Sequence[str]:
    """Return the chain of decisions behind an id, in lines for people, from the journal alone.

    Raises:
        ConfigError: the journal does not know the id.
        LedgerMismatch: the file is no journal, or is damaged.
    """
    with SqliteJournalReader(journal) as reader:
        return explain(rebuild(reader, identifier))
