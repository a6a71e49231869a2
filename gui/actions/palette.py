"""The command palette: every action, panel, workspace and strategy, found by a few letters of its name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from gui.actions.finding import ranked
from gui.theme.tokens import SPACE

_WIDTH: Final = 620
_HEIGHT: Final = 420
_SHOWN_MAX: Final = 60
_OF_THE_LIST: Final = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


@dataclass(frozen=True, slots=True)
class Command:
    """One line of the palette."""

    kind: str
    text: str
    keys: str
    run: Callable[[], object]
    is_enabled: bool = True

    @property
    def searched(self) -> str:
        """What the letters are looked for in: the name first, so that it counts more."""
        return f"{self.text} {self.kind}"


class CommandPalette(QDialog):
    """Finds a command while one types; Enter runs it, Escape leaves. The keys of each are shown, so that they are learnt.

    Args:
        commands: In the order in which they are listed before anything was typed.
        parent: The window that it opens over.
    """

    chosen = Signal(object)  # Command; told after the palette has closed, so that it may open something itself

    def __init__(self, commands: Sequence[Command], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._commands = commands
        self._shown: list[Command] = []
        self._items: list[QTreeWidgetItem] = []
        self.setWindowTitle(self.tr("Commands"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(_WIDTH, _HEIGHT)
        self.query = QLineEdit(self)
        self.query.setPlaceholderText(self.tr("A few letters of an action, a panel, a workspace or a strategy"))
        self.query.setAccessibleName(self.tr("Find a command"))
        self.list = QTreeWidget(self)
        self.list.setAccessibleName(self.tr("Commands that fit"))
        self.list.setHeaderLabels([self.tr("Command"), self.tr("Kind"), self.tr("Keys")])
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the letters go to the query, the arrows are passed on
        self.list.setColumnWidth(0, _WIDTH * 3 // 5)
        self.list.setColumnWidth(1, _WIDTH // 6)
        self.none = QLabel(self.tr("Nothing is called that. Try fewer letters."), self)
        self.none.setProperty("role", "hint")
        box = QVBoxLayout(self)
        box.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        box.setSpacing(SPACE)
        for widget in (self.query, self.list, self.none):
            box.addWidget(widget)
        self.query.textChanged.connect(self._show)
        self.query.installEventFilter(self)
        self.query.returnPressed.connect(self._run_current)
        self.list.itemClicked.connect(self._on_item_clicked)
        self._show("")
        self.query.setFocus()

    @property
    def shown(self) -> Sequence[Command]:
        """The commands that fit, best first."""
        return self._shown

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Pass the keys that walk through a list on to the list."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in _OF_THE_LIST:
            self.list.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)

    def _show(self, query: str) -> None:
        self._shown = ranked(query, self._commands, lambda command: command.searched)[:_SHOWN_MAX]
        self.list.clear()
        self._items = [QTreeWidgetItem(self.list, [each.text, each.kind, each.keys]) for each in self._shown]
        for item, command in zip(self._items, self._shown, strict=True):
            item.setDisabled(not command.is_enabled)
        self.none.setVisible(not self._shown)
        first = next((at for at, command in enumerate(self._shown) if command.is_enabled), None)
        if first is not None:
            self.list.setCurrentItem(self._items[first])

    def _run_current(self) -> None:
        at = self.list.currentIndex().row()
        if 0 <= at < len(self._shown) and self._shown[at].is_enabled:
            command = self._shown[at]
            self.accept()
            self.chosen.emit(command)

    def _on_item_clicked(self, item: QTreeWidgetItem, _column: int) -> None:
        self.list.setCurrentItem(item)
        self._run_current()
