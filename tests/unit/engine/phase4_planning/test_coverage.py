"""Gaps and overlaps of a slot, as data."""

from decimal import Decimal

import pytest

from engine.phase4_planning.coverage import Bounds, Cell, cells_of

pytestmark = pytest.mark.unit

D = Decimal


def between(low: str, high: str) -> Bounds:
    return D(low), D(high)


def spans(cells: tuple[Cell, ...], axis: str = "confidence") -> list[tuple[str, str, tuple[str, ...]]]:
    return [(str(cell.box[axis][0]), str(cell.box[axis][1]), cell.workers) for cell in cells]


def test_a_planner_without_triggers_covers_everything() -> None:
    assert spans(cells_of([("always", {})])) == [("0", "1", ("always",))]


def test_ranges_that_share_an_edge_overlap_in_one_point() -> None:
    cells = cells_of([("low", {"confidence": between("0", "0.5")}), ("high", {"confidence": between("0.5", "1")})])

    assert spans(cells) == [("0", "0.5", ("low",)), ("0.5", "0.5", ("low", "high")), ("0.5", "1", ("high",))]
    assert [cell.is_overlap for cell in cells] == [False, True, False]


def test_overlaps_name_the_planner_that_answers_first() -> None:
    cells = cells_of([("wide", {"confidence": between("0", "1")}), ("narrow", {"confidence": between("0.4", "0.6")})])

    assert spans(cells)[1] == ("0.4", "0.6", ("wide", "narrow"))


def test_two_triggers_give_boxes() -> None:
    cells = cells_of(
        [
            ("aggressive", {"confidence": between("0.8", "1"), "timing_preference": between("0.5", "1")}),
            ("sure", {"confidence": between("0.8", "1")}),
        ]
    )

    found = {(cell.box["confidence"], cell.box["timing_preference"]): cell.workers for cell in cells}
    assert found == {
        (between("0", "0.8"), between("0", "0.5")): (),
        (between("0", "0.8"), between("0.5", "1")): (),
        (between("0.8", "1"), between("0", "0.5")): ("sure",),
        (between("0.8", "1"), between("0.5", "1")): ("aggressive", "sure"),
    }


def test_sizes_have_no_upper_end() -> None:
    cells = cells_of([("large", {"position_size": between("10", "1000")})])

    assert spans(cells, "position_size") == [("0", "10", ()), ("10", "1000", ("large",)), ("1000", "Infinity", ())]
