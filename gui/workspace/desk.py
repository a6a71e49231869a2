"""Everything that is shown of one session: what stays on top, and the panels in their docks."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QMessageBox, QVBoxLayout, QWidget

from engine.alerts.alert import Alert, AlertKind, SavedAlerts
from engine.ports.session import Mode, SessionState, SessionStatus
from gui.actions.catalogue import ActionId, ActionName
from gui.bridge.alerts import Alerts
from gui.bridge.focus import Chosen
from gui.bridge.host import SessionHost
from gui.bridge.session_log import SessionLog
from gui.bridge.vitals import Vitals
from gui.dialogs.confirm import ask_first
from gui.dialogs.resume_trading import ResumeTradingDialog
from gui.kept_file import KeptFile
from gui.log.collector import LogCollector
from gui.models.ledger import LedgerModels
from gui.panels.account import AccountPanel
from gui.panels.alert_toast import AlertToast
from gui.panels.alerts import AlertsPanel
from gui.panels.batches import BatchesPanel
from gui.panels.decisions import ChainView, DecisionsPanel
from gui.panels.emergency import FlattenPanel
from gui.panels.emergency_window import EmergencyWindow
from gui.panels.execution_groups import ExecutionGroupsPanel
from gui.panels.ledger import BalancesPanel, FillsPanel, OrdersPanel, PositionsPanel, TradesPanel
from gui.panels.log import LogPanel
from gui.panels.market import MarketPanel
from gui.panels.notes import NotesPanel
from gui.panels.performance import PerformancePanel
from gui.panels.risk import RiskPanel
from gui.panels.session import SessionBar
from gui.panels.signals import signals_panel, threats_panel
from gui.panels.status_bar import StatusBar
from gui.theme.tokens import SPACE, Tone
from gui.widgets.colours import set_mode
from gui.workspace.dock_host import DockHost
from gui.workspace.incident_offer import IncidentOffer
from gui.workspace.layouts import Workspace, first_workspace
from gui.workspace.panel_names import PanelName, title_of
from gui.workspace.workspaces import SavedWorkspaces, Workspaces

_COUNT_MS: Final = 100


class Desk(QFrame):
    """Everything that is shown of one session, in a frame of its mode's colour.

    Args:
        host: The session.
        parent: Qt parent.
        kept: Where it is remembered how each workspace was left; None remembers nothing.
        kept_alerts: Where alerts are kept until they are acknowledged; None keeps them as long as the desk.
        log: Where the lines of the log come from; None where nobody listens.
    """

    new_session_asked = Signal()

    def __init__(
        self,
        host: SessionHost,
        parent: QWidget | None = None,
        *,
        kept: KeptFile[SavedWorkspaces] | None = None,
        kept_alerts: KeptFile[SavedAlerts] | None = None,
        log: LogCollector | None = None,
    ) -> None:
        super().__init__(parent)
        self._host = host
        self.models = LedgerModels(host, self)
        self.session_bar = SessionBar(host, self)
        self.flatten = FlattenPanel(host, self)
        self.account = AccountPanel(host, self)
        self.market = MarketPanel(host, self)
        self.chain = ChainView(host, self.models, self)
        self.decisions = DecisionsPanel(host, self.chain, self)
        self.signals = signals_panel(host, self)
        self.threats = threats_panel(host, self)
        self.positions = PositionsPanel(host, self.models, self)
        self.orders = OrdersPanel(host, self.models, self)
        self.groups = ExecutionGroupsPanel(host, self.models, self)
        self.trades = TradesPanel(host, self.models, self)
        self.fills = FillsPanel(host, self.models, self)
        self.balances = BalancesPanel(self.models, self)
        self.notes = NotesPanel(host, self)
        self.risk = RiskPanel(host, self)
        self.batches = BatchesPanel(host, self)
        self.performance = PerformancePanel(host, self)
        self.vitals = Vitals(host, self)
        self.alerts = Alerts(host, self.vitals, kept_alerts or KeptFile(None, SavedAlerts), self)
        self.alerts_panel = AlertsPanel(self.alerts, self)
        log = log or LogCollector(self)
        self.log = LogPanel(log, self)
        if log.is_running:
            self._session_log = SessionLog(host, self.alerts, self)
        self.emergency = EmergencyWindow(host, self.flatten)
        self.destroyed.connect(self.emergency.deleteLater)
        self.status_bar = StatusBar(host, self.vitals, self.alerts, self)
        self.incident_offer = IncidentOffer(self)
        self.docks = DockHost(self)
        self.toast = AlertToast(self.alerts, self.docks, self)
        self.panels: Final[Mapping[PanelName, QWidget]] = {
            PanelName.MARKET: self.market,
            PanelName.CHAIN: self.chain,
            PanelName.DECISIONS: self.decisions,
            PanelName.SIGNALS: self.signals,
            PanelName.THREATS: self.threats,
            PanelName.POSITIONS: self.positions,
            PanelName.ORDERS: self.orders,
            PanelName.GROUPS: self.groups,
            PanelName.TRADES: self.trades,
            PanelName.FILLS: self.fills,
            PanelName.BALANCES: self.balances,
            PanelName.NOTES: self.notes,
            PanelName.ALERTS: self.alerts_panel,
            PanelName.LOG: self.log,
            PanelName.RISK: self.risk,
            PanelName.BATCHES: self.batches,
            PanelName.PERFORMANCE: self.performance,
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
        self.workspaces = Workspaces(
            self.docks,
            kept or KeptFile(None, SavedWorkspaces),
            say=self._say_of_layout,
            first=first_workspace(host.status.mode),
            columns={
                PanelName.SIGNALS: self.signals.table.column_choice,
                PanelName.THREATS: self.threats.table.column_choice,
                PanelName.POSITIONS: self.positions.table.column_choice,
                PanelName.ORDERS: self.orders.table.column_choice,
                PanelName.GROUPS: self.groups.table.column_choice,
                PanelName.TRADES: self.trades.table.column_choice,
                PanelName.FILLS: self.fills.table.column_choice,
                PanelName.BALANCES: self.balances.table.column_choice,
                PanelName.ALERTS: self.alerts_panel.table.column_choice,
                PanelName.LOG: self.log.table.column_choice,
                PanelName.RISK: self.risk.refusals_table.column_choice,
                PanelName.BATCHES: self.batches.table.column_choice,
                PanelName.PERFORMANCE: self.performance.table.column_choice,
            },
            parent=self,
        )
        self._offered_for: str | None = None
        self._connect(host)
        self._show_counts()
        if self.alerts.problem:
            self._say_of_layout(self.alerts.problem)

    def _connect(self, host: SessionHost) -> None:
        self.incident_offer.accepted.connect(partial(self.workspaces.enter, Workspace.INCIDENT))
        self.workspaces.entered.connect(self._on_workspace_entered)
        feed = host.feed
        feed.status_changed.connect(self._offer_incident)
        for signal in (feed.account_changed, feed.order_changed, feed.group_changed, feed.position_changed):
            signal.connect(self._show_counts_soon)
        self.session_bar.flatten_asked.connect(self.ask_to_flatten)
        self.session_bar.resume_trading_asked.connect(self.ask_resume_trading)
        self.status_bar.resume_trading_asked.connect(self.ask_resume_trading)
        self.session_bar.start_asked.connect(self.ask_start)
        self.decisions.flow_opened.connect(partial(self.docks.bring_to_front, PanelName.CHAIN))
        self.session_bar.new_session_asked.connect(self.new_session_asked)
        self.alerts.changed.connect(self._show_counts_soon)
        self.alerts.failed.connect(self._say_of_layout)
        self.alerts_panel.cause_asked.connect(self.show_cause)
        self.log.cause_asked.connect(self.show_chosen)
        self.toast.list_asked.connect(self._show_in_list)
        self.status_bar.alerts_asked.connect(partial(self.show_panel, PanelName.ALERTS))

    def show_panel(self, name: PanelName) -> None:
        """Bring a panel to the front and give it the focus."""
        self.docks.show_panel(name)

    def arrange(self, workspace: Workspace) -> None:
        """Lay the panels out as a workspace does before anybody has moved them."""
        self.workspaces.arrange(workspace)

    def ask_to_flatten(self) -> None:
        """Ask whether to flatten all; in LIVE the emergency window, where a button has to be held, takes its place."""
        if self._host.status.mode is Mode.LIVE:
            self.emergency.open()
        else:
            self.flatten.ask()

    def start_or_pause(self) -> None:
        """Let the session begin, stand still or go on."""
        if self._host.status.state is SessionState.READY:
            self.ask_start()
        else:
            self._host.toggle_pause()

    def ask_start(self) -> QMessageBox | None:
        """Begin the run; with real money only after a question, which is returned."""
        status = self._host.status
        if status.mode is not Mode.LIVE:
            self._host.start()
            return None
        strategies = "\n".join(f"{each.name} · {each.symbol} · {each.timeframe}" for each in status.strategies)
        return ask_first(
            self.window(),
            title=self.tr("Arm live trading"),
            text=self.tr("Let {operation} trade with real money?").format(operation=status.operation),
            details=self.tr("These strategies may send real orders from the next bar on:") + "\n" + strategies,
            accept=self.tr("Arm and start"),
            icon=QMessageBox.Icon.Warning,
            on_accepted=self._host.start,
        )

    def ask_resume_trading(self) -> ResumeTradingDialog:
        """Open the question for a reason; the latch is cleared when it is given."""
        dialog = ResumeTradingDialog(self.window())
        dialog.confirmed.connect(self._host.commands.clear_latch)
        dialog.open()
        return dialog

    def show_cause(self, alert: Alert) -> None:
        """Show what an alert is about: the order, the flatten, the decisions, the market, or the notes."""
        match alert.kind:
            case AlertKind.FLATTEN_INCOMPLETE:
                self.emergency.open()
            case AlertKind.ORDER_UNKNOWN:
                self.show_chosen(Chosen(order_id=alert.subject))
            case AlertKind.STRATEGY_PAUSED:
                self._host.focus.choose(Chosen(strategy_id=alert.subject))
                self.show_panel(PanelName.MARKET)
            case AlertKind.MARKET_STALE | AlertKind.VENUE_SILENT:
                self.show_panel(PanelName.MARKET)
            case AlertKind.DAILY_LOSS:
                self.show_panel(PanelName.DECISIONS)
            case AlertKind.ENGINE_BEHIND | AlertKind.WINDOW_HUNG:
                self.show_panel(PanelName.LOG)
            case _:
                self.show_panel(PanelName.NOTES)

    def show_chosen(self, chosen: Chosen) -> None:
        """Choose an order, or else a flow, everywhere, and show the panel where it is seen."""
        self._host.focus.choose(chosen)
        if chosen.order_id:
            self.orders.choose(chosen.order_id)
        self.show_panel(PanelName.ORDERS if chosen.order_id else PanelName.CHAIN)

    def show_strategy(self, place: int) -> None:
        """Show the market of a strategy, by its place in the status of the session."""
        self.market.selector.setCurrentIndex(place)
        self.show_panel(PanelName.MARKET)

    def show_titles(self) -> None:
        """Write the tabs anew, in the user's language."""
        for name in self.panels:
            self.docks.set_title(name, title_of(name))
        self._show_counts()

    def handlers(self) -> Mapping[ActionId, Callable[[], object]]:
        """Return what each action of the menus does here."""
        return {
            ActionName.TOGGLE_PAUSE: self.start_or_pause,
            ActionName.STOP: self._host.stop,
            ActionName.FLATTEN: self.session_bar.flatten_button.click,
            ActionName.EMERGENCY: self.emergency.open,
            ActionName.RESUME_TRADING: self.session_bar.resume_button.click,
            ActionName.CANCEL_GROUP: self.groups.cancel_chosen,
            ActionName.FOLLOW: self.market.follow,
            ActionName.LIST_COLUMNS: self.market.list_columns,
            ActionName.ZOOM_IN: self.market.zoom_in,
            ActionName.ZOOM_OUT: self.market.zoom_out,
            ActionName.SEARCH_DECISIONS: self.decisions.search.setFocus,
            ActionName.CLOSE_PANEL: self.docks.close_focused,
            ActionName.RESET_WORKSPACE: self.workspaces.reset,
            ActionName.ACKNOWLEDGE: self.toast.acknowledge,
            **{panel: partial(self.show_panel, panel) for panel in self.panels},
            **{each: partial(self.workspaces.enter, each) for each in Workspace},
        }

    def refresh(self) -> None:
        """Show at once all that has arrived; for pictures."""
        self._host.feed.flush()
        self.models.refresh()
        self.decisions.refresh()
        self.signals.model.refresh()
        self.threats.model.refresh()
        self.notes.refresh()
        self.risk.refresh()
        self.batches.refresh()
        self.performance.refresh()
        self.alerts_panel.refresh()
        self.log.refresh()
        self._show_counts()

    def _show_in_list(self, alert: Alert) -> None:
        self.show_panel(PanelName.ALERTS)
        self.alerts_panel.choose(alert)

    def _say_of_layout(self, text: str) -> None:
        self.notes.add(self.tr("Window"), text, tone=Tone.WARNING)

    def _offer_incident(self, _status: SessionStatus) -> None:
        """Offer the workspace once for each flatten, as long as it is under way; a person goes there, or does not."""
        job = self._host.flatten_job
        if job is not None and job.result.is_final:
            self.incident_offer.hide()
            return
        if job is None or job.job_id == self._offered_for:
            return
        self._offered_for = job.job_id
        self.incident_offer.setVisible(self.workspaces.current is not Workspace.INCIDENT)

    def _on_workspace_entered(self, workspace: str) -> None:
        if workspace == Workspace.INCIDENT:
            self.incident_offer.hide()

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
            (PanelName.ALERTS, len(self.alerts.unacknowledged)),
        ):
            title = title_of(name)
            self.docks.set_title(name, f"{title}  ({count})" if count else title)

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        box.setSpacing(SPACE)
        box.addWidget(self.session_bar)
        box.addWidget(self.flatten)
        box.addWidget(self.incident_offer)
        box.addWidget(self.account)
        box.addWidget(self.docks, 1)
        box.addWidget(self.status_bar)
