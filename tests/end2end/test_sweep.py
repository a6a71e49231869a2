"""Many runs at once: the same table on one process and on two, whatever happens to a single run."""

import csv
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from connectors.demo_market.generator import DemoMarket
from engine.backtest.runner import BacktestRequest
from engine.backtest.sweep import SweepResult, run_sweep
from engine.backtest.sweep_table import describe_sweep, write_csv
from engine.backtest.variations import Variation
from engine.config.places import Places
from engine.journal.queries import SqliteJournalReader
from engine.phase0_bootstrap.discovery import user_shelf
from engine.phase0_bootstrap.operations import copy_operation, operation_path
from engine.primitives.errors import ConfigError
from engine.primitives.timeframes import NS_PER_MINUTE, NS_PER_MS
from tests.support.config import swapped
from tests.support.strangers import a_scout
from tests.support.tree import ROOT

pytestmark = pytest.mark.end2end

START_NS = 1_767_571_200 * 10**9
BARS = 6_000
RISKS = Variation("fixed_risk_sizer.risk_pct", ("0.001", "0.002"))
REWARDS = Variation("fixed_rr_exit_planner.reward_risk", ("1", "3"))

MOODY = """\
import math

from engine.sdk.plugin import NOTHING, Field, OpportunityWorker, WorkerConfig


class MoodyConfig(WorkerConfig):
    mood: str = Field(default="calm", description="calm, wrong, or deadly")


class {name}(OpportunityWorker):
    config_model = MoodyConfig

    def __init__(self, config, tools):
        super().__init__(config, tools)
        if config.mood == "wrong":
            raise ValueError("not today")

    def on_context_assessment(self, assessed):
        if self.config.mood == "deadly":
            {death}
        return NOTHING
"""


def no_progress(done: int, total: int) -> None:
    pass


