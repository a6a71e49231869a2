"""Order books put together from recorded messages: whole, in time order, or not at all."""

import gzip
import json
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from statistics import median

import pytest

from connectors.replay.depth import read_books
from engine.contracts.market import BookSnapshot
from engine.primitives.errors import DataError
from engine.primitives.timeframes import NS_PER_MS
from tests.support.books import a_change, a_snapshot, levels, written
from tests.support.tree import ROOT

pytestmark = pytest.mark.unit

RECORDED = ROOT.parent / "shared" / "data" / "l2"


def books_of(file: Path, **asked: int) -> list[BookSnapshot]:
    return list(read_books([file], symbol="BTC/USDT", **{"every_ms": 1, "levels": 10, **asked}))


def test_a_change_is_laid_over_the_snapshot(tmp_path: Path) -> None:
    file = written(
        tmp_path / "books.txt",
        [
            a_snapshot(10, bids=[("99", "1"), ("98", "2")], asks=[("101", "1"), ("102", "2")]),
            a_change(11, 12, at_ms=5_000, bids=[("99", "0"), ("97.5", "4")], asks=[("100.5", "3")]),
        ],
    )

    assert books_of(file) == [
        BookSnapshot(
            "BTC/USDT",
            5_000 * NS_PER_MS,
            levels([("98", "2"), ("97.5", "4")]),
            levels([("100.5", "3"), ("101", "1"), ("102", "2")]),
        )
    ]


def test_changes_that_came_before_their_snapshot_are_not_lost(tmp_path: Path) -> None:
    early = [
        a_change(5, 10, at_ms=1_000, bids=[("99", "7")]),
        a_change(11, 12, at_ms=2_000, bids=[("99", "3")]),
    ]
    file = written(
        tmp_path / "books.txt",
        [*early, a_snapshot(10), a_change(13, 13, at_ms=3_000, asks=[("101", "9")])],
    )

    (book,) = books_of(file)
    assert (book.bids[0].quantity, book.asks[0].quantity) == (Decimal(3), Decimal(9))


def test_after_a_hole_no_book_comes_until_the_next_snapshot(tmp_path: Path) -> None:
    file = written(
        tmp_path / "books.txt",
        [
            a_snapshot(10),
            a_change(11, 11, at_ms=1_000, bids=[("99", "2")]),
            a_change(13, 13, at_ms=2_000, bids=[("99", "3")]),
            a_change(14, 14, at_ms=3_000, bids=[("99", "4")]),
            a_snapshot(14),
            a_change(15, 15, at_ms=4_000, bids=[("99", "5")]),
        ],
    )

    assert [(book.taken_ns // NS_PER_MS, int(book.bids[0].quantity)) for book in books_of(file)] == [
        (1_000, 2),
        (4_000, 5),
    ]


def test_no_more_books_and_levels_come_than_were_asked_for(tmp_path: Path) -> None:
    changes = [a_change(11 + at, 11 + at, at_ms=1_000 + 100 * at, bids=[("99", "2")]) for at in range(30)]
    file = written(tmp_path / "books.txt", [a_snapshot(10), *changes])

    books = books_of(file, every_ms=1_000, levels=1)
    assert [book.taken_ns // NS_PER_MS for book in books] == [1_000, 2_000, 3_000]
    assert {(len(book.bids), len(book.asks)) for book in books} == {(1, 1)}


def test_a_crossed_book_is_held_back(tmp_path: Path) -> None:
    file = written(
        tmp_path / "books.txt",
        [
            a_snapshot(10),
            a_change(11, 11, at_ms=1_000, bids=[("101", "2")]),
            a_change(12, 12, at_ms=2_000, bids=[("101", "0")]),
        ],
    )

    assert [book.taken_ns // NS_PER_MS for book in books_of(file)] == [2_000]


@pytest.mark.parametrize(
    "line", ["17 {broken", "17 {}x", '17 {"data": {"e": "depthUpdate"}}', '17 {"lastUpdateId": 5}', "17 5"]
)
def test_a_line_that_is_no_message_is_named(tmp_path: Path, line: str) -> None:
    file = written(tmp_path / "books.txt", [a_snapshot(10)])
    file.write_text(f"{file.read_text(encoding='utf-8')}{line}\n", encoding="utf-8")

    with pytest.raises(DataError, match=r"no message of Binance.*line=2"):
        books_of(file)


def test_a_file_that_is_not_there_or_cut_off_is_named(tmp_path: Path) -> None:
    cut = tmp_path / "cut.gz"
    cut.write_bytes(gzip.compress(json.dumps(a_snapshot(10)).encode())[:-9])

    for file in (tmp_path / "missing.gz", cut):
        with pytest.raises(DataError, match=f"cannot be read.*{file.name}"):
            books_of(file)


def cost_bps(book: BookSnapshot, quantity: Decimal) -> float:
    """Return what a market buy pays over the middle, in basis points."""
    left, paid = quantity, Decimal(0)
    for level in book.asks:
        taken = min(left, level.quantity)
        left, paid = left - taken, paid + taken * level.price
    assert left == 0
    middle = (book.bids[0].price + book.asks[0].price) / 2
    return float(paid / quantity / middle - 1) * 10_000


@pytest.mark.parametrize(
    ("files", "costs"),
    [
        (["hftbacktest_binance_usdm_btcusdt_20240808.gz"], {1: 0.01, 10: 0.63, 50: 2.47}),
        (
            ["hftbacktest_binance_spot_btcusdt_20240808.gz", "hftbacktest_binance_spot_btcusdt_20240809.gz"],
            {1: 0.00, 10: 1.14, 50: 4.94},
        ),
    ],
    ids=["perpetual", "spot"],
)
@pytest.mark.slow
def test_recorded_markets_cost_what_was_measured_by_others(files: Iterable[str], costs: dict[int, float]) -> None:
    """The figures stand in the data's own README."""
    paths = [RECORDED / file for file in files]
    if not all(path.is_file() for path in paths):
        pytest.skip("the recorded order books are not on this machine")
    books = list(read_books(paths, symbol="BTC/USDT", every_ms=1_000, levels=500))

    assert len(books) > 60
    for quantity, expected in costs.items():
        assert median(cost_bps(book, Decimal(quantity)) for book in books) == pytest.approx(expected, rel=0.1, abs=0.01)
