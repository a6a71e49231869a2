"""What a worker keeps, over a kill -9, a restart, a replay and a new format."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.config.places import Places
from engine.contracts.worker_state import SavedState
from engine.journal.queries import SqliteJournalReader
from engine.journal.states import read_states
from engine.phase0_bootstrap.discovery import user_shelf
from engine.phase0_bootstrap.operations import copy_operation, operation_path
from engine.primitives.kept import kept_values
from tests.support.config import swapped
from tests.support.strangers import a_scout
from tests.support.tree import ROOT

pytestmark = pytest.mark.end2end

STRATEGY = "demo_momentum_btc"
COUNTS = """\
from engine.sdk.plugin import NOTHING, OpportunityWorker


class {name}(OpportunityWorker):
    def on_context_assessment(self, assessed):
        kept = self.tools.state.load() or {"bars": 0}
        self.tools.state.save({"bars": kept["bars"] + 1})
        return NOTHING
"""
COUNTS_ANEW = COUNTS.replace('"bars"', '"seen"')
MIGRATES = (
    COUNTS_ANEW
    + """
    @classmethod
    def migrate_state(cls, old_version, values):
        return {"seen": 1000 * old_version + values["bars"]}
"""
)
STATEFUL = "capabilities:\n  state: {version: 1}\n"

# Says after each flow that it is done, so that the kill comes in the middle of the work.
RUNS = """
import sys
from pathlib import Path
from engine.phase0_bootstrap.assembly import open_session
from engine.config.places import Places
from tests.support.sessions import Witness, run_to_the_end

class Loud(Witness):
    def on_flow(self, record):
        print(record.flow_id, flush=True)

