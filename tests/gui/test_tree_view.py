"""A button in a row of a tree, pressed with the mouse."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.models.column import Column, RowButton
from gui.models.tree import TreeModel
from gui.widgets.tree_view import TreeView

pytestmark = pytest.mark.gui
BUTTONS = (RowButton("pause", "‖", "Pause"), RowButton("cancel", "✕", "Cancel"))
COLUMNS: tuple[Column[str], ...] = (
    Column("Name", lambda row: row, sample="a long enough name"),
    Column("Act", lambda _row: "", buttons=lambda _row: BUTTONS, sample="‖  ✕ .."),
)


def test_the_first_button_of_a_row_tells_its_row_and_its_name(qtbot: QtBot) -> None:
    model = TreeModel(COLUMNS)
    view = TreeView(model, name="Groups", empty_text="Groups appear here.")
    qtbot.addWidget(view)
    model.setParent(view)
    model.put("a", "a")
    model.put("b", "b", parent="a")
    model.refresh()
    view.resize(500, 300)
    view.show()
    view.expandAll()
    pressed: list[tuple[object, str]] = []
    view.button_pressed.connect(lambda row, name: pressed.append((row, name)))

    cell = view.visualRect(model.index_of("b").siblingAtColumn(1))
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=cell.topLeft() + QPoint(8, 7))
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=cell.topRight() - QPoint(2, -7))

    assert pressed == [("b", "pause")]
    assert view.chosen() == "b"
