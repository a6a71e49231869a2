"""The window: menus, title, and one page at a time. No logic."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLabel, QMainWindow, QMenu, QMessageBox, QVBoxLayout, QWidget

from engine.ports.session import SessionStatus
from gui.actions.catalogue import ActionName, catalogue, chart_keys
from gui.theme.look import text_font
from gui.theme.tokens import SPACE, Tone
from gui.widgets.colours import set_tone

_WIDTH, _HEIGHT = 1600, 960


class MainWindow(QMainWindow):
    """Shows a desk, or a sentence while there is none. Closing it is asked for, not done: `close_asked`."""

    close_asked = Signal()
    pause_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._may_close = False
        self._actions: dict[ActionName, QAction] = {}
        self.setWindowTitle(self.tr("S1mpleTrader"))
        self.setAccessibleName(self.tr("S1mpleTrader"))
        self._make_menus()
        screen = self.screen().availableGeometry()
        self.resize(min(_WIDTH, screen.width()), min(_HEIGHT, screen.height()))
        self.say(self.tr("Opening the session…"), "")

    def action(self, name: ActionName) -> QAction:
        """Return an action of the menus."""
        return self._actions[name]

    def connect_actions(self, handlers: Mapping[ActionName, Callable[[], object]]) -> None:
        """Let each action do this from now on; those that are not named are greyed out."""
        for name, action in self._actions.items():
            action.triggered.disconnect()
            action.setEnabled(name in handlers)
            if name in handlers:
                action.triggered.connect(_without_argument(handlers[name]))
            else:
                action.triggered.connect(_nothing)

    def say(self, heading: str, text: str, *, is_fault: bool = False) -> None:
        """Show a sentence instead of a desk.

        Args:
            heading: In large letters.
            text: Below it; may be selected and copied.
            is_fault: Whether it is bad news.
        """
        page = QWidget(self)
        title = QLabel(heading, page)
        title.setFont(text_font(15, is_bold=True))
        set_tone(title, Tone.FALL if is_fault else Tone.TEXT)
        details = QLabel(text, page)
        details.setTextFormat(Qt.TextFormat.PlainText)
        details.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        details.setWordWrap(True)
        box = QVBoxLayout(page)
        box.setContentsMargins(8 * SPACE, 8 * SPACE, 8 * SPACE, 8 * SPACE)
        box.setSpacing(2 * SPACE)
        box.addStretch(1)
        for label in (title, details):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            box.addWidget(label)
        box.addStretch(1)
        self.setCentralWidget(page)

    def show_status(self, status: SessionStatus) -> None:
        """Write operation, mode and the label of the data into the title."""
        title = f"{status.mode.value} · {status.label} · {status.operation} · S1mpleTrader"
        if title != self.windowTitle():
            self.setWindowTitle(title)

    def show_closing(self) -> None:
        """Say that the end is under way, and take no more orders from a person."""
        self.menuBar().setEnabled(False)
        page = self.centralWidget()
        if page is not None:
            page.setEnabled(False)
        self.statusBar().showMessage(self.tr("Ending the session: everything is being written to disk…"))

    def close_now(self) -> None:
        """Close without asking."""
        self._may_close = True
        self.close()

    def show_keys(self) -> QMessageBox:
        """Open the list of all keys."""
        lines = [(keys, entry.text) for entry in catalogue().values() if (keys := ", ".join(_native(entry.keys)))]
        rows = "".join(
            f"<tr><td><b>{keys}</b>&nbsp;&nbsp;&nbsp;</td><td>{text}</td></tr>"
            for keys, text in [*lines, *chart_keys()]
        )
        box = QMessageBox(
            QMessageBox.Icon.NoIcon, self.tr("Keyboard"), f"<table cellspacing='4'>{rows}</table>", parent=self
        )
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()
        return box

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802  # Qt's name
        """Ask first: a session that runs is ended orderly before the window goes."""
        if self._may_close:
            event.accept()
        else:
            event.ignore()
            self.close_asked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Take the space bar where nothing else wants it."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.pause_asked.emit()
        else:
            super().keyPressEvent(event)

    def _make_menus(self) -> None:
        menus: dict[str, QMenu] = {}
        for name, entry in catalogue().items():
            if entry.menu not in menus:
                menus[entry.menu] = self.menuBar().addMenu(entry.menu)
            action = menus[entry.menu].addAction(entry.text)
            action.setShortcuts([QKeySequence(keys) for keys in entry.keys])
            action.setEnabled(False)
            action.triggered.connect(_nothing)
            self._actions[name] = action


def _native(keys: tuple[str, ...]) -> list[str]:
    return [QKeySequence(each).toString(QKeySequence.SequenceFormat.NativeText) for each in keys]


def _without_argument(handler: Callable[[], object]) -> Callable[[bool], None]:
    """Return a slot that drops what `triggered` carries."""

    def slot(_checked: bool = False) -> None:
        handler()

    return slot


def _nothing(_checked: bool = False) -> None:
    """Stand in for a handler: a signal without any cannot be disconnected."""
