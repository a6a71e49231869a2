import math
import struct
from typing import NoReturn

import numpy as np
import pytest

from engine.contracts.context import AssessedContext, GivenScores, TradingContext
from engine.journal.ticks import TickBlock, slot_of, slots_of, times_of, values_of
from engine.primitives.errors import InvariantBroken
from engine.primitives.ids import TICK, IdSlot
from engine.primitives.timeframes import NS_PER_SECOND
from engine.storage.schema import TICK_BLOCK
from tests.support.rows import GivenRows

pytestmark = pytest.mark.unit


def a_tick(
    row: list[float], slot: tuple[int, int], closed_ns: int, *, scores: tuple[float, float] = (0.0, 0.0)
) -> AssessedContext:
    context = TradingContext(GivenRows(), 0, IdSlot(*slot), closed_ns - 1, closed_ns, [1.0] * 5)
    context.row = row  # a block takes rows of any width
    return AssessedContext(context, GivenScores(*scores, _unwritten))


def _unwritten(_: TradingContext) -> NoReturn:
    raise AssertionError("a tick is kept without its assessment")


def stored(block: TickBlock) -> dict[str, object]:
    row = block.take_row()
    assert row is not None
    return dict(zip(TICK_BLOCK.columns, row, strict=True))


@pytest.mark.parametrize("slot", [(1_761_575_422, 0), (1_761_575_422, 46_655), (4_102_444_799, 60_466_175)])
def test_a_slot_is_read_back_from_its_id(slot: tuple[int, int]) -> None:
    assert slot_of(IdSlot(*slot).write(TICK)) == slot


def test_rows_come_back_bit_for_bit_but_for_the_signs_of_zero_and_nan() -> None:
    block = TickBlock("demo", width=3, size=4)
    block.add(a_tick([0.1, -0.0, math.inf], (10, 1), 111, scores=(0.3, -math.nan)), is_quiet=False)
    block.add(a_tick([1e-300, 1 / 3, 2.0], (11, 0), 222), is_quiet=False)

    row = stored(block)

    values = (0.1, 0.0, math.inf, 0.3, math.nan, 1e-300, 1 / 3, 2.0, 0.3, math.nan)
    assert values_of(row).tobytes() == struct.pack("<10d", *values)
    assert slots_of(row).tolist() == [[10, 1], [11, 0]]
    assert times_of(row).tolist() == [111, 222]


def test_quiet_ticks_are_flagged_and_counted() -> None:
    block = TickBlock("demo", width=1, size=4)
    block.add(a_tick([1.0], (10, 0), 1), is_quiet=False)
    block.add(a_tick([2.0], (11, 0), 2), is_quiet=True)

    row = stored(block)
    assert (row["quiet"], row["quiet_count"]) == (b"\x00\x01", 1)


def test_a_block_is_empty_after_it_was_taken_and_the_next_one_has_the_next_number() -> None:
    block = TickBlock("demo", width=1, size=2)
    block.add(a_tick([1.0], (10, 0), 1), is_quiet=False)
    assert stored(block)["number"] == 0
    assert block.take_row() is None

    block.add(a_tick([2.0], (11, 0), 2), is_quiet=False)
    row = stored(block)
    assert (row["number"], row["count"], values_of(row)[0, 0]) == (1, 1, 2.0)


def test_a_row_of_other_columns_is_a_bug_and_said_so() -> None:
    block = TickBlock("demo", width=2, size=2)
    block.add(a_tick([1.0], (10, 0), 1), is_quiet=False)

    with pytest.raises(InvariantBroken, match="other columns") as caught:
        block.take_row()
    assert (caught.value.facts["expected"], caught.value.facts["found"]) == (2, 1)


def test_many_quiet_ticks_at_once_are_kept_like_single_ones() -> None:
    rows = [[float(at), at / 3] for at in range(7)]
    seconds = [100 + 60 * at for at in range(7)]
    together, single = (TickBlock("demo", width=2, size=9) for _ in range(2))
    for block in (together, single):
        block.add(a_tick([9.0, 9.0], (40, 3), 40 * NS_PER_SECOND), is_quiet=False)

    closed_ns = np.array(seconds, dtype=np.int64) * NS_PER_SECOND
    together.add_quiet(np.array(rows), closed_ns, GivenScores(0.0, 0.0, _unwritten))
    for row, second in zip(rows, seconds, strict=True):
        single.add(a_tick(row, (second, 0), second * NS_PER_SECOND), is_quiet=True)
    for block in (together, single):
        block.add(a_tick([8.0, 8.0], (9_000, 1), 9_000 * NS_PER_SECOND), is_quiet=False)

    assert together.count == single.count == 9
    assert stored(together) == stored(single)
