"""Drives an engine over recorded bars, as fast as it goes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from engine.backtest.dataset import load_bars
from engine.backtest.dataset_report import DatasetReport
from engine.backtest.recordings import files_of
from engine.backtest.report import EquityPoint, RunReport, largest_drawdown
from engine.config.loading import load_all
from engine.config.places import Places
from engine.contracts.flows import OutcomeKind
from engine.contracts.market import BarSeries
from engine.contracts.orders import TradeStatus
from engine.journal.digest import journal_digest
from engine.journal.queries import SqliteJournalReader
from engine.phase0_bootstrap.assembly import Assembled, assemble_backtest
from engine.runtime.bar_feeding import interleaved

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
    recordings = [series for series, _ in loaded]
    label = ", ".join(report.file for _, report in loaded)
    assembled = assemble_backtest(
        bundle,
        recordings=recordings,
        label=label,
        places=request.places,
        journal=request.journal,
        facts={"data": label, "bars": sum(len(series) for series in recordings)},
    )
    try:
        drive(assembled, recordings, on_progress)
    finally:
        assembled.journal.close()
    return BacktestResult(_report(assembled, recordings, label), tuple(report for _, report in loaded))


def drive(assembled: Assembled, recordings: Sequence[BarSeries], on_progress: Callable[[int, int], None]) -> None:
    """Hand every bar to the engine, in the order in which the market showed them.

    Raises:
        EngineError: the engine cannot go on.
    """
    engine = assembled.engine
    total = sum(len(series) for series in recordings)
    for done, bar in enumerate(interleaved(recordings)):
        if done % _BARS_PER_REPORT == 0:
            on_progress(done, total)
        engine.on_market(bar)
    on_progress(total, total)


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
