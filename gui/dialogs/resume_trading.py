"""Allow new risk again after a flatten: only a person does this, and says why."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from gui.theme.tokens import SPACE

_REASON_MIN: Final = 3


class ResumeTradingDialog(QDialog):
    """Asks for a reason; `confirmed` carries it. Open it with `open()`, which does not block."""

    confirmed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Resume trading"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        text = QLabel(self.tr("Strategies may open new trades again. Why is it safe now?"), self)
        text.setWordWrap(True)
        self.reason = QLineEdit(self)
        self.reason.setPlaceholderText(self.tr("A reason for the journal, at least three characters"))
        self.reason.setAccessibleName(self.tr("Reason"))
        self.reason.setMinimumWidth(420)
        self.buttons = QDialogButtonBox(self)
        self.resume_button = self.buttons.addButton(self.tr("Resume trading"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        self.resume_button.setEnabled(False)
        box = QVBoxLayout(self)
        box.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        box.setSpacing(SPACE)
        for widget in (text, self.reason, self.buttons):
            box.addWidget(widget)
        self.reason.textChanged.connect(self._on_text_changed)
        self.buttons.accepted.connect(self._on_accepted)
        self.buttons.rejected.connect(self.reject)

    def _on_text_changed(self, text: str) -> None:
        self.resume_button.setEnabled(len(text.strip()) >= _REASON_MIN)

    def _on_accepted(self) -> None:
        self.confirmed.emit(self.reason.text().strip())
        self.accept()
