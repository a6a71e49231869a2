"""The one model behind every list."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from gui.models.table import Column, TableModel

pytestmark = pytest.mark.unit


@dataclass(frozen=True)
class Row:
    name: str
    size: int | None


COLUMNS = (
    Column("Name", lambda row: row.name),
    Column("Size", lambda row: str(row.size), sort_key=lambda row: row.size, is_number=True),
)


@pytest.fixture
def model(qapp: QApplication) -> TableModel[Row]:
    table = TableModel(COLUMNS)
    # The tester must live as long as the model: it is its child.
    QAbstractItemModelTester(table, QAbstractItemModelTester.FailureReportingMode.Fatal, table)
    return table


def texts(model: TableModel[Row], column: int = 0) -> list[str]:
    return [str(model.index(row, column).data()) for row in range(model.rowCount())]


def filled(model: TableModel[Row], *rows: tuple[str, int | None]) -> TableModel[Row]:
    for name, size in rows:
        model.put(name, Row(name, size))
    model.refresh()
    return model


def test_the_newest_stands_on_top(model: TableModel[Row]) -> None:
    assert texts(filled(model, ("a", 1), ("b", 2), ("c", 3))) == ["c", "b", "a"]


def test_nothing_is_seen_before_the_next_refresh(model: TableModel[Row]) -> None:
    model.put("a", Row("a", 1))

    assert model.rowCount() == 0
    assert model.rows == {"a": Row("a", 1)}
    model.refresh()
    assert model.rowCount() == 1


def test_only_the_cells_that_differ_are_told(model: TableModel[Row]) -> None:
    filled(model, ("a", 1), ("b", 2))
    told: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, _last: told.append((first.row(), first.column())))

    filled(model, ("a", 9), ("b", 2))

    assert told == [(1, 1)]
    assert texts(model, 1) == ["2", "9"]


def test_a_row_that_nobody_sees_is_changed_in_silence(model: TableModel[Row]) -> None:
    filled(model, *((str(number), number) for number in range(50)))
    model.see(0, 9)
    told: list[int] = []
    model.dataChanged.connect(lambda first, _last: told.append(first.row()))

    filled(model, ("0", 1_000))

    assert told == []
    assert texts(model, 1)[-1] == "1000"


def test_sorting_goes_by_value_and_what_has_none_comes_last(model: TableModel[Row]) -> None:
    filled(model, ("a", 10), ("b", 9), ("c", None), ("d", 100))

    model.sort(1, Qt.SortOrder.DescendingOrder)
    assert texts(model) == ["d", "a", "b", "c"]
    model.sort(1, Qt.SortOrder.AscendingOrder)
    assert texts(model) == ["b", "a", "d", "c"]
    model.sort(-1)
    assert texts(model) == ["d", "c", "b", "a"]


def test_a_new_row_finds_its_place_in_a_sorted_list(model: TableModel[Row]) -> None:
    filled(model, ("a", 10), ("b", 30))
    model.sort(1, Qt.SortOrder.AscendingOrder)

    filled(model, ("c", 20))

    assert texts(model) == ["a", "c", "b"]


def test_what_is_chosen_stays_chosen_when_the_order_changes(model: TableModel[Row]) -> None:
    filled(model, ("a", 3), ("b", 2), ("c", 1))
    chosen = QPersistentModelIndex(model.index(0, 0))

    model.sort(1, Qt.SortOrder.DescendingOrder)
    filled(model, ("d", 0))

    assert chosen.data() == "c"


def test_a_filter_hides_rows_and_follows_their_changes(model: TableModel[Row]) -> None:
    filled(model, ("a", 1), ("b", 5), ("c", 9))

    model.show_only(lambda row: row.size is not None and row.size >= 5)
    assert texts(model) == ["c", "b"]
    filled(model, ("b", 2), ("a", 7), ("d", 1))
    assert texts(model) == ["a", "c"]
    model.show_only(None)
    assert texts(model) == ["d", "c", "b", "a"]


def test_the_oldest_rows_are_forgotten_beyond_the_limit(qapp: QApplication) -> None:
    model = TableModel(COLUMNS, rows_max=3)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)

    filled(model, *((str(number), number) for number in range(7)))

    assert texts(model) == ["6", "5", "4"]
    assert list(model.rows) == ["4", "5", "6"]


def test_the_oldest_are_forgotten_wherever_sorting_has_put_them(qapp: QApplication) -> None:
    model = TableModel(COLUMNS, rows_max=3)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    model.sort(1)

    filled(model, ("a", 5), ("b", 1), ("c", 6), ("d", 2), ("e", 4), ("f", 3))

    assert texts(model) == ["d", "f", "e"]
    assert list(model.rows) == ["d", "e", "f"]


def test_the_oldest_are_forgotten_together(qapp: QApplication) -> None:
    model = TableModel(COLUMNS, rows_max=10)
    filled(model, *((str(number), number) for number in range(10)))
    removed: list[tuple[int, int]] = []
    model.rowsRemoved.connect(lambda _parent, first, last: removed.append((first, last)))

    filled(model, *((str(number), number) for number in range(10, 18)))

    assert removed == [(10, 17)]


def test_a_dropped_row_is_gone_also_when_it_waits(model: TableModel[Row]) -> None:
    filled(model, ("a", 1), ("b", 2))
    model.put("c", Row("c", 3))

    model.drop("a")
    model.drop("c")
    model.refresh()

    assert texts(model) == ["b"]


def test_numbers_stand_at_the_right(model: TableModel[Row]) -> None:
    filled(model, ("a", 1))

    alignment = Qt.AlignmentFlag(model.data(model.index(0, 1), Qt.ItemDataRole.TextAlignmentRole))
    assert alignment & Qt.AlignmentFlag.AlignRight
    assert model.headerData(1, Qt.Orientation.Horizontal) == "Size"
    assert model.columnCount(QModelIndex()) == 2


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.integers(0, 8), st.integers(0, 20)),
        st.tuples(st.just("drop"), st.integers(0, 8), st.just(0)),
        st.tuples(st.just("sort"), st.integers(-1, 1), st.integers(0, 1)),
        st.tuples(st.just("filter"), st.integers(0, 20), st.integers(0, 1)),
        st.tuples(st.just("refresh"), st.just(0), st.just(0)),
    ),
    max_size=30,
)


@given(steps=STEPS)
def test_after_any_story_the_list_shows_each_row_that_belongs_there_once(steps: list[tuple[str, int, int]]) -> None:
    model = TableModel(COLUMNS)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    expected: dict[str, Row] = {}
    least = None
    for what, first, second in steps:
        match what:
            case "put":
                expected[str(first)] = Row(str(first), second)
                model.put(str(first), Row(str(first), second))
            case "drop":
                expected.pop(str(first), None)
                model.drop(str(first))
            case "sort":
                model.sort(first, Qt.SortOrder.DescendingOrder if second else Qt.SortOrder.AscendingOrder)
            case "filter":
                least = first if second else None
                model.show_only((lambda row, least=first: row.size >= least) if second else None)
            case _:
                model.refresh()
    model.refresh()

    wanted = {name: row for name, row in expected.items() if least is None or (row.size or 0) >= least}
    assert sorted(texts(model)) == sorted(wanted)
    assert {name: str(row.size) for name, row in wanted.items()} == dict(
        zip(texts(model), texts(model, 1), strict=True)
    )
    model.deleteLater()
