"""Performance: the curve of the account, and what closed trades came to, strategy by strategy."""

from typing import Final

from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from engine.contracts.orders import AccountSnapshot, Trade, TradeStatus
from engine.phase6_finale.performance import figures_of
from engine.primitives.timeframes import ns_from_datetime
from gui.bridge.host import SessionHost
from gui.models.performance import StrategyFigures, performance_columns
from gui.models.table import TableModel
from gui.panels.ledger import hint_of, lay_out
from gui.widgets.equity_curve import EquityCurve
from gui.widgets.looking_panel import LookingPanel
from gui.widgets.table_tools import TableTools
from gui.widgets.table_view import TableView

_TRADES_MAX: Final = 100_000


class PerformancePanel(LookingPanel):
    """Everything since the session began, by the figures that a report of it has."""

    def __init__(self, host: SessionHost, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pages = QTabWidget(self)
        self.pages.setAccessibleName(self.tr("Pages of the performance panel"))
        names = {strategy.strategy_id: strategy.name for strategy in host.status.strategies}
        self._strategies = list(names)
        self._closed: dict[str, Trade] = {}
        self._is_new = True
        self.curve = EquityCurve(self)
        self.model: TableModel[StrategyFigures] = TableModel(
            performance_columns(lambda strategy_id: names.get(strategy_id, strategy_id)), parent=self
        )
        self.table = TableView(
            self.model,
            name=self.tr("Performance"),
            empty_text=self.tr("What closed trades came to appears here, for each strategy and all together."),
            parent=self,
        )
        self.tools = TableTools(self.table, (), parent=self)
        hint = hint_of(self, self.tools)
        hint.setText(self.tr("Results of closed trades, after fees. What is open counts in the equity alone."))
        below = QWidget(self)
        lay_out(below, self.table, hint, tools=self.tools)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        self.pages.addTab(below, self.tr("Trades"))
        self.pages.addTab(self.curve, self.tr("Curve"))
        box.addWidget(self.pages)
        for trade in host.closed_trades(newest=_TRADES_MAX):
            self._closed[trade.trade_id] = trade
        host.feed.trade_changed.connect(self._on_trade_changed)
        host.feed.account_changed.connect(self._on_account_changed)
        self._on_account_changed(host.account())
        self.look()

    def look(self) -> None:
        """Reckon anew, if a trade was closed since."""
        if not self._is_new:
            return
        self._is_new = False
        trades = list(self._closed.values())
        for strategy_id in reversed(["", *self._strategies]):
            own = [trade for trade in trades if strategy_id in ("", trade.strategy_id)]
            self.model.put(strategy_id, StrategyFigures(strategy_id, figures_of(own)))

    def refresh(self) -> None:
        """Show at once what has arrived."""
        self.look()
        self.model.refresh()

    def _on_trade_changed(self, trade: Trade) -> None:
        if trade.status is TradeStatus.CLOSED:
            self._closed[trade.trade_id] = trade
            self._is_new = True
        elif self._closed.pop(trade.trade_id, None) is not None:  # a late fill has opened it again
            self._is_new = True

    def _on_account_changed(self, account: AccountSnapshot) -> None:
        self.curve.add(ns_from_datetime(account.at), account.equity)
