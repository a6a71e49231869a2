"""The emergency window: scope, what exactly would happen, the buttons that do it, and how a flatten goes on.

It is a window of its own without a parent, so that no dialog of another window can keep it from being used.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Final, TypeVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QMessageBox, QPushButton, QVBoxLayout, QWidget

from engine.contracts.commands import CancelAllOrders, Command, CommandAnswer, CommandStatus, ReduceAll
from engine.contracts.execution import ExecutionMode
from engine.contracts.flatten import FlattenLeg, FlattenPart, FlattenResult
from engine.ports.session import Mode, SessionState
from gui.bridge.host import SessionHost
from gui.dialogs.confirm import ask_first
from gui.models.flatten_preview import SLIPPAGE_BPS, FlattenPreview, preview
from gui.models.table import Column, TableModel
from gui.panels.emergency import FlattenPanel, FlattenState
from gui.panels.emergency_scope import ScopeChooser
from gui.theme import formats
from gui.theme.tokens import SPACE, Tone
from gui.translation import translate
from gui.widgets.colours import set_mode, set_tone
from gui.widgets.hold_button import HoldButton
from gui.widgets.table_view import TableView

_LOOK_MS: Final = 500
_SHARES: Final = (Decimal("0.25"), Decimal("0.5"), Decimal("0.75"))
_WIDTH, _HEIGHT = 820, 720

R = TypeVar("R")
PreviewRow = tuple[str, str, str, str]
"""What is done, with what, how much, and about what it is worth and costs."""


class EmergencyWindow(QWidget):
    """Reachable whatever else is open. In LIVE its buttons are held; else a question comes first.

    Args:
        host: The session.
        flatten: Knows how far a flatten is.
    """

    def __init__(self, host: SessionHost, flatten: FlattenPanel) -> None:
        super().__init__(None, Qt.WindowType.Tool | Qt.WindowType.WindowStaysOnTopHint)
        self._host = host
        self._flatten = flatten
        self._asked: Command | None = None
        mode = host.status.mode
        self.setWindowTitle(self.tr("{mode} · Emergency").format(mode=mode.value))
        self.setProperty("mode", mode.value)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)  # the keys stay where they were
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setObjectName("emergency")
        self.mode = QLabel(mode.value, self)
        self.mode.setProperty("role", "mode")
        set_mode(self.mode, mode.value)
        self.armed = QLabel(self)
        self.armed.setProperty("role", "heading")
        self.armed.setWordWrap(True)
        self.scope = ScopeChooser(host, self)
        self.preview_rows: TableModel[PreviewRow] = TableModel(_preview_columns(), parent=self)
        self.preview = TableView(
            self.preview_rows,
            name=self.tr("What would be cancelled and closed"),
            empty_text=self.tr("Nothing is open in this scope. A flatten would still stop new trades."),
            parent=self,
        )
        self.cost = QLabel(self)
        self.cost.setWordWrap(True)
        self.batch_mode = QComboBox(self)
        self.batch_mode.setAccessibleName(self.tr("Batch mode of a reduction"))
        for each, text in (
            (ExecutionMode.PARALLEL, self.tr("All at once (PARALLEL)")),
            (ExecutionMode.SEQUENTIAL, self.tr("One by one (SEQUENTIAL)")),
            (ExecutionMode.ATOMIC, self.tr("All or nothing is admitted (ATOMIC)")),
        ):
            self.batch_mode.addItem(text, each)
        self.cancel_button = HoldButton(self.tr("Cancel orders"), self)
        self.reduce_buttons = [
            HoldButton(self.tr("Reduce {share} %").format(share=int(it * 100)), self) for it in _SHARES
        ]
        self.flatten_button = HoldButton(self.tr("Flatten"), self)
        self.flatten_button.setProperty("role", "danger")
        self.legs: TableModel[FlattenLeg] = TableModel(_leg_columns(), parent=self)
        self.progress = TableView(
            self.legs,
            name=self.tr("Progress of the flatten, market by market"),
            empty_text=self.tr("When a flatten runs, each market and its attempts are listed here."),
            parent=self,
        )
        self.stamp = QLabel(self)
        self.stamp.setWordWrap(True)
        self.answer = QLabel(self)
        self.answer.setWordWrap(True)
        self.abort_button = QPushButton(self.tr("Abort…"), self)
        self.acknowledge_button = QPushButton(self.tr("Acknowledge"), self)
        self._lay_out()
        self._connect()
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_MS)
        self._look.timeout.connect(self.refresh)
        self.show_disarmed()
        self.resize(_WIDTH, _HEIGHT)

    def open(self) -> None:
        """Show it in front, ready for the keyboard."""
        self._reveal()
        self.activateWindow()
        self.scope.kind.setFocus()

    def show_armed(self, keys: str) -> None:
        """Show that the panic key was pressed once; the keyboard stays where it was.

        Args:
            keys: What has to be pressed again.
        """
        text = self.tr("■ ARMED: press {keys} again within 3 seconds to flatten everything. Escape: do nothing.")
        self.armed.setText(text.format(keys=keys))
        set_tone(self.armed, Tone.FALL)
        self._reveal()

    def show_disarmed(self) -> None:
        """Show that the panic key is not armed."""
        self.armed.setText(self.tr("Choose what to cover. Nothing happens before a button is used."))
        set_tone(self.armed, None)

    def flatten_everything(self) -> None:
        """Flatten the whole account now: the panic key was pressed twice."""
        self.show_disarmed()
        self._reveal()
        self._flatten.begin()
        self.refresh()

    def refresh(self) -> None:
        """Read the books again: what would happen now, and how a flatten stands."""
        plan = self.plan()
        self._show_plan(plan)
        self._show_progress()
        is_live = self._host.status.state in (SessionState.RUNNING, SessionState.PAUSED)
        is_named = self.scope.part is not None
        self.flatten_button.setEnabled(is_live and is_named)
        self.cancel_button.setEnabled(is_live and is_named and bool(plan.cancels))
        for button in self.reduce_buttons:
            button.setEnabled(is_live and is_named and bool(plan.closes))

    def plan(self) -> FlattenPreview:
        """Return what a flatten of the chosen scope would do now."""
        part = self.scope.part
        if part is None:
            return FlattenPreview((), ())
        exposure = self._host.exposure()
        return preview(
            part,
            orders=exposure.orders,
            positions=exposure.positions,
            trades=self._host.open_trades(),
            of_groups=self._host.trades_of(part.groups),
            instrument=self._host.instrument,
        )

    def _reveal(self) -> None:
        self.refresh()
        self._look.start()
        self.show()

    def hideEvent(self, _event: object) -> None:  # noqa: N802  # Qt's name
        """Look at nothing while nobody sees it."""
        self._look.stop()

    def _show_plan(self, plan: FlattenPreview) -> None:
        rows: dict[str, PreviewRow] = {}
        for line in reversed(plan.closes):
            value = formats.money_text(line.value, line.currency)
            cost = formats.money_text(line.cost, line.currency)
            what = translate("EmergencyWindow", "close {side} {symbol} of {strategy}").format(
                side=formats.position_side_text(line.quantity), symbol=line.symbol, strategy=line.strategy_id
            )
            rows[f"{line.symbol} {line.strategy_id}"] = (what, formats.quantity_text(abs(line.quantity)), value, cost)
        for order in plan.cancels:
            what = translate("EmergencyWindow", "cancel {side} {symbol} {order}").format(
                side=formats.side_text(order.direction), symbol=order.symbol, order=order.order_id
            )
            nothing = formats.NOTHING
            rows[order.order_id] = (what, formats.quantity_text(order.remaining_quantity), nothing, nothing)
        _bring_in_line(self.preview_rows, rows)
        costs = ", ".join(formats.money_text(cost, currency) for currency, cost in plan.costs.items())
        text = self.tr(
            "Closing costs about {cost}: taker fee, half a tick for the spread, and up to {bps} bps of slippage,"
            " which is the first bound of a flatten, from the last prices. Stops and targets go when what they protect"
            " is closed."
        )
        self.cost.setText(text.format(cost=costs, bps=SLIPPAGE_BPS) if costs else self.tr("Nothing has to be closed."))

    def _show_progress(self) -> None:
        job = self._host.flatten_job
        _bring_in_line(self.legs, {leg.symbol: leg for leg in job.legs} if job is not None else {})
        self.abort_button.setEnabled(job is not None and not job.result.is_final)
        self.acknowledge_button.setEnabled(self._flatten.may_acknowledge)
        if job is None:
            self.stamp.setText(self._flatten.text.text() if self._flatten.state is not FlattenState.IDLE else "")
            set_tone(self.stamp, None)
            return
        when = formats.instant_utc_text(job.updated_at)
        venue = self._host.status.label
        if job.result in (FlattenResult.FLAT, FlattenResult.FLAT_WITH_DUST):
            text = self.tr("● VERIFIED FLAT at {venue}, {time}: {text}")
            set_tone(self.stamp, Tone.RISE)
        else:
            text = self.tr("▲ {venue} is not flat, {time}: {text}")
            set_tone(self.stamp, Tone.WARNING)
        left = "; ".join(f"{leg.symbol} {formats.quantity_text(leg.held)}: {leg.text}" for leg in job.open_legs)
        said = text.format(venue=venue, time=when, text=job.text)
        what_is_left = self.tr("Left: {legs}").format(legs=left)
        self.stamp.setText(f"{said} {what_is_left}" if left else said)

    def _do(self, text: str, act: Callable[[FlattenPart], None]) -> None:
        """Do something with the chosen scope: at once when it was held, after a question when it was clicked."""
        part = self.scope.part
        if part is None:
            return
        if self._host.status.mode is Mode.LIVE:
            act(part)
            return
        plan = self.plan()
        details = self.tr("{orders} orders and {positions} positions are in it. {cost}").format(
            orders=len(plan.cancels), positions=len(plan.closes), cost=self.cost.text()
        )
        ask_first(
            self,
            title=text,
            text=self.tr("{what} of {scope}?").format(what=text, scope=part.words),
            details=details,
            accept=text,
            icon=QMessageBox.Icon.Warning,
            on_accepted=partial(act, part),
        )

    def _on_flatten(self) -> None:
        self._do(self.tr("Flatten"), self._begin)

    def _begin(self, part: FlattenPart) -> None:
        self._flatten.begin(part)
        self.refresh()

    def _on_cancel(self) -> None:
        self._do(self.tr("Cancel orders"), self._cancel)

    def _cancel(self, part: FlattenPart) -> None:
        self._wait_for(self._host.commands.cancel_all_orders(part))

    def _on_reduce(self, share: Decimal) -> None:
        mode = ExecutionMode(self.batch_mode.currentData())  # Qt gives the bare word back
        text = self.tr("Reduce by {share} %, {mode}").format(share=int(share * 100), mode=mode.value)
        self._do(text, partial(self._reduce, share, mode))

    def _reduce(self, share: Decimal, mode: ExecutionMode, part: FlattenPart) -> None:
        self._wait_for(self._host.commands.reduce_all(part, share, mode))

    def _wait_for(self, command: Command) -> None:
        self._asked = command
        self.answer.setText(self.tr("▲ Asked: waiting for the session…"))
        set_tone(self.answer, Tone.WARNING)

    def _on_answered(self, command: Command, answer: CommandAnswer) -> None:
        if not isinstance(command, CancelAllOrders | ReduceAll) or command is not self._asked:
            return
        is_refused = answer.status is CommandStatus.REFUSED
        self.answer.setText(f"{'■' if is_refused else '●'} {answer.text}")
        set_tone(self.answer, Tone.FALL if is_refused else None)
        self.refresh()

    def _on_abort_clicked(self) -> None:
        self._flatten.ask_to_abort(parent=self)

    def _connect(self) -> None:
        must_hold = self._host.status.mode is Mode.LIVE
        hint = self.tr("Hold for 1.5 seconds, by mouse or space bar") if must_hold else self.tr("Asks first")
        for button in (self.cancel_button, *self.reduce_buttons, self.flatten_button):
            button.needs_hold = must_hold
            button.setToolTip(hint)
        self.flatten_button.confirmed.connect(self._on_flatten)
        self.cancel_button.confirmed.connect(self._on_cancel)
        for share, button in zip(_SHARES, self.reduce_buttons, strict=True):
            button.confirmed.connect(partial(self._on_reduce, share))
        self.scope.changed.connect(self.refresh)
        self.abort_button.clicked.connect(self._on_abort_clicked)
        self.acknowledge_button.clicked.connect(self._flatten.acknowledge)
        self._flatten.looked.connect(self._show_progress)
        self._host.commands.answered.connect(self._on_answered)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.mode)
        head.addWidget(self.armed, 1)
        buttons = QHBoxLayout()
        for widget in (self.cancel_button, *self.reduce_buttons, self.batch_mode):
            buttons.addWidget(widget)
        buttons.addStretch(1)
        buttons.addWidget(self.flatten_button)
        ends = QHBoxLayout()
        ends.addWidget(self.stamp, 1)
        ends.addWidget(self.abort_button)
        ends.addWidget(self.acknowledge_button)
        box = QVBoxLayout(self)
        box.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        box.setSpacing(SPACE)
        box.addLayout(head)
        box.addWidget(self.scope)
        box.addWidget(self.preview, 1)
        box.addWidget(self.cost)
        box.addLayout(buttons)
        box.addWidget(self.answer)
        box.addWidget(self.progress, 1)
        box.addLayout(ends)


def _bring_in_line(model: TableModel[R], rows: Mapping[str, R]) -> None:
    """Make a table show these rows and no others, without moving what stays."""
    for key in [key for key in model.rows if key not in rows]:
        model.drop(key)
    for key, row in rows.items():
        model.put(key, row)
    model.refresh()


def _preview_columns() -> Sequence[Column[PreviewRow]]:
    return (
        Column(
            translate("EmergencyWindow", "What"),
            lambda row: row[0],
            sample="cancel ▲ Buy BTC/USDT ORD_20260105_041800_00000",
        ),
        Column(translate("EmergencyWindow", "Quantity"), lambda row: row[1], is_number=True, sample="100.00000"),
        Column(translate("EmergencyWindow", "Worth"), lambda row: row[2], is_number=True, sample="100,000.00 USDT"),
        Column(translate("EmergencyWindow", "Costs about"), lambda row: row[3], is_number=True, sample="1,000.00 USDT"),
    )


def _leg_columns() -> Sequence[Column[FlattenLeg]]:
    return (
        Column(translate("EmergencyWindow", "Symbol"), lambda leg: leg.symbol, sample="BTC/USDT:USDT"),
        Column(
            translate("EmergencyWindow", "Held"),
            lambda leg: formats.quantity_text(leg.held),
            is_number=True,
            sample="100.00000",
        ),
        Column(translate("EmergencyWindow", "Sent"), _sent_text, is_number=True, sample="100.00000"),
        Column(translate("EmergencyWindow", "Attempt"), lambda leg: str(len(leg.attempts)), is_number=True),
        Column(translate("EmergencyWindow", "Bound"), _bound_text, sample="at market"),
        Column(translate("EmergencyWindow", "State"), lambda leg: formats.state_text(leg.state), sample="Waiting"),
        Column(translate("EmergencyWindow", "Why"), lambda leg: leg.text, sample="nothing is held there any more"),
    )


def _sent_text(leg: FlattenLeg) -> str:
    """Return how much close orders were sent for, all attempts together."""
    return formats.quantity_text(sum((attempt.quantity for attempt in leg.attempts), Decimal(0)))


def _bound_text(leg: FlattenLeg) -> str:
    if not leg.attempts:
        return formats.NOTHING
    bound = leg.attempts[-1].bound_bps
    if bound is None:
        return translate("EmergencyWindow", "at market")
    return translate("EmergencyWindow", "{bps} bps").format(bps=bound)
