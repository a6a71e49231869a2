"""Every panel of a desk by name: what layouts on disk, actions and the command palette call it."""

from enum import StrEnum

from gui.translation import translate


class PanelName(StrEnum):
    """A panel. The value stands in saved layouts: it never changes."""

    MARKET = "market"
    CHAIN = "chain"
    DECISIONS = "decisions"
    SIGNALS = "signals"
    THREATS = "threats"
    POSITIONS = "positions"
    ORDERS = "orders"
    GROUPS = "execution-groups"
    TRADES = "trades"
    FILLS = "fills"
    BALANCES = "balances"
    NOTES = "notes"
    ALERTS = "alerts"
    LOG = "log"
    RISK = "risk"
    BATCHES = "batches"
    PERFORMANCE = "performance"


def title_of(name: PanelName) -> str:
    """Return what stands on the tab of a panel, in the user's language."""
    return {
        PanelName.MARKET: translate("Panels", "Market"),
        PanelName.CHAIN: translate("Panels", "Why"),
        PanelName.DECISIONS: translate("Panels", "Decisions"),
        PanelName.SIGNALS: translate("Panels", "Signals"),
        PanelName.THREATS: translate("Panels", "Threats"),
        PanelName.POSITIONS: translate("Panels", "Positions"),
        PanelName.ORDERS: translate("Panels", "Orders"),
        PanelName.GROUPS: translate("Panels", "Execution groups"),
        PanelName.TRADES: translate("Panels", "Trades"),
        PanelName.FILLS: translate("Panels", "Fills"),
        PanelName.BALANCES: translate("Panels", "Balances"),
        PanelName.NOTES: translate("Panels", "Notes"),
        PanelName.ALERTS: translate("Panels", "Alerts"),
        PanelName.LOG: translate("Panels", "Log"),
        PanelName.RISK: translate("Panels", "Risk"),
        PanelName.BATCHES: translate("Panels", "Batches"),
        PanelName.PERFORMANCE: translate("Panels", "Performance"),
    }[name]
