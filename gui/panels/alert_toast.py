"""A card that says what has to be looked at, over the panels and nothing else, until a person has answered it."""

from typing import Final

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.alerts.alert import Alert, AlertLevel
from gui.bridge.alerts import Alerts
from gui.models.alerts import about_text, advice_text, kind_text, level_text, level_tone, state_text
from gui.theme import formats
from gui.theme.tokens import SPACE, Tone
from gui.translation import counted
from gui.widgets.colours import set_tone
from gui.widgets.inside import lie_inside

_WIDTH_PX: Final = 460
_SILENCE_MS: Final = 2_000
"""So long after a sound there is none: a storm of alerts is one sound, not a hundred."""


class AlertToast(QFrame):
    """Shows the gravest alert that nobody has answered; notices are left to the list.

    It stays until it is acknowledged, put off with *Later*, or looked at in the list, and never takes the focus. It lies
    inside the area of the panels, so no button of the session bar, a flatten or the status bar is ever under it.

    Args:
        alerts: What is shown.
        area: The panels; a sibling, which the card follows.
        parent: Qt parent, the same as that of `area`.
    """

    list_asked = Signal(object)  # Alert

    def __init__(self, alerts: Alerts, area: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self._alerts = alerts
        self._area = area
        self._waiting: dict[int, Alert] = {}
        self._shown: Alert | None = None
        self._since_sound = QElapsedTimer()
        self.setProperty("role", "toast")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.heading = QLabel(self)
        self.heading.setProperty("role", "heading")
        self.about = QLabel(self)
        self.advice = QLabel(self)
        for label in (self.about, self.advice):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        set_tone(self.about, Tone.MUTED)
        self.more = QLabel(self)
        set_tone(self.more, Tone.MUTED)
        self.later_button = QPushButton(self.tr("Later"), self)
        self.later_button.setToolTip(self.tr("Hide this; it stays in the list and is counted until acknowledged"))
        self.list_button = QPushButton(self.tr("Show in list"), self)
        self.acknowledge_button = QPushButton(self.tr("Acknowledge"), self)
        self.later_button.clicked.connect(self.put_off)
        self.list_button.clicked.connect(self._on_list_clicked)
        self.acknowledge_button.clicked.connect(self.acknowledge)
        self._box = self._lay_out()
        self.hide()
        alerts.changed.connect(self._on_changed)
        alerts.raised.connect(self._on_raised)
        alerts.raised.connect(self._sound)
        area.installEventFilter(self)
        for alert in alerts.unacknowledged:
            self._on_raised(alert)

    @property
    def shown(self) -> Alert | None:
        """What is on the card; None while it is hidden."""
        return self._shown

    def acknowledge(self) -> None:
        """Say that what is on the card was seen; the next one is shown, if there is one."""
        if self._shown is not None:
            self._alerts.acknowledge(self._shown)

    def put_off(self) -> None:
        """Hide the card until something else is raised; everything on it stays unacknowledged."""
        self._waiting.clear()
        self._show_gravest()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Follow the panels."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._place()
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        """Be as large as the letters ask for."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._place()

    def _on_raised(self, alert: Alert) -> None:
        if alert.level is not AlertLevel.NOTICE:
            self._waiting[alert.number] = alert
            self._show_gravest()

    def _sound(self, alert: Alert) -> None:
        """Sound the desktop's own bell for what is critical."""
        is_quiet = self._since_sound.isValid() and self._since_sound.elapsed() < _SILENCE_MS
        if alert.level is AlertLevel.CRITICAL and not is_quiet:
            self._since_sound.start()
            QApplication.beep()

    def _on_changed(self, alert: Alert) -> None:
        if alert.number not in self._waiting:
            return
        if alert.is_acknowledged:
            del self._waiting[alert.number]
        else:
            self._waiting[alert.number] = alert
        self._show_gravest()

    def _on_list_clicked(self) -> None:
        alert = self._shown
        self.put_off()
        if alert is not None:
            self.list_asked.emit(alert)

    def _show_gravest(self) -> None:
        """Show the gravest; of equals the one that came first, so that the card does not change under the pointer."""
        before = self._shown
        alert = max(self._waiting.values(), key=lambda each: (each.level.rank, -each.number), default=None)
        self._shown = alert
        if alert is None:
            self.hide()
            return
        tone = level_tone(alert.level)
        set_tone(self, tone)
        set_tone(self.heading, tone)
        self.heading.setText(f"{level_text(alert.level)} · {kind_text(alert.kind)}")
        over = "" if alert.stands else state_text(alert)
        facts = (formats.instant_text(alert.at) + " UTC", about_text(alert), self._often(alert), over)
        self.about.setText(" · ".join(fact for fact in facts if fact))
        self.advice.setText(advice_text(alert.kind))
        others = len(self._waiting) - 1
        one, many = self.tr("and {count} other alert"), self.tr("and {count} other alerts")
        self.more.setText(counted(others, one=one, many=many) if others else "")
        self.setAccessibleName(self.heading.text())
        self.setAccessibleDescription(f"{self.about.text()} {self.advice.text()}")
        self._place()
        self.show()
        self.raise_()
        if before is None or before.number != alert.number:
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _often(self, alert: Alert) -> str:
        return self.tr("{count} times").format(count=formats.count_text(alert.times)) if alert.times > 1 else ""

    def _place(self) -> None:
        lie_inside(self, self._box, self._area, width_px=_WIDTH_PX, edge=Qt.Edge.BottomEdge)

    def _lay_out(self) -> QVBoxLayout:
        box = QVBoxLayout(self)
        box.setContentsMargins(2 * SPACE, SPACE, SPACE, SPACE)
        box.setSpacing(SPACE // 2)
        for label in (self.heading, self.about, self.advice):
            box.addWidget(label)
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addWidget(self.more, 1)
        for button in (self.later_button, self.list_button, self.acknowledge_button):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(button)
        box.addLayout(row)
        return box
