"""The heavier side of the book, its width and its lean; nothing where there is no book to trust."""

import math

import pytest

from engine.contracts.market import BookSnapshot
from engine.primitives.timeframes import NS_PER_SECOND
from engine.sdk.testing import DrawnSide, a_drawn_book
from tests.support.context import employ, enriched

pytestmark = pytest.mark.unit

FOLDER = "phase1_context/order_book_imbalance"
BIDS: DrawnSide = (("99", "3"), ("98", "5"), ("97", "100"))
ASKS: DrawnSide = (("101", "1"), ("102", "1"), ("103", "900"))


def columns_with(book: BookSnapshot | None, **settings: object) -> dict[str, float]:
    """Return what the detector writes at the first bar, which closes a minute after the start."""
    return enriched(employ(FOLDER, settings, book=lambda: book), [100.0])[0]


def unknown(row: dict[str, float]) -> set[str]:
    return {name.removeprefix("book_") for name, value in row.items() if math.isnan(value)}


def test_the_imbalance_counts_the_best_levels_alone() -> None:
    book = a_drawn_book(BIDS, ASKS, 0)

    assert columns_with(book, levels=1)["book_imbalance"] == (3 - 1) / 4
    assert columns_with(book, levels=2)["book_imbalance"] == (8 - 2) / 10
    assert columns_with(book, levels=50)["book_imbalance"] == (108 - 902) / 1010


def test_the_spread_is_in_basis_points_of_the_middle() -> None:
    assert columns_with(a_drawn_book(BIDS, ASKS, 0))["book_spread_bps"] == 200.0


def test_the_microprice_leans_to_the_thinner_side() -> None:
    assert columns_with(a_drawn_book(BIDS, ASKS, 0))["book_microprice"] == (101 * 3 + 99 * 1) / 4


def test_where_nobody_bids_all_weight_is_on_the_asks_and_there_is_no_spread() -> None:
    row = columns_with(a_drawn_book((), ASKS, 0))

    assert row["book_imbalance"] == -1.0
    assert unknown(row) == {"spread_bps", "microprice"}


def test_an_empty_book_says_nothing() -> None:
    assert unknown(columns_with(a_drawn_book((), (), 0))) == {"imbalance", "spread_bps", "microprice"}


def test_before_the_first_book_nothing_is_known() -> None:
    assert unknown(columns_with(None)) == {"imbalance", "spread_bps", "microprice"}


def test_a_book_that_is_too_old_says_nothing_any_more() -> None:
    book = a_drawn_book(BIDS, ASKS, 0)
    at_the_limit = book._replace(taken_ns=book.taken_ns - 20 * NS_PER_SECOND)
    beyond = at_the_limit._replace(taken_ns=at_the_limit.taken_ns - NS_PER_SECOND)

    assert unknown(columns_with(at_the_limit, max_age_seconds=20)) == set()
    assert unknown(columns_with(beyond, max_age_seconds=20)) == {"imbalance", "spread_bps", "microprice"}
