"""A stranger is tried in a child: whatever it does there, we hear of it and live."""

from pathlib import Path

import pytest

from engine.phase0_bootstrap.discovery import examine_folder
from engine.phase0_bootstrap.plugin_findings import faults_of
from engine.phase0_bootstrap.probe import ProbeLimits, probe
from tests.support.platforms import NOT_ON_WINDOWS
from tests.support.strangers import SIGNALS, WRITES, a_scout, a_writer

pytestmark = pytest.mark.unit

HURRIED = ProbeLimits(time_s=120.0, computing_s=1.0)


def heard(folder: Path, **limits: float) -> list[str]:
    trial = probe(examine_folder(folder), ProbeLimits(**limits) if limits else None)  # type: ignore[arg-type]  # two numbers by name
    return [str(finding) for finding in trial.findings]


def test_a_sound_plugin_passes_without_a_word(tmp_path: Path) -> None:
    assert heard(a_writer(tmp_path, "sound")) == []


def test_a_plugin_that_ends_the_process_ends_only_the_childs(tmp_path: Path) -> None:
    (said,) = heard(a_writer(tmp_path, "leaver", source=f"raise SystemExit(7)\n{WRITES}"))

    assert "Importing Leaver ended the whole process (exit code 7)." in said


def test_a_plugin_that_waits_for_ever_at_its_import_is_told_where(tmp_path: Path) -> None:
    (said,) = heard(a_writer(tmp_path, "sleeper", source=f"import time\n\ntime.sleep(600)\n{WRITES}"), time_s=1.0)

    assert "Importing Sleeper took more than 1 seconds (worker.py:3, in <module>)" in said


@NOT_ON_WINDOWS
def test_a_loop_ends_when_it_has_computed_enough_however_long_that_takes(tmp_path: Path) -> None:
    trial = probe(examine_folder(a_writer(tmp_path, "loop", source=f"while True:\n    pass\n{WRITES}")), HURRIED)

    (fault,) = trial.findings
    assert "Importing Loop took more than 1 seconds of the processor (worker.py:" in str(fault)
    assert "in <module>)" in str(fault)


LOOPS, RAISES = "while True:\n    pass\n", "1 / 0\n"
WAITS, LACKS, LEAVES = "import time\n\ntime.sleep(600)\n", "import no_such_library\n", "raise SystemExit(7)\n"
READS, HOARDS = "open('no such file')\n", "raise MemoryError\n"


@pytest.mark.parametrize("start", ["", pytest.param(LOOPS, marks=NOT_ON_WINDOWS), RAISES])
def test_what_the_plugins_files_alone_bring_about_lasts(tmp_path: Path, start: str) -> None:
    assert probe(examine_folder(a_writer(tmp_path, "sure", source=start + WRITES)), HURRIED).is_lasting


@pytest.mark.parametrize("start", [WAITS, LACKS, LEAVES, READS, HOARDS])
def test_what_may_have_another_cause_does_not_last(tmp_path: Path, start: str) -> None:
    limits = ProbeLimits(time_s=2.0) if start is WAITS else None
    trial = probe(examine_folder(a_writer(tmp_path, "unsure", source=start + WRITES)), limits)

    assert faults_of(trial.findings)
    assert not trial.is_lasting


def test_what_a_plugin_prints_or_breaks_of_its_streams_does_not_matter(tmp_path: Path) -> None:
    noisy = f"import sys\n\nprint('x' * 100000)\nsys.stderr.write('y' * 100000)\nsys.stdout.close()\n{WRITES}"

    assert heard(a_writer(tmp_path, "noisy", source=noisy)) == []


def test_a_plugin_that_decides_by_chance_is_found(tmp_path: Path) -> None:
    by_chance = SIGNALS.replace("confidence=0.9", "confidence=random.random()").replace(
        "from engine", "import random\n\nfrom engine", 1
    )
    (said,) = heard(a_scout(tmp_path, "gambler", source=by_chance))

    assert "Gambler said something else when the same market passed again." in said


KEEPS = SIGNALS.replace(
    "        return",
    "        kept = self.tools.state.load()\n        bars = {bars}\n        self.tools.state.save({'bars': bars})\n        return",
)
STATEFUL = "capabilities:\n  state: {version: 1}\n"


def test_a_plugin_that_cannot_read_what_it_kept_itself_is_found(tmp_path: Path) -> None:
    careless = SIGNALS.replace(
        "        return",
        "        if not hasattr(self, 'bars'):\n"
        "            kept = self.tools.state.load()\n"
        "            self.bars = 0 if kept is None else int(kept['bars'])\n"
        "        self.tools.state.save({'bars': f'{self.bars} bars'})\n"
        "        return",
    )
    sound = KEEPS.replace("{bars}", "1 if kept is None else kept['bars'] + 1")

    assert heard(a_scout(tmp_path, "sound", source=sound, more=STATEFUL)) == []
    (said,) = heard(a_scout(tmp_path, "careless", source=careless, more=STATEFUL))
    assert "Rehearsing Careless with what it kept itself failed: ValueError" in said
    assert "worker.py:8, in on_context_assessment" in said


def test_a_state_that_is_asked_for_and_never_used_is_told(tmp_path: Path) -> None:
    (said,) = heard(a_scout(tmp_path, "idle", more=STATEFUL))

    assert "It asks for a state, and kept nothing in the rehearsal." in said


def test_a_state_that_is_read_in_the_constructor_is_found(tmp_path: Path) -> None:
    early = SIGNALS.replace(
        "    def on_context",
        "    def __init__(self, config, tools):\n        super().__init__(config, tools)\n"
        "        self.kept = tools.state.load()\n\n    def on_context",
    )
    (said,) = heard(a_scout(tmp_path, "early", source=early, more=STATEFUL))

    assert "use tools.state in a handler, not in the constructor" in said


def test_a_setting_in_a_columns_name_that_does_not_exist_is_found(tmp_path: Path) -> None:
    (said,) = heard(a_writer(tmp_path, "mean", column='"mean_{bars}"'))

    assert "refers to the setting bars, which the configuration does not have" in said


def test_settings_without_a_default_are_told_and_not_held_against_it(tmp_path: Path) -> None:
    source = (
        "from engine.sdk.plugin import ContextWorker, WorkerConfig\n\n\n"
        "class Wish(WorkerConfig):\n    bars: int\n\n\n"
        "class {name}(ContextWorker[Wish]):\n    config_model = Wish\n\n"
        "    def enrich(self, context):\n        return [context.close]\n"
    )
    found = probe(examine_folder(a_writer(tmp_path, "wisher", source=source))).findings

    assert faults_of(found) == ()
    assert "the settings bars have no default" in str(found[0])


def test_a_column_that_is_read_and_not_required_is_told_with_what_to_write(tmp_path: Path) -> None:
    source = SIGNALS.replace("return self.signal", "assessed.context.value('ema_20')\n        return self.signal")
    (told,) = heard(a_scout(tmp_path, "reader", source=source))

    assert "there is no column ema_20" in told
    assert "write `requires_columns: [ema_20]` under `dependencies`" in told
    assert "worker.py:6" in told
