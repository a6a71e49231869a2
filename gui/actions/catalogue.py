"""Every action of the window with its shortcut, in one list: menus, tooltips and the list of keys come from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from gui.translation import translate


class ActionName(Enum):
    """What can be done from menu and keyboard."""

    TOGGLE_PAUSE = "toggle_pause"
    STOP = "stop"
    FLATTEN = "flatten"
    RESUME_TRADING = "resume_trading"
    CANCEL_GROUP = "cancel_group"
    QUIT = "quit"
    FOLLOW = "follow"
    ZOOM_IN = "zoom_in"
    ZOOM_OUT = "zoom_out"
    SHOW_POSITIONS = "show_positions"
    SHOW_ORDERS = "show_orders"
    SHOW_GROUPS = "show_groups"
    SHOW_TRADES = "show_trades"
    SHOW_FILLS = "show_fills"
    SHOW_NOTES = "show_notes"
    SEARCH_DECISIONS = "search_decisions"
    SHOW_KEYS = "show_keys"


@dataclass(frozen=True, slots=True)
class ActionEntry:
    """One line of the list. `keys` are portable key sequences."""

    menu: str
    text: str
    keys: tuple[str, ...] = ()


def catalogue() -> Mapping[ActionName, ActionEntry]:
    """Return all actions in the order of the menus, in the user's language."""
    session, view = translate("Actions", "&Session"), translate("Actions", "&View")
    return {
        # Space alone is handled by the window, so that it still presses a button that has the focus.
        ActionName.TOGGLE_PAUSE: ActionEntry(
            session, translate("Actions", "Start, pause or continue"), ("Ctrl+Space",)
        ),
        ActionName.STOP: ActionEntry(session, translate("Actions", "Stop session"), ("Ctrl+.",)),
        ActionName.CANCEL_GROUP: ActionEntry(session, translate("Actions", "Cancel chosen group"), ("Ctrl+Backspace",)),
        ActionName.FLATTEN: ActionEntry(session, translate("Actions", "Flatten all…"), ("Ctrl+Shift+F",)),
        ActionName.RESUME_TRADING: ActionEntry(session, translate("Actions", "Resume trading…"), ("Ctrl+Shift+R",)),
        ActionName.QUIT: ActionEntry(session, translate("Actions", "Quit"), ("Ctrl+Q",)),
        ActionName.FOLLOW: ActionEntry(view, translate("Actions", "Follow the newest bar"), ("Ctrl+End",)),
        ActionName.ZOOM_IN: ActionEntry(view, translate("Actions", "Show fewer bars"), ("Ctrl++", "Ctrl+=")),
        ActionName.ZOOM_OUT: ActionEntry(view, translate("Actions", "Show more bars"), ("Ctrl+-",)),
        ActionName.SHOW_POSITIONS: ActionEntry(view, translate("Actions", "Positions"), ("Ctrl+1",)),
        ActionName.SHOW_ORDERS: ActionEntry(view, translate("Actions", "Orders"), ("Ctrl+2",)),
        ActionName.SHOW_GROUPS: ActionEntry(view, translate("Actions", "Execution groups"), ("Ctrl+3",)),
        ActionName.SHOW_TRADES: ActionEntry(view, translate("Actions", "Trades"), ("Ctrl+4",)),
        ActionName.SHOW_FILLS: ActionEntry(view, translate("Actions", "Fills"), ("Ctrl+5",)),
        ActionName.SHOW_NOTES: ActionEntry(view, translate("Actions", "Notes"), ("Ctrl+6",)),
        ActionName.SEARCH_DECISIONS: ActionEntry(view, translate("Actions", "Search decisions"), ("Ctrl+F",)),
        ActionName.SHOW_KEYS: ActionEntry(translate("Actions", "&Help"), translate("Actions", "Keyboard"), ("F1",)),
    }


def chart_keys() -> Sequence[tuple[str, str]]:
    """Return the keys that work where the chart has the focus, and what each does."""
    return (
        ("Space", translate("Actions", "Start, pause or continue, where no button or field has the focus")),
        ("Left, Right", translate("Actions", "Move the chart")),
        ("Up, Down, +, -", translate("Actions", "Zoom the chart")),
        ("Home, End", translate("Actions", "Oldest bar, newest bar")),
    )