@pytest.fixture(scope="module")
def bars(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_recording(tmp_path_factory.mktemp("bars") / "bars.parquet", BARS)


def a_recording(path: Path, bars: int) -> Path:
    series = DemoMarket(seed=7).bars("BTC/USDT", from_ns=START_NS, to_ns=START_NS + bars * NS_PER_MINUTE)
    prices = {name: getattr(series, name) for name in ("open", "high", "low", "close", "volume")}
    pl.DataFrame({"ts": series.opened_ns // NS_PER_MS, **prices}).write_parquet(path)
    return path


@pytest.fixture
def places(home: Path) -> Places:
    return Places.of_user()


def sweep(
    places: Places,
    bars: Path,
    *variations: Variation,
    operation: Path | None = None,
    processes: int = 2,
    on_progress: Callable[[int, int], None] = no_progress,
) -> SweepResult:
    request = BacktestRequest(
        operation=operation or operation_path("backtest-btc", places),
        data=(str(bars),),
        from_ns=None,
        to_ns=None,
        journal=None,
        repair=False,
        keep=None,
        places=places,
    )
    return run_sweep(request, variations, processes=processes, on_progress=on_progress)


def test_the_table_is_the_same_on_one_process_and_on_two(places: Places, bars: Path, tmp_path: Path) -> None:
    results = [sweep(places, bars, RISKS, REWARDS, processes=processes) for processes in (1, 2)]
    files = [tmp_path / "one.csv", tmp_path / "two.csv"]
    for result, file in zip(results, files, strict=True):
        write_csv(result, file)

    one, two = (file.read_bytes() for file in files)
    assert one == two
    rows = list(csv.DictReader(one.decode().splitlines()))
    assert [row[RISKS.path] + "/" + row[REWARDS.path] for row in rows] == ["0.001/1", "0.001/3", "0.002/1", "0.002/3"]
    assert len({row["digest"] for row in rows}) == 4
    assert all(int(row["trades"]) > 0 for row in rows)


def test_every_run_has_a_journal_of_its_own_that_says_what_was_set(places: Places, bars: Path) -> None:
    result = sweep(places, bars, RISKS)

    assert result.runs[0].journal.parent == places.data / "sweeps" / "backtest-btc" / "0001"
    for run, risk in zip(result.runs, RISKS.values, strict=True):
        with SqliteJournalReader(run.journal) as reader:
            header = reader.session()
            trades = len(reader.trades())
        assert header is not None
        assert header.facts["settings"] == f"--set {RISKS.path}={risk}"
        assert run.figures is not None
        assert trades >= run.figures.closed_trades


def test_the_best_is_shown_first_and_its_luck_is_told(places: Places, bars: Path) -> None:
    text = "\n".join(describe_sweep(sweep(places, bars, RISKS, REWARDS)))

    assert "4 of 4 runs done" in text
    assert "The best of 4 runs is chosen by luck as well" in text
    assert "Deflated Sharpe ratio: 0." in text


def a_moody_operation(places: Places, *, death: str = "pass") -> Path:
    a_scout(user_shelf(places), "moody", source=MOODY.replace("{death}", death))
    operation = copy_operation(operation_path("backtest-btc", places), "moods", places)
    blueprint = operation.parent / "strategies" / "momentum_btc_5m.yaml"
    first = "    - plugin: FVGEntryDetector\n"
    text = swapped(blueprint.read_text(encoding="utf-8"), (first, f"    - plugin: Moody\n{first}"))
    blueprint.write_text(text, encoding="utf-8")
    return operation


def test_a_run_that_fails_is_a_row_with_its_reason_and_the_others_go_on(places: Places, bars: Path) -> None:
    operation = a_moody_operation(places)

    result = sweep(places, bars, Variation("moody.mood", ("calm", "wrong", "fair")), operation=operation)

    calm, wrong, fair = result.runs
    assert calm.figures is not None
    assert fair.figures is not None
    assert calm.figures.digest == fair.figures.digest
    assert wrong.figures is None
    assert "not today" in wrong.failure


@pytest.mark.skipif(sys.platform == "win32", reason="a process dies otherwise there")
def test_a_run_that_kills_its_process_is_found_out_and_the_others_go_on(places: Places, bars: Path) -> None:
    operation = a_moody_operation(places, death='__import__("os")._exit(9)')
    moods = Variation("moody.mood", ("calm", "deadly", "fair", "good"))

    result = sweep(places, bars, moods, operation=operation)

    assert [run.number for run in result.runs if run.figures is None] == [2]
    assert "its process died" in result.runs[1].failure


def test_what_was_done_before_an_interruption_is_kept(places: Places, bars: Path) -> None:
    many = Variation("fixed_risk_sizer.risk_pct", tuple(f"0.00{number}" for number in range(1, 10)))

    def on_progress(done: int, total: int) -> None:
        if done >= 2:
            raise KeyboardInterrupt

    result = sweep(places, bars, many, on_progress=on_progress)

    assert result.was_interrupted
    assert len(result.runs) == 9
    assert 2 <= len(result.best) < 9
    assert {run.failure for run in result.runs if run.figures is None} == {"interrupted"}


def test_settings_that_fit_nowhere_are_refused_before_anything_runs(places: Places, bars: Path) -> None:
    with pytest.raises(ConfigError, match=r"risk_pct=7 cannot be: .* below 1"):
        sweep(places, bars, Variation("fixed_risk_sizer.risk_pct", ("0.001", "7")))

    assert not (places.data / "sweeps").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C reaches a group of processes otherwise there")
def test_ctrl_c_ends_a_sweep_with_what_there_is(home: Path, tmp_path: Path) -> None:
    data = a_recording(tmp_path / "long.parquet", 40_000)
    risks = ",".join(f"0.0{number}" for number in range(10, 40))
    process = subprocess.Popen(
        [sys.executable, "-m", "engine", "sweep", "--data", str(data), "--set", f"fixed_risk_sizer.risk_pct={risks}"],
        cwd=ROOT,
        env=os.environ | {"S1MPLETRADER_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    journals = home / "data" / "sweeps" / "backtest-btc" / "0001"
    while process.poll() is None and len(list(journals.glob("*.sqlite"))) < 2:
        time.sleep(0.1)

    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)

    assert process.returncode == 130, out + err
    assert "of 30 runs done" in out
    assert "Interrupted; what was done is shown." in err
    assert "Traceback" not in err
