"""A sweep on two processes against the same sweep on one."""

from pathlib import Path

import polars as pl
import pytest

from engine.backtest.runner import BacktestRequest
from engine.backtest.sweep import SweepResult, run_sweep
from engine.backtest.variations import Variation
from engine.primitives.timeframes import NS_PER_MS
from tests.benchmarks.measuring import LONG_RUNS, Board, Took, Watch, alternated
from tests.benchmarks.reference import ReferenceWork, a_market

pytestmark = pytest.mark.benchmark
BARS = 30_000
VARIATIONS = [
    Variation("ema_cross.stop_pct", ("0.003", "0.004", "0.005", "0.006", "0.008", "0.01")),
    Variation("fixed_rr_exit_planner.reward_risk", ("1", "1.5", "2", "3")),
]


def _file_of_bars(path: Path) -> Path:
    series = a_market(BARS)
    prices = {name: getattr(series, name) for name in ("open", "high", "low", "close", "volume")}
    pl.DataFrame({"ts": series.opened_ns // NS_PER_MS, **prices}).write_parquet(path)
    return path


def test_a_sweep_on_two_processes_against_one(work: ReferenceWork, board: Board, tmp_path: Path) -> None:
    request = BacktestRequest(
        operation=work.bundle.operation.path,
        data=(str(_file_of_bars(tmp_path / "bars.parquet")),),
        from_ns=None,
        to_ns=None,
        journal=None,
        repair=False,
        keep=None,
        places=work.places,
    )
    results: list[SweepResult] = []

    def swept(processes: int) -> Took:
        watch = Watch()
        with watch:
            results.append(run_sweep(request, VARIATIONS, processes=processes, on_progress=lambda done, total: None))
        return watch.took

    one, two = alternated(lambda: swept(1), lambda: swept(2), runs=LONG_RUNS)

    digests = {tuple(run.figures.digest for run in result.runs if run.figures) for result in results}
    assert [len(each) for each in digests] == [24], "the number of processes changed what came out, or a run failed"
    board.by_wall(
        "a sweep of 24 runs on two processes against one",
        of=one,
        to=two,
        goal=1.7,
        better="more",
        note=f"{one.wall:.1f} against {two.wall:.1f} s; median of {LONG_RUNS}; honest only with two idle processors",
    )
