"""Writes a session's day into the log: what a person asked, what became of orders, how the session stood."""

import logging
from typing import Final

from PySide6.QtCore import QObject

from engine.alerts.alert import Alert
from engine.contracts.commands import Command, CommandAnswer, CommandStatus
from engine.contracts.flows import FlowRecord, OutcomeKind
from engine.contracts.orders import Fill, Order, OrderStatus
from engine.ports.ledger import LedgerChange
from engine.ports.session import SessionStatus
from gui.bridge.alerts import Alerts
from gui.bridge.host import SessionHost

logger: Final = logging.getLogger("gui.session")

_TOLD: Final = frozenset(
    {OrderStatus.OPEN, OrderStatus.FILLED, OrderStatus.CANCELLED, OrderStatus.EXPIRED, OrderStatus.REJECTED}
)


class SessionLog(QObject):
    """Logs what a session tells the window; the facts carry the ids of flow and order.

    Args:
        host: The session.
        alerts: What was raised.
        parent: Qt parent.
    """

    def __init__(self, host: SessionHost, alerts: Alerts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stood: tuple[object, ...] = ()
        feed = host.feed
        feed.status_changed.connect(self._on_status_changed)
        feed.order_changed.connect(self._on_order_changed)
        feed.fill_booked.connect(self._on_fill_booked)
        feed.report_refused.connect(self._on_report_refused)
        feed.flow_ended.connect(self._on_flow_ended)
        host.commands.answered.connect(self._on_answered)
        alerts.raised.connect(self._on_alert_raised)

    def _on_status_changed(self, status: SessionStatus) -> None:
        stands = (status.state, status.trading_state, status.message)
        if stands == self._stood:
            return
        self._stood = stands
        facts = {"state": status.state.value, "trading": status.trading_state.value, "mode": status.mode.value}
        logger.info("The session stands anew.", extra=facts | {"said": status.message})

    def _on_order_changed(self, order: Order) -> None:
        facts = {"order": order.order_id, "status": order.status.value, "symbol": order.symbol, "why": order.reason}
        if order.status is OrderStatus.UNKNOWN:
            logger.warning("Nobody knows whether an order is at the venue.", extra=facts)
        elif order.status in _TOLD:
            logger.info("An order changed.", extra=facts)

    def _on_fill_booked(self, fill: Fill) -> None:
        facts = {"order": fill.order_id, "symbol": fill.symbol, "price": fill.price, "quantity": fill.quantity}
        logger.info("A fill was booked.", extra=facts)

    def _on_report_refused(self, change: LedgerChange) -> None:
        logger.warning("A report was not booked.", extra={"why": change.refused})

    def _on_flow_ended(self, record: FlowRecord) -> None:
        outcome = record.outcome
        facts = {"flow": record.flow_id, "outcome": outcome.kind.value, "rule": outcome.rule, "why": outcome.reason}
        if outcome.kind is OutcomeKind.FAILED:
            logger.error("A flow failed.", extra=facts | {"traceback": outcome.error})
        elif outcome.kind is not OutcomeKind.NO_OPPORTUNITY:
            logger.info("A flow ended.", extra=facts)

    def _on_answered(self, command: Command, answer: CommandAnswer) -> None:
        facts = {"command": command.kind, "answer": answer.status.value, "said": answer.text}
        level = logging.WARNING if answer.status is CommandStatus.REFUSED else logging.INFO
        logger.log(level, "A command was answered.", extra=facts)

    def _on_alert_raised(self, alert: Alert) -> None:
        facts = {"kind": alert.kind.value, "about": alert.subject, "said": alert.detail, "times": alert.times}
        logger.warning("An alert was raised.", extra=facts)
