"""Every action of the window with its usual keys, in one list: menus, palette, tooltips and the list of keys come from it.

Each panel and each workspace is an action too, without anybody writing it down here: going there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from gui.translation import translate
from gui.workspace.layouts import Workspace, workspace_title
from gui.workspace.panel_names import PanelName, title_of


class ActionName(Enum):
    """What can be done from menu and keyboard. The value stands in the settings: it never changes."""

    TOGGLE_PAUSE = "toggle_pause"
    STOP = "stop"
    FLATTEN = "flatten"
    EMERGENCY = "emergency"
    RESUME_TRADING = "resume_trading"
    CANCEL_GROUP = "cancel_group"
    PREFERENCES = "preferences"
    QUIT = "quit"
    COMMANDS = "commands"
    FOLLOW = "follow"
    LIST_COLUMNS = "list_columns"
    EDIT_STRATEGY = "edit_strategy"
    ZOOM_IN = "zoom_in"
    ZOOM_OUT = "zoom_out"
    SEARCH_DECISIONS = "search_decisions"
    CLOSE_PANEL = "close_panel"
    RESET_WORKSPACE = "reset_workspace"
    SHOW_KEYS = "show_keys"
    ACKNOWLEDGE = "acknowledge_alert"
    INCIDENT_BUNDLE = "incident_bundle"
    TOUR = "tour"
    TEST_ALERT = "test_alert"


ActionId = ActionName | PanelName | Workspace
"""An action; a panel or a workspace stands for going there."""


@dataclass(frozen=True, slots=True)
class ActionEntry:
    """One line of the list. `keys` are portable key sequences."""

    menu: str
    text: str
    keys: tuple[str, ...] = ()


_PANEL_KEYS: Final[Mapping[PanelName, str]] = {
    PanelName.POSITIONS: "Ctrl+1",
    PanelName.ORDERS: "Ctrl+2",
    PanelName.GROUPS: "Ctrl+3",
    PanelName.TRADES: "Ctrl+4",
    PanelName.FILLS: "Ctrl+5",
    PanelName.NOTES: "Ctrl+6",
    PanelName.MARKET: "Ctrl+7",
    PanelName.DECISIONS: "Ctrl+8",
    PanelName.CHAIN: "Ctrl+9",
    PanelName.ALERTS: "Ctrl+0",
}
_WORKSPACE_KEYS: Final[Mapping[Workspace, str]] = {
    Workspace.RESEARCH: "Ctrl+Alt+1",
    Workspace.PAPER: "Ctrl+Alt+2",
    Workspace.LIVE_DESK: "Ctrl+Alt+3",
    Workspace.INCIDENT: "Ctrl+Alt+4",
}


def settings_name(action: ActionId) -> str:
    """Return what an action is called in the settings: ``stop``, ``panel/notes``, ``workspace/paper``."""
    match action:
        case PanelName():
            return f"panel/{action.value}"
        case Workspace():
            return f"workspace/{action.value}"
        case ActionName():
            return action.value


def catalogue() -> Mapping[ActionId, ActionEntry]:
    """Return all actions in the order of the menus, in the user's language."""
    session, view = translate("Actions", "&Session"), translate("Actions", "&View")
    panels, workspaces = translate("Actions", "&Panels"), translate("Actions", "&Workspace")
    named: dict[ActionId, ActionEntry] = {
        # Space alone is handled by the window, so that it still presses a button that has the focus.
        ActionName.TOGGLE_PAUSE: ActionEntry(
            session, translate("Actions", "Start, pause or continue"), ("Ctrl+Space",)
        ),
        ActionName.STOP: ActionEntry(session, translate("Actions", "Stop session"), ("Ctrl+.",)),
        ActionName.CANCEL_GROUP: ActionEntry(session, translate("Actions", "Cancel chosen group"), ("Ctrl+Backspace",)),
        # Its keys are watched for everywhere, and arm first: see `panic_key`. The menu asks.
        ActionName.FLATTEN: ActionEntry(session, translate("Actions", "Flatten all… (press twice)"), ("Ctrl+Shift+F",)),
        ActionName.EMERGENCY: ActionEntry(session, translate("Actions", "Emergency window"), ("Ctrl+Shift+E",)),
        ActionName.RESUME_TRADING: ActionEntry(session, translate("Actions", "Resume trading…"), ("Ctrl+Shift+R",)),
        ActionName.EDIT_STRATEGY: ActionEntry(session, translate("Actions", "Edit strategy…"), ("Ctrl+E",)),
        ActionName.PREFERENCES: ActionEntry(session, translate("Actions", "Preferences…"), ("Ctrl+,",)),
        ActionName.QUIT: ActionEntry(session, translate("Actions", "Quit"), ("Ctrl+Q",)),
        ActionName.COMMANDS: ActionEntry(view, translate("Actions", "Find a command…"), ("Ctrl+K",)),
        ActionName.FOLLOW: ActionEntry(view, translate("Actions", "Follow the newest bar"), ("Ctrl+End",)),
        ActionName.LIST_COLUMNS: ActionEntry(view, translate("Actions", "List the columns of the chart…")),
        ActionName.ZOOM_IN: ActionEntry(view, translate("Actions", "Show fewer bars"), ("Ctrl++", "Ctrl+=")),
        ActionName.ZOOM_OUT: ActionEntry(view, translate("Actions", "Show more bars"), ("Ctrl+-",)),
        ActionName.SEARCH_DECISIONS: ActionEntry(view, translate("Actions", "Search decisions"), ("Ctrl+F",)),
        ActionName.ACKNOWLEDGE: ActionEntry(
            view, translate("Actions", "Acknowledge the alert on the card"), ("Ctrl+Shift+A",)
        ),
    }
    places: dict[ActionId, ActionEntry] = {
        each: ActionEntry(workspaces, workspace_title(each), (_WORKSPACE_KEYS[each],)) for each in Workspace
    }
    places[ActionName.RESET_WORKSPACE] = ActionEntry(
        workspaces, translate("Actions", "Reset workspace"), ("Ctrl+Alt+0",)
    )
    for panel in PanelName:
        keys = (_PANEL_KEYS[panel],) if panel in _PANEL_KEYS else ()
        places[panel] = ActionEntry(panels, title_of(panel), keys)
    places[ActionName.CLOSE_PANEL] = ActionEntry(panels, translate("Actions", "Close this panel"), ("Ctrl+W",))
    helps = translate("Actions", "&Help")
    helping: dict[ActionId, ActionEntry] = {
        ActionName.SHOW_KEYS: ActionEntry(helps, translate("Actions", "Keyboard"), ("F1",)),
        ActionName.TOUR: ActionEntry(helps, translate("Actions", "Tour of the window")),
        ActionName.TEST_ALERT: ActionEntry(helps, translate("Actions", "Send a test alert outside")),
        ActionName.INCIDENT_BUNDLE: ActionEntry(helps, translate("Actions", "Make incident bundle")),
    }
    return {**named, **places, **helping}


def chart_keys() -> Sequence[tuple[str, str]]:
    """Return the keys that work where the chart has the focus, and what each does."""
    return (
        ("Space", translate("Actions", "Start, pause or continue, where no button or field has the focus")),
        ("Left, Right", translate("Actions", "Move the chart")),
        ("Up, Down, +, -", translate("Actions", "Zoom the chart")),
        ("Home, End", translate("Actions", "Oldest bar, newest bar")),
    )
