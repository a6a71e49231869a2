"""Positions, orders, trades and fills, one list each."""

from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QMessageBox, QPushButton, QVBoxLayout, QWidget

from engine.contracts.commands import Command, CommandAnswer, ResolveOrder
from engine.contracts.orders import Order, OrderStatus, Trade, TradeStatus
from gui.bridge.host import SessionHost
from gui.dialogs.confirm import ask_first
from gui.dialogs.resolve_order import ResolveOrderDialog
from gui.models.ledger import LedgerModels
from gui.theme import formats
from gui.theme.tokens import SPACE
from gui.widgets.table_view import TableView

_IN_DOUBT: Final = (OrderStatus.UNKNOWN, OrderStatus.OPEN, OrderStatus.PARTIALLY_FILLED, OrderStatus.CANCEL_PENDING)
"""An order may be missing at the venue in any of these; the session refuses one that is not in doubt, and says so."""


class PositionsPanel(TableView):
    """What is held."""

    def __init__(self, models: LedgerModels, parent: QWidget | None = None) -> None:
        super().__init__(models.positions, parent=parent)
        self.describe(self.tr("Positions"), self.tr("Nothing is held. Positions appear here after their first fill."))


class FillsPanel(TableView):
    """What was executed."""

    def __init__(self, models: LedgerModels, parent: QWidget | None = None) -> None:
        super().__init__(models.fills, parent=parent)
        self.describe(self.tr("Fills"), self.tr("No fills yet. Every execution of an order appears here."))


class OrdersPanel(QWidget):
    """Orders, working and done; a working one can be cancelled."""

    def __init__(self, host: SessionHost, models: LedgerModels, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._host = host
        self.table = TableView(
            models.orders,
            name=self.tr("Orders"),
            empty_text=self.tr("No orders yet. Orders appear here, working ones and those that are done."),
            parent=self,
        )
        self.cancel_button = QPushButton(self.tr("Cancel order"), self)
        self.cancel_button.clicked.connect(self._on_cancel_clicked)
        self.resolve_button = QPushButton(self.tr("Resolve order…"), self)
        self.resolve_button.setToolTip(
            self.tr("Say how an UNKNOWN order ended, where the venue's books do not settle it (NEEDS_OPERATOR)")
        )
        self.resolve_button.clicked.connect(self.ask_to_resolve)
        self._hint = QLabel(self._first_hint(), self)
        self._hint.setProperty("role", "hint")
        lay_out(self, self.table, self._hint, self.resolve_button, self.cancel_button)
        self.table.row_chosen.connect(self._on_row_chosen)
        host.feed.order_changed.connect(self._on_order_changed)
        host.commands.answered.connect(self._on_answered)
        self._on_row_chosen(None)

    def ask_to_resolve(self) -> ResolveOrderDialog | None:
        """Open the question how the chosen order ended; does nothing when none is chosen that is in doubt."""
        order = self.table.chosen()
        if order is None or not self.resolve_button.isEnabled():
            return None
        dialog = ResolveOrderDialog(order, self.window())
        dialog.resolved.connect(partial(self._host.commands.resolve_order, order.order_id))
        dialog.open()
        return dialog

    def _first_hint(self) -> str:
        return self.tr("Choose a working order to cancel it.")

    def _on_answered(self, command: Command, answer: CommandAnswer) -> None:
        if isinstance(command, ResolveOrder):
            self._hint.setText(answer.text)

    def _on_row_chosen(self, order: Order | None) -> None:
        self._hint.setText(self._first_hint())
        self.resolve_button.setEnabled(order is not None and not order.is_terminal and order.status in _IN_DOUBT)
        may_cancel = order is not None and not order.is_terminal and order.status is not OrderStatus.CANCEL_PENDING
        self.cancel_button.setEnabled(may_cancel)

    def _on_order_changed(self, order: Order) -> None:
        chosen = self.table.chosen()
        if chosen is not None and chosen.order_id == order.order_id:
            self._on_row_chosen(order)

    def _on_cancel_clicked(self) -> None:
        order = self.table.chosen()
        if order is not None:
            self.cancel_button.setEnabled(False)
            self._host.commands.cancel_order(order.order_id)


class TradesPanel(QWidget):
    """Trading ideas from entry to exit; an open one can be closed."""

    def __init__(self, host: SessionHost, models: LedgerModels, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._host = host
        self.table = TableView(
            models.trades,
            name=self.tr("Trades"),
            empty_text=self.tr("No trades yet. A trade appears here when a strategy decides on one."),
            parent=self,
        )
        self.close_button = QPushButton(self.tr("Close trade…"), self)
        self.close_button.clicked.connect(self._on_close_clicked)
        self._hint = QLabel(self.tr("Choose an open trade to close it at market."), self)
        self._hint.setProperty("role", "hint")
        lay_out(self, self.table, self._hint, self.close_button)
        self.table.row_chosen.connect(self._on_row_chosen)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._on_menu_requested)
        host.feed.trade_changed.connect(self._on_trade_changed)
        self._on_row_chosen(None)

    def _on_row_chosen(self, trade: Trade | None) -> None:
        may_close = trade is not None and trade.status in (TradeStatus.OPEN, TradeStatus.PENDING)
        self.close_button.setEnabled(may_close)

    def _on_trade_changed(self, trade: Trade) -> None:
        chosen = self.table.chosen()
        if chosen is not None and chosen.trade_id == trade.trade_id:
            self._on_row_chosen(trade)

    def _on_menu_requested(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        action = menu.addAction(self.tr("Close trade…"), self._on_close_clicked)
        action.setEnabled(self.close_button.isEnabled())
        menu.popup(self.table.viewport().mapToGlobal(at))

    def _on_close_clicked(self) -> None:
        trade: Trade | None = self.table.chosen()
        if trade is None:
            return
        text = self.tr("Close the trade of {quantity} {symbol}?").format(
            quantity=formats.quantity_text(trade.open_quantity), symbol=trade.symbol
        )
        details = self.tr("Its working orders are cancelled, and what is held of it is closed at market.")
        ask_first(
            self,
            title=self.tr("Close trade"),
            text=text,
            details=details,
            accept=self.tr("Close trade"),
            icon=QMessageBox.Icon.Warning,
            on_accepted=partial(self._close, trade),
        )

    def _close(self, trade: Trade) -> None:
        self.close_button.setEnabled(False)
        self._host.commands.close_trade(trade.trade_id)


def lay_out(panel: QWidget, table: TableView, hint: QLabel, *controls: QWidget) -> None:
    """Put a table over a row of a hint and controls."""
    panel.setProperty("role", "page")
    panel.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    row = QHBoxLayout()
    row.setContentsMargins(SPACE, SPACE // 2, SPACE, SPACE // 2)
    row.setSpacing(SPACE)
    row.addWidget(hint, 1)
    for control in controls:
        row.addWidget(control)
    box = QVBoxLayout(panel)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(0)
    box.addWidget(table, 1)
    box.addLayout(row)
