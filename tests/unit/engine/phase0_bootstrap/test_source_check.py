"""What can be seen in a plugin's source without importing it."""

import sys
from pathlib import Path

import pytest

from engine.config.manifest import load_manifest
from engine.phase0_bootstrap.plugin_findings import PluginFinding
from engine.phase0_bootstrap.source_check import BASES, source_findings
from engine.wiring.findings import Severity
from engine.wiring.flow import TYPE_RULES
from tests.support.strangers import SIGNALS, WRITES, a_scout, a_writer

pytestmark = pytest.mark.unit


def seen(folder: Path) -> list[PluginFinding]:
    return list(source_findings(folder, load_manifest(folder)))


def test_a_sound_plugin_has_nothing_against_it_and_is_not_imported(tmp_path: Path) -> None:
    folder = a_writer(tmp_path, "quiet_one", source="raise SystemExit('imported')\n" + WRITES)

    assert seen(folder) == []
    assert not [name for name in sys.modules if "quiet_one" in name]


def test_what_python_cannot_read_is_named_with_its_line(tmp_path: Path) -> None:
    folder = a_writer(tmp_path, "broken", source="x = 1\nclass Broken(:\n")

    (finding,) = seen(folder)
    assert (finding.severity, finding.file, finding.line) == (Severity.ERROR, folder / "worker.py", 2)


def test_a_class_that_is_not_there_is_named_with_the_nearest_one(tmp_path: Path) -> None:
    folder = a_writer(tmp_path, "average", source=WRITES.replace("{name}", "Avarage"))

    assert [finding.fix for finding in seen(folder)] == ["Did you mean Avarage?"]


def test_a_module_that_is_not_there_is_named(tmp_path: Path) -> None:
    folder = a_writer(tmp_path, "average")
    (folder / "worker.py").rename(folder / "worcer.py")

    assert [finding.fix for finding in seen(folder)] == ["Did you mean worcer?"]


def test_a_class_of_another_type_than_the_manifest_says_is_found(tmp_path: Path) -> None:
    folder = a_writer(tmp_path, "average", source=SIGNALS)

    (finding,) = seen(folder)
    assert "Average derives from OpportunityWorker, but the manifest says that it is of type ContextWorker." in str(
        finding
    )


def test_the_type_is_found_through_classes_of_the_same_file(tmp_path: Path) -> None:
    between = SIGNALS.replace("{name}", "Between") + "\n\nclass {name}(Between):\n    pass\n"
    folder = a_scout(tmp_path, "scout", source=between)

    assert seen(folder) == []


def test_a_handler_without_its_method_is_found(tmp_path: Path) -> None:
    folder = a_scout(tmp_path, "scout", source=SIGNALS.replace("on_context_assessment", "on_context_assesment"))
    manifest = folder / "manifest.yaml"
    text = manifest.read_text(encoding="utf-8").replace("method: on_context_assessment", "method: on_context_look")
    manifest.write_text(text, encoding="utf-8")

    assert "has no method on_context_look" in str(seen(folder)[0])


def test_a_handler_that_the_base_has_is_named_when_the_manifest_writes_it_wrong(tmp_path: Path) -> None:
    manifest = a_writer(tmp_path, "writer") / "manifest.yaml"
    text = manifest.read_text(encoding="utf-8").replace("method: on_tick", "method: on_tik")
    manifest.write_text(text, encoding="utf-8")

    assert "has no method on_tik, which the manifest lists as a handler. Did you mean on_tick?" in str(
        seen(manifest.parent)[0]
    )


@pytest.mark.parametrize(
    "line",
    [
        "from engine.contracts.signals import OpportunitySignal",
        "import engine.ledger.ledger",
        "from engine import journal",
        "from engine.sdk import testing",
        "from engine.sdk.connector import Pacer",
        "import plugins.phase1_context.ema_detector.worker",
        "import gui",
        "from PySide6 import QtWidgets",
        "import pyqtgraph as pg",
        "import ccxt.pro",
        "from web3 import Web3",
        "from .. import other_plugin",
        "import s1mpletrader_user_plugins.other",
    ],
)
def test_a_door_that_is_not_the_plugins_is_refused_wherever_it_stands(tmp_path: Path, line: str) -> None:
    folder = a_writer(tmp_path, "average", source=f"{WRITES}\n\ndef late():\n    {line}\n")

    (finding,) = seen(folder)
    assert finding.severity is Severity.ERROR
    assert finding.line == 10


