"""One run of a sweep: what was set, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

from engine.backtest.deflated_sharpe import ReturnShape
from engine.backtest.report import EquityPoint, RunReport
from engine.backtest.variations import Settings
from engine.primitives.timeframes import NS_PER_SECOND

_NS_PER_DAY: Final = 86_400 * NS_PER_SECOND


@dataclass(frozen=True, slots=True)
class RunFigures:
    """What one run came to. Amounts in quote; `largest_drawdown` as in `RunReport`; `daily` is of its days' returns."""

    final_equity: Decimal
    result: Decimal
    closed_trades: int
    winners: int
    open_trades: int
    largest_drawdown: Decimal
    fees: Decimal
    digest: str
    daily: ReturnShape | None


@dataclass(frozen=True, slots=True)
class SweepRun:
    """One run: its settings, and its figures or why there are none."""

    number: int
    settings: Settings
    journal: Path
    figures: RunFigures | None = None
    failure: str = ""


def figures_of(report: RunReport) -> RunFigures:
    """Return what is kept of a report: the journal has the rest."""
    return RunFigures(
        final_equity=report.final_equity,
        result=report.result,
        closed_trades=len(report.trades),
        winners=report.winners,
        open_trades=report.open_trades,
        largest_drawdown=report.largest_drawdown,
        fees=report.fees,
        digest=report.digest,
        daily=ReturnShape.of(_daily_returns(report)),
    )


def _daily_returns(report: RunReport) -> Sequence[float]:
    """Return the change of equity of each UTC day, as a ratio; a day without a mark stands still."""
    last_of: dict[int, EquityPoint] = {point.at_ns // _NS_PER_DAY: point for point in report.equity}
    before, returns = report.starting_cash, []
    for day in range(report.from_ns // _NS_PER_DAY, report.to_ns // _NS_PER_DAY + 1):
        equity = last_of[day].equity if day in last_of else before
        returns.append(float(equity / before - 1) if before > 0 else 0.0)
        before = equity
    return returns
