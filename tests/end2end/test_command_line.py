"""The command line as a script sees it: what it prints, and its exit codes."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from engine.config.places import Places
from engine.journal.queries import SqliteJournalReader
from engine.primitives.errors import LedgerMismatch
from engine.primitives.timeframes import datetime_from_ns
from engine.runtime.explain import newest_journal
from tests.support.market import a_bar_series

pytestmark = pytest.mark.end2end
ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def places(home: Path) -> Places:
    return Places(data=home / "data", config=home / "config", state=home / "state")


@pytest.fixture
def run(home: Path) -> Run:
    """Run the program in a process of its own, with the test's folders."""

    def call(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "engine", *words],
            cwd=ROOT,
            env=os.environ | {"S1MPLETRADER_HOME": str(home)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return call


def _a_recording(path: Path, *, bars: int = 900, **changes: object) -> Path:
    series = a_bar_series([100.0 + number % 7 for number in range(bars)])
    frame = pl.DataFrame(
        {
            "ts": series.opened_ns // 1_000_000,
            "open": series.open,
            "high": series.high,
            "low": series.low,
            "close": series.close,
            "volume": series.volume,
        }
    )
    for column, values in changes.items():
        frame = frame.with_columns(pl.Series(column, values))
    frame.write_parquet(path)
    return path


def test_a_backtest_says_what_came_of_it_and_every_trade_can_be_explained(
    run: Run, shared_data: Path, tmp_path: Path
) -> None:
    data = shared_data / "ohlcv" / "binance_BTCUSDT_5m_2022-08_2023-09.parquet"
    page = tmp_path / "report.html"
    words = ("backtest", "backtest-btc", "--data", str(data), "--to", "2022-08-15")
    first, second = run(*words, "--report", str(page)), run(*words)

    assert first.returncode == 0, first.stderr
    digest = [line for line in first.stdout.splitlines() if line.startswith("Digest")]
    assert digest == [line for line in second.stdout.splitlines() if line.startswith("Digest")]
    for word in ("Flows: EXECUTED", "Trades:", "Fees:", "largest drawdown", "Journal:"):
        assert word in first.stdout
    assert "<svg" in page.read_text(encoding="utf-8")

    trade = first.stdout.split("s1mpletrader why ")[1].split()[0]
    told = run("why", trade)
    assert told.returncode == 0, told.stderr
    for word in ("TCK_", "CTX_", "OPP_", "STR_", "ENT_", "SIZ_", "EXT_", "EXI_", "EXE_", "EXG_", "ORD_", "FIL_", trade):
        assert word in told.stdout, word


def test_why_a_bar_did_not_trade_is_told_from_its_tick(run: Run, shared_data: Path, places: Places) -> None:
    data = shared_data / "ohlcv" / "binance_BTCUSDT_5m_2022-08_2023-09.parquet"
    run("backtest", "backtest-btc", "--data", str(data), "--to", "2022-08-10")
    with SqliteJournalReader(newest_journal(places)) as journal:
        (strategy,) = journal.strategies()
        quiet = journal.tick_columns(strategy.strategy_id)
    assert len(quiet.closed_ns) > 1_000
    told = run("why", "--flow", f"TCK_{datetime_from_ns(int(quiet.closed_ns[20])):%Y%m%d_%H%M%S}_00000")
    assert told.returncode == 0, told.stderr
    assert "NO_OPPORTUNITY" in told.stdout
    assert "ema_20" in told.stdout


def test_five_different_mistakes_in_a_yaml_are_all_listed_with_their_lines(run: Run, tmp_path: Path) -> None:
    shipped = ROOT / "resources" / "config" / "operations" / "demo-paper"
    folder = tmp_path / "mine"
    (folder / "strategies").mkdir(parents=True)
    for file in shipped.rglob("*.yaml"):
        (folder / file.relative_to(shipped)).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    operation = folder / "operation.yaml"
    text = operation.read_text(encoding="utf-8")
    broken = (
        text.replace("environment: paper", "environment: papre")
        .replace("currency: USDT", "currency: usdt")
        .replace("warmup_bars:", "warmup_barz:")
        .replace("starting_cash:", "starting_cash: -1 #")
        .replace("connector: demo_market", "conector: demo_market")
    )
    assert broken != text
    operation.write_text(broken, encoding="utf-8")
    told = run("run", str(operation))
    assert told.returncode == 3
    for word in ("environment", "currency", "warmup_barz", "starting_cash", "conector", "operation.yaml:"):
        assert word in told.stderr, word
    assert "Did you mean" in told.stderr


@pytest.mark.parametrize(
    ("column", "value", "word"),
    [("low", -1.0, "1 refused"), ("close", float("nan"), "finite number: 1 refused"), ("volume", -5.0, "1 refused")],
)
def test_a_recording_that_cannot_be_is_refused_with_what_is_wrong(
    column: str, value: float, word: str, run: Run, tmp_path: Path
) -> None:
    series = a_bar_series([100.0 + number % 7 for number in range(900)])
    values = getattr(series, column).copy()
    values[400] = value
    told = run("backtest", "backtest-btc", "--data", str(_a_recording(tmp_path / "bad.parquet", **{column: values})))
    assert told.returncode == 4, told.stdout + told.stderr
    assert "bad.parquet" in told.stderr
    assert word in told.stderr


def test_of_rows_that_contradict_each_other_the_first_or_the_last_is_kept_when_asked(run: Run, tmp_path: Path) -> None:
    times = [1_600_000_200_000 + number * 300_000 for number in range(900)]
    times[500] = times[499]
    data = str(_a_recording(tmp_path / "doubled.parquet", ts=times))
    refused, taken = (run("backtest", "backtest-btc", "--data", data, *more) for more in ((), ("--keep", "last")))

    assert refused.returncode == 4
    assert "keep last" in refused.stderr
    assert taken.returncode == 0, taken.stderr
    assert "the last row of each time was kept" in taken.stdout


def test_bars_longer_than_the_strategys_own_are_refused(run: Run, tmp_path: Path) -> None:
    hours = [1_600_000_000_000 // 3_600_000 * 3_600_000 + number * 3_600_000 for number in range(900)]
    told = run("backtest", "backtest-btc", "--data", str(_a_recording(tmp_path / "hours.parquet", ts=hours)))

    assert told.returncode == 3
    assert "bars of 5m cannot be built from the market data, which has bars of 1h" in told.stderr
    assert re.search(r"momentum_btc_5m\.yaml:\d+: market\.timeframe", told.stderr)


def test_an_id_that_is_not_in_the_journal_is_told_with_the_journal_that_was_searched(run: Run, places: Places) -> None:
    run("run", "--bars", "1", "--speed", "0")
    told = run("why", "ORD_20260105_001200_00003")

    assert told.returncode == 3
    assert f"Journal: {newest_journal(places)}" in told.stderr
    assert "does not know the id" in told.stderr


@pytest.mark.parametrize(
    "words", [("run", "demo-papr"), ("backtest", "nowhere/operation.yaml"), ("wiring", "check", "x")]
)
def test_an_operation_that_is_not_there_is_named_with_those_that_are(words: tuple[str, ...], run: Run) -> None:
    told = run(*words)
    assert told.returncode == 3
    assert "demo-paper" in told.stderr


def test_a_command_line_that_is_wrong_ends_with_two(run: Run) -> None:
    assert run("backtest", "--from", "yesterday").returncode == 2
    assert run("why").returncode == 2
    assert run("fly").returncode == 2


def test_the_shipped_wirings_are_sound(run: Run) -> None:
    for operation in ("demo-paper", "backtest-btc"):
        told = run("wiring", "check", operation)
        assert told.returncode == 0, told.stdout
        assert "ERROR" not in told.stdout
        assert "GAP" not in told.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for a single child process")
def test_ctrl_c_stops_orderly_and_loses_nothing_that_the_ledger_had(home: Path, places: Places) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "engine", "run", "demo-paper", "--speed", "6000"],
        cwd=ROOT,
        env=os.environ | {"S1MPLETRADER_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    journal = _wait_for_a_fill(places)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Journal:" in out
    with SqliteJournalReader(journal) as reader:
        assert not reader.quick_check()
        summed = sum(
            (
                fill.quantity * fill.direction.sign
                for trade in reader.trades()
                for fill in reader.fills_of_trade(trade.trade_id)
            ),
            start=0,
        )
        held = sum((position.quantity for position in reader.positions()), start=0)
        assert summed == held


def test_ctrl_c_in_a_backtest_leaves_a_journal_that_can_be_read(home: Path, places: Places, tmp_path: Path) -> None:
    recording = _a_recording(tmp_path / "long.parquet", bars=200_000)
    process = subprocess.Popen(
        [sys.executable, "-m", "engine", "backtest", "backtest-btc", "--data", str(recording)],
        cwd=ROOT,
        env=os.environ | {"S1MPLETRADER_HOME": str(home)},
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not list((places.data / "journals").glob("*/*/*.sqlite-wal")):
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)

    assert process.returncode == 130, err
    assert "Traceback" not in err
    with SqliteJournalReader(newest_journal(places)) as reader:
        assert not reader.quick_check()


def test_a_folder_that_cannot_be_is_said_with_what_to_do(home: Path, run: Run) -> None:
    home.mkdir(parents=True, exist_ok=True)
    (home / "data").write_text("a file where a folder belongs")

    told = run("run", "demo-paper", "--bars", "5", "--speed", "0")

    assert told.returncode == 1
    assert "S1MPLETRADER_HOME" in told.stderr
    assert "Traceback" not in told.stderr


def test_a_report_that_could_not_be_written_is_refused_before_the_run(run: Run, tmp_path: Path) -> None:
    recording = _a_recording(tmp_path / "bars.parquet")

    for place in (tmp_path, tmp_path / "no" / "such" / "folder.html"):
        told = run("backtest", "backtest-btc", "--data", str(recording), "--report", str(place))
        assert told.returncode == 2
        assert "cannot be written" in re.sub(r"[\s│]+", " ", told.stderr)


@pytest.mark.parametrize(
    "words",
    [
        ("run", "demo-paper", "--speed", "inf"),
        ("backtest", "backtest-btc", "--from", "0001-01-01T00:00:00+14:00"),
    ],
    ids=lambda words: " ".join(words[-2:]),
)
def test_a_number_beyond_reason_on_the_command_line_ends_with_two(words: tuple[str, ...], run: Run) -> None:
    told = run(*words)

    assert told.returncode == 2
    assert "Traceback" not in told.stderr


def _wait_for_a_fill(places: Places) -> Path:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        time.sleep(0.2)
        for journal in (places.data / "journals").glob("*/*/*.sqlite"):
            if _holds_a_fill(journal):
                return journal
    raise AssertionError("no trade was filled within a minute")


def _holds_a_fill(journal: Path) -> bool:
    try:
        with SqliteJournalReader(journal) as reader:
            return any(reader.fills_of_trade(trade.trade_id) for trade in reader.trades())
    except LedgerMismatch:
        return False  # made a moment ago: its first rows are still on their way to the disk
