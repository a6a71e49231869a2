"""Equity over time, and below it how far it was under its peak. Numbers stand beside it: the picture is for the shape."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme.formats import money_text, percent_text
from gui.theme.ink import faint_ink, ink
from gui.theme.tokens import Tone

_POINTS_MAX: Final = 2_000
_FALL_SHARE: Final = 0.28
_MARGIN_PX: Final = 6


class EquityCurve(QWidget):
    """Keeps at most two thousand points: when there are more, every second one goes, and the last one always stays.

    Floats draw the shape; what is written are the Decimals that came in.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points: list[tuple[int, float, float]] = []
        self._last: Decimal | None = None
        self._peak: Decimal | None = None
        self._deepest = Decimal(0)
        self.setAccessibleName(self.tr("Equity and drawdown"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(90)

    @property
    def points(self) -> Sequence[tuple[int, float, float]]:
        """What is drawn: UTC nanoseconds, equity, and how far below the peak as a ratio."""
        return self._points

    @property
    def deepest(self) -> Decimal:
        """The largest drawdown, as a ratio of the peak."""
        return self._deepest

    def add(self, at_ns: int, equity: Decimal) -> None:
        """Take what the account is worth (quote) at an instant (UTC nanoseconds)."""
        self._last = equity
        self._peak = equity if self._peak is None else max(self._peak, equity)
        fall = (self._peak - equity) / self._peak if self._peak > 0 else Decimal(0)
        self._deepest = max(self._deepest, fall)
        if self._points and self._points[-1][0] == at_ns:
            self._points.pop()
        self._points.append((at_ns, float(equity), float(fall)))
        if len(self._points) > _POINTS_MAX:
            self._points = self._points[:-1:2] + self._points[-1:]
        self.setAccessibleDescription(self._said())
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """Return a size in which the shape can be seen."""
        return QSize(480, 160)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Paint both curves and the numbers at their ends."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(_MARGIN_PX, _MARGIN_PX, -_MARGIN_PX, -_MARGIN_PX)
        painter.setPen(ink(Tone.MUTED))
        if len(self._points) < 2:
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self.tr("The curve begins with the second bar."))
            return
        text_height = painter.fontMetrics().height()
        upper = area.adjusted(0, text_height, 0, -area.height() * _FALL_SHARE)
        lower = QRectF(area.left(), upper.bottom() + 4, area.width(), area.bottom() - upper.bottom() - 4)
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, self._said())
        times = [point[0] for point in self._points]
        equities, falls = [point[1] for point in self._points], [point[2] for point in self._points]
        painter.setPen(QPen(ink(Tone.ACCENT), 1.5))
        painter.drawPolyline(QPolygonF(_points(times, equities, upper, low=min(equities), high=max(equities))))
        painter.setPen(QPen(ink(Tone.FALL), 1.0))
        curve = _points(times, [-fall for fall in falls], lower, low=-max(*falls, 1e-9), high=0.0)
        painter.setBrush(faint_ink(Tone.FALL, 60))
        painter.drawPolygon(QPolygonF([lower.topLeft(), *curve, lower.topRight()]))

    def _said(self) -> str:
        if self._last is None or self._peak is None:
            return ""
        text = self.tr("Equity {equity}, highest {peak}, largest drawdown {fall}")
        return text.format(equity=money_text(self._last), peak=money_text(self._peak), fall=percent_text(self._deepest))


def _points(times: Sequence[int], values: Sequence[float], area: QRectF, *, low: float, high: float) -> list[QPointF]:
    first, span = times[0], max(times[-1] - times[0], 1)
    reach = (high - low) or 1.0
    return [
        QPointF(area.left() + (at - first) / span * area.width(), area.bottom() - (value - low) / reach * area.height())
        for at, value in zip(times, values, strict=True)
    ]
