"""The tour as a card beside what it talks about, with a frame around that."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QHideEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui.theme.ink import ink
from gui.theme.tokens import SPACE, Tone
from gui.tour.steps import TourPlace, TourStep
from gui.widgets.colours import set_tone
from gui.widgets.inside import lie_inside

_WIDTH_PX: Final = 460
_FRAME_PX: Final = 3

WidgetAt = Callable[[TourPlace], QWidget]
"""Brings what a step points at to the front, and returns it."""


class TourCard(QFrame):
    """Shows the steps one by one: Enter or Right goes on, Left goes back, Escape ends it at once.

    It lies inside the area of the panels: flatten and status bar stay in reach, and so does everything else.

    Args:
        steps: What it says.
        widget_at: Finds what each points at.
        area: The panels; a sibling.
        parent: Qt parent, the same as that of `area`.
    """

    def __init__(self, steps: Sequence[TourStep], widget_at: WidgetAt, area: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self._steps = tuple(steps)
        self._widget_at = widget_at
        self._area = area
        self._place = 0
        self.spotlight = Spotlight(parent)
        self.setProperty("role", "toast")
        set_tone(self, Tone.ACCENT)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(self.tr("Tour"))
        self.title = QLabel(self)
        self.title.setProperty("role", "heading")
        self.text = QLabel(self)
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.count = QLabel(self)
        self.count.setProperty("role", "hint")
        self.skip_button = QPushButton(self.tr("Skip"), self)
        self.skip_button.setToolTip(self.tr("End the tour; it is in the menu Help (Escape)"))
        self.back_button = QPushButton(self.tr("Back"), self)
        self.next_button = QPushButton(self)
        self.skip_button.clicked.connect(self.close)
        self.back_button.clicked.connect(self.go_back)
        self.next_button.clicked.connect(self.go_on)
        self._box = self._lay_out()
        area.installEventFilter(self)

    @property
    def step(self) -> TourStep:
        """What is shown."""
        return self._steps[self._place]

    def begin(self) -> None:
        """Show the first step, and take the keyboard."""
        self._show_step()
        self.show()
        self.raise_()
        self.next_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def go_on(self) -> None:
        """Show the next step, or end after the last."""
        if self._place + 1 == len(self._steps):
            self.close()
        else:
            self._place += 1
            self._show_step()

    def go_back(self) -> None:
        """Show the step before."""
        self._place = max(self._place - 1, 0)
        self._show_step()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Go by the keys of a reader; Enter presses the button that has the focus."""
        match event.key():
            case Qt.Key.Key_Escape:
                self.close()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                (self.skip_button if self.skip_button.hasFocus() else self.next_button).click()
            case Qt.Key.Key_Right:
                self.go_on()
            case Qt.Key.Key_Left:
                self.go_back()
            case _:
                super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802  # Qt's name
        """Take the frame away with the card."""
        self.spotlight.hide()
        super().hideEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Follow the panels, and take the arrow keys before a button moves the focus by them."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and watched is not self._area:
            if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
                self.keyPressEvent(event)
                return True
            return False
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move) and self.isVisible():
            self._follow()
        return super().eventFilter(watched, event)

    def _show_step(self) -> None:
        step, last = self.step, len(self._steps) - 1
        self.title.setText(step.title)
        self.text.setText(step.text)
        self.count.setText(self.tr("{number} of {count}").format(number=self._place + 1, count=len(self._steps)))
        self.back_button.setEnabled(self._place > 0)
        self.next_button.setText(self.tr("Done") if self._place == last else self.tr("Next"))
        self.setAccessibleDescription(f"{step.title}. {step.text}")
        self._follow()

    def _follow(self) -> None:
        self.spotlight.point_at(self._widget_at(self.step.place))
        lie_inside(self, self._box, self._area, width_px=_WIDTH_PX, edge=Qt.Edge.TopEdge)
        self.raise_()

    def _lay_out(self) -> QVBoxLayout:
        box = QVBoxLayout(self)
        box.setContentsMargins(2 * SPACE, SPACE, SPACE, SPACE)
        box.setSpacing(SPACE // 2)
        box.addWidget(self.title)
        box.addWidget(self.text)
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addWidget(self.count, 1)
        for button in (self.skip_button, self.back_button, self.next_button):
            button.installEventFilter(self)
            row.addWidget(button)
        box.addLayout(row)
        return box


class Spotlight(QWidget):
    """A frame around a widget; the mouse goes through it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._ground = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def point_at(self, widget: QWidget) -> None:
        """Lie around a widget of the same window; hide if it lies elsewhere."""
        ground = self._ground
        if widget.window() is not ground.window():
            self.hide()
            return
        whole = QRect(widget.mapTo(ground.window(), QPoint(0, 0)), widget.size())
        corner = ground.mapFrom(ground.window(), whole.topLeft())
        self.setGeometry(QRect(corner, whole.size()).intersected(ground.rect()))
        self.show()
        self.raise_()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draw the frame."""
        painter = QPainter(self)
        painter.setPen(QPen(ink(Tone.ACCENT), _FRAME_PX))
        inset = _FRAME_PX // 2 + 1
        painter.drawRect(self.rect().adjusted(inset, inset, -inset, -inset))
        painter.end()
