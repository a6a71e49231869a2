"""What is chosen in the preferences is worn at once, and again at the next start."""

from pathlib import Path

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox

from engine.config.places import Places
from engine.ports.session import Mode
from gui.actions.catalogue import ActionName
from gui.app import Workstation
from gui.preferences.settings import Language, PresetChoice, Settings, ThemeChoice
from gui.theme.ink import ink
from gui.theme.tokens import LIGHT, Tone
from tests.gui.conftest import Play
from tests.support.gui import ScriptedSession, until

pytestmark = pytest.mark.gui


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", config=tmp_path / "config", state=tmp_path / "state")


def test_theme_colours_and_size_are_worn_at_once_and_kept(play: Play, places: Places) -> None:
    async def choose(workstation: Workstation) -> None:
        await until(lambda: workstation.desk is not None)
        value = workstation.desk.account.equity.value
        letters, usual = value.fontMetrics().height(), QApplication.font().pointSizeF()
        dialog = workstation.show_preferences()
        dialog.appearance.theme.setCurrentIndex(list(ThemeChoice).index(ThemeChoice.LIGHT))
        dialog.appearance.preset.setCurrentIndex(list(PresetChoice).index(PresetChoice.BLUE_ORANGE))
        dialog.appearance.scale.setValue(15)
        assert ink(Tone.PANEL).name() == LIGHT[Tone.PANEL]
        assert ink(Tone.RISE).name() == PresetChoice.BLUE_ORANGE.preset.value[1][0]
        assert QApplication.font().pointSizeF() == pytest.approx(usual * 1.5)
        assert value.fontMetrics().height() > letters * 1.3
        dialog.reject()

    async def find(workstation: Workstation) -> None:
        await until(lambda: workstation.desk is not None)
        chosen = workstation.preferences.settings
        assert (chosen.theme, chosen.preset, chosen.scale_percent) == (
            ThemeChoice.LIGHT,
            PresetChoice.BLUE_ORANGE,
            150,
        )
        assert ink(Tone.PANEL).name() == LIGHT[Tone.PANEL]

    play(ScriptedSession(bars=0), choose, places=places)
    play(ScriptedSession(bars=0), find, places=places)


def test_new_keys_work_at_once_and_clashes_are_refused_in_words(play: Play, places: Places) -> None:
    async def story(workstation: Workstation) -> None:
        await until(lambda: workstation.desk is not None)
        dialog = workstation.show_preferences()
        page = dialog.keys
        page.choose(ActionName.STOP)
        page.keys.setKeySequence(QKeySequence("Ctrl+K"))
        page.assign_button.click()
        assert "Find a command…" in page.said.text()
        assert workstation.window.action(ActionName.STOP).shortcut().toString() == "Ctrl+."
        page.keys.setKeySequence(QKeySequence("Ctrl+Alt+S"))
        page.assign_button.click()
        assert workstation.window.action(ActionName.STOP).shortcut().toString() == "Ctrl+Alt+S"
        page.remove_button.click()
        assert workstation.window.action(ActionName.STOP).shortcut().isEmpty()
        page.reset_button.click()
        assert workstation.window.action(ActionName.STOP).shortcut().toString() == "Ctrl+."
        dialog.reject()

    play(ScriptedSession(bars=0), story, places=places)


def test_choosing_an_appearance_leaves_the_keys_alone(play: Play) -> None:
    async def story(workstation: Workstation) -> None:
        await until(lambda: workstation.desk is not None)
        dialog = workstation.show_preferences()
        dialog.keys.choose(ActionName.STOP)
        dialog.keys.remove_button.click()
        dialog.appearance.theme.setCurrentIndex(1)
        assert workstation.preferences.settings.keys == {"stop": ()}
        dialog.reject()

    play(ScriptedSession(bars=0), story)


def test_dutch_is_spoken_at_once_in_menus_and_tabs_and_english_again(play: Play, places: Places) -> None:
    async def story(workstation: Workstation) -> None:
        await until(lambda: workstation.desk is not None)
        english = workstation.preferences.settings.model_copy(update={"language": Language.ENGLISH})
        dutch = english.model_copy(update={"language": Language.DUTCH})
        workstation.preferences.change(dutch)
        assert workstation.window.action(ActionName.STOP).text() == "Sessie stoppen"
        workstation.preferences.change(english)
        assert workstation.window.action(ActionName.STOP).text() == "Stop session"

    play(ScriptedSession(bars=0), story, places=places)


def test_a_setting_out_of_bounds_is_refused() -> None:
    with pytest.raises(ValueError, match="less than or equal to 200"):
        Settings(scale_percent=201)


@pytest.mark.parametrize("mode", list(Mode))
def test_every_question_wears_the_mode(play: Play, mode: Mode) -> None:
    async def story(workstation: Workstation) -> None:
        await until(lambda: workstation.desk is not None)
        desk = workstation.desk
        workstation.host.start()
        await until(desk.session_bar.flatten_button.isEnabled)
        reason = desk.ask_resume_trading()
        assert reason.windowTitle().startswith(mode.value)
        assert reason.badge.accessibleName() == mode.value
        await until(reason.isVisible)
        assert reason.grab().toImage().pixelColor(1, 1).name() == ink(Tone[mode.name]).name()
        reason.reject()
        desk.session_bar.flatten_button.click()
        if mode is Mode.LIVE:
            await until(desk.emergency.isVisible)  # held there, not answered
            assert desk.emergency.windowTitle().startswith(mode.value)
            desk.emergency.close()
            return
        await until(lambda: any(each.isVisible() for each in workstation.window.findChildren(QMessageBox)))
        (question,) = (each for each in workstation.window.findChildren(QMessageBox) if each.isVisible())
        assert question.windowTitle().startswith(mode.value)
        assert question.grab().toImage().pixelColor(1, 1).name() == ink(Tone[mode.name]).name()
        icon = next(label for label in question.findChildren(QLabel) if not label.pixmap().isNull())
        assert icon.pixmap().toImage().pixelColor(3, 20).name() == ink(Tone[mode.name]).name()
        question.reject()

    play(ScriptedSession(bars=2_000, pace_s=0.002, mode=mode), story)
