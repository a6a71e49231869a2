"""Many backtests of one operation, each with other settings, on as many processors as there are."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from statistics import stdev

from engine.backtest.dataset_report import DatasetReport
from engine.backtest.deflated_sharpe import deflated_sharpe, luckiest_sharpe
from engine.backtest.runner import BacktestRequest, load_recorded
from engine.backtest.sweep_pool import OnProgress, SweepPool
from engine.backtest.sweep_runs import SweepRun
from engine.backtest.variations import Settings, Variation, combinations, with_settings
from engine.config.loading import OperationBundle, load_all
from engine.config.places import Places
from engine.phase0_bootstrap.catalogue import Catalogue
from engine.phase0_bootstrap.shelves import full_catalogue
from engine.primitives.errors import ConfigError
from engine.primitives.money import ZERO


@dataclass(frozen=True, slots=True)
class SweepResult:
    """All runs, in the order of their combinations, whatever the number of processes."""

    operation: str
    currency: str
    starting_cash: Decimal
    datasets: Sequence[DatasetReport]
    runs: Sequence[SweepRun]
    was_interrupted: bool

    @property
    def best(self) -> Sequence[SweepRun]:
        """The runs that have figures, the largest equity first."""
        return sorted(self._finished, key=lambda run: run.figures.final_equity if run.figures else ZERO, reverse=True)

    @property
    def luck(self) -> "LuckOfTheBest | None":
        """How much of the best Sharpe ratio may be luck.

        None when fewer than two runs have daily returns, or all have the same.
        """
        known = [(run, run.figures.daily) for run in self._finished if run.figures and run.figures.daily]
        sharpes = [daily.sharpe for _, daily in known]
        spread = stdev(sharpes) if len(sharpes) > 1 else 0.0
        if spread == 0.0:
            return None
        run, daily = max(known, key=lambda one: one[1].sharpe)
        by_luck = luckiest_sharpe(trials=len(known), spread=spread)
        return LuckOfTheBest(run, len(known), daily.sharpe, by_luck, deflated_sharpe(daily, benchmark=by_luck))

    @property
    def _finished(self) -> list[SweepRun]:
        return [run for run in self.runs if run.figures is not None]


@dataclass(frozen=True, slots=True)
class LuckOfTheBest:
    """The run with the highest Sharpe ratio of daily returns, held against the luck of so many trials.

    `by_luck` is the ratio to be expected of the best if none were worth anything, `certainty` the deflated Sharpe
    ratio: how probable it is, 0-1, that the run's true ratio is above that.
    """

    run: SweepRun
    trials: int
    sharpe: float
    by_luck: float
    certainty: float


def run_sweep(
    request: BacktestRequest,
    variations: Sequence[Variation],
    *,
    journals: Path | None = None,
    processes: int | None = None,
    on_progress: OnProgress,
) -> SweepResult:
    """Run an operation once for each combination of settings. Blocks until all are done; each has a journal of its own.

    A run that fails is a row with its reason, and the others go on. A KeyboardInterrupt out of `on_progress` ends the
    sweep: what was done by then is in the result.

    Args:
        request: What is to be run; its `journal` is not used.
        variations: At least one; they are held against the plugins' configurations before anything runs.
        journals: An empty folder for the journals, or one that is to be made; a new one of the user's if None.
        processes: How many runs at once; one for each processor that we may use if None.
        on_progress: Told how many of how many runs are done, several times a second.

    Raises:
        ConfigError: something in the files or in the settings does not fit, or the folder is not empty.
        PluginError: a plugin cannot be imported.
        DataError: a recording cannot be used as it stands.
    """
    bundle = load_all(request.operation)
    datasets = load_recorded(bundle, request).datasets
    catalogue = full_catalogue(request.places)
    refused = _refused(bundle, combinations(variations), catalogue)
    folder = _made(journals or _next_folder(request.places, bundle.operation.model.operation.id))
    runs = [
        SweepRun(number, settings, folder / f"run_{number:04}.sqlite", failure=refusal)
        for number, (settings, refusal) in enumerate(refused.items(), start=1)
    ]
    possible = [run for run in runs if not run.failure]
    done = {run.number: run for run in runs if run.failure}
    pool = SweepPool(request, done=done, total=len(runs), on_progress=on_progress)
    was_interrupted = False
    try:
        pool.run_all(possible, processes=min(processes or _processors(), len(possible)))
    except KeyboardInterrupt:
        was_interrupted = True
    return SweepResult(
        operation=bundle.operation.model.operation.name,
        currency=bundle.operation.model.account.currency,
        starting_cash=bundle.starting_cash,
        datasets=datasets,
        runs=tuple(pool.done.get(run.number, replace(run, failure="interrupted")) for run in runs),
        was_interrupted=was_interrupted,
    )


def _refused(bundle: OperationBundle, wanted: Sequence[Settings], catalogue: Catalogue) -> Mapping[Settings, str]:
    """Return why each combination cannot be run, nothing if it can; refuse values that fit nowhere at once."""
    refusals: dict[Settings, ConfigError | None] = {}
    for settings in wanted:
        refusals[settings] = None
        try:
            with_settings(bundle, settings, catalogue)
        except ConfigError as error:
            refusals[settings] = error
    fit = {one for settings, refusal in refusals.items() if refusal is None for one in settings}
    for settings, refusal in refusals.items():
        if refusal is not None and any(one not in fit for one in settings):
            raise refusal
    return {settings: "" if refusal is None else str(refusal) for settings, refusal in refusals.items()}


def _next_folder(places: Places, operation: str) -> Path:
    shelf = places.data / "sweeps" / operation
    taken = [int(path.name) for path in shelf.glob("*") if path.name.isdecimal()]
    return shelf / f"{max(taken, default=0) + 1:04}"


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise ConfigError(f"{folder} is not empty: the journals of a sweep go into a folder of their own.")
    return folder


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
