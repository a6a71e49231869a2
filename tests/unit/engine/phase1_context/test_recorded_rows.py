"""Bars whose columns were computed before the run look the same as bars that come in one by one."""

import numpy as np
import pytest

from engine.contracts.market import BAR_COLUMNS
from engine.phase1_context.recorded_rows import RecordedRows
from engine.phase1_context.tick_cache import TickCache
from engine.primitives.errors import InvariantBroken
from engine.primitives.ids import IdSource
from tests.support.context import START_NS, a_drawn_bar, columns_named

pytestmark = pytest.mark.unit

CLOSES = [5.0, 6.0, 7.0, 8.0, 9.0, 10.0]
SPECS = columns_named(["mean"])
WINDOW = 3


def a_recording(*, is_complete: bool = True) -> RecordedRows:
    bars = [a_drawn_bar(close, at) for at, close in enumerate(CLOSES)]
    matrix = np.full((len(bars), len(BAR_COLUMNS) + 1), np.nan)
    matrix[:, : len(BAR_COLUMNS)] = [[getattr(bar, name) for name in BAR_COLUMNS] for bar in bars]
    if is_complete:
        matrix[:, -1] = np.arange(len(bars)) * 10.0
    opened = np.array([bar.opened_ns for bar in bars], dtype=np.int64)
    closed = np.array([bar.closed_ns for bar in bars], dtype=np.int64)
    return RecordedRows(
        "BTC/USDT", "1m", WINDOW, SPECS, opened_ns=opened, closed_ns=closed, matrix=matrix, is_complete=is_complete
    )


def a_cache(recorded: RecordedRows | None) -> TickCache:
    return TickCache("BTC/USDT", "1m", WINDOW, SPECS, IdSource(lambda: START_NS), recorded=recorded)


def test_a_recorded_bar_shows_what_one_shows_that_was_enriched_bar_by_bar() -> None:
    ahead, one_by_one = a_cache(a_recording()), a_cache(None)

    for at, close in enumerate(CLOSES):
        computed, written = ahead.push(a_drawn_bar(close, at)), one_by_one.push(a_drawn_bar(close, at))
        written.row[5] = at * 10.0
        assert computed.row == written.row
        for name in ("close", "mean"):
            assert computed.history(name).tolist() == written.history(name).tolist()
            assert np.array_equal(computed.previous(name), written.previous(name), equal_nan=True)
        assert computed.opened_history.tolist() == written.opened_history.tolist()
        assert len(ahead) == len(one_by_one)


def test_columns_that_were_not_computed_are_left_to_be_written() -> None:
    cache = a_cache(a_recording(is_complete=False))

    for at, close in enumerate(CLOSES):
        context = cache.push(a_drawn_bar(close, at))
        assert np.isnan(context.value("mean"))
        context.row[5] = float(at)

    assert context.history("mean").tolist() == [3.0, 4.0, 5.0]


def test_after_bars_were_passed_over_the_next_one_sees_them_all() -> None:
    cache = a_cache(a_recording())
    cache.push(a_drawn_bar(CLOSES[0], 0))

    cache.skip(3)
    context = cache.push(a_drawn_bar(CLOSES[4], 4))

    assert context.history("close").tolist() == CLOSES[2:5]
    assert context.previous("mean") == 30.0


def test_a_bar_of_another_recording_is_found_out() -> None:
    cache = a_cache(a_recording())

    with pytest.raises(InvariantBroken, match="next bar of the recording"):
        cache.push(a_drawn_bar(5.0, 1))


@pytest.mark.parametrize("bars", [7, 6])
def test_more_bars_than_there_are_cannot_be_passed_over(bars: int) -> None:
    cache = a_cache(a_recording())
    cache.push(a_drawn_bar(CLOSES[0], 0))

    with pytest.raises(InvariantBroken, match="passed over"):
        cache.skip(bars)


def test_bars_with_columns_that_are_still_to_be_written_cannot_be_passed_over() -> None:
    with pytest.raises(InvariantBroken, match="passed over"):
        a_cache(a_recording(is_complete=False)).skip(1)


def test_nobody_can_write_into_what_was_recorded() -> None:
    context = a_cache(a_recording()).push(a_drawn_bar(CLOSES[0], 0))

    with pytest.raises(ValueError, match="read-only"):
        context.history("close")[0] = 1.0
