"""What failed, that the session goes on, and where it is written down: a window that stands in nobody's way."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from gui.incident.faults import Fault
from gui.theme.tokens import SPACE, Tone
from gui.widgets.colours import set_tone

_WIDTH_PX, _HEIGHT_PX = 680, 380


class FaultReport(QDialog):
    """Tells of one fault. It is not modal and takes no focus: a flatten must be in reach whatever has failed.

    Args:
        fault: What was taken in.
        stands: How the session stands, in words.
        parent: The window that it belongs to.
    """

    bundle_asked = Signal()

    def __init__(self, fault: Fault, stands: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Something failed"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setModal(False)
        heading = QLabel(self.tr("Something in the program failed. It was contained."), self)
        heading.setProperty("role", "heading")
        set_tone(heading, Tone.WARNING)
        written = self.tr("Written down in {path}, without secrets.").format(path=fault.report)
        if fault.report is None:
            written = self.tr("It could not be written to disk: copy it from here.")
        failed = self.tr("Failed: {part}, on the thread {thread}. {error}").format(
            part=fault.where, thread=fault.thread, error=fault.text
        )
        self.text = QLabel("\n".join((failed, stands, written)), self)
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.details = QPlainTextEdit(fault.trace, self)
        self.details.setReadOnly(True)
        self.details.setTabChangesFocus(True)
        self.details.setAccessibleName(self.tr("Where it failed"))
        self.copy_button = QPushButton(self.tr("Copy"), self)
        self.bundle_button = QPushButton(self.tr("Make incident bundle"), self)
        self.close_button = QPushButton(self.tr("Close"), self)
        self.copy_button.clicked.connect(partial(self._copy, fault))
        self.bundle_button.clicked.connect(self.bundle_asked)
        self.close_button.clicked.connect(self.close)
        self.close_button.setDefault(True)
        self._lay_out(heading)

    def _copy(self, fault: Fault) -> None:
        QGuiApplication.clipboard().setText(f"{self.text.text()}\n\n{fault.trace}")

    def _lay_out(self, heading: QLabel) -> None:
        box = QVBoxLayout(self)
        box.setSpacing(SPACE)
        for widget in (heading, self.text, self.details):
            box.addWidget(widget)
        row = QHBoxLayout()
        row.addStretch(1)
        for button in (self.copy_button, self.bundle_button, self.close_button):
            row.addWidget(button)
        box.addLayout(row)
        self.resize(_WIDTH_PX, _HEIGHT_PX)
