"""What only a person may do, and only with a reason for the journal."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from gui.theme.mode_icon import mode_badge
from gui.theme.tokens import SPACE
from gui.widgets.mode_frame import wear_mode

_REASON_MIN: Final = 3


class ReasonDialog(QDialog):
    """Asks for a reason; `confirmed` carries it. Open it with `open()`, which does not block.

    Args:
        parent: The window that the question belongs to.
        title: Of the dialog.
        question: What is asked, and what will follow.
        accept: The verb on the button that says yes.
        details: Shown between the question and the reason: what else has to be chosen.
    """

    confirmed = Signal(str)

    def __init__(
        self, parent: QWidget | None, *, title: str, question: str, accept: str, details: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        mode = wear_mode(self)
        self.badge = QLabel(self)
        self.badge.setVisible(mode is not None)
        if mode is not None:
            self.badge.setPixmap(mode_badge(mode))
            self.badge.setAccessibleName(mode.value)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        text = QLabel(question, self)
        text.setWordWrap(True)
        self.reason = QLineEdit(self)
        self.reason.setPlaceholderText(self.tr("A reason for the journal, at least three characters"))
        self.reason.setAccessibleName(self.tr("Reason"))
        self.reason.setMinimumWidth(420)
        self.buttons = QDialogButtonBox(self)
        self.accept_button = self.buttons.addButton(accept, QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        self.accept_button.setEnabled(False)
        box = QVBoxLayout(self)
        box.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        box.setSpacing(SPACE)
        for widget in (self.badge, text, details, self.reason, self.buttons):
            if widget is not None:
                box.addWidget(widget)
        self.reason.textChanged.connect(self.check)
        self.buttons.accepted.connect(self._on_accepted)
        self.buttons.rejected.connect(self.reject)

    def is_complete(self) -> bool:
        """Return whether everything is there that a yes needs; a subclass that asks for more adds to it."""
        return len(self.reason.text().strip()) >= _REASON_MIN

    def check(self) -> None:
        """Let yes be said when everything is there."""
        self.accept_button.setEnabled(self.is_complete())

    def _on_accepted(self) -> None:
        self.confirmed.emit(self.reason.text().strip())
        self.accept()
