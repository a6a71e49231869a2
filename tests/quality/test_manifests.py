"""A plugin or connector is a folder that says what it is: manifest, code, card and test."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.support.tree import ROOT, name_of


def folders(*patterns: str) -> list[Path]:
    found = {path for pattern in patterns for path in ROOT.glob(pattern) if path.is_dir()}
    return sorted(path for path in found if not path.name.startswith(("_", ".")) and any(path.glob("*.py")))


PLUGINS = folders("plugins/*/*")
CONNECTORS = folders("connectors/*")


def mirror_of(folder: Path) -> list[Path]:
    """Return the test files that stand where the tree's mirror puts them, or are named after the folder."""
    mirror = ROOT / "tests" / "unit" / folder.relative_to(ROOT)
    return [*mirror.glob("test_*.py"), *mirror.parent.glob(f"test_{folder.name}*.py")]


@pytest.mark.parametrize("folder", [*PLUGINS, *CONNECTORS], ids=name_of)
def test_a_manifest_is_a_mapping_that_can_be_read_without_importing_anything(folder: Path) -> None:
    manifest = folder / "manifest.yaml"

    assert manifest.is_file()
    assert isinstance(YAML(typ="safe").load(manifest), dict)


@pytest.mark.parametrize("folder", PLUGINS, ids=name_of)
def test_a_plugin_has_one_worker_file(folder: Path) -> None:
    assert (folder / "worker.py").is_file()


@pytest.mark.parametrize("folder", CONNECTORS, ids=name_of)
def test_a_connector_brings_a_feed(folder: Path) -> None:
    assert (folder / "feed.py").is_file() or (folder / "history.py").is_file()


@pytest.mark.parametrize("folder", [*PLUGINS, *CONNECTORS], ids=name_of)
def test_a_folder_explains_itself_to_its_user(folder: Path) -> None:
    assert (folder / "README.md").is_file()


@pytest.mark.parametrize("folder", [*PLUGINS, *CONNECTORS], ids=name_of)
def test_a_folder_is_tested(folder: Path) -> None:
    assert mirror_of(folder), f"no test file under tests/unit for {name_of(folder)}"