@pytest.mark.parametrize(
    "line",
    [
        "from engine.sdk.indicators import EMA",
        "from engine.sdk import plugin, indicators",
        "import numpy as np",
        "from . import maths",
        "from collections import deque",
    ],
)
def test_the_sdk_libraries_and_its_own_modules_are_the_plugins_doors(tmp_path: Path, line: str) -> None:
    assert seen(a_writer(tmp_path, "average", source=f"{line}\n{WRITES}")) == []


def test_a_plugins_test_may_import_what_tests_need(tmp_path: Path) -> None:
    folder = a_writer(tmp_path, "average")
    (folder / "test_average.py").write_text("from engine.sdk.testing import employ\n", encoding="utf-8")

    assert seen(folder) == []


def test_what_a_replay_could_not_repeat_is_told_and_not_forbidden(tmp_path: Path) -> None:
    folder = a_writer(tmp_path, "average", source=f"import random\n{WRITES}")

    assert [finding.severity for finding in seen(folder)] == [Severity.WARNING]


def test_a_handler_that_waits_is_refused(tmp_path: Path) -> None:
    folder = a_scout(tmp_path, "scout", source=SIGNALS.replace("    def on_", "    async def on_"))

    assert "a handler never waits" in str(seen(folder)[0])


@pytest.mark.parametrize("source", ["x = 1\0\n", "x = " + "(" * 5000 + ")" * 5000, "x = '\udce4'\n"])
def test_source_that_no_parser_likes_is_a_finding_and_no_crash(tmp_path: Path, source: str) -> None:
    folder = a_writer(tmp_path, "odd")
    (folder / "worker.py").write_bytes(source.encode("utf-8", errors="surrogateescape"))

    assert "Python cannot read this" in str(seen(folder)[0])


STATEFUL = "capabilities:\n  state: {version: 1}\n"


def test_a_state_that_the_manifest_does_not_ask_for_is_found_with_its_line(tmp_path: Path) -> None:
    source = SIGNALS.replace("        return", "        self.tools.state.load()\n        return")
    folder = a_scout(tmp_path, "forgetful", source=source)

    (finding,) = seen(folder)
    assert (finding.severity, finding.line) == (Severity.ERROR, 6)
    assert "Write `state: {version: 1}` under `capabilities`." in finding.fix
    assert seen(a_scout(tmp_path, "mindful", source=source, more=STATEFUL)) == []


def test_a_worker_that_keeps_a_state_cannot_leave_bars_out(tmp_path: Path) -> None:
    source = SIGNALS + "\n    def candidates(self, recorded):\n        return recorded.value('close') > 0\n"

    (finding,) = seen(a_scout(tmp_path, "skipper", source=source, more=STATEFUL))
    assert "names its candidate bars and keeps a state" in finding.text
    assert seen(a_scout(tmp_path, "looker", source=source)) == []


def test_every_type_has_its_base() -> None:
    assert set(BASES) == set(TYPE_RULES)


LOOKS_WIDER = """\
from engine.sdk.plugin import NOTHING, OpportunityWorker


class {name}(OpportunityWorker):
    def on_context_assessment(self, assessed):
        {look}
        return NOTHING
"""


@pytest.mark.parametrize(
    ("look", "key", "declared"),
    [
        ("assessed.context.companion('ETH/USDT')", "requires_companions", "[ETH/USDT]"),
        ("assessed.context.higher('1h')", "requires_timeframes", "[1h]"),
    ],
)
def test_a_wider_look_that_the_manifest_does_not_tell_is_named_with_its_line(
    look: str, key: str, declared: str, tmp_path: Path
) -> None:
    source = LOOKS_WIDER.replace("{look}", look)
    (told,) = seen(a_scout(tmp_path, "looker", source=source))
    assert told.severity is Severity.WARNING
    assert key in told.fix
    assert told.line == 6

    assert not seen(a_scout(tmp_path, "teller", source=source, more=f"dependencies:\n  {key}: {declared}\n"))
