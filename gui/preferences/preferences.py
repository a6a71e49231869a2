"""The preferences as the running program has them: read once, changed by the dialog, worn at once."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from engine.config.places import Places
from gui.actions.catalogue import catalogue
from gui.actions.keymap import Keymap
from gui.kept_file import KeptFile
from gui.preferences.settings import Language, Settings, ThemeChoice, settings_path
from gui.speech import speak
from gui.theme.look import dress
from gui.theme.tokens import DARK, LIGHT, Theme, themed


class Preferences(QObject):
    """Owns the settings, writes each change to disk, and dresses the application in them.

    Args:
        places: Where the file is; None keeps nothing and speaks English, for pictures and tests.
        parent: Qt parent.
    """

    changed = Signal(object)  # Settings
    failed = Signal(str)  # what a person should know: the file could not be written

    def __init__(self, places: Places | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file = KeptFile(None if places is None else settings_path(places), Settings)
        self.settings, self.problem = self._file.read()
        if places is None:
            self.settings = Settings(language=Language.ENGLISH)
        self._app = QApplication.instance()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_scheme_changed)
        self._wear_language()
        self._wear_look()

    @property
    def keymap(self) -> Keymap:
        """The keys of every action, as chosen, in the user's language."""
        return Keymap(catalogue(), self.settings.keys)

    def change(self, settings: Settings) -> None:
        """Take other settings from now on: they are worn, kept, and told."""
        if settings == self.settings:
            return
        former, self.settings = self.settings, settings
        if settings.language is not former.language:
            self._wear_language()
        if _look(settings) != _look(former):
            self._wear_look()
        if problem := self._file.write(settings):
            self.failed.emit(problem)
        self.changed.emit(settings)

    def _wear_language(self) -> None:
        if isinstance(self._app, QApplication):
            speak(self._app, self.settings.language.value)

    def _wear_look(self) -> None:
        if isinstance(self._app, QApplication):
            theme = themed(_base_theme(self.settings.theme), self.settings.preset.preset)
            dress(self._app, theme, scale=self.settings.scale_percent / 100)

    def _on_system_scheme_changed(self, _scheme: Qt.ColorScheme) -> None:
        if self.settings.theme is ThemeChoice.SYSTEM:
            self._wear_look()


def _look(settings: Settings) -> tuple[object, ...]:
    return settings.theme, settings.preset, settings.scale_percent


def _base_theme(choice: ThemeChoice) -> Theme:
    if choice is ThemeChoice.SYSTEM:
        is_light = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Light
        return LIGHT if is_light else DARK
    return LIGHT if choice is ThemeChoice.LIGHT else DARK
