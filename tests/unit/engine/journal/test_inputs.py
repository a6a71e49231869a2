"""What came in comes back from the journal as it was, to the last digit."""

from pathlib import Path

import pytest

from engine.journal.inputs import InputKind, event_row, read_inputs
from tests.support.books import a_book
from tests.support.journals import a_journal

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "book",
    [
        a_book(bids=[("60000.10", "0.12300"), ("1E+3", "2")], asks=[("60000.1000000001", "3")]),
        a_book(bids=(), asks=()),
    ],
    ids=["odd numbers", "empty"],
)
def test_an_order_book_is_read_as_it_was_written(tmp_path: Path, book: object) -> None:
    journal = a_journal(tmp_path / "journal.sqlite")
    kind, body = event_row(book)  # type: ignore[arg-type]  # a book
    journal.came_in(kind, body)
    journal.close()

    (found,) = read_inputs(journal.path)
    assert found.kind is InputKind.BOOK
    assert found.event == book
    assert str(found.event) == str(book), "the same digits, not only the same value"
    assert found.is_live
