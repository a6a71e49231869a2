"""Positions, orders, trades, fills and balances, one list each."""

from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QMenu,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from engine.contracts.commands import CancelOrder, Command, CommandAnswer, ResolveOrder
from engine.contracts.orders import Fill, Order, OrderStatus, Position, Trade, TradeStatus
from gui.bridge.focus import Chosen
from gui.bridge.host import SessionHost
from gui.dialogs.confirm import ask_first
from gui.dialogs.resolve_order import ResolveOrderDialog
from gui.models.ledger import LedgerModels
from gui.theme import formats
from gui.theme.tokens import SPACE
from gui.translation import counted
from gui.widgets.table_tools import TableTools
from gui.widgets.table_view import TableView

_IN_DOUBT: Final = (OrderStatus.UNKNOWN, OrderStatus.OPEN, OrderStatus.PARTIALLY_FILLED, OrderStatus.CANCEL_PENDING)
"""An order may be missing at the venue in any of these; the session refuses one that is not in doubt, and says so."""


class PositionsPanel(QWidget):
    """What is held."""

    def __init__(self, host: SessionHost, models: LedgerModels, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._host = host
        self.table = TableView(
            models.positions,
            name=self.tr("Positions"),
            empty_text=self.tr("Nothing is held. Positions appear here after their first fill."),
            parent=self,
        )
        self.tools = TableTools(self.table, parent=self)
        lay_out(self, self.table, hint_of(self, self.tools), tools=self.tools)
        self.table.row_chosen.connect(self._on_row_chosen)

    def _on_row_chosen(self, position: Position | None) -> None:
        if position is not None:
            self._host.focus.choose(Chosen(strategy_id=position.strategy_id, symbol=position.symbol))


class BalancesPanel(QWidget):
    """What the account has, and what of it is free."""

    def __init__(self, models: LedgerModels, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = TableView(
            models.balances,
            name=self.tr("Balances"),
            empty_text=self.tr("No balance is known yet. Cash, reserved and free amounts appear here."),
            parent=self,
        )
        self.tools = TableTools(self.table, parent=self)
        lay_out(self, self.table, hint_of(self, self.tools), tools=self.tools)


class FillsPanel(QWidget):
    """What was executed."""

    def __init__(self, host: SessionHost, models: LedgerModels, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._host = host
        self.table = TableView(
            models.fills,
            name=self.tr("Fills"),
            empty_text=self.tr("No fills yet. Every execution of an order appears here."),
            parent=self,
        )
        self.tools = TableTools(self.table, parent=self)
        lay_out(self, self.table, hint_of(self, self.tools), tools=self.tools)
        self.table.row_chosen.connect(self._on_row_chosen)

    def _on_row_chosen(self, fill: Fill | None) -> None:
        if fill is not None:
            self._host.focus.choose(Chosen(symbol=fill.symbol, trade_id=fill.trade_id, order_id=fill.order_id))


class OrdersPanel(QWidget):
    """Orders, those that are not done or all; working entries can be cancelled, several at once."""

    def __init__(self, host: SessionHost, models: LedgerModels, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._host = host
        self._pending = models.pending
        self.table = TableView(
            models.orders,
            name=self.tr("Orders"),
            empty_text=self.tr(
                "No orders here. Orders appear when a trade is entered, working ones and those that are done."
            ),
            parent=self,
        )
        choices = ((self.tr("All"), None), (self.tr("Open"), is_open_order), (self.tr("Done"), is_done_order))
        self.tools = TableTools(self.table, choices, parent=self)
        self.cancel_button = QPushButton(self.tr("Cancel order"), self)
        self.cancel_button.setToolTip(
            self.tr("Cancel the chosen entries that work. Stops, targets and closing orders stay. (Delete)")
        )
        self.cancel_button.clicked.connect(self.cancel_chosen)
        self.resolve_button = QPushButton(self.tr("Resolve order…"), self)
        self.resolve_button.setToolTip(
            self.tr("Say how an UNKNOWN order ended, where the venue's books do not settle it (NEEDS_OPERATOR)")
        )
        self.resolve_button.clicked.connect(self.ask_to_resolve)
        self._hint = hint_of(self, self.tools)
        lay_out(self, self.table, self._hint, self.resolve_button, self.cancel_button, tools=self.tools)
        delete = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.table)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self.cancel_chosen)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._on_menu_requested)
        self.table.row_chosen.connect(self._on_row_chosen)
        self.table.selectionModel().selectionChanged.connect(self._show_choice)
        self._pending.changed.connect(self._show_choice)
        host.feed.order_changed.connect(self._on_order_changed)
        host.commands.answered.connect(self._on_answered)
        self._show_choice()

    def choose(self, order_id: str) -> None:
        """Choose an order in the list, whatever filter hides it; nothing happens when the list does not have it."""
        model = self.table.table_model
        model.refresh()
        if order_id not in model.rows:
            return
        if model.place_of(order_id) is None:
            self.tools.search.clear()
            self.tools.choice.setCurrentIndex(0)
            self.tools.apply()
        place = model.place_of(order_id)
        if place is not None:
            self.table.selectRow(place)

    def cancel_chosen(self) -> None:
        """Ask to cancel the chosen entries that work; does nothing when none does."""
        for order in self._to_cancel():
            self._host.commands.cancel_order(order.order_id)

    def ask_to_resolve(self) -> ResolveOrderDialog | None:
        """Open the question how the chosen order ended; does nothing when none is chosen that is in doubt."""
        order = self.table.chosen()
        if order is None or not self.resolve_button.isEnabled():
            return None
        dialog = ResolveOrderDialog(order, self.window())
        dialog.resolved.connect(partial(self._host.commands.resolve_order, order.order_id))
        dialog.open()
        return dialog

    def _to_cancel(self) -> list[Order]:
        return [order for order in self.table.chosen_rows() if self._pending.may_cancel(order)]

    def _on_answered(self, command: Command, answer: CommandAnswer) -> None:
        if isinstance(command, ResolveOrder | CancelOrder):
            self._show_choice()
            self._hint.setText(answer.text)

    def _on_row_chosen(self, order: Order | None) -> None:
        self._show_choice()
        if order is not None:
            self._host.focus.choose(chosen_order(order))

    def _on_order_changed(self, order: Order) -> None:
        chosen = self.table.chosen()
        if chosen is not None and chosen.order_id == order.order_id:
            self._show_choice()

    def _on_menu_requested(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.cancel_button.text(), self.cancel_chosen).setEnabled(self.cancel_button.isEnabled())
        menu.addAction(self.resolve_button.text(), self.ask_to_resolve).setEnabled(self.resolve_button.isEnabled())
        menu.addSeparator()
        menu.addAction(self.tr("Copy chosen rows"), self.table.copy_rows)
        menu.popup(self.table.viewport().mapToGlobal(at))

    def _show_choice(self) -> None:
        order = self.table.chosen()
        self.resolve_button.setEnabled(order is not None and not order.is_terminal and order.status in _IN_DOUBT)
        to_cancel = self._to_cancel()
        self.cancel_button.setEnabled(bool(to_cancel))
        one, many = self.tr("Cancel {count} order"), self.tr("Cancel {count} orders")
        several = len(to_cancel) > 1
        self.cancel_button.setText(counted(len(to_cancel), one=one, many=many) if several else self.tr("Cancel order"))
        said = "" if order is None else self._pending.text_of(order.order_id) or self._pending.why_kept(order)
        self._hint.setText(said or self.tr("Choose working entries to cancel them."))


def chosen_order(order: Order) -> Chosen:
    """Return what other panels are told when an order is chosen."""
    return Chosen(strategy_id=order.strategy_id, symbol=order.symbol, trade_id=order.trade_id, order_id=order.order_id)


def is_open_order(order: Order) -> bool:
    """Whether something can still become of an order."""
    return not order.is_terminal


def is_done_order(order: Order) -> bool:
    """Whether an order is over."""
    return order.is_terminal


def is_open_trade(trade: Trade) -> bool:
    """Whether a trade is entered or about to be."""
    return trade.status in (TradeStatus.OPEN, TradeStatus.PENDING)


def is_closed_trade(trade: Trade) -> bool:
    """Whether a trade is over, entered or not."""
    return not is_open_trade(trade)


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
        choices = ((self.tr("All"), None), (self.tr("Open"), is_open_trade), (self.tr("Closed"), is_closed_trade))
        self.tools = TableTools(self.table, choices, parent=self)
        self.close_button = QPushButton(self.tr("Close trade…"), self)
        self.close_button.clicked.connect(self._on_close_clicked)
        self._hint = hint_of(self, self.tools)
        self._hint.setText(self.tr("Choose an open trade to close it at market."))
        lay_out(self, self.table, self._hint, self.close_button, tools=self.tools)
        self.table.row_chosen.connect(self._on_row_chosen)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._on_menu_requested)
        host.feed.trade_changed.connect(self._on_trade_changed)
        self._on_row_chosen(None)

    def _on_row_chosen(self, trade: Trade | None) -> None:
        self._show_choice(trade)
        if trade is not None:
            chosen = Chosen(strategy_id=trade.strategy_id, symbol=trade.symbol, trade_id=trade.trade_id)
            self._host.focus.choose(chosen)

    def _show_choice(self, trade: Trade | None) -> None:
        self.close_button.setEnabled(trade is not None and is_open_trade(trade))

    def _on_trade_changed(self, trade: Trade) -> None:
        chosen = self.table.chosen()
        if chosen is not None and chosen.trade_id == trade.trade_id:
            self._show_choice(trade)

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


def hint_of(panel: QWidget, tools: TableTools) -> QLabel:
    """Return the line below a table, on which its tools say what became of an export."""
    hint = QLabel(panel)
    hint.setProperty("role", "hint")
    tools.told.connect(hint.setText)
    return hint


def lay_out(
    panel: QWidget, table: QAbstractItemView, hint: QLabel, *controls: QWidget, tools: QWidget | None = None
) -> None:
    """Put a table below its tools and over a row of a hint and controls; the panel's focus is the table's."""
    panel.setProperty("role", "page")
    panel.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    panel.setFocusProxy(table)
    row = QHBoxLayout()
    row.setContentsMargins(SPACE, SPACE // 2, SPACE, SPACE // 2)
    row.setSpacing(SPACE)
    row.addWidget(hint, 1)
    for control in controls:
        row.addWidget(control)
    box = QVBoxLayout(panel)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(0)
    if tools is not None:
        box.addWidget(tools)
    box.addWidget(table, 1)
    box.addLayout(row)
