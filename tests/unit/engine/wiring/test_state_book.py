"""A page for each worker: what a flow changed counts with the flow, and the warm-up has a sheet of its own."""

from typing import Any

import pytest

from engine.contracts.worker_state import SavedState
from engine.primitives.errors import PluginError
from engine.wiring.state_book import StateBook, StatePage
from tests.support.notes import a_kept_state

pytestmark = pytest.mark.unit

NOW_NS = 1_700_000_000_000_000_000


def a_state(body: str = '{"bars":7}', **more: Any) -> SavedState:
    return a_kept_state(body=body, version=2, **more)


def a_book(*restored: SavedState) -> tuple[StateBook, StatePage]:
    book = StateBook("demo", now_ns=lambda: NOW_NS, restored=restored)
    page = book.page("scout", plugin="Scout", version=2)
    book.open()
    return book, page


def test_what_a_flow_changed_is_known_at_once_and_handed_out_once() -> None:
    book, page = a_book()
    assert page.load() is None
    page.save({"bars": 1})
    assert page.load() == {"bars": 1}

    assert book.settle(counts=True) == (a_state('{"bars":1}', at_ns=NOW_NS),)
    assert book.settle(counts=True) == ()
    assert page.load() == {"bars": 1}


def test_a_flow_that_does_not_count_leaves_what_stood_before() -> None:
    book, page = a_book(a_state())
    page.save({"bars": 8})

    assert book.settle(counts=False) == ()
    assert page.load() == {"bars": 7}


def test_the_same_values_again_are_no_change_but_the_way_back_is_one() -> None:
    book, page = a_book(a_state())
    page.save({"bars": 7})
    assert not book.unsaved
    page.save({"bars": 8})
    page.save({"bars": 7})

    assert [state.body for state in book.settle(counts=True)] == ['{"bars":7}']


def test_the_warm_up_does_not_see_what_the_last_session_left() -> None:
    book, page = a_book(a_state())
    with book.warming():
        assert page.load() is None
        page.save({"bars": 500})
        assert book.settle(counts=True) == ()
        assert page.load() == {"bars": 500}

    assert page.load() == {"bars": 7}


def test_in_a_first_session_what_was_saved_in_the_warm_up_goes_on_and_lasts_when_it_is_saved_again() -> None:
    book, page = a_book()
    with book.warming():
        page.save({"bars": 500})
        book.settle(counts=True)
    assert page.load() == {"bars": 500}
    page.save({"bars": 500})

    assert [state.body for state in book.settle(counts=True)] == ['{"bars":500}']


def test_workers_do_not_share_a_page() -> None:
    book, page = a_book(a_state(), a_state('{"bars":1}', worker_id="other"))
    page.save({"bars": 9})

    assert book.page("other", plugin="Scout", version=2).load() == {"bars": 1}


def test_a_worker_that_is_still_being_built_can_neither_read_nor_write() -> None:
    page = StateBook("demo", now_ns=lambda: NOW_NS, restored=[a_state()]).page("scout", plugin="Scout", version=2)

    for use in (page.load, lambda: page.save({"bars": 1})):
        with pytest.raises(PluginError, match=r"use tools\.state in a handler, not in the constructor"):
            use()


def test_changing_the_values_after_saving_them_changes_nothing() -> None:
    _, page = a_book()
    values = {"peaks": [1, 2]}
    page.save(values)
    values["peaks"].append(3)

    assert page.load() == {"peaks": (1, 2)}
