"""Foreign code is imported under names of its own, and what it does wrong is named with its line."""

from pathlib import Path

import pytest

from engine.phase0_bootstrap.catalogue import FoundPlugin, found_in
from engine.phase0_bootstrap.discovery import examine_folder
from engine.phase0_bootstrap.fence import behind_fence, build_worker, load_worker_class
from engine.primitives.errors import PlanError, PluginError
from engine.sdk.testing import tools
from tests.support.strangers import SIGNALS, WRITES, a_writer

pytestmark = pytest.mark.unit


def plugin_in(folder: Path) -> FoundPlugin:
    plugin = found_in(examine_folder(folder))
    assert plugin is not None
    return plugin


def test_two_plugins_with_a_worker_each_never_meet(tmp_path: Path) -> None:
    one, two = (load_worker_class(plugin_in(a_writer(tmp_path, name))) for name in ("one", "two"))

    assert (one.__name__, two.__name__) == ("One", "Two")
    assert one.__module__ == "s1mpletrader_user_plugins.one.worker"


def test_a_plugin_that_was_changed_is_imported_anew(tmp_path: Path) -> None:
    folder = a_writer(tmp_path, "changing")
    before = load_worker_class(plugin_in(folder))
    assert load_worker_class(plugin_in(folder)) is before

    (folder / "worker.py").write_text(WRITES.replace("{name}", "Changing") + "\n    mark = 1\n", encoding="utf-8")
    after = load_worker_class(plugin_in(folder))
    assert after is not before
    assert after.mark == 1  # type: ignore[attr-defined]  # written a line above


def test_folders_of_one_name_in_two_places_are_two_plugins(tmp_path: Path) -> None:
    load_worker_class(plugin_in(a_writer(tmp_path / "here", "same")))
    there = a_writer(tmp_path / "there", "same", source=WRITES + "\n    mark = 2\n")

    assert load_worker_class(plugin_in(there)).mark == 2  # type: ignore[attr-defined]  # written a line above


def test_a_failing_import_is_named_with_its_line_and_can_be_tried_again(tmp_path: Path) -> None:
    folder = a_writer(tmp_path, "late_failure", source=f"x = 1\ny = x / 0\n{WRITES}")

    for _ in range(2):
        with pytest.raises(PluginError, match=r"Importing LateFailure failed: ZeroDivisionError: .*\(worker.py:2, in"):
            load_worker_class(plugin_in(folder))


def test_a_class_of_another_type_is_refused_even_when_the_source_hides_it(tmp_path: Path) -> None:
    hidden = SIGNALS.replace("class {name}", "class Hidden") + "\n\nglobals()['{name}'] = Hidden\n{name}: type\n"
    folder = a_writer(tmp_path, "wolf", source=hidden)

    with pytest.raises(PluginError, match="Wolf is no ContextWorker"):
        load_worker_class(plugin_in(folder))


def test_a_failing_constructor_is_named_with_its_line(tmp_path: Path) -> None:
    source = "from engine.sdk.plugin import ContextWorker\n\n\nclass {name}(ContextWorker):\n    def __init__(self, config, tools):\n        [][1]\n\n    def enrich(self, context):\n        return [1.0]\n"
    plugin = plugin_in(a_writer(tmp_path, "stumbling", source=source))
    worker_class = load_worker_class(plugin)

    with pytest.raises(PluginError, match=r"Building Stumbling failed: IndexError: .*\(worker.py:6, in __init__\)"):
        build_worker(plugin, worker_class, worker_class.config_model(), tools())


def test_an_error_of_ours_passes_the_fence_as_it_is() -> None:
    def plan() -> None:
        raise PlanError("there is no room")

    with pytest.raises(PlanError, match="there is no room"):
        behind_fence("Planning", plan)
