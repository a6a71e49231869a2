"""The status bar: mode, what trading allows, how the venue, the engine and the window keep up, alerts, and the time."""

from typing import Final

from PySide6.QtCore import QDateTime, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from engine.alerts.watch import stale_after_s
from engine.contracts.commands import TradingState
from engine.ports.session import Mode, SessionState, SessionStatus
from gui.bridge.alerts import Alerts
from gui.bridge.host import SessionHost
from gui.bridge.vitals import Vital, Vitals
from gui.models.alerts import level_tone
from gui.theme import formats
from gui.theme.tokens import SPACE, Tone, trading_tone
from gui.widgets.colours import set_mode, set_tone

_SLOW_MS: Final = 100
_MANY: Final = 100
"""So many facts may wait to be shown while all is well."""
_SHAPES: Final = {Tone.RISE: "●", Tone.WARNING: "▲", Tone.FALL: "■", Tone.MUTED: "○"}
"""A lamp is told by its shape as well: good, look, bad, not known."""


class Lamp(QLabel):
    """A name, a shape and a value; the tone only repeats what the shape says."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self.setAccessibleName(name)
        self.show_value(formats.NOTHING, Tone.MUTED, "")

    def show_value(self, value: str, tone: Tone, why: str) -> None:
        """Show a value and how good it is; `why` is the tooltip."""
        text = f"{_SHAPES[tone]} {self._name} {value}".rstrip()
        if text != self.text():
            self.setText(text)
        if why != self.toolTip():
            self.setToolTip(why)
        set_tone(self, tone)

    def minimumSizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """Never keep the window from being made small: the tooltip has the value as well."""
        return QSize(2 * SPACE, super().minimumSizeHint().height())


class StatusBar(QWidget):
    """A strip that is always there. One click makes trading more careful; less careful asks for a reason first."""

    resume_trading_asked = Signal()
    alerts_asked = Signal()

    def __init__(self, host: SessionHost, vitals: Vitals, alerts: Alerts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._host = host
        self._alerts = alerts
        self.setProperty("role", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.mode = QLabel(self)
        self.mode.setProperty("role", "mode")
        self.mode.setAccessibleName(self.tr("Trading mode"))
        self.trading = Lamp(self.tr("Trading"), self)
        self.reduce_button = QPushButton(self.tr("Reduce only"), self)
        self.reduce_button.setToolTip(self.tr("Take no new risk from now on; what reduces goes on. One click."))
        self.halt_button = QPushButton(self.tr("Halt"), self)
        self.halt_button.setToolTip(self.tr("Halt trading: no new risk until a person has looked. One click."))
        self.resume_button = QPushButton(self.tr("Resume…"), self)
        self.resume_button.setToolTip(self.tr("Allow new risk again: asks for a reason first"))
        self.market = Lamp(self.tr("Market"), self)
        self.private = Lamp(self.tr("Private"), self)
        self.ping = Lamp(self.tr("Ping"), self)
        self.clock_skew = Lamp(self.tr("Clock"), self)
        self.budget = Lamp(self.tr("Requests"), self)
        self.engine = Lamp(self.tr("Engine"), self)
        self.gui = Lamp(self.tr("Window"), self)
        self.dead_man = Lamp(self.tr("Dead man"), self)
        self.alerts_button = QPushButton(self)
        self.alerts_button.setProperty("role", "lamp")
        self.alerts_button.setToolTip(self.tr("Alerts that nobody has acknowledged; a click shows them"))
        self.clock = QLabel(self)
        self.clock.setAccessibleName(self.tr("Time"))
        self._lay_out()
        self._say_what_no_venue_tells(host.status.mode)
        vitals.measured.connect(self._on_measured)
        alerts.changed.connect(self._show_alerts)
        self.alerts_button.clicked.connect(self.alerts_asked)
        self.reduce_button.clicked.connect(self._on_reduce_clicked)
        self.halt_button.clicked.connect(self._on_halt_clicked)
        self.resume_button.clicked.connect(self.resume_trading_asked)
        host.feed.status_changed.connect(self.show_status)
        self.show_status(host.status)
        self._show_alerts()
        self._on_measured(vitals.measure())

    def show_status(self, status: SessionStatus) -> None:
        """Show mode and trading state, and note that the market moved if it did."""
        self.mode.setText(status.mode.value)
        set_mode(self.mode, status.mode.value)
        state = status.trading_state
        self.trading.show_value(self._words(state), trading_tone(state), self._meaning(state))
        is_live = status.state in (SessionState.RUNNING, SessionState.PAUSED)
        self.reduce_button.setEnabled(is_live)
        self.halt_button.setEnabled(is_live and state is not TradingState.HALTED)
        self.resume_button.setEnabled(is_live)
        self.reduce_button.setVisible(state is TradingState.ACTIVE)
        self.resume_button.setVisible(state is not TradingState.ACTIVE)

    def _on_reduce_clicked(self) -> None:
        self._host.commands.restrict_trading(TradingState.REDUCING, self.tr("by hand, in the status bar"))
        self._show_pending()

    def _on_halt_clicked(self) -> None:
        self._host.commands.restrict_trading(TradingState.HALTED, self.tr("by hand, in the status bar"))
        self._show_pending()

    def _show_pending(self) -> None:
        """Say that it was asked, until the session says how it stands."""
        self.trading.show_value(self.tr("asked…"), Tone.WARNING, self.tr("Waiting for the session"))

    def _show_alerts(self, _changed: object = None) -> None:
        waiting = self._alerts.unacknowledged
        gravest = max((alert.level for alert in waiting), key=lambda level: level.rank, default=None)
        tone = Tone.RISE if gravest is None else level_tone(gravest)
        text = self.tr("{shape} Alerts {count}").format(shape=_SHAPES[tone], count=formats.count_text(len(waiting)))
        self.alerts_button.setText(text)
        set_tone(self.alerts_button, tone)

    def _on_measured(self, vital: Vital) -> None:
        now = QDateTime.currentDateTimeUtc()
        utc, local = now.toString("HH:mm:ss"), now.toLocalTime().toString("HH:mm")
        self.clock.setText(self.tr("{utc} UTC, {local} here").format(utc=utc, local=local))
        self._show_market(vital.market_age_s)
        behind = "" if vital.behind_s is None else self.tr("{seconds} s, ").format(seconds=f"{vital.behind_s:.0f}")
        self.engine.show_value(
            f"{behind}{formats.count_text(vital.backlog)}",
            Tone.RISE if vital.backlog < _MANY else Tone.WARNING,
            self.tr("How far the market's time is behind the wall's, and how many facts wait to be shown"),
        )
        self.gui.show_value(
            f"{vital.late_ms:.0f} ms",
            Tone.RISE if vital.late_ms < _SLOW_MS else Tone.WARNING,
            self.tr("By how much the worst beat of the window was late in the last half second"),
        )

    def _show_market(self, age_s: float | None) -> None:
        if age_s is None:
            self.market.show_value(formats.NOTHING, Tone.MUTED, self.tr("The session does not run"))
            return
        stale_s = stale_after_s(self._host.status.strategies)
        tone = Tone.RISE if stale_s is None or age_s < stale_s else Tone.WARNING
        self.market.show_value(f"{age_s:.0f} s", tone, self.tr("Since the market last moved the session's time"))

    def _say_what_no_venue_tells(self, mode: Mode) -> None:
        why = self.tr("The venue of this session is simulated: it has none")
        if mode is Mode.LIVE:
            why = self.tr("The session does not tell this of its venue")
        for lamp in (self.private, self.ping, self.clock_skew, self.budget, self.dead_man):
            lamp.show_value("", Tone.MUTED, f"{formats.NOTHING} {why}")

    def _words(self, state: TradingState) -> str:
        match state:
            case TradingState.ACTIVE:
                return self.tr("active")
            case TradingState.REDUCING:
                return self.tr("reducing")
            case TradingState.HALTED:
                return self.tr("halted")

    def _meaning(self, state: TradingState) -> str:
        match state:
            case TradingState.ACTIVE:
                return self.tr("Strategies may take new risk")
            case TradingState.REDUCING:
                return self.tr("Nothing that could raise any position")
            case TradingState.HALTED:
                return self.tr("No new risk until a person has looked; reductions pass")

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE, SPACE // 2, SPACE, SPACE // 2)
        row.setSpacing(3 * SPACE // 4)
        row.addWidget(self.mode)
        row.addWidget(self.trading)
        for button in (self.reduce_button, self.halt_button, self.resume_button):
            row.addWidget(button)
        row.addStretch(1)
        for lamp in (
            self.market,
            self.private,
            self.ping,
            self.clock_skew,
            self.budget,
            self.engine,
            self.gui,
            self.dead_man,
        ):
            row.addWidget(lamp)
        row.addWidget(self.alerts_button)
        row.addWidget(self.clock)
