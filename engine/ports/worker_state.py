"""What a worker may keep for later flows, and for the session after this one."""

from collections.abc import Mapping
from typing import Protocol

from engine.primitives.kept import Keepable


class WorkerState(Protocol):
    """The memory of one worker: read where it is needed, saved whole where it changes.

    A worker copies nothing of it into itself, so what it knows is what is on disk: when a flow FAILED, what was saved in it
    does not count, and `load` gives what stood before.

    In the warm-up it is an empty sheet, whatever an earlier session left: past bars must not be counted a second time.
    With the first flow after the warm-up `load` gives what the last session left, as of its end; if there is none, what
    was saved in the warm-up. So what can be computed from bars belongs into the worker itself, and comes back with the
    warm-up; here belongs what no bar can tell again. A backtest always begins without state.
    """

    def load(self) -> Mapping[str, Keepable] | None:
        """Return what was saved last, or None. Cheap; what comes back cannot be changed, and its lists are tuples.

        Raises:
            PluginError: it is asked in the constructor, where nothing has been handed over yet.
        """
        ...

    def save(self, values: Mapping[str, Keepable]) -> None:
        """Keep these values in place of the former ones; they are on disk together with the current flow.

        A flow in which something new was saved is written down even if nobody said anything, so save when something has
        changed, not at every bar. The same values again cost nothing.

        Raises:
            PluginError: something in it cannot be kept, it is too large, or it is called in the constructor.
        """
        ...
