"""What would change on the disk, shown before it is saved."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from gui.theme.tokens import Tone
from gui.widgets.colours import set_tone


class ChangesDialog(QDialog):
    """The difference between the files and the changes, line by line; `accepted` saves.

    Args:
        lines: Of a unified diff.
        may_start: Whether a session would start with the changes.
        parent: The editor.
    """

    def __init__(self, lines: Sequence[str], *, may_start: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("What would be saved"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.text = QPlainTextEdit("\n".join(lines), self)
        self.text.setReadOnly(True)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setAccessibleName(self.tr("Difference"))
        warning = QLabel(self.tr("As it stands no session would start with it: see what is wrong first."), self)
        set_tone(warning, Tone.WARNING)
        warning.setVisible(not may_start)
        cancel = QPushButton(self.tr("Not yet"), self)
        self.save_button = QPushButton(self.tr("Save") if may_start else self.tr("Save all the same"), self)
        cancel.clicked.connect(self.reject)
        self.save_button.clicked.connect(self.accept)
        cancel.setDefault(not may_start)
        self.save_button.setDefault(may_start)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.save_button)
        box = QVBoxLayout(self)
        box.addWidget(self.text)
        box.addWidget(warning)
        box.addLayout(buttons)
        self.resize(820, 480)
