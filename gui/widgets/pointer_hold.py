"""Rows never jump under the pointer: a list is held while the pointer is over it, and says so when something waits."""

from typing import Final, Protocol

from PySide6.QtCore import QEvent, QObject, Qt, SignalInstance
from PySide6.QtWidgets import QAbstractScrollArea, QLabel

_MARGIN_PX: Final = 6


class Holdable(Protocol):
    """A model whose rows can be kept in their places for a while."""

    @property
    def held_back(self) -> SignalInstance:
        """Emitted with whether rows wait for their place."""
        ...

    def hold(self, is_held: bool) -> None:
        """Keep every row in its place, or let all find the place that is theirs."""
        ...


class PointerHold(QObject):
    """Holds a view's model while the pointer is over its rows.

    Args:
        view: Whose rows are meant; it owns this object.
        model: What it shows.
    """

    def __init__(self, view: QAbstractScrollArea, model: Holdable) -> None:
        super().__init__(view)
        self._view = view
        self._model = model
        self.chip = QLabel(self.tr("sorted when you leave"), view.viewport())
        self.chip.setProperty("role", "chip")
        self.chip.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.chip.hide()
        view.viewport().installEventFilter(self)
        model.held_back.connect(self._on_held_back)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Hold while the pointer is inside; a list that is hidden below the pointer is told no Leave."""
        match event.type():
            case QEvent.Type.Enter:
                self._model.hold(True)
            case QEvent.Type.Leave | QEvent.Type.Hide:
                self._model.hold(False)
            case QEvent.Type.Resize:
                self._place_chip()
        return super().eventFilter(watched, event)

    def _on_held_back(self, is_held_back: bool) -> None:
        self.chip.setVisible(is_held_back)
        self._place_chip()

    def _place_chip(self) -> None:
        area, size = self._view.viewport().rect(), self.chip.sizeHint()
        self.chip.setGeometry(
            area.right() - size.width() - _MARGIN_PX,
            area.bottom() - size.height() - _MARGIN_PX,
            size.width(),
            size.height(),
        )
