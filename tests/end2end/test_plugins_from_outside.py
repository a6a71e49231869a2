"""Plugins that do not come with the program: ten bad ones harm nobody, good ones trade, and new ones start sound."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.config.places import Places
from engine.contracts.flows import OutcomeKind
from engine.phase0_bootstrap.assembly import open_session
from engine.phase0_bootstrap.catalogue import Catalogue
from engine.phase0_bootstrap.discovery import user_shelf
from engine.phase0_bootstrap.operations import copy_operation, operation_path
from engine.phase0_bootstrap.probe import ProbeLimits
from engine.phase0_bootstrap.scaffold import scaffold, type_named
from engine.phase0_bootstrap.shelves import full_catalogue
from engine.phase0_bootstrap.wiring_check import check_operation
from engine.ports.session import SessionState
from engine.primitives.errors import ConfigError, WiringError
from tests.support.config import swapped
from tests.support.platforms import NOT_ON_WINDOWS
from tests.support.sessions import Witness, run_to_the_end
from tests.support.strangers import SIGNALS, WHY_BAD, WRITES, a_scout, a_writer, name_of, ten_bad_plugins
from tests.support.tree import ROOT

pytestmark = pytest.mark.end2end

BLUEPRINT = "strategies/demo_momentum_btc.yaml"
LAST_CONTEXT_WORKER = "    - plugin: ADXRegimeClassifier\n"
FIRST_SCOUT = "    - plugin: FVGEntryDetector\n"
KINDS = ("context", "opportunity", "threat", "planner", "entry", "size", "exit", "intent")
NEEDS_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to a limit of memory")
MARKS = {"huge_memory": [NEEDS_LINUX], "infinite_loop": [NOT_ON_WINDOWS]}
EACH_BAD = [pytest.param(folder, marks=MARKS.get(folder, [])) for folder in WHY_BAD]

Run = Callable[..., subprocess.CompletedProcess[str]]


def a_crowd(places: Places) -> Catalogue:
    """Write all bad plugins and two good ones, and look at them."""
    ten_bad_plugins(user_shelf(places))
    a_writer(user_shelf(places), "good_one")
    a_scout(user_shelf(places), "good_scout")
    return full_catalogue(places, limits=ProbeLimits(time_s=60.0, computing_s=3.0))


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Places:
    root = tmp_path_factory.mktemp("user")
    return Places(data=root / "data", config=root / "config", state=root / "state")


@pytest.fixture(scope="module")
def crowd(places: Places) -> Catalogue:
    return a_crowd(places)


@pytest.fixture
def run(places: Places) -> Run:
    """Run the program in a process of its own, from elsewhere, with the folders of this module."""

    def call(*words: str, home: Path | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "engine", *words],
            cwd=ROOT,
            env=os.environ | {"S1MPLETRADER_HOME": str(home or places.config.parent)},
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )

    return call


def an_operation(places: Places, name: str, *changes: tuple[str, str]) -> Path:
    """Copy the shipped demo and change its first blueprint; return its operation.yaml."""
    operation = copy_operation(operation_path("demo-paper", places), name, places)
    file = operation.parent / BLUEPRINT
    file.write_text(swapped(file.read_text(encoding="utf-8"), *changes), encoding="utf-8")
    return operation


def employing(folder: str, after: str = LAST_CONTEXT_WORKER) -> tuple[str, str]:
    return (after, f"    - plugin: {name_of(folder)}\n{after}")


@pytest.mark.parametrize("folder", EACH_BAD)
def test_a_bad_plugin_is_quarantined_with_its_reason(crowd: Catalogue, folder: str) -> None:
    assert WHY_BAD[folder] in crowd.quarantined[name_of(folder)]


def test_nobody_else_is_harmed(crowd: Catalogue) -> None:
    assert {"GoodOne", "GoodScout", "EMADetector", "FirstClaim", "SecondClaim"} <= set(crowd.manifests)
    assert set(crowd.quarantined) >= {name_of(folder) for folder in WHY_BAD if folder != "huge_memory"}


@pytest.mark.parametrize("folder", EACH_BAD)
def test_a_strategy_that_needs_a_bad_plugin_is_refused_with_line_and_reason(
    crowd: Catalogue, places: Places, folder: str
) -> None:
    is_scout = folder in {"wrong_payload", "infinite_loop"}
    after = FIRST_SCOUT if is_scout else LAST_CONTEXT_WORKER
    operation = an_operation(places, f"needs_{folder}", employing(folder, after))
    text = (operation.parent / BLUEPRINT).read_text(encoding="utf-8")
    line = text[: text.index(f"plugin: {name_of(folder)}")].count("\n") + 1

    with pytest.raises(ConfigError) as no:
        open_session(operation, places=places, bars=5)
    assert f"{BLUEPRINT}:{line}: " in str(no.value)
    assert f"the plugin {name_of(folder)} is quarantined" in str(no.value)
    assert WHY_BAD[folder] in str(no.value)


def test_two_plugins_that_claim_one_column_are_named_and_refused_together(crowd: Catalogue, places: Places) -> None:
    both = (LAST_CONTEXT_WORKER, f"    - plugin: FirstClaim\n    - plugin: SecondClaim\n{LAST_CONTEXT_WORKER}")
    operation = an_operation(places, "claims", both)

    with pytest.raises(WiringError) as no:
        open_session(operation, places=places, bars=5)
    assert re.search(r"second_claim.*claimed.*first_claim|first_claim.*claimed.*second_claim", str(no.value), re.DOTALL)
    lines, has_errors = check_operation(operation, places)
    assert has_errors
    assert any("claimed" in line for line in lines)


def test_a_session_beside_all_of_them_runs_with_the_good_ones_to_its_end(crowd: Catalogue, places: Places) -> None:
    operation = an_operation(places, "good", employing("good_one"), employing("good_scout", FIRST_SCOUT))
    witness = Witness()
    session = open_session(operation, places=places, bars=40, speed=0)
    told = session.status.message
    run_to_the_end(session, witness)

    assert "In quarantine: " in told
    assert all(name in told for name in crowd.quarantined)
    status = session.status
    assert status.quarantined == crowd.quarantined
    assert status.state is SessionState.STOPPED
    assert OutcomeKind.FAILED not in status.flows or status.flows[OutcomeKind.FAILED] == 0
    assert [strategy.is_paused for strategy in status.strategies] == [False, False]
    scouts = [
        node.payload.source_worker_id  # type: ignore[attr-defined]  # what is published under this name
        for record in witness.flows
        for node in record.nodes
        if node.event == "OPPORTUNITY_DETECTED"
    ]
    assert "good_scout" in scouts


def test_one_that_goes_wrong_only_later_ends_its_flows_and_never_the_session(tmp_path: Path) -> None:
    places = Places(data=tmp_path / "data", config=tmp_path / "config", state=tmp_path / "state")
    late = SIGNALS.replace(
        "        return",
        "        self.seen = getattr(self, 'seen', 0) + 1\n"
        "        if self.seen > 450:\n            return {'confidence': 1}\n"
        "        return NOTHING\n        return",
    )
    a_scout(user_shelf(places), "late_fault", source=late)
    operation = an_operation(places, "late", employing("late_fault", FIRST_SCOUT))
    file = operation.parent / "operation.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("warmup_bars: 300", "warmup_bars: 445"), encoding="utf-8")
    session = open_session(operation, places=places, bars=30, speed=0)
    run_to_the_end(session)

    status = session.status
    assert status.state is SessionState.STOPPED
    assert status.flows[OutcomeKind.FAILED] == 5  # then its strategy is paused
    assert [strategy.is_paused for strategy in status.strategies] == [True, False]
    assert "late_fault" in status.strategies[0].pause_reason


def test_an_installed_plugin_trades_like_any_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site"
    a_writer(site, "quants_slow_mean", source=WRITES)
    facts = site / "quants_plugins-1.0.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: quants-plugins\nVersion: 1.0\n", encoding="utf-8")
    (facts / "entry_points.txt").write_text("[s1mpletrader.plugins]\nmean = quants_slow_mean\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(site))
    places = Places(data=tmp_path / "data", config=tmp_path / "config", state=tmp_path / "state")
    operation = an_operation(places, "installed", employing("quants_slow_mean"))
    session = open_session(operation, places=places, bars=5, speed=0)
    run_to_the_end(session)

    assert session.status.state is SessionState.STOPPED


def test_new_plugins_of_all_types_pass_their_own_tests_from_anywhere(tmp_path: Path) -> None:
    places = Places(data=tmp_path / "data", config=tmp_path / "config", state=tmp_path / "state")
    for kind in KINDS:
        scaffold(type_named(kind), f"my_{kind}", places=places)
    tests = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(user_shelf(places))],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )

    assert tests.returncode == 0, tests.stdout


def test_a_new_plugin_is_written_tested_checked_and_listed_from_the_command_line(run: Run, tmp_path: Path) -> None:
    home = tmp_path / "fresh"
    folder = home / "config" / "plugins" / "my_average"
    written = run("plugin", "new", "context", "MyAverage", home=home)
    assert written.returncode == 0, written.stderr
    assert f"-m pytest {folder}" in written.stdout

    checked = run("plugin", "check", str(folder), home=home)
    assert checked.returncode == 0, checked.stdout
    assert "MyAverage can be used (0 warning(s))" in checked.stdout

    listed = run("plugin", "list", home=home)
    assert re.search(r"^MyAverage +ContextWorker +0.1.0 +bronze +user +ready$", listed.stdout, re.MULTILINE)


@pytest.mark.parametrize("folder", EACH_BAD)
def test_the_check_of_a_bad_plugin_names_its_fault_and_ends_with_three(crowd: Catalogue, run: Run, folder: str) -> None:
    told = run("plugin", "check", folder)

    assert told.returncode == 3
    # On a machine that is busy the time by the clock runs out first, at the same place.
    assert WHY_BAD[folder].removeprefix("seconds of the processor ") in told.stdout
    assert f"{name_of(folder)} cannot be used: 1 error(s)" in told.stdout


@pytest.mark.parametrize(("folder", "rival"), [("first_claim", "SecondClaim"), ("second_claim", "FirstClaim")])
def test_the_check_of_a_plugin_names_the_other_that_claims_its_column(
    crowd: Catalogue, run: Run, folder: str, rival: str
) -> None:
    told = run("plugin", "check", folder)

    assert told.returncode == 0
    assert f"{rival} writes the column claimed too." in told.stdout


def test_a_check_tries_afresh_and_what_it_finds_is_what_the_next_start_goes_by(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, lucky = tmp_path / "home", "import os\n\nif 'LUCKY' not in os.environ:\n    1 / 0\n"
    a_writer(home / "config" / "plugins", "moody", source=lucky + WRITES)
    assert re.search(r"^Moody .* quarantined$", run("plugin", "list", home=home).stdout, re.MULTILINE)

    monkeypatch.setenv("LUCKY", "1")
    remembered = run("plugin", "list", home=home).stdout
    assert re.search(r"^Moody .* quarantined$", remembered, re.MULTILINE)
    assert "`s1mpletrader plugin check Moody` tries it afresh." in remembered

    assert run("plugin", "check", "Moody", home=home).returncode == 0
    assert re.search(r"^Moody .* ready$", run("plugin", "list", home=home).stdout, re.MULTILINE)


def test_the_check_of_nothing_says_what_is_near(run: Run) -> None:
    told = run("plugin", "check", "EMADetectr")

    assert told.returncode == 3
    assert "Did you mean EMADetector?" in told.stderr


def test_the_schema_of_a_plugin_is_json_schema(run: Run) -> None:
    told = run("plugin", "schema", "EMADetector")

    assert '"periods"' in told.stdout
    assert '"$schema": "https://json-schema.org/draft/2020-12/schema"' in told.stdout


EIGHT = """\
schema_version: 1
strategy_id: eight
name: All new
market: {symbol: BTC/USDT, timeframe: 1m, window: 500}
aggregation_policy: policy.yaml
workforce:
  context_workers: [{plugin: MyContext}]
  opportunity_workers: [{plugin: MyOpportunity, config: {bars: 60}}]
  threat_workers: [{plugin: MyThreat}]
  strategy_planner: {plugin: MyPlanner}
  planning_workers:
    entry: [{plugin: MyEntry}]
    size: [{plugin: MySize}]
    exit: [{plugin: MyExit}]
    execution_intent: [{plugin: MyIntent}]
