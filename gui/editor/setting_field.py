"""One setting as a field: its name, what is written, what may be, and what is wrong with it."""

from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from engine.config.settings import Setting, SettingKind
from gui.theme.formats import words_text
from gui.theme.tokens import SPACE, Tone
from gui.widgets.colours import set_tone

_PAUSE_MS: Final = 350
"""After the last key: then it is looked at, so that a number half typed is not called wrong."""
_NAME_PX: Final = 210
_EDITOR_PX: Final = 260


class SettingField(QWidget):
    """Tells what a person types once there is a pause; empty means that the default holds.

    Args:
        setting: What is edited.
        depth: How many steps of its place the section says already.
        is_editable: Whether it can be changed here.
        parent: Qt parent.
    """

    typed = Signal(object, str)  # Setting, what was typed

    def __init__(self, setting: Setting, *, depth: int, is_editable: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setting: Final = setting
        steps = [f"{step + 1}" if isinstance(step, int) else words_text(step) for step in setting.at[depth:]]
        name = ": ".join(step for step in steps if step != "Config")
        label = QLabel(name, self)
        label.setWordWrap(True)
        label.setFixedWidth(_NAME_PX)
        label.setContentsMargins(0, 5, 0, 0)  # on the line of the text in the editor
        label.setToolTip(".".join(map(str, setting.at)))
        self.editor: Final = self._a_choice() if self._choices else self._a_line()
        self.editor.setAccessibleName(name)
        self.editor.setAccessibleDescription(setting.description)
        self.editor.setFixedWidth(_EDITOR_PX)
        self.editor.setEnabled(is_editable)
        self._hint = QLabel(self._hint_text(), self)
        self._hint.setWordWrap(True)
        self._hint.setProperty("role", "caption")
        self.problem: Final = QLabel(self)
        self.problem.setWordWrap(True)
        set_tone(self.problem, Tone.FALL)
        self.problem.hide()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._tell)
        self._told = setting.written
        right = QVBoxLayout()
        right.setSpacing(2)
        right.addWidget(self.editor, 0, Qt.AlignmentFlag.AlignLeft)
        right.addWidget(self.problem)
        right.addWidget(self._hint)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, SPACE)
        box.setSpacing(SPACE)
        box.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
        box.addLayout(right, 1)
        label.setBuddy(self.editor)

    @property
    def text(self) -> str:
        """What is in the field."""
        if isinstance(self.editor, QComboBox):
            return str(self.editor.currentData())
        return self.editor.text().strip()

    def show_text(self, text: str) -> None:
        """Show what is written now; nothing is told."""
        self._told = text
        self._pause.stop()
        if isinstance(self.editor, QComboBox):
            self.editor.setCurrentIndex(max(self.editor.findData(text), 0))
        elif self.editor.text().strip() != text:
            self.editor.setText(text)

    def say_wrong(self, text: str) -> None:
        """Say what is wrong with the value; nothing when it is right."""
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    def tell_now(self) -> None:
        """Tell what was typed without waiting for a pause."""
        self._pause.stop()
        self._tell()

    @property
    def _choices(self) -> tuple[str, ...]:
        return ("true", "false") if self.setting.kind is SettingKind.FLAG else self.setting.choices

    def _a_choice(self) -> QComboBox:
        box = QComboBox(self)
        if self.setting.default or not self.setting.written:
            box.addItem(self.tr("default: {value}").format(value=self.setting.default or self.tr("none")), "")
        for choice in self._choices:
            box.addItem(choice, choice)
        box.setCurrentIndex(max(box.findData(self.setting.written), 0))
        box.activated.connect(lambda _place: self.tell_now())
        return box

    def _a_line(self) -> QLineEdit:
        line = QLineEdit(self.setting.written, self)
        line.setPlaceholderText(self.setting.default)
        line.setCursorPosition(0)
        line.textEdited.connect(lambda _text: self._pause.start())
        line.editingFinished.connect(self.tell_now)
        return line

    def _hint_text(self) -> str:
        parts = [self.setting.description.rstrip("."), self.setting.expects]
        if self.setting.default:
            parts.append(self.tr("default {value}").format(value=self.setting.default))
        return " · ".join(part for part in parts if part)

    def _tell(self) -> None:
        if self.text != self._told:
            self._told = self.text
            self.typed.emit(self.setting, self.text)
