"""The processes of a sweep: each loads operation and bars once, and does one run after another."""

import multiprocessing
import signal
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from multiprocessing import forkserver
from multiprocessing.context import BaseContext
from multiprocessing.synchronize import Event
from typing import Final

from engine.backtest.runner import BacktestRequest, RecordedBars, load_recorded, run_recorded
from engine.backtest.sweep_runs import RunFigures, SweepRun, figures_of
from engine.backtest.variations import said, with_settings
from engine.config.loading import OperationBundle, load_all
from engine.config.places import Places
from engine.phase0_bootstrap.shelves import full_catalogue
from engine.primitives.errors import EngineError

_LOOK_EVERY_S: Final = 0.2
"""How often somebody who waits is told how far it is."""

Outcome = RunFigures | str | None
"""What a process answers: the figures, why there are none, or None because it was told to end."""


OnProgress = Callable[[int, int], None]


class SweepPool:
    """Does runs on several processes at once, and keeps those that are through.

    Args:
        request: What is to be run; each process loads operation and bars once.
        done: Runs that need none, by number; those that are through are added.
        total: How many runs there are in all.
        on_progress: Told how many of how many are through, several times a second; may raise KeyboardInterrupt.
    """

    def __init__(
        self, request: BacktestRequest, *, done: Mapping[int, SweepRun], total: int, on_progress: OnProgress
    ) -> None:
        self.done = dict(done)
        self._request = request
        self._total = total
        self._on_progress = on_progress
        self._context = _context()
        self._end = self._context.Event()

    def run_all(self, runs: Sequence[SweepRun], *, processes: int) -> None:
        """Do these runs. One that takes its process with it is a failed run like others.

        Raises:
            KeyboardInterrupt: out of `on_progress`; all processes have ended, and what was through is kept.
        """
        left = self._run(runs, processes=processes)
        # The runs of that moment lost their processes as well. Alone, one after the other, the culprit is the first.
        while left:
            left = self._run(left, processes=1)
            if left:
                self.done[left[0].number] = replace(left[0], failure="its process died: is there memory enough?")
                left = left[1:]

    def _run(self, runs: Sequence[SweepRun], *, processes: int) -> Sequence[SweepRun]:
        """Do these runs; return those whose process died, or a neighbour's with it, in their order."""
        with ProcessPoolExecutor(
            processes, mp_context=self._context, initializer=_begin, initargs=(self._request, self._end)
        ) as executor:
            futures = {executor.submit(_do, run): run for run in runs}
            try:
                self._wait(futures)
            except KeyboardInterrupt:
                self._end.set()
                executor.shutdown(cancel_futures=True)
                self._keep(futures, [future for future in futures if not future.cancelled()])
                raise
        return [run for run in runs if run.number not in self.done]

    def _wait(self, futures: "Mapping[Future[Outcome], SweepRun]") -> None:
        pending = set(futures)
        while pending:
            finished, pending = wait(pending, _LOOK_EVERY_S, FIRST_COMPLETED)
            self._keep(futures, finished)
            self._on_progress(len(self.done), self._total)

    def _keep(self, futures: "Mapping[Future[Outcome], SweepRun]", finished: "Collection[Future[Outcome]]") -> None:
        for future in finished:
            run, error = futures[future], future.exception()
            outcome = None if error is not None else future.result()
            if isinstance(outcome, RunFigures):
                self.done[run.number] = replace(run, figures=outcome)
            elif isinstance(outcome, str):
                self.done[run.number] = replace(run, failure=outcome)
            elif error is not None and not isinstance(error, BrokenProcessPool):
                self.done[run.number] = replace(run, failure=f"{type(error).__name__}: {error}")


def _context() -> BaseContext:
    """Return a way to start processes that shares no threads with ours, and leaves Ctrl-C to us."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    # The signal mask is handed down: processes that are still importing would otherwise answer Ctrl-C with a traceback.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return multiprocessing.get_context("forkserver")


@dataclass(frozen=True, slots=True)
class _Bench:
    """What a process keeps for all of its runs."""

    bundle: OperationBundle
    bars: RecordedBars
    places: Places
    end: Event


_benches: list[_Bench] = []
"""One in each process of a pool, none elsewhere."""


def _begin(request: BacktestRequest, end: Event) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    bundle = load_all(request.operation)
    _benches[:] = [_Bench(bundle, load_recorded(bundle, request), request.places, end)]


class _EndedEarly(Exception):
    """Somebody wants the sweep to end; nobody outside of this module sees it."""


def _do(run: SweepRun) -> Outcome:
    """Do one run in a process of the pool."""
    (bench,) = _benches
    for left in run.journal.parent.glob(f"{run.journal.name}*"):
        left.unlink()  # by an attempt whose process died

    def look(*_: int) -> None:
        if bench.end.is_set():
            raise _EndedEarly

    try:
        report = run_recorded(
            with_settings(bench.bundle, run.settings, full_catalogue(bench.places)),
            bench.bars,
            places=bench.places,
            journal=run.journal,
            facts={"settings": said(run.settings)},
            on_progress=look,
        )
    except _EndedEarly:
        return None
    except (EngineError, OSError) as error:
        # As text: not every error of ours survives the way between processes.
        return f"{type(error).__name__}: {error}"
    return figures_of(report)
