"""How the panels of a workspace lie before anybody has moved them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from gui.translation import translate
from gui.workspace.panel_names import PanelName


@dataclass(frozen=True, slots=True)
class Tabs:
    """Panels in one place, the first of them in front."""

    panels: tuple[PanelName, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """Parts side by side; `shares` say how wide each is against the others."""

    parts: tuple["Layout", ...]
    shares: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """Parts below one another; `shares` say how high each is against the others."""

    parts: tuple["Layout", ...]
    shares: tuple[int, ...]


Layout = Tabs | Columns | Rows


class Workspace(StrEnum):
    """A set of panels for one kind of work. The value stands in saved layouts: it never changes."""

    RESEARCH = "research"
    PAPER = "paper"
    LIVE_DESK = "live-desk"
    INCIDENT = "incident"


_BOOKS: Final = (
    PanelName.POSITIONS,
    PanelName.ORDERS,
    PanelName.GROUPS,
    PanelName.TRADES,
    PanelName.FILLS,
    PanelName.NOTES,
)

LAYOUTS: Final[Mapping[Workspace, Layout]] = {
    Workspace.RESEARCH: Columns(
        (
            Rows((Tabs((PanelName.MARKET,)), Tabs((PanelName.TRADES, PanelName.FILLS, PanelName.NOTES))), (62, 38)),
            Rows((Tabs((PanelName.DECISIONS,)), Tabs((PanelName.CHAIN,))), (45, 55)),
        ),
        (64, 36),
    ),
    Workspace.PAPER: Columns(
        (Rows((Tabs((PanelName.MARKET,)), Tabs((PanelName.DECISIONS, *_BOOKS))), (62, 38)), Tabs((PanelName.CHAIN,))),
        (70, 30),
    ),
    Workspace.LIVE_DESK: Columns(
        (
            Rows((Tabs((PanelName.MARKET,)), Tabs((PanelName.DECISIONS, PanelName.CHAIN))), (62, 38)),
            Rows(
                (
                    Tabs((PanelName.POSITIONS, PanelName.TRADES)),
                    Tabs((PanelName.ORDERS, PanelName.FILLS)),
                    Tabs((PanelName.GROUPS, PanelName.NOTES)),
                ),
                (30, 35, 35),
            ),
        ),
        (56, 44),
    ),
    Workspace.INCIDENT: Columns(
        (
            Rows((Tabs((PanelName.POSITIONS,)), Tabs((PanelName.ORDERS,)), Tabs((PanelName.GROUPS,))), (30, 35, 35)),
            Rows((Tabs((PanelName.NOTES,)), Tabs((PanelName.MARKET, PanelName.FILLS))), (55, 45)),
        ),
        (52, 48),
    ),
}


def workspace_title(workspace: Workspace) -> str:
    """Return the name of a workspace in the user's language."""
    return {
        Workspace.RESEARCH: translate("Workspaces", "Research"),
        Workspace.PAPER: translate("Workspaces", "Paper"),
        Workspace.LIVE_DESK: translate("Workspaces", "Live desk"),
        Workspace.INCIDENT: translate("Workspaces", "Incident"),
    }[workspace]


def panels_in(layout: Layout) -> Iterator[PanelName]:
    """Give every panel of a layout once, from the top left."""
    if isinstance(layout, Tabs):
        yield from layout.panels
    else:
        for part in layout.parts:
            yield from panels_in(part)