"""
POLICY = """\
schema_version: 1
aggregation:
  method: weighted_average
  weights: {high: 1.0, low: 1.0}
  factors:
    high: {column: my_context_20, side: STRENGTH, zero_at: 0, one_at: 100000}
    low: {column: my_context_20, side: WEAKNESS, zero_at: 100000, one_at: 0}
"""


def test_a_strategy_made_of_eight_new_plugins_trades(tmp_path: Path) -> None:
    places = Places(data=tmp_path / "data", config=tmp_path / "config", state=tmp_path / "state")
    for kind in KINDS:
        scaffold(type_named(kind), f"my_{kind}", places=places)
    operation = copy_operation(operation_path("demo-paper", places), "eight", places)
    (operation.parent / BLUEPRINT).write_text(EIGHT, encoding="utf-8")
    (operation.parent / "strategies" / "policy.yaml").write_text(POLICY, encoding="utf-8")
    witness = Witness()
    session = open_session(operation, places=places, bars=300, speed=0)
    run_to_the_end(session, witness)

    own = [record for record in witness.flows if record.strategy_id == "eight"]
    assert [record for record in own if record.outcome.kind is OutcomeKind.FAILED] == []
    assert [record for record in own if record.outcome.kind is OutcomeKind.EXECUTED]
    assert session.ledger.get_account().fees_paid > 0
