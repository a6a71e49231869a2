"""How the panels of one session lie beside one another."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QSplitter, QTabWidget, QVBoxLayout, QWidget

from gui.actions.catalogue import ActionName
from gui.bridge.host import SessionHost
from gui.dialogs.resume_trading import ResumeTradingDialog
from gui.models.ledger import LedgerModels
from gui.panels.account import AccountPanel
from gui.panels.decisions import ChainView, DecisionsPanel
from gui.panels.emergency import FlattenPanel
from gui.panels.execution_groups import ExecutionGroupsPanel
from gui.panels.ledger import FillsPanel, OrdersPanel, PositionsPanel, TradesPanel
from gui.panels.market import MarketPanel
from gui.panels.notes import NotesPanel
from gui.panels.session import SessionBar
from gui.theme.tokens import SPACE
from gui.widgets.colours import set_mode

_COUNT_MS: Final = 100


class Desk(QFrame):
    """Everything that is shown of one session, in a frame of its mode's colour.

    Args:
        host: The session.
        parent: Qt parent.
    """

    new_session_asked = Signal()

    def __init__(self, host: SessionHost, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._host = host
        self.models = LedgerModels(host, self)
        self.session_bar = SessionBar(host, self)
        self.flatten = FlattenPanel(host, self)
        self.account = AccountPanel(host, self)
        self.market = MarketPanel(host, self)
        self.chain = ChainView(self.models, self)
        self.decisions = DecisionsPanel(host, self.chain, self)
        self.positions = PositionsPanel(self.models, self)
        self.orders = OrdersPanel(host, self.models, self)
        self.groups = ExecutionGroupsPanel(host, self.models, self)
        self.trades = TradesPanel(host, self.models, self)
        self.fills = FillsPanel(self.models, self)
        self.notes = NotesPanel(host, self)
        self.tabs = QTabWidget(self)
        self.setObjectName("desk")
        set_mode(self, host.status.mode.value)
        self._lay_out()
        self._counting = QTimer(self)
        self._counting.setSingleShot(True)
        self._counting.setInterval(_COUNT_MS)
        self._counting.timeout.connect(self._show_counts)
        feed = host.feed
        for signal in (feed.account_changed, feed.order_changed, feed.group_changed, feed.position_changed):
            signal.connect(self._show_counts_soon)
        self._show_counts()
        self.session_bar.flatten_asked.connect(self.flatten.ask)
        self.session_bar.resume_trading_asked.connect(self.ask_resume_trading)
        self.session_bar.new_session_asked.connect(self.new_session_asked)

    def show_tab(self, panel: QWidget) -> None:
        """Bring a panel to the front and give it the focus."""
        self.tabs.setCurrentWidget(panel)
        panel.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def ask_resume_trading(self) -> ResumeTradingDialog:
        """Open the question for a reason; the latch is cleared when it is given."""
        dialog = ResumeTradingDialog(self.window())
        dialog.confirmed.connect(self._host.commands.clear_latch)
        dialog.open()
        return dialog

    def handlers(self) -> Mapping[ActionName, Callable[[], object]]:
        """Return what each action of the menus does here."""
        tabs = {
            ActionName.SHOW_POSITIONS: self.positions,
            ActionName.SHOW_ORDERS: self.orders,
            ActionName.SHOW_GROUPS: self.groups,
            ActionName.SHOW_TRADES: self.trades,
            ActionName.SHOW_FILLS: self.fills,
            ActionName.SHOW_NOTES: self.notes,
        }
        return {
            ActionName.TOGGLE_PAUSE: self._host.toggle_pause,
            ActionName.STOP: self._host.stop,
            ActionName.FLATTEN: self.session_bar.flatten_button.click,
            ActionName.RESUME_TRADING: self.session_bar.resume_button.click,
            ActionName.CANCEL_GROUP: self.groups.cancel_chosen,
            ActionName.FOLLOW: self.market.follow,
            ActionName.ZOOM_IN: self.market.zoom_in,
            ActionName.ZOOM_OUT: self.market.zoom_out,
            ActionName.SEARCH_DECISIONS: self.decisions.search.setFocus,
            **{name: partial(self.show_tab, panel) for name, panel in tabs.items()},
        }

    def refresh(self) -> None:
        """Show at once all that has arrived; for pictures."""
        self._host.feed.flush()
        self.models.refresh()
        self.decisions.refresh()
        self.notes.refresh()
        self._show_counts()

    def _show_counts_soon(self, _changed: object) -> None:
        if not self._counting.isActive():
            self._counting.start()

    def _show_counts(self) -> None:
        """Write into the tabs what is open, so that it is known without looking."""
        exposure = self._host.exposure()
        groups = self._host.open_group_count()
        for panel, title, count in (
            (self.positions, self.tr("Positions"), len(exposure.positions)),
            (self.orders, self.tr("Orders"), len(exposure.orders)),
            (self.groups, self.tr("Execution groups"), groups),
        ):
            text = f"{title}  ({count})" if count else title
            place = self.tabs.indexOf(panel)
            if self.tabs.tabText(place) != text:
                self.tabs.setTabText(place, text)

    def _lay_out(self) -> None:
        for panel, title in (
            (self.decisions, self.tr("Decisions")),
            (self.positions, self.tr("Positions")),
            (self.orders, self.tr("Orders")),
            (self.groups, self.tr("Execution groups")),
            (self.trades, self.tr("Trades")),
            (self.fills, self.tr("Fills")),
            (self.notes, self.tr("Notes")),
        ):
            self.tabs.addTab(panel, title)
        self.tabs.setDocumentMode(True)
        left = _splitter(Qt.Orientation.Vertical, self.market, _framed(self.tabs), sizes=(560, 300))
        across = _splitter(Qt.Orientation.Horizontal, left, _framed(self.chain), sizes=(1100, 460))
        box = QVBoxLayout(self)
        box.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        box.setSpacing(SPACE)
        box.addWidget(self.session_bar)
        box.addWidget(self.flatten)
        box.addWidget(self.account)
        box.addWidget(across, 1)


def _splitter(orientation: Qt.Orientation, *widgets: QWidget, sizes: tuple[int, int]) -> QSplitter:
    splitter = QSplitter(orientation)
    for widget in widgets:
        splitter.addWidget(widget)
    splitter.setHandleWidth(SPACE)
    splitter.setSizes(list(sizes))
    for place, size in enumerate(sizes):
        splitter.setStretchFactor(place, size)
    splitter.setChildrenCollapsible(False)
    return splitter


def _framed(widget: QWidget) -> QFrame:
    frame = QFrame()
    frame.setProperty("role", "panel")
    box = QVBoxLayout(frame)
    box.setContentsMargins(1, 1, 1, 1)
    box.addWidget(widget)
    return frame