run_to_the_end(open_session(Path(sys.argv[1]), places=Places.of_user(), speed=0), Loud())
"""

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", config=tmp_path / "config", state=tmp_path / "state")


@pytest.fixture
def run(places: Places) -> Run:
    """Run the program in a process of its own: each imports the plugin as it is then."""

    def call(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "engine", *words],
            cwd=ROOT,
            env=_environment(places),
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )

    return call


def _environment(places: Places) -> dict[str, str]:
    return os.environ | {"S1MPLETRADER_HOME": str(places.data.parent), "PYTHONPATH": str(ROOT)}


def an_operation(places: Places) -> Path:
    """Copy the demo, with a worker that counts bars in its state; return its operation.yaml."""
    operation = copy_operation(operation_path("demo-paper", places), "counting", places)
    file = operation.parent / "strategies" / f"{STRATEGY}.yaml"
    scout = "    - plugin: FVGEntryDetector\n"
    file.write_text(swapped(file.read_text(encoding="utf-8"), (scout, f"    - plugin: Counter\n{scout}")), "utf-8")
    return operation


def begin_at(operation: Path, day: str) -> None:
    """Let the market begin at another day."""
    text = operation.read_text(encoding="utf-8")
    kept = [line for line in text.splitlines(keepends=True) if "start:" not in line]
    operation.write_text(swapped("".join(kept), ("      seed: 7", f"      start: {day}\n      seed: 7")), "utf-8")


def killed_in_the_middle(operation: Path, places: Places) -> None:
    """Run it without an end, and kill it after some flows."""
    with subprocess.Popen(
        [sys.executable, "-c", RUNS, str(operation)],
        cwd=ROOT,
        env=_environment(places),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert all(process.stdout.readline() for _ in range(150))
        process.kill()


def journals(places: Places) -> list[Path]:
    """Return the paper journals, the newest last."""
    folder = places.journal_folder("counting", "PAPER")
    return sorted(folder.glob("*.sqlite"), key=lambda path: (path.stem.rpartition("-")[0], len(path.stem), path.stem))


def the_state(journal: Path) -> SavedState:
    (state,) = [state for state in read_states(journal) if state.worker_id == "counter"]
    return state


def count_in(journal: Path, name: str = "bars") -> int:
    count = kept_values(the_state(journal).body)[name]
    assert isinstance(count, int)
    return count


def ticks_in(journal: Path) -> list[int]:
    """Return when each tick flow of the strategy was born, oldest first, UTC nanoseconds."""
    with SqliteJournalReader(journal) as reader:
        flows = [flow for flow in reader.all_flows() if flow.strategy_id == STRATEGY]
        return [flow.born_ns for flow in flows if flow.birth_event == "TICK_RECEIVED"]


def test_a_killed_session_is_gone_on_from_and_the_next_one_replays(places: Places, run: Run) -> None:
    a_scout(user_shelf(places), "counter", source=COUNTS, more=STATEFUL)
    operation = an_operation(places)
    begin_at(operation, "2026-01-05T00:00:00Z")
    killed_in_the_middle(operation, places)
    (first,) = journals(places)
    assert len(ticks_in(first)) > 50
    assert the_state(first).at_ns == ticks_in(first)[-1]  # the last flow that is on disk, and no other

    begin_at(operation, "2026-03-05T00:00:00Z")
    ended = run("run", "counting", "--bars", "20", "--speed", "0")
    assert ended.returncode == 0, ended.stderr
    _, second = journals(places)
    # The warm-up saw 300 bars and more; they were counted before, or are of the time between.
    assert count_in(second) == count_in(first) + len(ticks_in(second)) == count_in(first) + 20
    again = run("replay", str(second))
    assert again.returncode == 0, again.stdout + again.stderr
    assert "Every decision, order and fill is the same, ids included." in again.stdout


def test_a_state_of_another_version_is_refused_migrated_or_left_as_the_user_says(places: Places, run: Run) -> None:
    counter = a_scout(user_shelf(places), "counter", source=COUNTS, more=STATEFUL)
    operation = an_operation(places)
    begin_at(operation, "2026-01-05T00:00:00Z")
    assert run("run", "counting", "--bars", "20", "--speed", "0").returncode == 0
    (first,) = journals(places)

    begin_at(operation, "2026-03-05T00:00:00Z")
    manifest = counter / "manifest.yaml"
    manifest.write_text(swapped(manifest.read_text(encoding="utf-8"), ("version: 1}", "version: 2}")), "utf-8")
    (counter / "worker.py").write_text(COUNTS_ANEW.replace("{name}", "Counter"), "utf-8")
    refused = run("run", "counting", "--bars", "20", "--speed", "0")
    assert refused.returncode == 3
    told = " ".join(refused.stderr.split())
    assert f"{STRATEGY}.yaml:" in told
    assert "is of version 1, and Counter 0.1.0 reads version 2: The plugin has no migration for it." in told
    assert "--fresh" in told
    assert journals(places) == [first]  # nothing was started

    (counter / "worker.py").write_text(MIGRATES.replace("{name}", "Counter"), "utf-8")
    assert run("run", "counting", "--bars", "20", "--speed", "0").returncode == 0
    _, second = journals(places)
    assert count_in(second, "seen") == 1000 + count_in(first) + 20

    assert run("run", "counting", "--bars", "20", "--speed", "0", "--fresh").returncode == 0
    *_, third = journals(places)
    assert count_in(third, "seen") < 1000


def test_a_market_that_begins_again_begins_without_a_state_and_says_so(places: Places, run: Run) -> None:
    a_scout(user_shelf(places), "counter", source=COUNTS, more=STATEFUL)
    an_operation(places)
    for _ in range(2):
        assert run("run", "counting", "--bars", "20", "--speed", "0").returncode == 0
    first, second = journals(places)

    assert count_in(first) == count_in(second)
    with SqliteJournalReader(second) as reader:
        (note,) = [note.text for note in reader.notes() if "counter" in note.text]
    assert "What counter (Counter) kept before was not taken over: it is from 2026-01-05 00:20:00 UTC" in note
