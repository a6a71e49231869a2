"""Layouts without the panels that are not there, and who stands beside whom."""

import pytest

from gui.workspace.layouts import LAYOUTS, Columns, Rows, Tabs, Workspace, neighbours_of, panels_in, pruned
from gui.workspace.panel_names import PanelName

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("workspace", list(Workspace))
def test_a_layout_with_all_its_panels_is_unchanged(workspace: Workspace) -> None:
    assert pruned(LAYOUTS[workspace], set(PanelName)) == LAYOUTS[workspace]


def test_what_is_not_there_leaves_no_hole() -> None:
    layout = Columns(
        (
            Rows((Tabs((PanelName.MARKET,)), Tabs((PanelName.FILLS, PanelName.NOTES))), (60, 40)),
            Tabs((PanelName.CHAIN,)),
            Tabs((PanelName.TRADES,)),
        ),
        (50, 30, 20),
    )

    left = pruned(layout, {PanelName.NOTES, PanelName.TRADES})

    assert left == Columns((Tabs((PanelName.NOTES,)), Tabs((PanelName.TRADES,))), (50, 20))
    assert pruned(layout, {PanelName.CHAIN}) == Tabs((PanelName.CHAIN,))
    assert pruned(layout, set()) is None


def test_a_panel_s_nearest_neighbours_share_its_place() -> None:
    layout = Rows((Tabs((PanelName.MARKET,)), Tabs((PanelName.FILLS, PanelName.NOTES))), (60, 40))

    assert neighbours_of(PanelName.NOTES, layout) == (PanelName.FILLS, PanelName.MARKET)
    assert neighbours_of(PanelName.CHAIN, layout) == ()
    assert set(panels_in(layout)) == {PanelName.MARKET, PanelName.FILLS, PanelName.NOTES}
