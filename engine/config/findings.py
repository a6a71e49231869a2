"""What is wrong in a configuration file, said so that a person can put it right."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from engine.config.base import KeyPath
from engine.primitives.errors import ConfigError


def nearest(written: str, known: Iterable[str]) -> str:
    """Return the known word that is most like the written one, or nothing if none is; upper and lower case are alike.

    The threshold is difflib's own default (similarity of at least 0.6).
    """
    by_folded: dict[str, str] = {}
    for word in known:
        by_folded.setdefault(word.casefold(), word)
    close = get_close_matches(written.casefold(), by_folded, n=1)
    return by_folded[close[0]] if close else ""


def path_text(at: KeyPath) -> str:
    """Return a place in a file as people write it: ``workforce.threat_workers[0].config``."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in at)
    return text.removeprefix(".")


@dataclass(frozen=True, slots=True)
class ConfigFinding:
    """One mistake.

    Args:
        file: The file, as it was reached.
        line: Counted from 1; None when the file as a whole is meant.
        key_path: Like ``connectors[0].settings.seed``; empty for the whole file.
        problem: What is wrong; no full stop.
        expected: What would be right; may be empty when the problem says it.
        nearest: The valid value that is most like what was written; empty if none is.
        what_to_do: A full sentence; empty when it is plain.
    """

    file: Path
    line: int | None
    key_path: str
    problem: str
    expected: str = ""
    nearest: str = ""
    what_to_do: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:" if self.line else f"{self.file}:"
        text = f"{where} {self.key_path}: {self.problem}." if self.key_path else f"{where} {self.problem}."
        if self.expected:
            text += f" Expected {self.expected}."
        if self.nearest:
            text += f" Did you mean '{self.nearest}'?"
        return f"{text} {self.what_to_do}".rstrip()


class ConfigRefused(ConfigError):
    """One or more files cannot be used; every mistake that was found is listed, file by file, from top to bottom.

    Args:
        findings: At least one.
    """

    def __init__(self, findings: Iterable[ConfigFinding]) -> None:
        self.findings: Sequence[ConfigFinding] = _in_reading_order(findings)
        super().__init__("The configuration cannot be used as it stands.")

    def __str__(self) -> str:
        if len(self.findings) == 1:
            return str(self.findings[0])
        return "\n".join([f"{len(self.findings)} mistakes in the configuration:", *map(str, self.findings)])


def _in_reading_order(findings: Iterable[ConfigFinding]) -> tuple[ConfigFinding, ...]:
    unique = list(dict.fromkeys(findings))
    files = list(dict.fromkeys(finding.file for finding in unique))
    return tuple(sorted(unique, key=lambda finding: (files.index(finding.file), finding.line or 0)))
