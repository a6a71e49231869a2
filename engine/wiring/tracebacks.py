"""A traceback as text that names no folder of this machine, so that it may be kept and shown."""

import sys
from pathlib import Path
from traceback import TracebackException
from typing import Final

import engine

_ROOT: Final = Path(engine.__file__).resolve().parents[1]
_OWN_FRAMES: Final = ("engine/wiring/adapter.py",)
"""The adapter's call stands above every worker's own frames and says nothing."""


def traceback_text(error: BaseException) -> str:
    """Return the traceback with file names relative to the package that they belong to."""
    trace = TracebackException.from_exception(error)
    _shorten(trace, set())
    return "".join(trace.format()).rstrip()


def _shorten(trace: TracebackException, seen: set[int]) -> None:
    if id(trace) in seen:
        return
    seen.add(id(trace))
    for frame in trace.stack:
        frame.filename = short_name(frame.filename)
    while trace.stack and trace.stack[0].filename in _OWN_FRAMES:
        del trace.stack[0]
    for before in (trace.__cause__, trace.__context__, *(trace.exceptions or ())):
        if before is not None:
            _shorten(before, seen)


def short_name(filename: str) -> str:
    """Return a file's name below the folder that Python found it in; of any other file the last two parts."""
    if filename.startswith("<"):
        return filename
    path = Path(filename)
    roots = [_ROOT, *(Path(entry) for entry in sys.path if entry)]
    inside = [root for root in roots if path.is_relative_to(root)]
    if not inside:
        return "/".join(path.parts[-2:])
    return path.relative_to(max(inside, key=lambda root: len(root.parts))).as_posix()
