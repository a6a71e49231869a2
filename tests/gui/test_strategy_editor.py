"""The strategy editor: type, see what a start would say, look at the difference, save; comments stay."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QComboBox, QLineEdit

from engine.config.loading import load_all
from engine.config.places import Places
from engine.phase0_bootstrap.assembly import open_session
from engine.phase0_bootstrap.operations import copy_operation, operation_path
from gui.app import Workstation
from gui.editor.setting_field import SettingField
from gui.editor.strategy_editor import StrategyEditor
from gui.theme.ink import ink
from gui.theme.tokens import Tone
from tests.gui.conftest import Play
from tests.support.gui import until

pytestmark = pytest.mark.gui

Edit = Callable[[StrategyEditor], Coroutine[object, object, None]]


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", config=tmp_path / "config", state=tmp_path / "state")


@pytest.fixture
def mine(places: Places) -> Path:
    return copy_operation(operation_path("demo-paper", places), "mine", places)


def blueprint_of(operation: Path) -> Path:
    return load_all(operation).strategies[0].blueprint.path


def edit(play: Play, operation: Path, places: Places, work: Edit) -> None:
    """Open a session with an operation and its strategy editor, and do something there."""

    async def story(workstation: Workstation) -> None:
        await until(lambda: workstation.desk is not None)
        workstation.edit_strategy()
        editor = workstation.editor
        assert editor is not None
        await until(lambda: editor.is_ready)
        await work(editor)

    session = open_session(operation, places=places, bars=5)
    play(session, story, places=places)


def field(editor: StrategyEditor, section: str, name: str) -> SettingField:
    editor.choose_section(section)
    return next(each for each in editor.fields if each.setting.name == name)


async def type_into(editor: StrategyEditor, section: str, name: str, text: str) -> SettingField:
    """Type into a field and wait until it was judged."""
    found = field(editor, section, name)
    assert isinstance(found.editor, QLineEdit)
    found.editor.setText(text)
    found.tell_now()
    await until(lambda: editor.is_ready)
    return found


def said(editor: StrategyEditor) -> list[str]:
    return [editor.findings.item(row).text() for row in range(editor.findings.count())]


def test_a_value_is_changed_shown_as_a_difference_and_saved_with_every_comment(
    play: Play, places: Places, mine: Path
) -> None:
    path = blueprint_of(mine)
    before = path.read_text(encoding="utf-8")

    async def work(editor: StrategyEditor) -> None:
        await type_into(editor, "max_drawdown_monitor", "max_drawdown", "0.25")
        assert said(editor) == ["● A session would start with this."]
        assert path.read_text(encoding="utf-8") == before
        dialog = editor.show_changes()
        assert dialog is not None
        assert "+        max_drawdown: 0.25 # the equity may fall 10 % from its peak" in dialog.text.toPlainText()
        dialog.save_button.click()
        await asyncio.sleep(0)
        assert not editor.is_changed

    edit(play, mine, places, work)

    assert path.read_text(encoding="utf-8") == before.replace("max_drawdown: 0.10", "max_drawdown: 0.25")


def test_a_wrong_value_is_said_beside_the_field_and_below_and_leads_there(
    play: Play, places: Places, mine: Path
) -> None:
    async def work(editor: StrategyEditor) -> None:
        wrong = await type_into(editor, "max_drawdown_monitor", "max_drawdown", "7")
        assert wrong.problem.text() == "7 is out of range. Expected a number above 0 and below 1."
        assert "max_drawdown" in said(editor)[0]
        assert editor.coverage.text == ""
        editor.choose_section("market")
        editor.findings.itemActivated.emit(editor.findings.item(0))
        assert [each.setting.name for each in editor.fields][:1] == ["max_drawdown"]
        await type_into(editor, "max_drawdown_monitor", "max_drawdown", "[1,")
        assert "no YAML value" in editor.fields[0].problem.text()

    edit(play, mine, places, work)


def test_an_empty_field_lets_the_default_hold_and_is_taken_back(play: Play, places: Places, mine: Path) -> None:
    path = blueprint_of(mine)

    async def work(editor: StrategyEditor) -> None:
        await type_into(editor, "max_drawdown_monitor", "warn_from", "")
        (dialog_text,) = [line for line in editor._draft.blueprint.diff() if line.startswith("-  ")]  # type: ignore[union-attr]  # it is open
        assert "warn_from" in dialog_text
        editor.undo_button.click()
        await until(lambda: editor.is_ready)
        again = field(editor, "max_drawdown_monitor", "warn_from")
        assert again.text == "0.8"
        assert not editor.is_changed
        assert editor.redo_button.isEnabled()

    edit(play, mine, places, work)
    assert [each.name for each in path.parent.iterdir() if each.name.endswith(".unsaved")] == []


def test_a_gap_between_planners_is_drawn_before_anything_is_saved(play: Play, places: Places, mine: Path) -> None:
    async def work(editor: StrategyEditor) -> None:
        await type_into(editor, "patient_entry_planner", "confidence", "[0.3, 1.0]")
        assert "Entry: 0 to 0.3: nobody" in editor.coverage.text
        before = {tone: ink(tone).name(QColor.NameFormat.HexArgb) for tone in Tone}
        editor.coverage.grab()
        assert {tone: ink(tone).name(QColor.NameFormat.HexArgb) for tone in Tone} == before, "the inks are everybody's"
        assert any("no planner answers" in text for text in said(editor))

    edit(play, mine, places, work)


def test_what_was_not_saved_is_there_the_next_time(play: Play, places: Places, mine: Path) -> None:
    async def change(editor: StrategyEditor) -> None:
        await type_into(editor, "market", "window", "333")

    async def look(editor: StrategyEditor) -> None:
        assert field(editor, "market", "window").text == "333"
        assert editor.is_changed

    edit(play, mine, places, change)
    edit(play, mine, places, look)

    assert load_all(mine).strategies[0].blueprint.model.market.window == 500


def test_a_choice_is_chosen_and_what_comes_with_the_program_is_only_shown(
    play: Play, places: Places, mine: Path
) -> None:
    async def work(editor: StrategyEditor) -> None:
        policy = field(editor, "strategy", "match_policy")
        assert isinstance(policy.editor, QComboBox)
        policy.editor.setCurrentIndex(policy.editor.findData("error"))
        policy.editor.activated.emit(policy.editor.currentIndex())
        await until(lambda: editor.is_ready)
        assert editor.is_changed
        editor.choose_section("aggregation")
        assert editor.fields
        assert not any(each.editor.isEnabled() for each in editor.fields)

    edit(play, mine, places, work)


def test_every_field_of_every_section_has_a_name_and_says_what_may_be(play: Play, places: Places, mine: Path) -> None:
    async def work(editor: StrategyEditor) -> None:
        for row in range(editor.list.count()):
            editor.list.setCurrentRow(row)
            for each in editor.fields:
                assert each.editor.accessibleName(), each.setting
                assert each.setting.expects or each.setting.choices, each.setting

    edit(play, mine, places, work)
