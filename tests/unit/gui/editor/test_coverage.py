"""Who answers at which confidence, from the cells of a slot."""

from decimal import Decimal

import pytest

from engine.phase4_planning.coverage import cells_of
from gui.editor.coverage import has_gap, segments_of

pytestmark = pytest.mark.unit
D = Decimal


def test_ranges_gaps_and_overlaps_stand_where_they_are() -> None:
    cells = cells_of(
        [("patient", {"confidence": (D("0.3"), D("0.8"))}), ("bold", {"confidence": (D("0.6"), D("0.9"))})]
    )

    segments = segments_of(cells)

    assert [(each.low, each.high, each.workers) for each in segments] == [
        (0.0, 0.3, ()),
        (0.3, 0.6, ("patient",)),
        (0.6, 0.8, ("patient", "bold")),
        (0.8, 0.9, ("bold",)),
        (0.9, 1.0, ()),
    ]
    assert [each.is_gap for each in segments] == [True, False, False, False, True]
    assert [each.is_overlap for each in segments] == [False, False, True, False, False]
    assert has_gap({"entry": cells})


def test_a_gap_behind_another_trigger_is_a_gap() -> None:
    (low, high) = segments_of(
        cells_of([("calm", {"confidence": (D(0), D("0.5"))}), ("hasty", {"timing_preference": (D("0.8"), D(1))})])
    )

    assert (low.workers, low.is_gap, low.is_overlap) == (("calm", "hasty"), False, True)
    assert (high.workers, high.is_gap) == (("hasty",), True)


def test_planners_that_do_not_look_at_the_confidence_answer_everywhere() -> None:
    (segment,) = segments_of(cells_of([("sizer", {})]))

    assert (segment.low, segment.high, segment.workers, segment.is_gap) == (0.0, 1.0, ("sizer",), False)
