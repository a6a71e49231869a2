"""Flatten: a question that names what will happen, progress until nothing is open, and the proof from the ledger."""

from enum import Enum

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMessageBox, QPushButton, QWidget

from engine.contracts.commands import Command, CommandAnswer, CommandStatus, FlattenAll, TradingState
from engine.contracts.flatten import FlattenJob, FlattenPart, FlattenResult
from engine.contracts.orders import Position
from engine.ports.session import Mode
from gui.bridge.host import Exposure, SessionHost
from gui.dialogs.confirm import ask_first
from gui.dialogs.reason import ReasonDialog
from gui.theme import formats
from gui.theme.tokens import SPACE, Tone
from gui.translation import counted
from gui.widgets.colours import set_tone

_LOOK_MS = 250
_LISTED_MAX = 8


class FlattenState(Enum):
    """How far a flatten is."""

    IDLE = "nothing was asked"
    ASKED = "the session has yet to answer"
    UNDER_WAY = "something is still open"
    FLAT = "the ledger shows no working order and no position"
    ABORTED = "a person ended it before it was through"
    REFUSED = "the session said no"


class FlattenPanel(QFrame):
    """A banner that is seen from the moment a flatten is confirmed until a person closes it.

    It believes the ledger, not the answer: it says FLAT when no order works and nothing is held, and takes that back
    when it is no longer true.
    """

    state_changed = Signal(object)  # FlattenState
    looked = Signal()  # the text may be another

    def __init__(self, host: SessionHost, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._host = host
        self._state = FlattenState.IDLE
        self._command: Command | None = None
        self._answer = ""
        self._is_answered = False
        self.setProperty("role", "banner")
        self.text = QLabel(self)
        self.text.setWordWrap(True)
        self.abort_button = QPushButton(self.tr("Abort…"), self)
        self.abort_button.setToolTip(
            self.tr(
                "End this flatten before it is through. What was cancelled or closed stays so, and so does the latch."
            )
        )
        self.abort_button.clicked.connect(self.ask_to_abort)
        self.close_button = QPushButton(self.tr("Close"), self)
        self.close_button.setToolTip(self.tr("Hide this message"))
        self.close_button.clicked.connect(self.acknowledge)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * SPACE, SPACE, SPACE, SPACE)
        row.addWidget(self.text, 1)
        row.addWidget(self.abort_button)
        row.addWidget(self.close_button)
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_MS)
        self._look.timeout.connect(self._on_look)
        host.commands.answered.connect(self._on_answered)
        host.feed.order_changed.connect(self._on_books_changed)
        host.feed.position_changed.connect(self._on_books_changed)
        host.feed.status_changed.connect(self._on_status_changed)
        self._closed_job = ""
        self.hide()

    @property
    def state(self) -> FlattenState:
        """How far it is."""
        return self._state

    def ask(self) -> QMessageBox:
        """Open the question; nothing happens until it is answered with yes."""
        exposure = self._host.exposure()
        mode = self._host.status.mode
        return ask_first(
            self.window(),
            title=self.tr("Flatten all ({mode})").format(mode=mode.value),
            text=self._question(exposure),
            details=self._details(exposure, mode),
            accept=self.tr("Flatten all"),
            icon=QMessageBox.Icon.Warning,
            on_accepted=self.begin,
        )

    def ask_to_abort(self, _checked: bool = False, *, parent: QWidget | None = None) -> ReasonDialog:
        """Open the question for a reason, over `parent` or this window; the flatten is ended when it is given."""
        dialog = ReasonDialog(
            parent or self.window(),
            title=self.tr("Abort the flatten"),
            question=self.tr(
                "Nothing more is cancelled or closed. What is still held stays in the market, with its stops, and no new"
                " trade is opened until you choose Resume trading. Why?"
            ),
            accept=self.tr("Abort the flatten"),
        )
        dialog.confirmed.connect(self._host.commands.abort_flatten)
        dialog.open()
        return dialog

    def _question(self, exposure: Exposure) -> str:
        if exposure.is_flat:
            return self.tr("Nothing is open. Stop new trades all the same?")
        orders = counted(
            len(exposure.orders), one=self.tr("{count} working order"), many=self.tr("{count} working orders")
        )
        positions = counted(len(exposure.positions), one=self.tr("{count} position"), many=self.tr("{count} positions"))
        return self.tr("Cancel {orders} and close {positions} at market?").format(orders=orders, positions=positions)

    def _details(self, exposure: Exposure, mode: Mode) -> str:
        lines = [self._position_text(position) for position in exposure.positions]
        lines += [
            self.tr("cancel {side} {quantity} {symbol}").format(
                side=formats.side_text(order.direction),
                quantity=formats.quantity_text(order.remaining_quantity),
                symbol=order.symbol,
            )
            for order in exposure.orders
        ]
        if len(lines) > _LISTED_MAX:
            more = len(lines) - _LISTED_MAX
            lines = [*lines[:_LISTED_MAX], self.tr("and {count} more").format(count=more)]
        lines.append(self.tr("No new trade is opened until you choose Resume trading."))
        if mode is Mode.LIVE:
            lines.append(self.tr("This is LIVE: real orders are sent."))
        return "\n".join(lines)

    def _position_text(self, position: Position) -> str:
        text = self.tr("close {side} {quantity} {symbol}").format(
            side=formats.position_side_text(position.quantity),
            quantity=formats.quantity_text(abs(position.quantity)),
            symbol=position.symbol,
        )
        if position.mark_price is None:
            return text
        currency = self._host.instrument(position.symbol).quote
        value = formats.money_text(abs(position.quantity * position.mark_price), currency)
        return text + self.tr(", about {value}").format(value=value)

    def begin(self, part: FlattenPart | None = None) -> None:
        """Flatten a part of the account, or all of it, without another question; the pending state is shown first."""
        self._command = self._host.commands.flatten_part(part or FlattenPart())
        self._answer, self._is_answered = "", False
        self._look.start()
        self.show()
        self._enter(FlattenState.ASKED)

    def _on_answered(self, command: Command, answer: CommandAnswer) -> None:
        if not isinstance(command, FlattenAll) or self._command is None:
            return
        if command.command_id != self._command.command_id:
            return
        self._answer, self._is_answered = answer.text, True
        if answer.status is CommandStatus.REFUSED:
            self._look.stop()
            self._enter(FlattenState.REFUSED)
        else:
            self._on_look()

    def _on_books_changed(self, _change: object) -> None:
        if self._look.isActive():
            self._on_look()

    def _on_status_changed(self, _status: object) -> None:
        """Show a flatten that another process asked for, or that goes on from the session before."""
        job = self._host.flatten_job
        if job is None or self._look.isActive() or job.job_id == self._closed_job:
            return
        self._is_answered = True
        self._look.start()
        self.show()
        self._on_look()

    def _on_look(self) -> None:
        if not self._is_answered:
            return
        job = self._host.flatten_job
        if job is not None:
            is_aborted = job.result is FlattenResult.ABORTED
            ended = FlattenState.ABORTED if is_aborted else FlattenState.FLAT
            self._enter(ended if job.result.is_final else FlattenState.UNDER_WAY)
            return
        is_flat = self._host.exposure().is_flat
        self._enter(FlattenState.FLAT if is_flat else FlattenState.UNDER_WAY)

    @property
    def may_acknowledge(self) -> bool:
        """Whether it is over, so that a person may put the message away."""
        return self._state in (FlattenState.FLAT, FlattenState.ABORTED, FlattenState.REFUSED)

    def acknowledge(self) -> None:
        """Put the message away. Nothing else changes: the latch stays until trading is resumed."""
        self._look.stop()
        self._command = None
        job = self._host.flatten_job
        self._closed_job = "" if job is None else job.job_id
        self.hide()
        self._enter(FlattenState.IDLE)

    def _enter(self, state: FlattenState) -> None:
        was, self._state = self._state, state
        exposure = self._host.exposure()
        match state:
            case FlattenState.ASKED:
                self._say(self.tr("Flatten asked: waiting for the session…"), Tone.WARNING)
            case FlattenState.UNDER_WAY if (job := self._host.flatten_job) is not None:
                is_stuck = job.result is FlattenResult.INCOMPLETE
                self._say(self._job_text(job), Tone.FALL if is_stuck else Tone.WARNING)
            case FlattenState.UNDER_WAY:
                text = self.tr("Flattening. Still open: orders {orders}, positions {positions}…")
                self._say(text.format(orders=len(exposure.orders), positions=len(exposure.positions)), Tone.WARNING)
            case FlattenState.FLAT:
                self._say(self._proof(), Tone.RISE)
            case FlattenState.ABORTED:
                self._say(self._proof(), Tone.WARNING)
            case FlattenState.REFUSED:
                self._say(self.tr("Flatten refused: {why}").format(why=self._answer), Tone.FALL)
            case FlattenState.IDLE:
                pass
        self.abort_button.setVisible(state is FlattenState.UNDER_WAY)
        self.close_button.setEnabled(self.may_acknowledge)
        if was is not state:
            self.state_changed.emit(state)
        self.looked.emit()

    def _job_text(self, job: FlattenJob) -> str:
        """Say how a job stands: who asked, what it does, and what is still open of each market."""
        lines = [
            self.tr("Flatten {stage}, asked by {who} at {time}: {text}").format(
                stage=job.stage.value,
                who=job.asked_by,
                time=formats.instant_utc_text(job.asked_at),
                text=job.text,
            )
        ]
        legs = [
            self.tr("{symbol} {quantity}: {state}, attempt {count}. {text}").format(
                symbol=leg.symbol,
                quantity=formats.quantity_text(leg.held),
                state=leg.state.value,
                count=len(leg.attempts),
                text=leg.text,
            )
            for leg in job.open_legs[:_LISTED_MAX]
        ]
        more = len(job.open_legs) - _LISTED_MAX
        if more > 0:
            legs.append(self.tr("and {count} more").format(count=more))
        if job.may_still_fill:
            legs.append(
                self.tr("{count} entries may still fill; what they bring in is closed").format(
                    count=len(job.may_still_fill)
                )
            )
        return "\n".join(lines + legs)

    def _proof(self) -> str:
        job = self._host.flatten_job
        if job is not None:
            text = self._job_text(job)
            if self._host.status.trading_state is not TradingState.ACTIVE:
                text += "\n" + self.tr("No new trades until you choose Resume trading, with a reason.")
            return f"{job.result.value.replace('_', ' ')}. {text}"
        text = self.tr("FLAT, verified from the ledger at {time}: no working orders, no positions.")
        if self._host.status.trading_state is not TradingState.ACTIVE:
            text += " " + self.tr("No new trades until you choose Resume trading.")
        return text.format(time=formats.instant_utc_text(self._host.status.now))

    def _say(self, text: str, tone: Tone) -> None:
        if text != self.text.text():
            self.text.setText(text)
        set_tone(self, tone)
        set_tone(self.text, tone)
