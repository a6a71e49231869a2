"""Everything that is shown of one session: what stays on top, and the panels in their docks."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

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
from gui.workspace.dock_host import DockHost
from gui.workspace.layouts import LAYOUTS, Workspace
from gui.workspace.panel_names import PanelName, title_of

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
        self.docks = DockHost(self)
        self.panels: Final[Mapping[PanelName, QWidget]] = {
            PanelName.MARKET: self.market,
            PanelName.CHAIN: self.chain,
            PanelName.DECISIONS: self.decisions,
            PanelName.POSITIONS: self.positions,
            PanelName.ORDERS: self.orders,
            PanelName.GROUPS: self.groups,
            PanelName.TRADES: self.trades,
            PanelName.FILLS: self.fills,
            PanelName.NOTES: self.notes,
        }
        for name, panel in self.panels.items():
            self.docks.add(name, title_of(name), panel)
        self.setObjectName("desk")
        set_mode(self, host.status.mode.value)
        self._lay_out()
        self._counting = QTimer(self)
        self._counting.setSingleShot(True)
        self._counting.setInterval(_COUNT_MS)
        self._counting.timeout.connect(self._show_counts)
        self.workspace = Workspace.PAPER
        self.arrange(Workspace.PAPER)
        feed = host.feed
        for signal in (feed.account_changed, feed.order_changed, feed.group_changed, feed.position_changed):
            signal.connect(self._show_counts_soon)
        self._show_counts()
        self.session_bar.flatten_asked.connect(self.flatten.ask)
        self.session_bar.resume_trading_asked.connect(self.ask_resume_trading)
        self.session_bar.new_session_asked.connect(self.new_session_asked)

    def show_panel(self, name: PanelName) -> None:
        """Bring a panel to the front and give it the focus."""
        self.docks.show_panel(name)

    def arrange(self, workspace: Workspace) -> None:
        """Lay the panels out as a workspace does before anybody has moved them."""
        self.workspace = workspace
        self.docks.arrange(LAYOUTS[workspace])

    def ask_resume_trading(self) -> ResumeTradingDialog:
        """Open the question for a reason; the latch is cleared when it is given."""
        dialog = ResumeTradingDialog(self.window())
        dialog.confirmed.connect(self._host.commands.clear_latch)
        dialog.open()
        return dialog

    def handlers(self) -> Mapping[ActionName, Callable[[], object]]:
        """Return what each action of the menus does here."""
        panels = {
            ActionName.SHOW_POSITIONS: PanelName.POSITIONS,
            ActionName.SHOW_ORDERS: PanelName.ORDERS,
            ActionName.SHOW_GROUPS: PanelName.GROUPS,
            ActionName.SHOW_TRADES: PanelName.TRADES,
            ActionName.SHOW_FILLS: PanelName.FILLS,
            ActionName.SHOW_NOTES: PanelName.NOTES,
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
            **{name: partial(self.show_panel, panel) for name, panel in panels.items()},
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
        for name, count in (
            (PanelName.POSITIONS, len(exposure.positions)),
            (PanelName.ORDERS, len(exposure.orders)),
            (PanelName.GROUPS, groups),
        ):
            title = title_of(name)
            self.docks.set_title(name, f"{title}  ({count})" if count else title)

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        box.setSpacing(SPACE)
        box.addWidget(self.session_bar)
        box.addWidget(self.flatten)
        box.addWidget(self.account)
        box.addWidget(self.docks, 1)
