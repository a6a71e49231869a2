"""Allow new risk again after a flatten: only a person does this, and says why."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from gui.dialogs.reason import ReasonDialog


class ResumeTradingDialog(ReasonDialog):
    """Asks why it is safe now to trade again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        translate = QCoreApplication.translate
        super().__init__(
            parent,
            title=translate("ResumeTradingDialog", "Resume trading"),
            question=translate("ResumeTradingDialog", "Strategies may open new trades again. Why is it safe now?"),
            accept=translate("ResumeTradingDialog", "Resume trading"),
        )
        self.resume_button = self.accept_button
