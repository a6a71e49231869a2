"""Shows the tour of its own accord once for each version, and whenever it is asked for."""

from functools import partial
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict
from PySide6.QtWidgets import QWidget

from engine.ports.session import Mode
from gui.actions.keymap import Keymap
from gui.kept_file import KeptFile
from gui.tour.card import TourCard
from gui.tour.steps import TourPlace, tour_steps
from gui.workspace.desk import Desk
from gui.workspace.panel_names import PanelName

FILE_NAME: Final = "tour.json"

_PANELS: Final = {
    TourPlace.MARKET: PanelName.MARKET,
    TourPlace.DECISIONS: PanelName.DECISIONS,
    TourPlace.ORDERS: PanelName.ORDERS,
}


class SeenTour(BaseModel):
    """Which version's tour a person has seen last; empty before the first."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    version: Literal[1] = 1
    seen: str = ""


def show_once(desk: Desk, keymap: Keymap, mode: Mode, *, path: Path, version: str) -> str:
    """Show the tour unless this version's was shown before; return what a person should know of the file.

    It counts as seen when it is shown: a person who closes the window in the middle has seen enough to find it again.
    """
    kept = KeptFile(path, SeenTour)
    saved, problem = kept.read()
    if saved.seen == version:
        return problem
    show_tour(desk, keymap, mode)
    return kept.write(SeenTour(seen=version)) or problem


def show_tour(desk: Desk, keymap: Keymap, mode: Mode) -> TourCard:
    """Show the tour over a desk; one that is shown already begins anew."""
    for former in desk.findChildren(TourCard):
        former.close()
    card = TourCard(tour_steps(mode, keymap.shown_keys_of), partial(_widget_at, desk), desk.docks, desk)
    card.begin()
    return card


def _widget_at(desk: Desk, place: TourPlace) -> QWidget:
    """Bring what a step points at to the front, and return it."""
    if place in _PANELS:
        name = _PANELS[place]
        desk.docks.reveal(name)
        return desk.panels[name]
    return {
        TourPlace.SESSION_BAR: desk.session_bar,
        TourPlace.FLATTEN: desk.session_bar.flatten_button,
        TourPlace.STATUS_BAR: desk.status_bar,
        TourPlace.WINDOW: desk.docks,
    }[place]
