"""A window on a screen that was unplugged comes back; one that can be reached stays."""

import pytest
from PySide6.QtCore import QRect

from gui.workspace.screens import onto_screens

pytestmark = pytest.mark.unit

LAPTOP = QRect(0, 0, 1920, 1040)
DESK = QRect(1920, 0, 2560, 1440)


@pytest.mark.parametrize("place", [QRect(10, 10, 800, 600), QRect(2200, 30, 800, 600), QRect(-600, 20, 800, 600)])
def test_a_window_that_can_be_reached_stays(place: QRect) -> None:
    assert onto_screens(place, [LAPTOP, DESK]) == place


@pytest.mark.parametrize(
    "place",
    [QRect(2200, 30, 800, 600), QRect(100, -300, 800, 600), QRect(-780, 20, 800, 600), QRect(100, 1035, 800, 600)],
)
def test_a_window_whose_top_is_out_of_reach_comes_back(place: QRect) -> None:
    moved = onto_screens(place, [LAPTOP])

    assert LAPTOP.contains(moved)
    assert moved.size() == place.size()


def test_a_window_that_is_larger_than_what_is_left_is_made_smaller() -> None:
    assert onto_screens(QRect(2000, 0, 2500, 1400), [LAPTOP]) == LAPTOP
