"""The page of the preferences on which keys are given to actions."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gui.actions.catalogue import ActionId
from gui.actions.finding import ranked
from gui.actions.keymap import Keymap
from gui.theme.tokens import SPACE, Tone
from gui.widgets.colours import set_tone

_ROLE = Qt.ItemDataRole.UserRole


class KeysPage(QWidget):
    """Lists every action with its keys; the chosen one can be given others, its usual ones back, or none.

    What clashes is refused in words, and nothing is changed.
    """

    rebound = Signal(object)  # Keymap

    def __init__(self, keymap: Keymap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keymap = keymap
        self._actions: tuple[ActionId, ...] = tuple(keymap.usual)
        self._items: list[QTreeWidgetItem] = []
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Search actions"))
        self.search.setAccessibleName(self.tr("Search actions"))
        self.list = QTreeWidget(self)
        self.list.setAccessibleName(self.tr("Actions and their keys"))
        self.list.setHeaderLabels([self.tr("Action"), self.tr("Menu"), self.tr("Keys")])
        self.list.setRootIsDecorated(False)
        self.list.setColumnWidth(0, 270)
        self.list.setColumnWidth(1, 110)
        self.keys = QKeySequenceEdit(self)
        self.keys.setMaximumSequenceLength(1)
        self.keys.setClearButtonEnabled(True)
        self.keys.setAccessibleName(self.tr("New keys of the chosen action"))
        self.assign_button = QPushButton(self.tr("Use these keys"), self)
        self.remove_button = QPushButton(self.tr("No keys"), self)
        self.usual_button = QPushButton(self.tr("Usual keys"), self)
        self.reset_button = QPushButton(self.tr("Reset all"), self)
        self.said = QLabel(self)
        self.said.setWordWrap(True)
        self.said.setMinimumHeight(2 * self.fontMetrics().lineSpacing())
        self._lay_out()
        self._fill()
        self.search.textChanged.connect(self._on_searched)
        self.list.currentItemChanged.connect(self._on_current_changed)
        self.assign_button.clicked.connect(self._on_assign_clicked)
        self.remove_button.clicked.connect(self._on_remove_clicked)
        self.usual_button.clicked.connect(self._on_usual_clicked)
        self.reset_button.clicked.connect(self._on_reset_clicked)
        self.list.setCurrentItem(self._items[0])

    @property
    def keymap(self) -> Keymap:
        """The keys as they are now."""
        return self._keymap

    def choose(self, action: ActionId) -> None:
        """Choose an action in the list."""
        self.list.setCurrentItem(self._items[self._actions.index(action)])

    def _chosen(self) -> ActionId | None:
        item = self.list.currentItem()
        return self._actions[item.data(0, _ROLE)] if item is not None else None

    def _fill(self) -> None:
        for place, action in enumerate(self._actions):
            entry = self._keymap.usual[action]
            item = QTreeWidgetItem(self.list, [entry.text, entry.menu.replace("&", ""), ""])
            item.setData(0, _ROLE, place)
            self._items.append(item)
        self._show_keys()

    def _show_keys(self) -> None:
        for place, action in enumerate(self._actions):
            self._items[place].setText(2, self._keymap.shown_keys_of(action))

    def _on_searched(self, query: str) -> None:
        fitting = set(ranked(query, self._actions, lambda action: self._keymap.usual[action].text))
        for place, action in enumerate(self._actions):
            self._items[place].setHidden(action not in fitting)

    def _on_current_changed(self) -> None:
        action = self._chosen()
        keys = self._keymap.keys_of(action) if action is not None else ()
        self.keys.setKeySequence(QKeySequence(keys[0] if keys else ""))
        self._say("")

    def _on_assign_clicked(self) -> None:
        action = self._chosen()
        keys = self.keys.keySequence().toString(QKeySequence.SequenceFormat.PortableText)
        if action is None or not keys:
            self._say(self.tr("Press the new keys in the field first."), is_fault=True)
            return
        if objection := self._keymap.objection(action, keys):
            self._say(objection, is_fault=True)
            return
        self._take(self._keymap.rebound(action, (keys,)))

    def _on_remove_clicked(self) -> None:
        action = self._chosen()
        if action is not None:
            self._take(self._keymap.rebound(action, ()))

    def _on_usual_clicked(self) -> None:
        action = self._chosen()
        if action is None:
            return
        usual = self._keymap.usual[action].keys
        if objection := next((said for keys in usual if (said := self._keymap.objection(action, keys))), ""):
            self._say(objection, is_fault=True)
            return
        self._take(self._keymap.rebound(action, usual))

    def _on_reset_clicked(self) -> None:
        self._take(Keymap(self._keymap.usual, {}))

    def _take(self, keymap: Keymap) -> None:
        self._keymap = keymap
        self._show_keys()
        self._on_current_changed()
        self._say(self.tr("Done: the keys work from now on."))
        self.rebound.emit(keymap)

    def _say(self, text: str, *, is_fault: bool = False) -> None:
        self.said.setText(text)
        set_tone(self.said, Tone.WARNING if is_fault else Tone.MUTED)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addWidget(self.keys, 1)
        for button in (self.assign_button, self.remove_button, self.usual_button, self.reset_button):
            button.setAutoDefault(False)
            row.addWidget(button)
        box = QVBoxLayout(self)
        box.setSpacing(SPACE)
        box.addWidget(self.search)
        box.addWidget(self.list, 1)
        box.addLayout(row)
        box.addWidget(self.said)
