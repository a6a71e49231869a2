"""An offer that is never forced on anybody: the workspace for an incident, while a flatten is under way."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from gui.theme.tokens import SPACE, Tone
from gui.widgets.colours import set_tone


class IncidentOffer(QFrame):
    """A bar that says why it is here; it goes when it is answered either way, and takes no focus."""

    accepted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "banner")
        set_tone(self, Tone.WARNING)
        self.text = QLabel(self.tr("A flatten is under way. The workspace Incident shows what is left, and why."), self)
        self.open_button = QPushButton(self.tr("Open Incident"), self)
        self.stay_button = QPushButton(self.tr("Stay here"), self)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * SPACE, SPACE // 2, SPACE, SPACE // 2)
        row.setSpacing(SPACE)
        row.addWidget(self.text, 1)
        for button in (self.open_button, self.stay_button):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(button)
        self.open_button.clicked.connect(self._on_open_clicked)
        self.stay_button.clicked.connect(self.hide)
        self.hide()

    def _on_open_clicked(self) -> None:
        self.hide()
        self.accepted.emit()
