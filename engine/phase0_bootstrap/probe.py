"""Tries a stranger's plugin in a process of its own: import, construction and rehearsal, with a limit on time and memory.

An infinite loop cannot be stopped in our own process; there it would take the session with it. Here it takes a child.
"""

import contextlib
import faulthandler
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

from pydantic import ValidationError

from engine.phase0_bootstrap.catalogue import FoundPlugin, found_in
from engine.phase0_bootstrap.discovery import HOST_VERSION
from engine.phase0_bootstrap.fence import behind_fence, load_worker_class
from engine.phase0_bootstrap.plugin_check import Examination, Origin, examine, setting_findings
from engine.phase0_bootstrap.plugin_findings import PluginFinding, advice, fault
from engine.primitives.errors import EngineError
from engine.sdk.plugin_folder import MANIFEST, neighbours_of
from engine.sdk.rehearsal import rehearse_worker
from engine.wiring.findings import Severity

_START_S: Final = 60.0
"""What our own imports may take in the child on a slow and busy machine; it is not the plugin's time."""

_MIB: Final = 2**20
# Each thread of a numerical library has memory of its own, which the limit counts: on a machine of many processors
# their pools alone would reach it.
_MODEST: Final = dict.fromkeys(
    ("POLARS_MAX_THREADS", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MALLOC_ARENA_MAX"), "1"
)


@dataclass(frozen=True, slots=True)
class ProbeLimits:
    """What a plugin may use to be imported, built and rehearsed twice over 400 bars.

    Args:
        time_s: Wall seconds. A plugin of ours takes a tenth of one.
        memory_mib: Mebibytes of data beyond what the program itself has; held on Linux alone.
    """

    time_s: float = 20.0
    memory_mib: int = 2048


LIMITS: Final = ProbeLimits()


def probe(examined: Examination, limits: ProbeLimits | None = None) -> tuple[PluginFinding, ...]:
    """Return what trying a plugin brought to light. Blocks until the child has ended.

    Args:
        examined: Of which nothing forbids to import it.
        limits: What it may use.
    """
    limits = limits or LIMITS
    with tempfile.TemporaryDirectory(prefix="s1mpletrader-probe-") as place:
        report, trace, errors = (Path(place, name) for name in ("report", "trace", "errors"))
        report.touch()
        trace.touch()
        words = [str(examined.folder), examined.package, examined.origin, str(report), str(trace)]
        command = [sys.executable, "-B", "-m", __name__, *words, str(limits.time_s), str(limits.memory_mib)]
        paths = os.pathsep.join(path for path in sys.path if path)
        with errors.open("w") as said:
            try:
                ended = subprocess.run(  # noqa: S603  # our own interpreter and module
                    command,
                    env=os.environ | _MODEST | {"PYTHONPATH": paths},
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=said,
                    timeout=limits.time_s + _START_S,
                    check=False,
                )
                code: int | None = ended.returncode
            except subprocess.TimeoutExpired:
                code = None
        return tuple(_findings(examined, report, trace, errors, code, limits))


def _findings(
    examined: Examination, report: Path, trace: Path, errors: Path, code: int | None, limits: ProbeLimits
) -> Iterator[PluginFinding]:
    """Read what the child wrote before it ended, and how it ended."""
    lines = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    stages = [line["stage"] for line in lines if "stage" in line]
    for line in lines:
        if "finding" in line:
            file = Path(line["file"]) if line["file"] else None
            yield PluginFinding(Severity(line["finding"]), line["text"], line["fix"], file)
    doing = stages[-1] if stages else "starting"
    if doing == "done":
        return
    if code is None or trace.stat().st_size:
        yield fault(
            f"{doing} took more than {limits.time_s:g} seconds{_place(trace, examined.folder)}.",
            "Is there a loop that never ends?",
            file=examined.folder,
        )
    else:
        last = errors.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
        yield fault(f"{doing} ended the whole process (exit code {code}).", " ".join(last)[:300], file=examined.folder)


def _place(trace: Path, folder: Path) -> str:
    """Return the line of the plugin's own where the time ran out."""
    text = trace.read_text(encoding="utf-8", errors="replace")
    for file, line, function in re.findall(r'File "(.+?)", line (\d+) in (\S+)', text):
        if Path(file).is_relative_to(folder):
            return f" ({Path(file).name}:{line}, in {function})"
    return ""


class _Report:
    """What the child tells, line by line: whatever happens to it, the last line says what it was doing."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def stage(self, name: str) -> None:
        self._write(stage=name)

    def finding(self, finding: PluginFinding) -> None:
        self._write(
            finding=finding.severity,
            text=finding.text,
            fix=finding.fix,
            file=str(finding.file) if finding.file else "",
        )

    def _write(self, **line: str) -> None:
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()


def _try(plugin: FoundPlugin, report: _Report) -> None:
    """Import, build and rehearse a plugin, and report what is wrong with it."""
    name, folder, manifest = plugin.manifest.identification.name, plugin.folder, plugin.manifest
    report.stage(f"Importing {name}")
    worker_class = load_worker_class(plugin)
    report.stage(f"Reading the settings of {name}")
    try:
        values = worker_class.config_model().model_dump()
    except ValidationError as error:
        needed = ", ".join(str(each["loc"][0]) for each in error.errors() if each["loc"])
        report.finding(
            advice(f"It was not rehearsed: the settings {needed} have no default.", "Give each one.", file=folder)
        )
        return
    wrong = list(setting_findings(manifest, values, folder / MANIFEST))
    for finding in wrong:
        report.finding(finding)
    if wrong:
        return
    report.stage(f"Rehearsing {name}")
    neighbours = neighbours_of(folder) if plugin.origin is Origin.USER else []
    first, second = (
        behind_fence(
            f"Rehearsing {name}", lambda: rehearse_worker(manifest, worker_class, neighbours=neighbours), folder=folder
        )
        for _ in range(2)
    )
    if not first.same_as(second):
        report.finding(
            fault(
                f"{name} said something else when the same market passed again.",
                "A replay would decide otherwise: nothing may depend on chance, the machine's clock or an earlier run.",
                file=folder,
            )
        )
    if first.kept is not None:
        report.stage(f"Rehearsing {name} after a restart")
        behind_fence(
            f"Rehearsing {name} with what it kept itself",
            lambda: rehearse_worker(manifest, worker_class, neighbours=neighbours, kept=first.kept),
            folder=folder,
        )
    elif manifest.capabilities.state is not None:
        report.finding(advice("It asks for a state, and kept nothing in the rehearsal.", file=folder / MANIFEST))
    for text in first.unheard:
        report.finding(advice(f"Not rehearsed: {text}.", file=folder))
    for column in first.empty:
        report.finding(advice(f"The column {column} was never written.", "NaN is for the warm-up alone.", file=folder))
    for column in first.made_up:
        report.finding(advice(f"Nobody here writes the column {column}; it was rehearsed with the close.", file=folder))


def _limit_memory(memory_mib: int) -> None:
    """Let this process have so much more memory than it has now, where the platform can say that."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  # not on Windows

    # Not the address space: a library for machine learning maps gigabytes of code that cost nothing.
    statm = Path("/proc/self/statm")
    used = int(statm.read_text(encoding="ascii").split()[5]) * resource.getpagesize() if statm.exists() else 0
    with contextlib.suppress(ValueError):  # macOS refuses some limits; the time still holds
        resource.setrlimit(
            resource.RLIMIT_DATA, (used + memory_mib * _MIB, resource.getrlimit(resource.RLIMIT_DATA)[1])
        )


def _main(folder: str, package: str, origin: str, report_path: str, trace_path: str, time_s: str, memory: str) -> None:
    with Path(report_path).open("a", encoding="utf-8") as out, Path(trace_path).open("w", encoding="utf-8") as trace:
        report = _Report(out)
        examined = examine(Path(folder), package=package, origin=Origin(origin), host_version=HOST_VERSION)
        plugin = found_in(examined)
        if plugin is None:
            for finding in examined.faults:
                report.finding(finding)
        else:
            faulthandler.dump_traceback_later(float(time_s), exit=True, file=trace)
            _limit_memory(int(memory))
            try:
                _try(plugin, report)
            except EngineError as error:
                report.finding(fault(str(error), file=Path(folder)))
        report.stage("done")
    os._exit(0)  # threads that a plugin started must not keep the child alive


if __name__ == "__main__":
    _main(*sys.argv[1:])
