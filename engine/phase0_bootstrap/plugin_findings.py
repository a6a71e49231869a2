"""What is wrong with a plugin, one finding for each fault, for people who wrote it or want to use it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from engine.config.findings import ConfigFinding
from engine.wiring.findings import Severity, WiringFinding


@dataclass(frozen=True, slots=True)
class PluginFinding:
    """One fault: how bad it is, what it is, where, and what to do about it.

    An ERROR quarantines the plugin, a WARNING is only told. `line` counts from 1; None where no line is meant.
    """

    severity: Severity
    text: str
    fix: str = ""
    file: Path | None = None
    line: int | None = None

    def __str__(self) -> str:
        where = "" if self.file is None else f"{self.file}:{self.line}: " if self.line else f"{self.file}: "
        return f"{where}{self.text} {self.fix}".rstrip()


def fault(text: str, fix: str = "", *, file: Path | None = None, line: int | None = None) -> PluginFinding:
    """Return a finding that quarantines."""
    return PluginFinding(Severity.ERROR, text, fix, file, line)


def advice(text: str, fix: str = "", *, file: Path | None = None, line: int | None = None) -> PluginFinding:
    """Return a finding that is only told."""
    return PluginFinding(Severity.WARNING, text, fix, file, line)


def of_config(finding: ConfigFinding) -> PluginFinding:
    """Return what is wrong in a manifest as a finding about its plugin."""
    return fault(str(finding))


def of_wiring(finding: WiringFinding, file: Path) -> PluginFinding:
    """Return what is wrong with a manifest's handlers as a finding about its plugin."""
    return PluginFinding(finding.severity, finding.text, finding.fix, file)


def faults_of(findings: Iterable[PluginFinding]) -> tuple[PluginFinding, ...]:
    """Return the findings that quarantine."""
    return tuple(finding for finding in findings if finding.severity is Severity.ERROR)
