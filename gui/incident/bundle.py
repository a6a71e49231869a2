"""Everything about an incident in one file, without secrets: to look at later, or to hand on."""

import json
import platform
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile

from engine.config.places import Places
from engine.primitives.errors import EngineError

JOURNAL_MAX: Final = 300_000_000
"""Bytes; a larger journal is named and left where it is: cleaning it would take many minutes."""
TEXT_MAX: Final = 5_000_000
"""Bytes of one text file; of a larger one the end is taken."""
_PACKAGES: Final = (
    "s1mpletrader",
    "PySide6-Essentials",
    "PySide6-QtAds",
    "qasync",
    "pyqtgraph",
    "numpy",
    "polars",
    "pydantic",
    "ccxt",
)
_NEWEST: Final = 10
_READ_ME: Final = """Incident bundle of S1mpleTrader

about.json    versions, mode and state of the session
journal.sqlite  the journal of the session as it was when this was made; `s1mpletrader why` and `replay` read it
window.png    the window
logs/         the log of the newest windows, JSON lines
reports/      reports of faults
config/       your files, as they were when this was made
alerts/       alerts of every operation
left_out.txt  what could not be put in, and why

Secrets were taken out of every text and marked. Values of money, orders and positions were not: look before you hand it on.
"""


@dataclass(frozen=True, slots=True)
class Incident:
    """What the window knows and a file does not: the journal's place, facts of the session, and a PNG of the window."""

    journal: Path | None
    facts: Mapping[str, str]
    picture: bytes


class SecretLeft(Exception):
    """A secret was found in the finished bundle; it was deleted."""


def write_bundle(
    target: Path, incident: Incident, places: Places, *, clean: Callable[[str], str], secrets: Iterable[str]
) -> Path:
    """Write a bundle and look through it once more for every secret that is known. Blocks: not for a loop.

    Args:
        target: The ZIP file; its folder is made.
        incident: What the window knows.
        places: Where the user's files are.
        clean: Takes secrets out of a text.
        secrets: Values that may not be in it, whatever happens.

    Returns:
        The file.

    Raises:
        OSError: it cannot be written.
        SecretLeft: something of the secrets was in it; nothing is left of the file.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    left_out: list[str] = []
    try:
        with TemporaryDirectory(prefix="s1mpletrader-") as folder, ZipFile(part, "w", ZIP_DEFLATED) as bundle:
            bundle.writestr("README.txt", _READ_ME)
            bundle.writestr("about.json", clean(json.dumps(_about() | dict(incident.facts), indent=1)))
            bundle.writestr("window.png", incident.picture)
            _add_journal(bundle, incident.journal, Path(folder), clean, left_out)
            for name, path in _texts(places):
                _add_text(bundle, name, path, clean, left_out)
            bundle.writestr("left_out.txt", clean("\n".join(left_out) or "Nothing."))
        _look_through(part, secrets)
        return part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _about() -> dict[str, str]:
    about = {"python": platform.python_version(), "platform": platform.platform()}
    for name in _PACKAGES:
        try:
            about[name] = version(name)
        except PackageNotFoundError:
            about[name] = "not installed"
    return about


def _texts(places: Places) -> Iterable[tuple[str, Path]]:
    """Give every text file that belongs to it, with its name in the bundle."""
    for folder, pattern in (("logs", "*.jsonl*"), ("reports", "*.txt"), ("alerts", "*.json")):
        newest = sorted((places.state / folder).glob(pattern), reverse=True)[:_NEWEST]
        yield from ((f"{folder}/{path.name}", path) for path in newest)
    for path in sorted(places.config.rglob("*.y*ml")):
        yield f"config/{path.relative_to(places.config).as_posix()}", path


def _add_text(bundle: ZipFile, name: str, path: Path, clean: Callable[[str], str], left_out: list[str]) -> None:
    try:
        text = path.read_bytes()[-TEXT_MAX:].decode("utf-8", "replace")
    except OSError as error:
        left_out.append(f"{name}: {error.strerror}")
        return
    bundle.writestr(name, clean(text))


def _add_journal(
    bundle: ZipFile, journal: Path | None, folder: Path, clean: Callable[[str], str], left_out: list[str]
) -> None:
    if journal is None or not journal.is_file():
        left_out.append("journal.sqlite: the session has none")
        return
    if journal.stat().st_size > JOURNAL_MAX:
        left_out.append(f"journal.sqlite: it is larger than {JOURNAL_MAX:,} bytes; it is at {journal}")
        return
    from engine.storage.incident_copy import copy_cleaned  # noqa: PLC0415  # brings pandas: a fifth of a second before the first paint

    copy = folder / "journal.sqlite"
    try:
        copy_cleaned(journal, copy, clean)
    except EngineError as error:
        left_out.append(f"journal.sqlite: {error}")
        return
    bundle.write(copy, copy.name)


def _look_through(path: Path, secrets: Iterable[str]) -> None:
    values = [value.encode() for value in secrets]
    with ZipFile(path) as bundle:
        for name in bundle.namelist():
            content = bundle.read(name)
            if any(value in content or value in name.encode() for value in values):
                raise SecretLeft(f"A secret was still in {name}; the bundle was deleted.")
