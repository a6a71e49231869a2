"""What the handbook shows is what happens: its decisions are real ones, and its plugins trade."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from engine.config.manifest import WorkerType
from engine.config.places import Places
from engine.contracts.flows import OutcomeKind
from engine.phase0_bootstrap.assembly import open_session
from engine.phase0_bootstrap.operations import copy_operation, operation_path
from engine.phase0_bootstrap.scaffold import scaffold, type_named
from engine.phase0_bootstrap.wiring_check import check_operation
from engine.runtime.explain import explain_id, newest_journal
from tests.support.sessions import run_to_the_end
from tests.support.tree import ROOT

pytestmark = pytest.mark.end2end

HANDBOOK = ROOT / "resources" / "handbook"
SHOWN = re.compile(r"^<!-- (\w+) (.+?) -->\n+```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def shown(page: str, what: str) -> list[tuple[str, str]]:
    """Return what stands in the marks of a kind (``<!-- what … -->``) and the block that follows each."""
    return [
        (of, block) for kind, of, block in SHOWN.findall((HANDBOOK / page).read_text(encoding="utf-8")) if kind == what
    ]


def told(home: Path, *words: str, module: str = "engine") -> str:
    """Return what the program prints, in folders of its own."""
    done = subprocess.run(
        [sys.executable, "-m", module, *words],
        cwd=ROOT,
        env=os.environ | {"S1MPLETRADER_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """The run that the handbook speaks of: what it printed, and its journal."""
    home = tmp_path_factory.mktemp("demo")
    printed = told(home, "run", "demo-paper", "--bars", "120", "--speed", "0")
    return printed, newest_journal(Places(data=home / "data", config=home / "config", state=home / "state"))


def test_the_summary_is_that_of_a_real_run(demo: tuple[str, Path]) -> None:
    ((_, block),) = shown("first-session.md", "run")

    assert block in demo[0]


@pytest.mark.parametrize(("of", "block"), shown("read-a-decision.md", "why"))
def test_a_decision_that_is_explained_is_a_real_one(of: str, block: str, demo: tuple[str, Path]) -> None:
    assert block in "\n".join([*explain_id(demo[1], of), ""])


def test_the_plugins_of_the_handbook_can_be_used_and_trade_together(home: Path) -> None:
    places = Places.of_user()
    page = (HANDBOOK / "write-a-worker.md").read_text(encoding="utf-8")
    made = re.findall(r"^\.venv/bin/s1mpletrader plugin new (\w+) (\w+)$", page, re.MULTILINE)
    for kind, name in made:
        scaffold(type_named(kind), name, places=places)
    for path, content in shown("write-a-worker.md", "file"):
        (places.config / "plugins" / path).write_text(content, encoding="utf-8")
    operation = copy_operation(operation_path("demo-paper", places), "eight", places)
    for name in ("eight", "policy"):
        ((path, content),) = shown("write-a-worker.md", name)
        (operation.parent / path).write_text(content, encoding="utf-8")
    links = "strategy_links:\n  - blueprint: strategies/eight.yaml\n"
    text = operation.read_text(encoding="utf-8")
    operation.write_text(text.partition("strategy_links:")[0] + links, encoding="utf-8")

    found, has_errors = check_operation(operation)
    assert len(made) == len(WorkerType)
    assert not has_errors, "\n".join(found)

    session = open_session(operation, places=places, bars=150, speed=0)
    run_to_the_end(session)
    assert session.status.flows[OutcomeKind.EXECUTED] >= 1
    assert OutcomeKind.FAILED not in session.status.flows

    tested = places.config / "plugins" / "new_high_detector"
    assert "3 passed" in told(home, "-q", "-p", "no:cacheprovider", str(tested), module="pytest")
