"""The one model behind every tree, and lists that are held below the pointer."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from shiboken6 import delete

from gui.models.column import Column
from gui.models.table import TableModel
from gui.models.tree import TreeModel

pytestmark = pytest.mark.unit


@dataclass(frozen=True)
class Row:
    name: str
    size: int | None


COLUMNS: tuple[Column[Row], ...] = (
    Column("Name", lambda row: row.name),
    Column("Size", lambda row: str(row.size), sort_key=lambda row: row.size, is_number=True),
)
NOWHERE = QModelIndex()


@pytest.fixture
def tree(qapp: QApplication) -> Iterator[TreeModel[Row]]:
    model = TreeModel(COLUMNS)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    for name, size in (("a", 3), ("b", 1), ("c", 2)):
        model.put(name, Row(name, size))
    for name, size, parent in (("a1", 9, "a"), ("a2", 5, "a"), ("a1x", 1, "a1")):
        model.put(name, Row(name, size), parent=parent)
    model.refresh()
    yield model
    delete(model)  # with the timer of its next refresh


@pytest.fixture
def table(qapp: QApplication) -> Iterator[TableModel[Row]]:
    model = TableModel(COLUMNS)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    for name, size in (("a", 3), ("b", 1), ("c", 2)):
        model.put(name, Row(name, size))
    model.refresh()
    yield model
    delete(model)  # with the timer of its next refresh


def names(model: TreeModel[Row] | TableModel[Row], below: QModelIndex = NOWHERE) -> list[str]:
    return [str(model.index(place, 0, below).data()) for place in range(model.rowCount(below))]


def test_the_newest_top_row_comes_first_and_what_is_below_it_in_order(tree: TreeModel[Row]) -> None:
    assert names(tree) == ["c", "b", "a"]
    assert names(tree, tree.index_of("a")) == ["a1", "a2"]
    assert names(tree, tree.index_of("a1")) == ["a1x"]


def test_a_row_that_comes_before_its_parent_waits_for_it(tree: TreeModel[Row]) -> None:
    tree.put("d1", Row("d1", 0), parent="d")
    tree.refresh()
    assert not tree.index_of("d1").isValid()

    tree.put("d", Row("d", 0))
    tree.refresh()
    assert names(tree, tree.index_of("d")) == ["d1"]


def test_sorting_goes_by_value_on_every_level_and_back(tree: TreeModel[Row]) -> None:
    tree.sort(1, Qt.SortOrder.AscendingOrder)
    assert names(tree) == ["b", "c", "a"]
    assert names(tree, tree.index_of("a")) == ["a2", "a1"]

    tree.sort(-1)
    assert names(tree) == ["c", "b", "a"]
    assert names(tree, tree.index_of("a")) == ["a1", "a2"]


def test_what_is_chosen_stays_chosen_when_the_tree_is_sorted(tree: TreeModel[Row]) -> None:
    chosen = QPersistentModelIndex(tree.index_of("a2"))

    tree.sort(1, Qt.SortOrder.AscendingOrder)

    assert chosen.data() == "a2"


def test_a_filter_hides_whole_branches_and_brings_them_back(tree: TreeModel[Row]) -> None:
    tree.show_only(lambda row: (row.size or 0) < 3)
    assert names(tree) == ["c", "b"]
    tree.put("a2", Row("a2*", 5), parent="a")
    tree.refresh()

    tree.show_only(None)

    assert names(tree) == ["c", "b", "a"]
    assert names(tree, tree.index_of("a")) == ["a1", "a2*"]


def test_the_oldest_branch_is_forgotten_beyond_the_limit(qapp: QApplication) -> None:
    model = TreeModel(COLUMNS, rows_max=2)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    for name in "abc":
        model.put(name, Row(name, 0))
        model.put(f"{name}1", Row(f"{name}1", 0), parent=name)
    model.refresh()

    assert names(model) == ["c", "b"]
    assert not model.index_of("a1").isValid()


def test_no_row_of_a_held_tree_moves_until_it_is_released(tree: TreeModel[Row]) -> None:
    told: list[bool] = []
    tree.held_back.connect(told.append)
    tree.sort(1, Qt.SortOrder.AscendingOrder)
    tree.hold(True)

    tree.put("a", Row("a", 0))
    tree.put("d", Row("d", 1))
    tree.put("a3", Row("a3", 0), parent="a")
    tree.refresh()

    assert names(tree) == ["b", "c", "a", "d"]
    assert names(tree, tree.index_of("a")) == ["a2", "a1"]
    tree.hold(False)
    assert names(tree) == ["a", "b", "d", "c"]
    assert names(tree, tree.index_of("a")) == ["a3", "a2", "a1"]
    assert told == [True, False]


def test_no_row_of_a_held_list_moves_until_it_is_released(table: TableModel[Row]) -> None:
    told: list[bool] = []
    table.held_back.connect(told.append)
    table.sort(1, Qt.SortOrder.AscendingOrder)
    table.hold(True)

    table.put("a", Row("a", 0))
    table.put("d", Row("d", 1))
    table.refresh()
    table.drop("b")

    assert names(table) == ["b", "c", "a", "d"]
    assert "b" not in table.rows
    assert table.index(0, 0).data(Qt.ItemDataRole.FontRole).strikeOut()
    table.hold(False)
    assert names(table) == ["a", "d", "c"]
    assert told == [True, False]


def test_a_row_that_no_longer_belongs_stays_until_the_list_is_released(table: TableModel[Row]) -> None:
    table.show_only(lambda row: (row.size or 0) >= 2)
    table.hold(True)

    table.put("a", Row("a", 0))
    table.put("c", Row("c", 0))
    table.put("c", Row("c", 7))
    table.refresh()
    assert names(table) == ["c", "a"]

    table.hold(False)
    assert names(table) == ["c"]


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.integers(0, 12), st.integers(0, 20)),
        st.tuples(st.just("sort"), st.integers(-1, 1), st.integers(0, 1)),
        st.tuples(st.just("filter"), st.integers(0, 20), st.integers(0, 1)),
        st.tuples(st.just("hold"), st.just(0), st.integers(0, 1)),
        st.tuples(st.just("refresh"), st.just(0), st.just(0)),
    ),
    max_size=30,
)


@given(steps=STEPS)
def test_after_any_story_each_row_stands_once_below_its_parent(steps: list[tuple[str, int, int]]) -> None:
    """Row 4 stands below row 1, 5 below 2, and so on: (n - 1) // 3; 0 to 3 are the top."""
    model = TreeModel(COLUMNS)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    expected: dict[int, int] = {}
    least = None
    for what, first, second in steps:
        match what:
            case "put":
                expected[first] = second
                parent = None if first < 4 else str((first - 1) // 3)
                model.put(str(first), Row(str(first), second), parent=parent)
            case "sort":
                model.sort(first, Qt.SortOrder.DescendingOrder if second else Qt.SortOrder.AscendingOrder)
            case "filter":
                least = first if second else None
                model.show_only((lambda row, least=first: row.size >= least) if second else None)
            case "hold":
                model.hold(bool(second))
            case _:
                model.refresh()
    model.hold(False)
    model.refresh()

    def is_seen(number: int) -> bool:
        if number not in expected:
            return False
        return is_seen((number - 1) // 3) if number >= 4 else least is None or expected[number] >= least

    seen = {number for number in expected if is_seen(number)}
    assert {number for number in range(13) if model.index_of(str(number)).isValid()} == seen
    for number in seen:
        index = model.index_of(str(number))
        assert model.row_of(index) == Row(str(number), expected[number])
        assert index.parent().data() == (str((number - 1) // 3) if number >= 4 else None)
    model.deleteLater()
