"""The catalogue is built once, and again when something on a shelf has changed."""

from pathlib import Path

import pytest

from engine.config.places import Places
from engine.phase0_bootstrap import shelves
from engine.phase0_bootstrap.discovery import user_shelf
from engine.phase0_bootstrap.plugin_check import Examination, Origin
from engine.phase0_bootstrap.plugin_findings import fault
from engine.phase0_bootstrap.probe import ProbeLimits, Trial
from engine.phase0_bootstrap.shelves import full_catalogue, shipped_catalogue
from tests.support.strangers import WRITES, a_writer

pytestmark = pytest.mark.unit


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", config=tmp_path / "config", state=tmp_path / "state")


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Stand in for the child process, which has tests of its own; return who was tried, in order."""
    names: list[str] = []

    def look(examined: Examination, limits: ProbeLimits | None) -> Trial:
        names.append(examined.name)
        stumbles = examined.name.startswith(("Bad", "Unlucky"))
        return Trial((fault("It stumbled."),) if stumbles else (), is_lasting=not examined.name.startswith("Unlucky"))

    monkeypatch.setattr(shelves, "probe", look)
    return names


def test_without_plugins_of_the_users_it_is_the_shipped_one(places: Places, tried: list[str]) -> None:
    assert full_catalogue(places).manifests == shipped_catalogue().manifests
    assert tried == []


def test_a_stranger_is_tried_and_joins_the_shipped_ones(places: Places, tried: list[str]) -> None:
    a_writer(user_shelf(places), "slow_mean")

    assert full_catalogue(places).plugin("SlowMean").origin is Origin.USER
    assert "EMADetector" in full_catalogue(places).manifests
    assert tried == ["SlowMean"]


def test_one_that_passed_is_not_tried_again_until_it_changes(
    places: Places, tried: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = a_writer(user_shelf(places), "slow_mean")
    full_catalogue(places)
    monkeypatch.setattr(shelves, "_built", {})  # as in a new process
    full_catalogue(places)
    assert tried == ["SlowMean"]

    (folder / "worker.py").write_text(WRITES.replace("{name}", "SlowMean") + "\n# changed\n", encoding="utf-8")
    full_catalogue(places)
    assert tried == ["SlowMean", "SlowMean"]


def test_one_that_stumbled_is_not_tried_again_until_it_changes(
    places: Places, tried: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = a_writer(user_shelf(places), "bad_mean")
    assert full_catalogue(places).quarantined == {"BadMean": "It stumbled."}

    monkeypatch.setattr(shelves, "_built", {})
    reason = full_catalogue(places).quarantined["BadMean"]
    assert tried == ["BadMean"]
    assert reason.startswith("It stumbled. It was tried on ")
    assert "`s1mpletrader plugin check BadMean` tries it afresh." in reason

    (folder / "worker.py").write_text(WRITES.replace("{name}", "BadMean") + "\n# changed\n", encoding="utf-8")
    assert full_catalogue(places).quarantined == {"BadMean": "It stumbled."}
    assert tried == ["BadMean", "BadMean"]


def test_one_that_stumbled_over_something_else_is_tried_again_in_the_next_process(
    places: Places, tried: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    a_writer(user_shelf(places), "unlucky_mean")
    full_catalogue(places)
    full_catalogue(places)
    assert tried == ["UnluckyMean"]

    monkeypatch.setattr(shelves, "_built", {})
    full_catalogue(places)
    assert tried == ["UnluckyMean", "UnluckyMean"]


def test_a_longer_budget_is_another_chance(places: Places, tried: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    a_writer(user_shelf(places), "bad_mean")
    full_catalogue(places)
    monkeypatch.setattr(shelves, "_built", {})
    full_catalogue(places, limits=ProbeLimits(computing_s=60.0))
    assert tried == ["BadMean", "BadMean"]


def test_what_must_not_be_imported_is_not_tried(places: Places, tried: list[str]) -> None:
    a_writer(user_shelf(places), "slow_mean", source="class SlowMean(:\n")

    assert "SlowMean" in full_catalogue(places).quarantined
    assert tried == []


def test_a_memory_that_cannot_be_read_is_set_aside_and_told(places: Places, tried: list[str]) -> None:
    a_writer(user_shelf(places), "slow_mean")
    places.state.mkdir(parents=True)
    (places.state / "plugin_probes.json").write_text("{broken", encoding="utf-8")

    (remark,) = full_catalogue(places).remarks
    assert tried == ["SlowMean"]
    assert "plugin_probes.json.broken" in remark
    assert (places.state / "plugin_probes.json.broken").read_text(encoding="utf-8") == "{broken"


def test_a_disk_that_cannot_remember_is_told_and_harms_nobody(places: Places, tried: list[str]) -> None:
    a_writer(user_shelf(places), "slow_mean")
    places.state.write_text("a file where the folder should be", encoding="utf-8")

    catalogue = full_catalogue(places)
    assert "SlowMean" in catalogue.manifests
    assert "plugin_probes.json could not be written" in catalogue.remarks[0]
