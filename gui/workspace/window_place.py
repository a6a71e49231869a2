"""Where the main window was when it was closed."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow

from gui.workspace.screens import onto_screens


class WindowPlace(BaseModel):
    """Place and size in pixels of the whole desktop; size 0 means that the window was never closed yet."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    version: Literal[1] = 1
    x: int = 0
    y: int = 0
    width: int = Field(default=0, ge=0)
    height: int = Field(default=0, ge=0)
    is_maximized: bool = False


def place_of(window: QMainWindow) -> WindowPlace:
    """Return where a window is, or would be if it were not maximized."""
    at = window.normalGeometry() if window.isMaximized() else window.geometry()
    return WindowPlace(x=at.x(), y=at.y(), width=at.width(), height=at.height(), is_maximized=window.isMaximized())


def put_back(window: QMainWindow, place: WindowPlace) -> None:
    """Put a window where it was, or on a screen that is there."""
    if place.width and place.height:
        window.setGeometry(onto_screens(QRect(place.x, place.y, place.width, place.height), screens()))
    if place.is_maximized:
        window.setWindowState(window.windowState() | Qt.WindowState.WindowMaximized)


def screens() -> list[QRect]:
    """Return the room of every screen, the main one first."""
    first = QGuiApplication.primaryScreen()
    rest = [screen for screen in QGuiApplication.screens() if screen is not first]
    return [screen.availableGeometry() for screen in (first, *rest)]
