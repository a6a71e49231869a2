"""Which language the window speaks: our translations and Qt's own, installed in the application."""

from typing import Final

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from resources import path_of

SYSTEM: Final = "system"
SOURCE: Final = "en"
"""The language that the texts are written in."""
TRANSLATED: Final = ("nl",)

_installed: Final[list[QTranslator]] = []


def language_of(choice: str) -> str:
    """Return the language that a choice means here: ``system`` is the desktop's, or English where we do not speak it."""
    if choice != SYSTEM:
        return choice
    own = QLocale.system().name().split("_", maxsplit=1)[0]
    return own if own in TRANSLATED else SOURCE


def speak(app: QApplication, choice: str) -> None:
    """Let every text that is asked for from now on be in a language; those on the screen stay as they are.

    Numbers and dates are written the same in every language: `gui/theme/formats.py`.
    """
    for former in _installed:
        app.removeTranslator(former)
    _installed.clear()
    language = language_of(choice)
    if language == SOURCE:
        return
    qt_folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    for name, folder in ((f"qtbase_{language}", qt_folder), (f"s1mpletrader_{language}", str(path_of("translations")))):
        translator = QTranslator(app)
        if translator.load(name, folder):
            app.installTranslator(translator)
            _installed.append(translator)
