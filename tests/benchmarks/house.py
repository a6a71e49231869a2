"""The reference work in our own engine, its journal on or off."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from unittest.mock import patch

from engine.backtest.runner import drive
from engine.contracts.market import BarSeries
from engine.phase0_bootstrap import assembly
from engine.phase0_bootstrap.assembly import Assembled, assemble_backtest
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
    with patch.object(assembly, "SqliteJournal", NoJournal):
        yield


def assembled(work: ReferenceWork, series: BarSeries, *, journal: bool = True) -> Assembled:
    """Return an engine that is ready for its first bar; with `journal` it writes a file of its own."""
    with _keeping(journal=journal):
        return assemble_backtest(
            work.bundle,
            recordings=[series],
            label="random walk",
            places=work.places,
            journal=work.places.data / f"{next(_numbers)}.sqlite",
            facts={},
        )


def in_house(
    work: ReferenceWork, series: BarSeries, *, journal: bool = True, way: Mapping[str, object] | None = None
) -> Callable[[], Ran]:
    """Return the run: every bar, and the journal's last commit. What it was put together from does not count.

    Args:
        work: The operation.
        series: The bars.
        journal: Whether it keeps one.
        way: How the bars are gone through, as `drive` wants it; one by one if not given.
    """

    def run() -> Ran:
        ready, watch = assembled(work, series, journal=journal), Watch()
        with watch:
            drive(ready, [series], lambda done, total: None, **(way or {}))
            ready.journal.close()
        ready.journal.path.unlink(missing_ok=True)
        ledger = ready.engine.ledger
        trades = len(ledger.get_closed_trades(newest=len(series))) + len(ledger.get_open_trades())
        return Ran(watch.took, trades)

    return run
