"""The reference work in our own engine, its journal on or off."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

from engine.backtest.runner import drive
from engine.contracts.market import BarSeries
from engine.phase0_bootstrap import engine_assembly, strategy_assembly
from engine.phase0_bootstrap.ahead import Pace
from engine.phase0_bootstrap.assembly import assemble_backtest
from engine.phase0_bootstrap.engine_assembly import Assembled
from tests.benchmarks.measuring import Ran, Watch
from tests.benchmarks.reference import ReferenceWork

_numbers = count()


class NoJournal:
    """A `JournalWriter` that keeps nothing: what a run costs without its memory. Stands where `SqliteJournal` stands."""

    def __init__(self, path: Path, **_: object) -> None:
        self.path = path

    def __getattr__(self, name: str) -> Callable[..., None]:
        return _forget


def _forget(*_: object, **__: object) -> None:
    pass


@contextmanager
def _keeping(*, journal: bool) -> Iterator[None]:
    if journal:
        yield
        return
    with patch.object(engine_assembly, "SqliteJournal", NoJournal):
        yield


@contextmanager
def _timed_ahead(watch: Watch) -> Iterator[None]:
    """Count what is worked ahead while an engine is put together: other engines compute their indicators in the run."""

    def timed(work: Callable[..., Any]) -> Callable[..., Any]:
        def run(*words: object, **settings: object) -> object:
            with watch:
                return work(*words, **settings)

        return run

    with (
        patch.object(strategy_assembly, "columns_ahead", timed(strategy_assembly.columns_ahead)),
        patch.object(strategy_assembly, "candidates_of", timed(strategy_assembly.candidates_of)),
    ):
        yield


def assembled(
    work: ReferenceWork, series: BarSeries, *, journal: bool = True, pace: Pace = Pace.EVERY_BAR
) -> Assembled:
    """Return an engine that is ready for its first bar; with `journal` it writes a file of its own."""
    with _keeping(journal=journal):
        return assemble_backtest(
            work.bundle,
            recordings=[series],
            label="random walk",
            places=work.places,
            journal=work.places.data / f"{next(_numbers)}.sqlite",
            facts={},
            pace=pace,
        )


def in_house(
    work: ReferenceWork, series: BarSeries, *, journal: bool = True, pace: Pace = Pace.EVERY_BAR
) -> Callable[[], Ran]:
    """Return the run: what is worked ahead, every bar, and the journal's last commit. What else is put together is not.

    Args:
        work: The operation.
        series: The bars.
        journal: Whether it keeps one.
        pace: How the bars are gone through; as in paper and live if not given.
    """

    def run() -> Ran:
        watch = Watch()
        with _timed_ahead(watch):
            ready = assembled(work, series, journal=journal, pace=pace)
        with watch:
            drive(ready, [series], lambda done, total: None)
            ready.journal.close()
        ready.journal.path.unlink(missing_ok=True)
        ledger = ready.engine.ledger
        trades = len(ledger.get_closed_trades(newest=len(series))) + len(ledger.get_open_trades())
        return Ran(watch.took, trades)

    return run
