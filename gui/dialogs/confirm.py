"""A second look before something that cannot be taken back."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from gui.theme.mode_icon import mode_badge
from gui.widgets.mode_frame import wear_mode


def ask_first(
    parent: QWidget,
    *,
    title: str,
    text: str,
    details: str,
    accept: str,
    icon: QMessageBox.Icon,
    on_accepted: Callable[[], None],
) -> QMessageBox:
    """Open a question whose default answer is no, and return at once: the loop, and with it the session, goes on.

    It wears the mode of the session that its parent belongs to: word, colour and frame.

    Args:
        parent: The window that the question belongs to.
        title: Of the dialog.
        text: The question.
        details: What exactly will happen.
        accept: The verb on the button that says yes.
        icon: Warning or Critical.
        on_accepted: Called when the person said yes; not at all otherwise.
    """
    box = QMessageBox(icon, title, text, QMessageBox.StandardButton.Cancel, parent)
    box.setInformativeText(details)
    box.setTextFormat(Qt.TextFormat.PlainText)
    yes = box.addButton(accept, QMessageBox.ButtonRole.AcceptRole)
    yes.setProperty("role", "danger")
    yes.setObjectName("accept")
    yes.style().unpolish(yes)  # the style sheet looked at the button before it had its role
    yes.style().polish(yes)
    box.setDefaultButton(QMessageBox.StandardButton.Cancel)
    box.setEscapeButton(QMessageBox.StandardButton.Cancel)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    yes.clicked.connect(on_accepted)
    mode = wear_mode(box)
    if mode is not None:
        box.setIconPixmap(mode_badge(mode))
    box.open()
    return box
