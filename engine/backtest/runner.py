"""Drives an engine over recorded bars, as fast as it goes."""

import gc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal

from engine.backtest.dataset import load_bars
from engine.backtest.dataset_report import DatasetReport
from engine.backtest.recordings import files_of
from engine.backtest.report import EquityPoint, RunReport, largest_drawdown
from engine.config.loading import OperationBundle, load_all
from engine.config.places import Places
from engine.contracts.base import Scalar
from engine.contracts.flows import OutcomeKind
from engine.contracts.market import BarSeries
from engine.contracts.orders import TradeStatus
from engine.journal.digest import journal_digest
from engine.journal.queries import SqliteJournalReader
from engine.phase0_bootstrap.assembly import assemble_backtest
from engine.phase0_bootstrap.engine_assembly import Assembled
from engine.runtime.bar_feeding import BarShelf, interleaved
from engine.runtime.engine import Engine

_BARS_PER_REPORT = 2_000


@dataclass(frozen=True, slots=True)
class BacktestRequest:
    """What is to be run. `data` holds ``FILE`` or ``SYMBOL=FILE``; times are UTC nanoseconds, `to_ns` excluded.

    `repair` and `keep` as in `load_bars`.
    """

    operation: Path
    data: Sequence[str]
    from_ns: int | None
    to_ns: int | None
    journal: Path | None
    repair: bool
    keep: Literal["first", "last"] | None
    places: Places


@dataclass(frozen=True, slots=True)
class BacktestResult:
    """What came of it, and what was found in the data."""

    report: RunReport
    datasets: Sequence[DatasetReport]


@dataclass(frozen=True, slots=True)
class RecordedBars:
    """The bars of every market, and what was found in their files."""

    series: Sequence[BarSeries]
    datasets: Sequence[DatasetReport]

    @property
    def label(self) -> str:
        """What the data is called."""
        return ", ".join(report.file for report in self.datasets)


def run_backtest(request: BacktestRequest, *, on_progress: Callable[[int, int], None]) -> BacktestResult:
    """Run an operation's strategies over history. Blocks until it is done; everything is then on disk.

    Args:
        request: What is to be run.
        on_progress: Told now and then how many of how many bars are done.

    Raises:
        ConfigError: something in the files or on the command line does not fit.
        WiringError: a wiring has errors.
        DataError: a recording cannot be used as it stands.
    """
    bundle = load_all(request.operation)
    bars = load_recorded(bundle, request)
    report = run_recorded(
        bundle, bars, places=request.places, journal=request.journal, facts={}, on_progress=on_progress
    )
    return BacktestResult(report, bars.datasets)


def load_recorded(bundle: OperationBundle, request: BacktestRequest) -> RecordedBars:
    """Return the bars that an operation is to be run over. Blocks on the disk.

    Raises:
        ConfigError: a market has no recording, or a recording no market.
        DataError: a recording cannot be used as it stands.
    """
    loaded = [
        load_bars(
            path,
            symbol=symbol,
            repair=request.repair,
            keep=request.keep,
            from_ns=request.from_ns,
            to_ns=request.to_ns,
        )
        for symbol, path in files_of(bundle, request.data).items()
    ]
    return RecordedBars(tuple(series for series, _ in loaded), tuple(report for _, report in loaded))


def run_recorded(
    bundle: OperationBundle,
    bars: RecordedBars,
    *,
    places: Places,
    journal: Path | None,
    facts: Mapping[str, Scalar],
    on_progress: Callable[[int, int], None],
) -> RunReport:
    """Run an operation over bars that are loaded. Blocks until it is done; everything is then on disk.

    Args:
        bundle: The operation.
        bars: One series for each market.
        places: Where the journal goes if `journal` is None.
        journal: The journal's file.
        facts: What a person needs to run it again, beside the data.
        on_progress: As in `run_backtest`.

    Raises:
        ConfigError: something in the files does not fit; the journal's file holds a session already.
        WiringError: a wiring has errors.
        PluginError: foreign code failed.
    """
    assembled = assemble_backtest(
        bundle,
        recordings=bars.series,
        label=bars.label,
        places=places,
        journal=journal,
        facts={"data": bars.label, "bars": sum(len(series) for series in bars.series), **facts},
    )
    try:
        drive(assembled, bars.series, on_progress)
    finally:
        assembled.journal.close()
    return _report(assembled, bars.series, bars.label)


def drive(assembled: Assembled, recordings: Sequence[BarSeries], on_progress: Callable[[int, int], None]) -> None:
    """Hand every bar to the engine, in the order in which the market showed them.

    Raises:
        EngineError: the engine cannot go on.
    """
    total = sum(len(series) for series in recordings)
    # What is there now stays: the collector need not look at it again and again.
    gc.freeze()
    try:
        if len(recordings) == 1 and assembled.engine.may_pass_over(recordings[0]):
            _drive_one(assembled.engine, recordings[0], on_progress)
        else:
            on_market, bars = assembled.engine.on_market, interleaved(recordings)
            for done in range(0, total, _BARS_PER_REPORT):
                on_progress(done, total)
                for bar in islice(bars, _BARS_PER_REPORT):
                    on_market(bar)
    finally:
        gc.unfreeze()
    on_progress(total, total)


def _drive_one(engine: Engine, series: BarSeries, on_progress: Callable[[int, int], None]) -> None:
    """Play one market, and pass over the stretches of it in which nothing can happen."""
    bars = BarShelf(series)
    is_sound = bars.is_sound
    place = told = 0
    while place < len(series):
        if place >= told:
            on_progress(place, len(series))
            told = place + _BARS_PER_REPORT
        # The last quiet bar goes the ordinary way: the market, the clock and the books see it.
        quiet = engine.quiet_bars(series, place) - 1 if is_sound else 0
        if quiet > 0:
            engine.pass_over(series, place, quiet)
            place += quiet
        engine.on_market(bars[place])
        place += 1


def _report(assembled: Assembled, recordings: Sequence[BarSeries], label: str) -> RunReport:
    account = assembled.engine.ledger.get_account()
    cash = assembled.bundle.starting_cash
    with SqliteJournalReader(assembled.journal.path) as reader:
        equity = [EquityPoint(mark.at_ns, mark.equity) for mark in reader.equity_curve()]
        trades = reader.trades()
        outcomes = reader.outcome_counts()
        return RunReport(
            operation=assembled.bundle.operation.model.operation.name,
            data=label,
            bars=sum(len(series) for series in recordings),
            from_ns=min(int(series.opened_ns[0]) for series in recordings),
            to_ns=assembled.engine.clock.now_ns(),
            currency=account.currency,
            starting_cash=cash,
            final_equity=account.equity,
            fees=account.fees_paid,
            largest_drawdown=largest_drawdown(equity, cash),
            outcomes={kind: outcomes[kind] for kind in OutcomeKind if outcomes.get(kind)},
            refusals=dict(sorted(reader.rejection_counts().items(), key=lambda one: -one[1])),
            trades=[trade for trade in trades if trade.status is TradeStatus.CLOSED],
            open_trades=sum(1 for trade in trades if trade.status is TradeStatus.OPEN),
            equity=equity,
            journal=assembled.journal.path,
            digest=journal_digest(assembled.journal.path),
        )
