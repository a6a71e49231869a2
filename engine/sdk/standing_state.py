"""The memory of a worker that is tried outside of any session."""

from collections.abc import Mapping
from typing import Any

from engine.contracts.worker_state import SavedState
from engine.ports.worker import Worker, WorkerConfig, WorkerTools
from engine.primitives.kept import Keepable, kept_text
from engine.wiring.state_book import StateBook

_WHO = "worker"


class StandingState:
    """Implements `engine.ports.worker_state.WorkerState` for one worker; what is saved counts at once.

    As in a session it is closed while the worker is built.

    Args:
        kept: What the worker goes on with, as after a restart; None for a first session.

    Raises:
        PluginError: these values cannot be kept.
    """

    def __init__(self, kept: Mapping[str, Keepable] | None = None) -> None:
        restored = [] if kept is None else [_saved(kept)]
        self._book = StateBook("demo", now_ns=lambda: 0, restored=restored)
        self._page = self._book.page(_WHO, plugin=_WHO, version=1)

    def hand_over(self) -> None:
        """Let the worker read and write: it is built."""
        self._book.open()

    def load(self) -> Mapping[str, Keepable] | None:
        """Return what was saved last, or None.

        Raises:
            PluginError: it is asked in the constructor.
        """
        return self._page.load()

    def save(self, values: Mapping[str, Keepable]) -> None:
        """Keep these values in place of the former ones.

        Raises:
            PluginError: they cannot be kept, or it is called in the constructor.
        """
        self._page.save(values)


def _saved(kept: Mapping[str, Keepable]) -> SavedState:
    return SavedState(strategy_id="demo", worker_id=_WHO, plugin=_WHO, version=1, at_ns=0, body=kept_text(kept))


def hire(worker_class: type[Worker[Any]], config: WorkerConfig, tools: WorkerTools) -> Worker[Any]:
    """Return a worker that is built, and its standing state, if it has one, handed over."""
    worker = worker_class(config, tools)
    if isinstance(tools.state, StandingState):
        tools.state.hand_over()
    return worker
