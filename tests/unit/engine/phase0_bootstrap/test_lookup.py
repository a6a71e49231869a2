"""A person may name a plugin by its name, its folder's name, or its path."""

from pathlib import Path

import pytest

from engine.config.places import Places
from engine.phase0_bootstrap.discovery import user_shelf
from engine.phase0_bootstrap.lookup import asked_plugin, column_rivals
from engine.phase0_bootstrap.plugin_check import Origin
from engine.primitives.errors import ConfigError
from tests.support.strangers import a_writer
from tests.support.tree import ROOT

pytestmark = pytest.mark.unit


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", config=tmp_path / "config", state=tmp_path / "state")


def test_name_folder_and_path_lead_to_one_plugin(places: Places) -> None:
    folder = a_writer(user_shelf(places), "slow_mean")

    found = [asked_plugin(text, places) for text in ("SlowMean", "slow_mean", str(folder))]
    assert [(each.name, each.folder) for each in found] == [("SlowMean", folder)] * 3


def test_a_path_outside_of_the_shelves_is_looked_at_too(places: Places, tmp_path: Path) -> None:
    folder = a_writer(tmp_path / "elsewhere", "slow_mean")

    assert asked_plugin(str(folder), places).origin is Origin.USER


def test_the_path_of_a_shipped_plugin_is_known_as_shipped(places: Places) -> None:
    assert asked_plugin(str(ROOT / "plugins/phase1_context/ema_detector"), places).origin is Origin.SHIPPED


def test_what_is_not_there_is_told_the_nearest(places: Places) -> None:
    with pytest.raises(ConfigError, match="Did you mean EMADetector"):
        asked_plugin("EMADetecter", places)


def test_a_column_that_another_plugin_writes_too_is_told(places: Places) -> None:
    a_writer(user_shelf(places), "first", column="claimed")
    a_writer(user_shelf(places), "second", column="claimed")

    (finding,) = column_rivals(asked_plugin("First", places), places)
    assert "Second writes the column claimed too." in str(finding)
