"""Where a card lies that is shown over other work: inside an area, however small, and never beyond it."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QBoxLayout, QFrame, QWidget

from gui.theme.tokens import SPACE


def lie_inside(card: QFrame, box: QBoxLayout, area: QWidget, *, width_px: int, edge: Qt.Edge) -> None:
    """Give a card the height that its texts need, and put it at the right of a sibling.

    Args:
        card: What is placed.
        box: Its layout.
        area: What it must not leave.
        width_px: As wide as this, or as the area is.
        edge: Whether it lies at the top or at the bottom.
    """
    room = area.geometry().adjusted(SPACE, SPACE, -SPACE, -SPACE)
    width = min(width_px, room.width())
    wanted = max(box.totalHeightForWidth(width), box.totalMinimumSize().height())
    height = min(wanted, room.height())
    top = room.top() if edge is Qt.Edge.TopEdge else room.bottom() - height + 1
    card.setGeometry(QRect(room.right() - width + 1, top, width, height))
