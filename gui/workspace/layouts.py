"""How the panels of a workspace lie before anybody has moved them."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from engine.ports.session import Mode
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
    PanelName.BATCHES,
    PanelName.TRADES,
    PanelName.FILLS,
    PanelName.BALANCES,
    PanelName.PERFORMANCE,
    PanelName.RISK,
    PanelName.NOTES,
    PanelName.ALERTS,
    PanelName.LOG,
)

LAYOUTS: Final[Mapping[Workspace, Layout]] = {
    Workspace.RESEARCH: Columns(
        (
            Rows(
                (
                    Tabs((PanelName.MARKET,)),
                    Tabs(
                        (
                            PanelName.TRADES,
                            PanelName.PERFORMANCE,
                            PanelName.FILLS,
                            PanelName.BALANCES,
                            PanelName.RISK,
                            PanelName.SIGNALS,
                            PanelName.THREATS,
                            PanelName.NOTES,
                            PanelName.ALERTS,
                            PanelName.LOG,
                        )
                    ),
                ),
                (62, 38),
            ),
            Rows((Tabs((PanelName.DECISIONS,)), Tabs((PanelName.CHAIN,))), (45, 55)),
        ),
        (64, 36),
    ),
    Workspace.PAPER: Columns(
        (
            Rows(
                (Tabs((PanelName.MARKET,)), Tabs((PanelName.DECISIONS, PanelName.SIGNALS, PanelName.THREATS, *_BOOKS))),
                (62, 38),
            ),
            Tabs((PanelName.CHAIN,)),
        ),
        (70, 30),
    ),
    Workspace.LIVE_DESK: Columns(
        (
            Rows(
                (
                    Tabs((PanelName.MARKET,)),
                    Tabs((PanelName.DECISIONS, PanelName.CHAIN, PanelName.SIGNALS, PanelName.THREATS)),
                ),
                (62, 38),
            ),
            Rows(
                (
                    Tabs(
                        (
                            PanelName.POSITIONS,
                            PanelName.TRADES,
                            PanelName.PERFORMANCE,
                            PanelName.BALANCES,
                            PanelName.RISK,
                        )
                    ),
                    Tabs((PanelName.ORDERS, PanelName.FILLS)),
                    Tabs((PanelName.GROUPS, PanelName.BATCHES, PanelName.NOTES, PanelName.ALERTS, PanelName.LOG)),
                ),
                (30, 35, 35),
            ),
        ),
        (56, 44),
    ),
    Workspace.INCIDENT: Columns(
        (
            Rows(
                (Tabs((PanelName.POSITIONS,)), Tabs((PanelName.ORDERS,)), Tabs((PanelName.GROUPS, PanelName.BATCHES))),
                (30, 35, 35),
            ),
            Rows(
                (Tabs((PanelName.NOTES, PanelName.ALERTS, PanelName.LOG)), Tabs((PanelName.MARKET, PanelName.FILLS))),
                (55, 45),
            ),
        ),
        (52, 48),
    ),
}


def first_workspace(mode: Mode) -> Workspace:
    """Return where a session of a mode begins."""
    match mode:
        case Mode.BACKTEST | Mode.REPLAY:
            return Workspace.RESEARCH
        case Mode.PAPER:
            return Workspace.PAPER
        case Mode.LIVE:
            return Workspace.LIVE_DESK


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


def pruned(layout: Layout, present: Collection[PanelName]) -> Layout | None:
    """Return a layout without the panels that are not there, or None when nothing is left of it."""
    if isinstance(layout, Tabs):
        panels = tuple(name for name in layout.panels if name in present)
        return Tabs(panels) if panels else None
    left = [
        (part, share)
        for each, share in zip(layout.parts, layout.shares, strict=True)
        if (part := pruned(each, present))
    ]
    if len(left) < 2:
        return left[0][0] if left else None
    return type(layout)(tuple(part for part, _ in left), tuple(share for _, share in left))


def neighbours_of(name: PanelName, layout: Layout) -> tuple[PanelName, ...]:
    """Return the panels that share a place with one in a layout, the others of the layout after them; none if unnamed."""
    every = tuple(panels_in(layout))
    if name not in every:
        return ()
    place = next(tabs for tabs in _places_in(layout) if name in tabs.panels)
    rest = (each for each in every if each not in place.panels)
    return tuple(each for each in (*place.panels, *rest) if each != name)


def _places_in(layout: Layout) -> Iterator[Tabs]:
    if isinstance(layout, Tabs):
        yield layout
    else:
        for part in layout.parts:
            yield from _places_in(part)
