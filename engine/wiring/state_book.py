"""What the workers of one strategy keep: a page for each, and the changes of the current flow."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from engine.contracts.worker_state import SavedState
from engine.primitives.errors import PluginError
from engine.primitives.kept import Keepable, kept_text, kept_values


@dataclass(frozen=True, slots=True)
class _Entry:
    saved: SavedState
    values: Mapping[str, Keepable]


class StateBook:
    """Holds the states of one strategy's workers, and knows which of them the current flow has changed.

    Closed until `open`: a worker that reads in its constructor would take for its own what the warm-up counts again.

    Args:
        strategy_id: Whose workers these are.
        now_ns: Engine time, UTC nanoseconds.
        restored: What the last session left, in the formats of today's plugins.
    """

    def __init__(self, strategy_id: str, *, now_ns: Callable[[], int], restored: Sequence[SavedState] = ()) -> None:
        self._strategy_id = strategy_id
        self._now_ns = now_ns
        self._kept = {state.worker_id: _Entry(state, kept_values(state.body)) for state in restored}
        self._warm: dict[str, _Entry] = {}
        self._unsaved: dict[str, _Entry] = {}
        self._is_open = False
        self._is_warming = False

    @property
    def unsaved(self) -> Mapping[str, object]:
        """What the current flow has changed, by worker; always the same mapping."""
        return self._unsaved

    def page(self, worker_id: str, *, plugin: str, version: int) -> "StatePage":
        """Return the page of one worker."""
        return StatePage(self, worker_id, plugin, version)

    def open(self) -> None:
        """Let the workers read and write: all of them are built."""
        self._is_open = True

    @contextmanager
    def warming(self) -> Iterator[None]:
        """Show the sheet of the warm-up meanwhile, not what the last session left."""
        self._is_warming = True
        try:
            yield
        finally:
            self._is_warming = False

    def settle(self, *, counts: bool) -> tuple[SavedState, ...]:
        """End a flow: return what it changed for good; nothing if it does not count, or was one of the warm-up."""
        if not self._unsaved:
            return ()
        changed = dict(self._unsaved)
        self._unsaved.clear()
        if not counts:
            return ()
        if self._is_warming:
            self._warm |= changed
            return ()
        self._kept |= changed
        return tuple(entry.saved for entry in changed.values())

    def values_of(self, worker_id: str) -> Mapping[str, Keepable] | None:
        """Return what a worker saved last, as far as it may see it now.

        Raises:
            PluginError: the book is closed.
        """
        entry = self._latest(worker_id) or self._warm.get(worker_id)
        return None if entry is None else entry.values

    def take(self, worker_id: str, values: Mapping[str, Keepable], *, plugin: str, version: int) -> None:
        """Take what a worker saves, for the current flow to make it last.

        Raises:
            PluginError: the book is closed, or the values cannot be kept.
        """
        latest, body = self._latest(worker_id), kept_text(values)
        if latest is not None and latest.saved.body == body:
            return
        saved = SavedState(
            strategy_id=self._strategy_id,
            worker_id=worker_id,
            plugin=plugin,
            version=version,
            at_ns=self._now_ns(),
            body=body,
        )
        self._unsaved[worker_id] = _Entry(saved, kept_values(body))

    def _latest(self, worker_id: str) -> _Entry | None:
        if not self._is_open:
            raise PluginError(
                "State is handed over after the warm-up: use tools.state in a handler, not in the constructor.",
                worker=worker_id,
            )
        return self._unsaved.get(worker_id) or (self._warm if self._is_warming else self._kept).get(worker_id)


class StatePage:
    """Implements `engine.ports.worker_state.WorkerState` on a page of the book."""

    def __init__(self, book: StateBook, worker_id: str, plugin: str, version: int) -> None:
        self._book = book
        self._worker_id = worker_id
        self._plugin = plugin
        self._version = version

    def load(self) -> Mapping[str, Keepable] | None:
        """Return what was saved last, or None.

        Raises:
            PluginError: it is asked in the constructor.
        """
        return self._book.values_of(self._worker_id)

    def save(self, values: Mapping[str, Keepable]) -> None:
        """Keep these values in place of the former ones.

        Raises:
            PluginError: they cannot be kept, or it is called in the constructor.
        """
        self._book.take(self._worker_id, values, plugin=self._plugin, version=self._version)
