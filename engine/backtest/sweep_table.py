"""A sweep as a table: for spreadsheets, and in lines for people."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from engine.backtest.sweep import LuckOfTheBest, SweepResult
from engine.backtest.sweep_runs import SweepRun

_SHOWN: Final = 20
"""So many of the best runs, and of the failed ones, are shown to a person; the file has all."""
_CERTAIN: Final = 0.95
"""The level at which Bailey and Lopez de Prado 2014 take a strategy for more than luck."""


def write_csv(result: SweepResult, path: Path) -> None:
    """Write one line for each run, in the order of the combinations; the same sweep gives the same file.

    Amounts are in quote, the drawdown is a ratio, `sharpe_daily` is of daily returns and not annualised. A run that
    failed has its reason instead of figures.

    Raises:
        OSError: the file cannot be written.
    """
    figures = [
        "final_equity",
        "result",
        "trades",
        "winners",
        "still_open",
        "largest_drawdown",
        "fees",
        "sharpe_daily",
        "digest",
    ]
    paths = [name for name, _ in result.runs[0].settings]
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["run", *paths, *figures, "journal", "failure"])
        for run in result.runs:
            values = [value for _, value in run.settings]
            table.writerow([run.number, *values, *_cells(run, len(figures)), run.journal.name, run.failure])


def describe_sweep(result: SweepResult) -> Sequence[str]:
    """Return the best runs, those that failed, and what must be known before one is chosen."""
    lines = [line for dataset in result.datasets for line in dataset.describe()]
    best, failed = result.best, [run for run in result.runs if run.figures is None]
    lines.append(f"{result.operation}: {len(best):,} of {len(result.runs):,} runs done")
    if best:
        lines += ["", *_table(best[:_SHOWN], result.currency), ""]
    if len(best) > _SHOWN:
        lines.append(f"The {_SHOWN} with the largest equity are shown; --report FILE writes all.")
    lines += [f"Run {run.number} ({_settings(run)}) failed: {run.failure}" for run in failed[:_SHOWN]]
    if len(failed) > _SHOWN:
        lines.append(f"... and {len(failed) - _SHOWN:,} more")
    lines.append(f"Journals: {result.runs[0].journal.parent}")
    return [*lines, *_warning(len(best), result.luck)]


def _table(runs: Sequence[SweepRun], currency: str) -> list[str]:
    rows = [["run", *(name for name, _ in runs[0].settings), f"equity {currency}", "trades", "won", "drawdown", "fees"]]
    for run in runs:
        if run.figures is not None:
            each = run.figures
            money = [f"{each.final_equity:,.2f}", f"{each.closed_trades:,}", f"{each.winners:,}"]
            rest = [f"{each.largest_drawdown:.2%}", f"{each.fees:,.2f}"]
            rows.append([str(run.number), *(value for _, value in run.settings), *money, *rest])
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]


def _warning(trials: int, luck: LuckOfTheBest | None) -> list[str]:
    if trials < 2:
        return []
    lines = [
        f"The best of {trials:,} runs is chosen by luck as well: try it on bars that no run has seen before you trust it."
    ]
    if luck is not None:
        lines.append(
            f"Highest Sharpe ratio of daily returns: {luck.sharpe:.4f} (run {luck.run.number}). Luck alone would give the "
            f"best of {luck.trials:,} about {luck.by_luck:.4f}. Deflated Sharpe ratio: {luck.certainty:.2f}"
            + (": it may well be luck." if luck.certainty < _CERTAIN else ".")
        )
    return lines


def _cells(run: SweepRun, count: int) -> list[object]:
    each = run.figures
    if each is None:
        return [""] * count
    sharpe = "" if each.daily is None else repr(each.daily.sharpe)
    counts = [each.closed_trades, each.winners, each.open_trades]
    return [each.final_equity, each.result, *counts, each.largest_drawdown, each.fees, sharpe, each.digest]


def _settings(run: SweepRun) -> str:
    return ", ".join(f"{path}={value}" for path, value in run.settings)
