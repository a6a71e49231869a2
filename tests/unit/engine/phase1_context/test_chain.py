"""Every column has one owner, and is read only after it was written."""

import pytest

from engine.phase1_context.chain import ChainLink, ContextChain, assign_columns
from engine.primitives.errors import WiringError
from tests.support.context import columns_named, contexts

pytestmark = pytest.mark.unit


def a_link(worker: str, *columns: str, requires: tuple[str, ...] = ()) -> ChainLink:
    return ChainLink(worker, tuple(columns_named(columns)), requires)


def test_workers_stand_one_after_the_other_behind_the_bar() -> None:
    layout = assign_columns([a_link("structure", "trend", "swing"), a_link("idle"), a_link("ema", "ema_20")])

    assert layout.first_column == {"structure": 5, "idle": 7, "ema": 7}
    assert [spec.name for spec in layout.specs] == ["trend", "swing", "ema_20"]


def test_a_column_with_two_owners_is_refused_and_both_are_named() -> None:
    with pytest.raises(WiringError, match="second claims the column ema_20, which belongs to first"):
        assign_columns([a_link("first", "ema_20"), a_link("second", "ema_20")])


def test_the_bar_belongs_to_nobody() -> None:
    with pytest.raises(WiringError, match="claims the column close, which belongs to the bar itself"):
        assign_columns([a_link("thief", "close")])


def test_reading_a_column_before_it_is_written_is_refused_with_the_remedy() -> None:
    links = [a_link("reader", "x", requires=("ema_20",)), a_link("writer", "ema_20")]

    with pytest.raises(WiringError, match="reader reads ema_20, which writer writes later: move writer before it"):
        assign_columns(links)


def test_reading_a_column_that_nobody_writes_names_the_nearest() -> None:
    with pytest.raises(WiringError, match=r"reads ema_2, which no worker writes \(nearest: ema_20\)"):
        assign_columns([a_link("writer", "ema_20"), a_link("reader", requires=("ema_2",))])


def test_all_findings_come_at_once() -> None:
    links = [a_link("a", "x"), a_link("b", "x", requires=("nowhere",)), a_link("c", "high")]

    with pytest.raises(WiringError) as refusal:
        assign_columns(links)

    assert str(refusal.value).count(";") == 2


def test_a_chain_that_reads_only_what_was_written_is_accepted() -> None:
    assign_columns([a_link("writer", "x"), a_link("reader", "y", requires=("x", "close"))])


def test_the_end_of_the_chain_hands_the_same_context_on() -> None:
    (context,) = contexts([1.0])

    assert ContextChain().on_tick(context) is context
