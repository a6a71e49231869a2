"""Tries a stranger's plugin in a process of its own: import, construction and rehearsal, with a limit on time and memory.

An infinite loop cannot be stopped in our own process; there it would take the session with it. Here it takes a child.
"""

import contextlib
import faulthandler
import os
import re
import signal
import subprocess
import sys
import tempfile
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Final, TextIO

from pydantic import BaseModel, ValidationError

from engine.phase0_bootstrap.catalogue import FoundPlugin, found_in
from engine.phase0_bootstrap.discovery import HOST_VERSION
from engine.phase0_bootstrap.fence import behind_fence, load_worker_class
from engine.phase0_bootstrap.plugin_check import Examination, Origin, examine, setting_findings
from engine.phase0_bootstrap.plugin_findings import PluginFinding, advice, fault
from engine.primitives.errors import EngineError
from engine.sdk.plugin_folder import MANIFEST, neighbours_of
from engine.sdk.rehearsal import rehearse_worker

_START_S: Final = 60.0
"""What our own imports may take in the child on a slow and busy machine; it is not the plugin's time."""

_COMPUTED: Final = None if sys.platform == "win32" else signal.SIGPROF
"""What ends a child that has used up its time of the processor; Windows has no such thing."""

_ELSEWHERE: Final = (OSError, ImportError, MemoryError)
"""Errors whose cause may lie outside of the plugin: files, the network, installed libraries, the machine."""

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
        time_s: Wall seconds.
        computing_s: Seconds of the processor's time, however busy the machine is; not held on Windows. A plugin of
            ours takes a tenth of one.
        memory_mib: Mebibytes of data beyond what the program itself has; held on Linux alone.
    """

    time_s: float = 20.0
    computing_s: float = 10.0
    memory_mib: int = 2048


LIMITS: Final = ProbeLimits()


@dataclass(frozen=True, slots=True)
class Trial:
    """What trying a plugin brought to light.

    `is_lasting` says that nothing but the plugin's files brought it about, so that another try would end alike. A wait
    (for the network, for a busy machine), too little memory, a library or a file that is missing, and the end of the
    whole process may have other causes.
    """

    findings: tuple[PluginFinding, ...] = ()
    is_lasting: bool = True


def probe(examined: Examination, limits: ProbeLimits | None = None) -> Trial:
    """Try a plugin. Blocks until the child has ended.

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
        command = [sys.executable, "-B", "-m", __name__, *words, *map(str, astuple(limits))]
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
        return _trial(examined, report, trace, errors, code, limits)


def _trial(
    examined: Examination, report: Path, trace: Path, errors: Path, code: int | None, limits: ProbeLimits
) -> Trial:
    """Read what the child wrote before it ended, and how it ended."""
    lines = [_Line.model_validate_json(line) for line in report.read_text(encoding="utf-8").splitlines()]
    findings = tuple(line.finding for line in lines if line.finding is not None)
    doing = next((line.stage for line in reversed(lines) if line.stage), "starting")
    if doing == "done":
        return Trial(findings, is_lasting=all(line.is_lasting for line in lines))
    place, has_computed = _place(trace, examined.folder), _COMPUTED is not None and code == -_COMPUTED
    if code is None or trace.stat().st_size:
        allowed = f"{limits.computing_s:g} seconds of the processor" if has_computed else f"{limits.time_s:g} seconds"
        end = fault(
            f"{doing} took more than {allowed}{place}.", "Is there a loop that never ends?", file=examined.folder
        )
    else:
        last = errors.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
        end = fault(f"{doing} ended the whole process (exit code {code}).", " ".join(last)[:300], file=examined.folder)
    return Trial((*findings, end), is_lasting=has_computed)


def _place(trace: Path, folder: Path) -> str:
    """Return the line of the plugin's own where the time ran out."""
    text = trace.read_text(encoding="utf-8", errors="replace")
    for file, line, function in re.findall(r'File "(.+?)", line (\d+) in (\S+)', text):
        if Path(file).is_relative_to(folder):
            return f" ({Path(file).name}:{line}, in {function})"
    return ""


class _Line(BaseModel):
    """One thing that the child tells: what it begins to do, or what it found."""

    stage: str = ""
    finding: PluginFinding | None = None
    is_lasting: bool = True


class _Report:
    """What the child tells, line by line: whatever happens to it, the last stage says what it was doing."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def stage(self, name: str) -> None:
        self._write(_Line(stage=name))

    def finding(self, finding: PluginFinding, *, is_lasting: bool = True) -> None:
        self._write(_Line(finding=finding, is_lasting=is_lasting))

    def _write(self, line: _Line) -> None:
        self._file.write(line.model_dump_json() + "\n")
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


def _limit_time(limits: ProbeLimits, trace: TextIO) -> None:
    """End this process, with the place where it was, when it has taken too long or computed for too long."""
    faulthandler.dump_traceback_later(limits.time_s, exit=True, file=trace)
    if sys.platform != "win32":
        faulthandler.register(signal.SIGPROF, file=trace, chain=True)
        signal.setitimer(signal.ITIMER_PROF, limits.computing_s)


def _is_lasting(error: EngineError) -> bool:
    """Tell whether none of the errors that led to this one has a cause outside of the plugin."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, _ELSEWHERE):
            return False
        cause = cause.__cause__ or cause.__context__
    return True


def _main(folder: str, package: str, origin: str, report_path: str, trace_path: str, limits: ProbeLimits) -> None:
    with Path(report_path).open("a", encoding="utf-8") as out, Path(trace_path).open("w", encoding="utf-8") as trace:
        report = _Report(out)
        examined = examine(Path(folder), package=package, origin=Origin(origin), host_version=HOST_VERSION)
        plugin = found_in(examined)
        if plugin is None:
            for finding in examined.faults:
                report.finding(finding)
        else:
            _limit_time(limits, trace)
            _limit_memory(limits.memory_mib)
            try:
                _try(plugin, report)
            except EngineError as error:
                report.finding(fault(str(error), file=Path(folder)), is_lasting=_is_lasting(error))
        report.stage("done")
    os._exit(0)  # threads that a plugin started must not keep the child alive


if __name__ == "__main__":
    _folder, _package, _origin, _report, _trace, _time_s, _computing_s, _memory_mib = sys.argv[1:]
    _limits = ProbeLimits(float(_time_s), float(_computing_s), int(_memory_mib))
    _main(_folder, _package, _origin, _report, _trace, _limits)
