"""The window: menus, title, and one page at a time. No logic."""

from collections.abc import Callable, Iterable, Mapping
from itertools import zip_longest

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLabel, QMainWindow, QMenu, QMessageBox, QVBoxLayout, QWidget

from engine.ports.session import Mode, SessionStatus
from gui.actions.catalogue import ActionId, ActionName, catalogue, chart_keys
from gui.actions.keymap import Keymap
from gui.theme.look import give_font
from gui.theme.mode_icon import mode_icon
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
        self._actions: dict[ActionId, QAction] = {}
        self._menus: list[QMenu] = []
        self._keymap = Keymap(catalogue(), {})
        self.setWindowTitle(self.tr("S1mpleTrader"))
        self.setAccessibleName(self.tr("S1mpleTrader"))
        self._make_menus()
        screen = self.screen().availableGeometry()
        self.resize(min(_WIDTH, screen.width()), min(_HEIGHT, screen.height()))
        self.say(self.tr("Opening the session…"), "")

    def action(self, name: ActionId) -> QAction:
        """Return an action of the menus."""
        return self._actions[name]

    def connect_actions(self, handlers: Mapping[ActionId, Callable[[], object]]) -> None:
        """Let each action do this from now on; those that are not named are greyed out."""
        for name, action in self._actions.items():
            action.triggered.disconnect()
            action.setEnabled(name in handlers)
            if name in handlers:
                action.triggered.connect(_without_argument(handlers[name]))
            else:
                action.triggered.connect(_nothing)

    def show_keymap(self, keymap: Keymap) -> None:
        """Write the menus in the language of a keymap, and let its keys work from now on."""
        self._keymap = keymap
        titles = dict.fromkeys(entry.menu for entry in keymap.usual.values())
        for menu, title in zip(self._menus, titles, strict=True):
            menu.setTitle(title)
        self._toggles.setTitle(self.tr("Open or close"))
        for name, action in self._actions.items():
            action.setText(keymap.usual[name].text)
            action.setShortcuts([QKeySequence(keys) for keys in keymap.keys_of(name)])

    def show_panel_toggles(self, toggles: Iterable[QAction]) -> None:
        """List the panels with a tick at those that are open."""
        self._toggles.clear()
        self._toggles.addActions(list(toggles))
        self._toggles.setEnabled(not self._toggles.isEmpty())

    def say(self, heading: str, text: str, *, is_fault: bool = False) -> None:
        """Show a sentence instead of a desk.

        Args:
            heading: In large letters.
            text: Below it; may be selected and copied.
            is_fault: Whether it is bad news.
        """
        page = QWidget(self)
        title = QLabel(heading, page)
        give_font(title, 15, is_bold=True)
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
        if self.property("mode") != status.mode.value:
            self.setProperty("mode", status.mode.value)  # questions ask for it: gui/widgets/mode_frame.py
            self.wear_icon(status.mode)

    def wear_icon(self, mode: Mode) -> None:
        """Draw the icon of a mode, in the colours that are worn."""
        self.setWindowIcon(mode_icon(mode))

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
        keymap = self._keymap
        lines = [(keys, entry.text) for name, entry in keymap.usual.items() if (keys := keymap.shown_keys_of(name))]
        lines.extend(chart_keys())
        half = (len(lines) + 1) // 2
        narrow = "style='white-space: nowrap'"
        cells = [
            f"<td {narrow}><b>{keys}</b>&nbsp;&nbsp;</td><td {narrow}>{text}&nbsp;&nbsp;&nbsp;</td>"
            for keys, text in lines
        ]
        rows = "".join(
            f"<tr>{left}{right}</tr>" for left, right in zip_longest(cells[:half], cells[half:], fillvalue="<td></td>")
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
        for name, entry in self._keymap.usual.items():
            if entry.menu not in menus:
                menus[entry.menu] = self.menuBar().addMenu(entry.menu)
            action = menus[entry.menu].addAction(entry.text)
            action.setMenuRole(QAction.MenuRole.NoRole)
            action.setShortcutContext(Qt.ShortcutContext.ApplicationShortcut)  # in windows of panels too
            action.setEnabled(False)
            action.triggered.connect(_nothing)
            self._actions[name] = action
        self._menus = list(menus.values())
        last = self._actions[ActionName.CLOSE_PANEL]
        panels = next(menu for menu in self._menus if last in menu.actions())
        self._toggles = panels.addMenu(self.tr("Open or close"))
        self._toggles.setEnabled(False)
        self.show_keymap(self._keymap)


def _without_argument(handler: Callable[[], object]) -> Callable[[bool], None]:
    """Return a slot that drops what `triggered` carries."""

    def slot(_checked: bool = False) -> None:
        handler()

    return slot


def _nothing(_checked: bool = False) -> None:
    """Stand in for a handler: a signal without any cannot be disconnected."""
