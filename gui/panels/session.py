"""The session bar: what runs, with what money, on which data, and the buttons that start and stop it."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QWidget

from engine.contracts.commands import TradingState
from engine.ports.session import SessionState, SessionStatus
from gui.bridge.host import SessionHost
from gui.theme import formats
from gui.theme.tokens import SPACE, Tone, session_tone, trading_tone
from gui.widgets.colours import set_mode, set_tone
from gui.widgets.elided_label import ElidedLabel

_SPEEDS: Final = (1.0, 10.0, 60.0, 600.0, 0.0)
"""Market seconds per wall second; 0 is as fast as possible."""


class SessionBar(QWidget):
    """Shows a session's status and offers start, pause and stop.

    The mode is told by a word on its own tone; a frame of that tone is drawn around the whole window.
    """

    start_asked = Signal()
    new_session_asked = Signal()
    resume_trading_asked = Signal()
    flatten_asked = Signal()

    def __init__(self, host: SessionHost, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._host = host
        self.setProperty("role", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.mode = QLabel(self)
        self.mode.setProperty("role", "mode")
        self.label = QLabel(self)
        self.label.setProperty("role", "data-label")
        self.operation = QLabel(self)
        self.operation.setProperty("role", "heading")
        self.state = QLabel(self)
        self.time = QLabel(self)
        self.time.setToolTip(self.tr("Time of the market that the session sees"))
        self.trading = QLabel(self)
        self.message = ElidedLabel(self)
        self.message.setProperty("role", "message")
        self.start_button = QPushButton(self.tr("Start"), self)
        self.pause_button = QPushButton(self.tr("Pause"), self)
        self.step_button = QPushButton(self.tr("Step"), self)
        self.speed = QComboBox(self)
        self.speed.setAccessibleName(self.tr("Speed of the market"))
        self.speed.setToolTip(self.tr("How many seconds of the market pass in one second"))
        self.stop_button = QPushButton(self.tr("Stop"), self)
        self.resume_button = QPushButton(self.tr("Resume trading…"), self)
        self.flatten_button = QPushButton(self.tr("Flatten all"), self)
        self._name_controls()
        self._keep_widths()
        self._lay_out()
        self._connect()
        self.show_status(host.status)

    def show_status(self, status: SessionStatus) -> None:
        """Show how the session stands."""
        self.mode.setText(status.mode.value)
        set_mode(self.mode, status.mode.value)
        self.label.setText(status.label)
        self.operation.setText(status.operation)
        self.time.setText(formats.instant_utc_text(status.now))
        self._show_state(self.state, formats.state_text(status.state), session_tone(status.state))
        self._show_state(self.trading, self._trading_text(status.trading_state), trading_tone(status.trading_state))
        self.message.set_text(status.message)
        self._show_buttons(status)

    def _show_buttons(self, status: SessionStatus) -> None:
        is_over = status.state in (SessionState.STOPPED, SessionState.FAILED)
        is_live = status.state in (SessionState.RUNNING, SessionState.PAUSED)
        self.start_button.setText(self.tr("Start anew") if is_over else self.tr("Start"))
        self.start_button.setEnabled(is_over or status.state is SessionState.READY)
        paused = status.state is SessionState.PAUSED
        self.pause_button.setText(self.tr("Continue") if paused else self.tr("Pause"))
        self.pause_button.setEnabled(is_live)
        self.stop_button.setEnabled(is_live)
        is_paced = self._host.speed is not None
        self.step_button.setVisible(is_paced)
        self.step_button.setEnabled(paused)
        self.speed.setVisible(is_paced)
        self._show_speed(self._host.speed)
        self.resume_button.setVisible(status.trading_state is not TradingState.ACTIVE)
        self.resume_button.setEnabled(is_live)
        self.flatten_button.setEnabled(is_live)

    def _show_speed(self, speed: float | None) -> None:
        """Choose the speed in the list; one that is not there, as an operation may set it, is added."""
        if speed is None or self.speed.currentData() == speed:
            return
        speeds = sorted({*_SPEEDS, speed}, key=lambda each: each or float("inf"))
        if self.speed.count() != len(speeds):
            self.speed.blockSignals(True)
            self.speed.clear()
            for each in speeds:
                self.speed.addItem(f"{each:g}x" if each else self.tr("Fastest"), each)
            self.speed.blockSignals(False)
        self.speed.setCurrentIndex(speeds.index(speed))

    def _on_speed_chosen(self, _place: int) -> None:
        self._host.set_speed(self.speed.currentData())

    def _trading_text(self, state: TradingState) -> str:
        match state:
            case TradingState.ACTIVE:
                return self.tr("Trading")
            case TradingState.REDUCING:
                return self.tr("No new trades")
            case TradingState.HALTED:
                return self.tr("Halted: reductions pass")

    def _keep_widths(self) -> None:
        """Give buttons whose words change the room for the longest, so that nothing jumps or is cut off."""
        for button, texts in (
            (self.start_button, (self.tr("Start"), self.tr("Start anew"))),
            (self.pause_button, (self.tr("Pause"), self.tr("Continue"))),
        ):
            widths = []
            for text in texts:
                button.setText(text)
                widths.append(button.sizeHint().width())
            button.setMinimumWidth(max(widths))

    def _name_controls(self) -> None:
        self.flatten_button.setProperty("role", "danger")
        self.flatten_button.setObjectName("flatten")
        self.mode.setAccessibleName(self.tr("Trading mode"))
        self.label.setAccessibleName(self.tr("Market data"))
        self.label.setToolTip(self.tr("Where the market data comes from"))
        self.flatten_button.setToolTip(
            self.tr("Stop new trades, cancel every order and close every position, after a question (Ctrl+Shift+F)")
        )
        self.pause_button.setToolTip(self.tr("Take no more market data; orders go on working (Space)"))
        self.step_button.setToolTip(self.tr("Let one bar pass while the market stands still"))
        self.stop_button.setToolTip(self.tr("End the session; working orders are left as they are"))
        self.resume_button.setToolTip(self.tr("Allow new trades again, with a reason for the journal"))

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        row.setSpacing(SPACE)
        for badge in (self.mode, self.label):
            row.addWidget(badge)
        row.addSpacing(SPACE)
        for label in (self.operation, self.state, self.trading, self.time):
            row.addWidget(label)
            row.addSpacing(SPACE)
        row.addWidget(self.message, 1)
        buttons = (self.start_button, self.pause_button, self.step_button, self.stop_button, self.resume_button)
        for control in (self.speed, *buttons):
            row.addWidget(control)
        row.addSpacing(2 * SPACE)
        row.addWidget(self.flatten_button)

    def _connect(self) -> None:
        self.start_button.clicked.connect(self._on_start_clicked)
        self.pause_button.clicked.connect(self._host.toggle_pause)
        self.step_button.clicked.connect(self._host.step_bar)
        self.speed.activated.connect(self._on_speed_chosen)  # not when the session tells its own
        self.stop_button.clicked.connect(self._host.stop)
        self.resume_button.clicked.connect(self.resume_trading_asked)
        self.flatten_button.clicked.connect(self.flatten_asked)
        self._host.feed.status_changed.connect(self.show_status)

    def _on_start_clicked(self) -> None:
        if self._host.status.state is SessionState.READY:
            self.start_asked.emit()
        else:
            self.new_session_asked.emit()

    @staticmethod
    def _show_state(label: QLabel, text: str, tone: Tone) -> None:
        label.setText(f"●  {text}")
        set_tone(label, tone)
