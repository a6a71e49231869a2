"""Plugins are found by their manifests alone, wherever they come from."""

import sys
from pathlib import Path

import pytest

from engine.config.places import Places
from engine.phase0_bootstrap.catalogue import Catalogue, without_clashes
from engine.phase0_bootstrap.discovery import installed_plugins, shipped_plugins, user_plugins, user_shelf
from engine.phase0_bootstrap.plugin_check import Examination, Origin
from engine.primitives.errors import ConfigError
from tests.support.strangers import a_scout, a_writer
from tests.support.tree import ROOT

pytestmark = pytest.mark.unit


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", config=tmp_path / "config", state=tmp_path / "state")


def found(places: Places) -> dict[str, Examination]:
    return {each.name: each for each in user_plugins(places)}


def installed(site: Path, *, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a distribution as an installer leaves it behind, with one entry point."""
    facts = site / "quants_plugins-1.0.dist-info"
    facts.mkdir(parents=True)
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: quants-plugins\nVersion: 1.0\n", encoding="utf-8")
    (facts / "entry_points.txt").write_text(f"[s1mpletrader.plugins]\nslow_mean = {value}\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(site))


def test_no_folder_of_the_users_means_no_plugins(places: Places) -> None:
    assert found(places) == {}


def test_each_folder_of_the_users_shelf_is_a_plugin_and_none_is_imported(places: Places) -> None:
    a_writer(user_shelf(places), "slow_mean")
    a_scout(user_shelf(places), "early_bird")
    (user_shelf(places) / ".git").mkdir()
    (user_shelf(places) / "notes").mkdir()

    plugins = found(places)
    assert sorted(plugins) == ["EarlyBird", "SlowMean"]
    assert {each.origin for each in plugins.values()} == {Origin.USER}
    assert plugins["SlowMean"].package == "s1mpletrader_user_plugins.slow_mean"
    assert plugins["SlowMean"].faults == ()
    assert not [name for name in sys.modules if name.endswith("slow_mean")]


def test_a_typo_in_a_manifest_is_named_with_its_line_and_the_plugin_by_its_name(places: Places) -> None:
    manifest = a_writer(user_shelf(places), "slow_mean") / "manifest.yaml"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("worker_id", "workerid"), encoding="utf-8")

    assert f"{manifest}:4: " in found(places)["SlowMean"].reason
    assert "Did you mean 'worker_id'?" in found(places)["SlowMean"].reason


def test_a_folder_of_python_without_a_manifest_says_what_is_missing(places: Places) -> None:
    (a_writer(user_shelf(places), "slow_mean") / "manifest.yaml").unlink()

    assert "manifest.yaml" in found(places)["slow_mean"].reason


def test_a_plugin_for_another_version_is_named_with_both(places: Places) -> None:
    a_writer(user_shelf(places), "slow_mean", host=">=7,<8")

    assert "runs on S1mpleTrader >=7,<8, and this is 0.1.0" in found(places)["SlowMean"].reason


def test_what_its_type_may_not_publish_is_found(places: Places) -> None:
    manifest = a_scout(user_shelf(places), "early_bird") / "manifest.yaml"
    text = manifest.read_text(encoding="utf-8").replace("OPPORTUNITY_DETECTED", "STRATEGY_DIRECTIVE_ISSUED")
    manifest.write_text(text, encoding="utf-8")

    assert "may publish only OPPORTUNITY_DETECTED" in found(places)["EarlyBird"].reason


def test_a_note_that_the_platform_does_not_know_is_found(places: Places) -> None:
    manifest = a_scout(user_shelf(places), "early_bird") / "manifest.yaml"
    text = manifest.read_text(encoding="utf-8").replace("input: AssessedContext", "input: AsessedContext")
    manifest.write_text(text, encoding="utf-8")

    assert "Did you mean AssessedContext?" in found(places)["EarlyBird"].reason


def test_the_name_of_a_worker_of_the_platform_is_taken(places: Places) -> None:
    manifest = a_scout(user_shelf(places), "early_bird") / "manifest.yaml"
    text = manifest.read_text(encoding="utf-8").replace("worker_id: early_bird", "worker_id: execution_handler")
    manifest.write_text(text, encoding="utf-8")

    assert "execution_handler is the name of a worker of the platform" in found(places)["EarlyBird"].reason


def test_a_folder_whose_name_is_no_package_is_told_a_better_one(places: Places) -> None:
    a_writer(user_shelf(places), "slow_mean").rename(user_shelf(places) / "slow-mean")

    assert "Call it slow_mean." in found(places)["SlowMean"].reason


def test_a_column_that_is_listed_twice_is_found(places: Places) -> None:
    manifest = a_writer(user_shelf(places), "slow_mean") / "manifest.yaml"
    with manifest.open("a", encoding="utf-8") as file:
        file.write("  - name: slow_mean\n    kind: FLAG\n")

    assert "The column slow_mean is listed twice." in found(places)["SlowMean"].reason


def test_an_installed_plugin_is_found_without_importing_it_or_its_parents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site"
    a_writer(site / "quants_tools", "slow_mean", source="raise SystemExit('imported')\n")
    (site / "quants_tools" / "__init__.py").write_text("raise SystemExit('imported')\n", encoding="utf-8")
    installed(site, value="quants_tools.slow_mean", monkeypatch=monkeypatch)

    (each,) = installed_plugins()
    assert (each.origin, each.package) == (Origin.INSTALLED, "quants_tools.slow_mean")
    assert each.folder == site / "quants_tools" / "slow_mean"


def test_an_installed_plugin_whose_package_is_gone_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(tmp_path / "site", value="gone_for_good", monkeypatch=monkeypatch)

    (each,) = installed_plugins()
    assert "quants-plugins names the plugin slow_mean" in each.reason


def test_two_plugins_of_one_name_are_both_kept_out(places: Places) -> None:
    for folder in ("first", "second"):
        manifest = a_writer(user_shelf(places), folder) / "manifest.yaml"
        name = folder.capitalize()
        manifest.write_text(
            manifest.read_text(encoding="utf-8").replace(f"name: {name}", "name: Same"), encoding="utf-8"
        )

    catalogue = Catalogue(without_clashes(user_plugins(places)), [])
    assert "Same" not in catalogue.manifests
    assert "Several plugins are called Same" in catalogue.quarantined["Same"]
    with pytest.raises(ConfigError, match="Same is quarantined"):
        catalogue.plugin("Same")


def test_a_plugin_cannot_take_the_name_of_a_shipped_one(places: Places) -> None:
    manifest = a_writer(user_shelf(places), "mine") / "manifest.yaml"
    text = manifest.read_text(encoding="utf-8").replace("name: Mine", "name: EMADetector")
    manifest.write_text(text, encoding="utf-8")

    catalogue = Catalogue(without_clashes([*shipped_plugins(ROOT / "plugins"), *user_plugins(places)]), [])
    assert catalogue.plugin("EMADetector").origin is Origin.SHIPPED
    (mine,) = [each for each in catalogue.examined if each.origin is Origin.USER]
    assert "Several plugins are called EMADetector" in mine.reason


def test_an_unknown_name_is_told_the_nearest(places: Places) -> None:
    a_writer(user_shelf(places), "slow_mean")

    with pytest.raises(ConfigError, match="Did you mean SlowMean"):
        Catalogue(tuple(user_plugins(places)), []).plugin("SlowMeen")
