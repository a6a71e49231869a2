"""Remembers how strangers' plugins did when they were tried, so that one that hangs does so once and not at every start."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import astuple, replace
from typing import Final, Literal

from pydantic import AwareDatetime, BaseModel

from engine.config.kept import read_kept, write_kept
from engine.config.places import Places
from engine.phase0_bootstrap.discovery import HOST_VERSION
from engine.phase0_bootstrap.plugin_check import Examination, Origin
from engine.phase0_bootstrap.plugin_findings import PluginFinding
from engine.phase0_bootstrap.probe import LIMITS, ProbeLimits, Trial
from engine.ports.clock import Clock
from engine.runtime.clocks import LiveClock
from engine.sdk.plugin_folder import digest_of, neighbours_of
from engine.wiring.findings import Severity

FILE_NAME: Final = "plugin_probes.json"


class _KeptTrial(BaseModel):
    ticket: str
    tried_at: AwareDatetime
    findings: tuple[PluginFinding, ...] = ()


class _KeptTrials(BaseModel):
    version: Literal[1] = 1
    trials: tuple[_KeptTrial, ...] = ()


class ProbeMemory:
    """What is known of earlier trials. A trial holds for the same files, program, Python and limits, and no others.

    Nothing here raises: what cannot be read or written costs a trial more, and `remarks` says so.

    Args:
        places: The file lies below their state.
        limits: Under which plugins are tried.
        clock: Says when one was tried.
    """

    def __init__(self, places: Places, limits: ProbeLimits | None = None, clock: Clock | None = None) -> None:
        self._path = places.state / FILE_NAME
        self._limits = limits or LIMITS
        self._clock = clock or LiveClock()
        kept, unreadable = read_kept(self._path, _KeptTrials)
        self._trials = {each.ticket: each for each in kept.trials}
        self.remarks: list[str] = [f"{unreadable} Plugins are tried again."] if unreadable is not None else []

    def recall(self, examined: Examination) -> tuple[PluginFinding, ...] | None:
        """Return what an earlier trial brought to light, with its date at each fault; None if there is none."""
        kept = self._trials.get(self._ticket(examined))
        if kept is None:
            return None
        when = (
            f"It was tried on {kept.tried_at:%Y-%m-%d at %H:%M} UTC; "
            f"`s1mpletrader plugin check {examined.name}` tries it afresh."
        )
        return tuple(
            replace(finding, fix=f"{finding.fix} {when}".lstrip()) if finding.severity is Severity.ERROR else finding
            for finding in kept.findings
        )

    def learn(self, trials: Iterable[tuple[Examination, Trial]]) -> None:
        """Keep what lasts of new trials, in place of what was known of the same plugins.

        Args:
            trials: Plugins as they were before they were tried, and how they did.
        """
        for examined, trial in trials:
            ticket = self._ticket(examined)
            self._trials.pop(ticket, None)
            if trial.is_lasting:
                self._trials[ticket] = _KeptTrial(ticket=ticket, tried_at=self._clock.now(), findings=trial.findings)
        self._write()

    def forget_others(self, present: Sequence[Examination]) -> None:
        """Forget plugins that are no longer there, or are no longer what they were."""
        tickets = {self._ticket(each) for each in present}
        gone = [ticket for ticket in self._trials if ticket not in tickets]
        for ticket in gone:
            del self._trials[ticket]
        if gone:
            self._write()

    def _write(self) -> None:
        kept = _KeptTrials(trials=tuple(self._trials[ticket] for ticket in sorted(self._trials)))
        try:
            write_kept(self._path, kept)
        except OSError as error:
            self.remarks.append(
                f"{self._path} could not be written ({error.strerror}): new plugins are tried again at the next start."
            )

    def _ticket(self, examined: Examination) -> str:
        """Return what a trial holds for. Where columns are read, a neighbour that writes them may have played along."""
        python = ".".join(map(str, sys.version_info[:3]))
        limits = "/".join(map(str, astuple(self._limits)))
        reads = examined.manifest is not None and examined.manifest.dependencies.requires_columns
        neighbours = neighbours_of(examined.folder) if reads and examined.origin is Origin.USER else []
        digests = " ".join(map(digest_of, (examined.folder, *neighbours)))
        return f"{examined.package} {HOST_VERSION} {python} {limits} {digests}"
