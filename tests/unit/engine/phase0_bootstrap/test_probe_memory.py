"""What is remembered of a trial holds for what was tried, and for nothing else."""

from pathlib import Path

import pytest

from engine.config.places import Places
from engine.phase0_bootstrap.discovery import examine_folder
from engine.phase0_bootstrap.plugin_findings import advice, fault
from engine.phase0_bootstrap.probe import Trial
from engine.phase0_bootstrap.probe_memory import ProbeMemory
from engine.primitives.timeframes import NS_PER_MS
from engine.runtime.clocks import SimulatedClock
from tests.support.strangers import a_scout, a_writer

pytestmark = pytest.mark.unit

STUMBLED = Trial((advice("It has no test."), fault("It stumbled.", "Mend it.")))
READS = "dependencies: {requires_columns: [slow_mean]}\n"


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", config=tmp_path / "config", state=tmp_path / "state")


def test_a_remembered_fault_says_when_it_was_found_and_how_to_look_again(places: Places, tmp_path: Path) -> None:
    plugin = examine_folder(a_writer(tmp_path, "slow_mean"))
    ProbeMemory(places, clock=SimulatedClock(1_700_000_000_000 * NS_PER_MS)).learn([(plugin, STUMBLED)])

    told = ProbeMemory(places).recall(plugin)

    assert told is not None
    only_told, held_against_it = (str(finding) for finding in told)
    assert only_told == "It has no test."
    assert held_against_it == (
        "It stumbled. Mend it. It was tried on 2023-11-14 at 22:13 UTC; "
        "`s1mpletrader plugin check SlowMean` tries it afresh."
    )


def test_a_new_trial_takes_the_place_of_the_old_one(places: Places, tmp_path: Path) -> None:
    plugin = examine_folder(a_writer(tmp_path, "slow_mean"))
    ProbeMemory(places).learn([(plugin, STUMBLED)])
    ProbeMemory(places).learn([(plugin, Trial())])
    assert ProbeMemory(places).recall(plugin) == ()

    ProbeMemory(places).learn([(plugin, Trial((fault("It waited."),), is_lasting=False))])
    assert ProbeMemory(places).recall(plugin) is None


def test_a_plugin_that_reads_what_a_neighbour_writes_is_tried_again_when_the_neighbour_changes(
    places: Places, tmp_path: Path
) -> None:
    neighbour = a_writer(tmp_path, "slow_mean")
    reader = examine_folder(a_scout(tmp_path, "reader", more=READS))
    loner = examine_folder(a_scout(tmp_path, "loner"))
    ProbeMemory(places).learn([(reader, STUMBLED), (loner, STUMBLED)])
    assert ProbeMemory(places).recall(reader) is not None

    (neighbour / "worker.py").write_text("# something else\n", encoding="utf-8")
    assert ProbeMemory(places).recall(reader) is None
    assert ProbeMemory(places).recall(loner) is not None


def test_what_is_no_longer_there_is_forgotten(places: Places, tmp_path: Path) -> None:
    plugin, other = (examine_folder(a_writer(tmp_path, folder)) for folder in ("slow_mean", "fast_mean"))
    ProbeMemory(places).learn([(plugin, STUMBLED), (other, STUMBLED)])
    ProbeMemory(places).forget_others([other])

    assert ProbeMemory(places).recall(plugin) is None
    assert ProbeMemory(places).recall(other) is not None
