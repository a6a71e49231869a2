"""What the tour says, step by step, and where it points. It knows no widgets."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from engine.ports.session import Mode
from gui.actions.catalogue import ActionId, ActionName
from gui.translation import translate
from gui.workspace.layouts import Workspace
from gui.workspace.panel_names import PanelName


class TourPlace(Enum):
    """What a step points at."""

    SESSION_BAR = auto()
    MARKET = auto()
    DECISIONS = auto()
    ORDERS = auto()
    FLATTEN = auto()
    STATUS_BAR = auto()
    WINDOW = auto()


@dataclass(frozen=True, slots=True)
class TourStep:
    """One step. `text` is a few sentences."""

    place: TourPlace
    title: str
    text: str


def tour_steps(mode: Mode, keys_of: Callable[[ActionId], str]) -> tuple[TourStep, ...]:
    """Return the tour of a session.

    Args:
        mode: What it trades with: the first step says so.
        keys_of: Gives the keys of an action as a person has them.
    """

    def keys(action: ActionId) -> str:
        return keys_of(action) or translate("Tour", "no keys")

    money = {
        Mode.PAPER: translate("Tour", "This session trades on paper: no order reaches a venue, no money moves."),
        Mode.REPLAY: translate(
            "Tour", "This session plays a recorded market: no order reaches a venue, no money moves."
        ),
        Mode.BACKTEST: translate("Tour", "This session runs on past bars: no order reaches a venue, no money moves."),
        Mode.LIVE: translate("Tour", "This session trades with REAL MONEY. Nothing begins before you arm it."),
    }[mode]
    where = translate("Tour", "The badge, the frame around the window and every question say {mode} all the time.")
    return (
        TourStep(
            TourPlace.SESSION_BAR,
            translate("Tour", "What you trade with"),
            f"{money} {where.format(mode=mode.value)}",
        ),
        TourStep(
            TourPlace.MARKET,
            translate("Tour", "The market, as the strategy sees it"),
            translate(
                "Tour",
                "Candles, everything that the strategy's workers computed, its plans and its fills. Drag or use the arrow"
                " keys to move, the wheel to zoom. Click a bar or a mark: the decision behind it opens.",
            ),
        ),
        TourStep(
            TourPlace.DECISIONS,
            translate("Tour", "Why it traded, and why not"),
            translate(
                "Tour",
                "Every decision is a row with its outcome. Choose one: the panel Why shows the chain from the bar to the"
                " order, or the rule that said no and the number that it missed.",
            ),
        ),
        TourStep(
            TourPlace.ORDERS,
            translate("Tour", "Orders, groups and positions"),
            translate(
                "Tour",
                "Lists can be filtered, sorted and exported, and rows never move below the pointer. Cancel orders and"
                " groups here ({orders}, {groups}); what is asked shows as pending until the venue has confirmed it.",
            ).format(orders=keys(PanelName.ORDERS), groups=keys(PanelName.GROUPS)),
        ),
        TourStep(
            TourPlace.FLATTEN,
            translate("Tour", "Get out"),
            translate(
                "Tour",
                "Flatten all cancels every order and closes every position, and does not rest until the venue's books"
                " prove it. {panic} twice within three seconds does the same from anywhere; {emergency} opens the"
                " emergency window, also over a dialog.",
            ).format(panic=keys(ActionName.FLATTEN), emergency=keys(ActionName.EMERGENCY)),
        ),
        TourStep(
            TourPlace.STATUS_BAR,
            translate("Tour", "Is all well?"),
            translate(
                "Tour",
                "Lamps tell by shape and colour: ● good, ▲ look, ■ act, ○ not known. One click reduces or halts trading."
                " Alerts stay until you acknowledge them ({alerts}).",
            ).format(alerts=keys(PanelName.ALERTS)),
        ),
        TourStep(
            TourPlace.WINDOW,
            translate("Tour", "Everything else by a few letters"),
            translate(
                "Tour",
                "{commands} finds every action, panel and strategy; {keys} lists all keys, and Preferences changes them,"
                " the colours, the size and the language. Panels can be dragged; {workspace} and its neighbours change"
                " the workspace. This tour is in the menu Help.",
            ).format(
                commands=keys(ActionName.COMMANDS),
                keys=keys(ActionName.SHOW_KEYS),
                workspace=keys(Workspace.RESEARCH),
            ),
        ),
    )
