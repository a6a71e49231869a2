"""The first version of a plugin of each type is sound, formatted, and tested."""

import subprocess
import sys
from pathlib import Path

import pytest

from engine.config.manifest import WorkerType
from engine.config.places import Places
from engine.phase0_bootstrap.discovery import examine_folder, user_shelf
from engine.phase0_bootstrap.scaffold import DRAFTS, names_of, scaffold, type_named
from engine.primitives.errors import ConfigError
from engine.sdk.testing import rehearse, worker_class_of

pytestmark = pytest.mark.unit


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", config=tmp_path / "config", state=tmp_path / "state")


@pytest.mark.parametrize("kind", WorkerType)
def test_a_new_plugin_is_sound_and_says_something_in_its_rehearsal(kind: WorkerType, places: Places) -> None:
    folder = scaffold(kind, f"Fresh{kind}", places=places)

    examined = examine_folder(folder)
    assert folder.parent == user_shelf(places)
    assert examined.findings == ()
    assert examined.manifest is not None
    assert examined.manifest.identification.type is kind
    seen = rehearse(folder)
    assert seen.columns if kind is WorkerType.CONTEXT_WORKER else seen.said


@pytest.mark.parametrize("kind", WorkerType)
def test_the_card_explains_every_setting_with_its_default(kind: WorkerType, places: Places) -> None:
    folder = scaffold(kind, f"Fresh{kind}", places=places)
    config = worker_class_of(folder).config_model()
    card = (folder / "README.md").read_text(encoding="utf-8")

    assert {setting.name: setting.default for setting in DRAFTS[kind].settings} == {
        name: str(value) for name, value in config.model_dump().items()
    }
    assert all(f"| `{name}` |" in card for name in config.model_dump())


def test_what_is_written_needs_no_tidying(places: Places, tmp_path: Path) -> None:
    for kind in WorkerType:
        scaffold(kind, f"Fresh{kind}", places=places)
    words = ["--isolated", "--line-length", "120", "--no-cache", str(user_shelf(places))]
    for command in (["format", "--check"], ["check"]):
        run = subprocess.run(
            [sys.executable, "-m", "ruff", *command, *words], capture_output=True, text=True, check=False
        )
        assert run.returncode == 0, run.stdout


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("MyAverage", ("MyAverage", "my_average")),
        ("my_average", ("MyAverage", "my_average")),
        ("my-average", ("MyAverage", "my_average")),
        ("RSI", ("RSI", "rsi")),
        ("RSIDivergence2", ("RSIDivergence2", "rsi_divergence2")),
    ],
)
def test_a_name_may_be_written_either_way(written: str, expected: tuple[str, str]) -> None:
    assert names_of(written) == expected


@pytest.mark.parametrize("written", ["", "2fast", "a b", "../up", "class", "Überflieger", "_hidden"])
def test_what_is_no_name_is_refused(written: str) -> None:
    with pytest.raises(ConfigError, match="is no name for a plugin"):
        names_of(written)


@pytest.mark.parametrize("name", ["EMADetector", "FlowTerminator"])
def test_a_name_that_is_taken_is_refused(name: str, places: Places) -> None:
    with pytest.raises(ConfigError, match="Choose another name"):
        scaffold(WorkerType.CONTEXT_WORKER, name, places=places)


def test_a_folder_that_is_there_is_never_written_over(places: Places, tmp_path: Path) -> None:
    (tmp_path / "my_average").mkdir()

    with pytest.raises(ConfigError, match="There is a folder"):
        scaffold(WorkerType.CONTEXT_WORKER, "MyAverage", places=places, shelf=tmp_path)


@pytest.mark.parametrize("text", ["ContextWorker", "contextworker", "context", "Context"])
def test_a_type_may_be_called_by_its_short_name(text: str) -> None:
    assert type_named(text) is WorkerType.CONTEXT_WORKER


def test_an_unknown_type_is_told_the_nearest() -> None:
    with pytest.raises(ConfigError, match="Did you mean OpportunityWorker"):
        type_named("oportunity")
