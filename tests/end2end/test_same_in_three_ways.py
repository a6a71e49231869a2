"""Paper and live decide as the backtest did: one operation of every shipped plugin, driven in three ways, one digest."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from connectors.demo_market.generator import DemoMarket
from engine.backtest.dataset import load_bars
from engine.backtest.recordings import recordings_of
from engine.config.manifest import WorkerType
from engine.config.places import Places
from engine.contracts.flows import OutcomeKind
from engine.contracts.market import BarSeries
from engine.journal.digest import journal_digest
from engine.journal.queries import SqliteJournalReader
from engine.phase0_bootstrap.assembly import open_session
from engine.phase0_bootstrap.shelves import shipped_catalogue
from engine.primitives.timeframes import NS_PER_MINUTE
from gui.app import EXIT_OK, run_offscreen
from tests.support.every_plugin import (
    OTHER,
    OWN,
    an_operation_of,
    employed_in,
    recorded_in,
    shipped_settings,
    strategies_of_every_plugin,
)
from tests.support.journal_rows import rows_of
from tests.support.tree import ROOT
from tests.support.wild_market import in_a_drought, turned_over, without_bars

pytestmark = [
    pytest.mark.end2end,
    pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints", extend=True),
]

MONDAY_NS = 1_767_571_200_000_000_000  # 2026-01-05 00:00 UTC
BARS = 1_600
HAS_NO_CAUSE = {"risk_control_planner", "trailing_stop_planner", "max_drawdown_monitor"}
"""Two planners that only look after trades, in a strategy of their own, which has none; and a loss too small to warn of."""


def a_troubled_market(bars: int) -> Sequence[BarSeries]:
    """Return the demo's two markets, the first a minute late, with a hole, a drought of volume, and hours in which they part ways."""
    own, other = (
        DemoMarket(seed=7).bars(symbol, from_ns=MONDAY_NS, to_ns=MONDAY_NS + bars * NS_PER_MINUTE)
        for symbol in (OWN, OTHER)
    )
    dry = in_a_drought(own, slice(bars // 2, bars // 2 + 60))
    begins_later, hole = (0,), range(bars * 2 // 3, bars * 2 // 3 + 40)
    return without_bars(dry, (*begins_later, *hole)), turned_over(other, from_bar=bars * 3 // 4)


def by_command(home: Path, *words: str) -> None:
    """Run the program in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "engine", *words],
        cwd=ROOT,
        env=os.environ | {"S1MPLETRADER_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def journals_of_three_ways(operation: Path, folder: Path) -> Mapping[str, Path]:
    """Run an operation by `backtest`, by `run` and in the window; return the three journals."""
    backtest = folder / "backtest.sqlite"
    by_command(folder / "one", "backtest", str(operation), "--journal", str(backtest))
    by_command(folder / "two", "run", str(operation), "--speed", "0")
    (run,) = (folder / "two" / "data" / "journals").rglob("*.sqlite")
    home = folder / "three"
    places = Places(data=home / "data", config=home / "config", state=home / "state")
    session = open_session(operation, places=places, recordings=recordings_of, speed=0)
    assert run_offscreen(session, folder / "window.png") == EXIT_OK
    window = session.status.journal_path
    assert window is not None
    return {"backtest": backtest, "run": run, "window": window}


def speakers_of(journal: Path) -> set[str]:
    """Return the workers that published something."""
    with SqliteJournalReader(journal) as reader:
        return {node.worker for flow in reader.all_flows() for node in reader.nodes_of_flow(flow.flow_id)}


def test_every_shipped_plugin_is_employed() -> None:
    assert employed_in(strategies_of_every_plugin()) == set(shipped_catalogue().manifests)


def require_one_story(journals: Mapping[str, Path]) -> str:
    """Return the digest that all journals have in common."""
    digests = {way: journal_digest(path) for way, path in journals.items()}
    assert len(set(digests.values())) == 1, digests
    return digests["backtest"]


def test_backtest_run_and_window_write_one_journal(qapp: QApplication, tmp_path: Path) -> None:
    recordings = recorded_in(tmp_path, a_troubled_market(BARS))
    soon_doubtful = {"StrategyDecayMonitor": {"trades": 4, "min_trades": 2}}
    strategies = strategies_of_every_plugin(settings={**shipped_settings(), **soon_doubtful})
    operation = an_operation_of(tmp_path, strategies, recordings, warmup_bars=100)

    journals = journals_of_three_ways(operation, tmp_path)

    require_one_story(journals)
    with SqliteJournalReader(journals["run"]) as reader:
        assert reader.outcome_counts()[OutcomeKind.EXECUTED] > 50
        assert OutcomeKind.FAILED not in reader.outcome_counts()
        assert len(reader.trades()) > 20
    decided = {
        manifest.identification.worker_id
        for manifest in shipped_catalogue().manifests.values()
        if manifest.identification.type is not WorkerType.CONTEXT_WORKER
    }
    assert decided - speakers_of(journals["run"]) == HAS_NO_CAUSE


def test_a_session_that_begins_with_history_decides_as_the_backtest_that_warmed_up_on_it(tmp_path: Path) -> None:
    warm = 300
    strategies = strategies_of_every_plugin(timeframes=("1m",))
    recordings = recorded_in(tmp_path, a_troubled_market(600))
    operation = an_operation_of(tmp_path, strategies, recordings, warmup_bars=warm, history_bars=warm)

    by_command(tmp_path / "one", "backtest", str(operation), "--journal", str(tmp_path / "backtest.sqlite"))
    by_command(tmp_path / "two", "run", str(operation), "--speed", "0")
    (run,) = (tmp_path / "two" / "data" / "journals").rglob("*.sqlite")

    lived, recorded = dict(rows_of(run)), dict(rows_of(tmp_path / "backtest.sqlite"))
    assert len(lived["fill"]) > 10
    # The backtest looked at its account from the first bar on, the session when it began: that mark alone differs.
    first, *marks = recorded.pop("equity")
    assert [mark for mark in lived.pop("equity") if mark[1:] != first[1:]] == marks
    assert lived == recorded


@pytest.mark.slow
def test_a_month_of_two_real_markets_is_one_story(qapp: QApplication, tmp_path: Path, shared_data: Path) -> None:
    files = {
        OWN: shared_data / "ohlcv" / "binance_BTCUSDT_1m_2021-09_2021-10.parquet",
        OTHER: shared_data / "ohlcv" / "binance_ETHUSDT_1m_2021-09_2021-10.parquet",
    }
    operation = an_operation_of(tmp_path, strategies_of_every_plugin(), files)
    require_one_story(journals_of_three_ways(operation, tmp_path))


@pytest.mark.slow
def test_a_year_of_minutes_is_one_story(qapp: QApplication, tmp_path: Path, shared_data: Path) -> None:
    own = shared_data / "ohlcv" / "bitfinex_BTCUSD_1m_2019.parquet"
    series, _ = load_bars(own, symbol=OWN)
    first_ns, end_ns = int(series.opened_ns[0]), int(series.opened_ns[-1]) + NS_PER_MINUTE
    # There is no second market for that year: a made-up one stands beside it.
    other = DemoMarket(seed=7).bars(OTHER, from_ns=first_ns, to_ns=end_ns)
    files = {OWN: own, **recorded_in(tmp_path, [other])}
    operation = an_operation_of(tmp_path, strategies_of_every_plugin(), files)
    require_one_story(journals_of_three_ways(operation, tmp_path))
