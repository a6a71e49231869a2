"""A flatten on disk: whole or not there, taken once, and forgotten with its latch."""

from pathlib import Path

import pytest

from engine.contracts.commands import ClearLatchRequest
from engine.contracts.flatten import FlattenJob, FlattenRequest, FlattenScope
from engine.primitives.errors import LedgerMismatch
from engine.storage.flatten_file import FlattenFile
from tests.support import notes

pytestmark = pytest.mark.unit


def a_job() -> FlattenJob:
    return FlattenJob(
        job_id=notes.an_id("BAT"),  # type: ignore[arg-type]  # an id of the right kind
        asked_at=notes.AT,
        asked_by="a test",
        scope=FlattenScope(mode="PAPER"),
        updated_at=notes.AT,
    )


def test_a_job_comes_back_as_it_was_until_it_is_forgotten(tmp_path: Path) -> None:
    files = FlattenFile(tmp_path / "paper")
    assert files.read() is None

    files.keep(a_job())
    assert files.read() == a_job()

    files.forget()
    assert files.read() is None


def test_requests_are_taken_once_in_the_order_in_which_they_were_asked(tmp_path: Path) -> None:
    files = FlattenFile(tmp_path)
    files.ask(FlattenRequest(asked_by="one"))
    files.ask(FlattenRequest(asked_by="two", symbols=("BTC/USDT",)))

    taken = [files.take(path) for path in files.requests()]
    assert [it.asked_by for it in taken if it is not None] == ["one", "two"]
    assert files.requests() == []


def test_a_request_that_cannot_be_read_flattens_everything(tmp_path: Path) -> None:
    (tmp_path / "flatten-request-1.json").write_text("{")
    files = FlattenFile(tmp_path)

    (path,) = files.requests()

    taken = files.take(path)
    assert isinstance(taken, FlattenRequest)
    assert taken.is_whole


def test_any_other_request_that_cannot_be_read_is_dropped(tmp_path: Path) -> None:
    (tmp_path / "request-1.json").write_text("{}")
    files = FlattenFile(tmp_path)

    (path,) = files.requests()

    assert files.take(path) is None
    assert files.requests() == []


def test_an_answer_is_taken_once_by_who_asked(tmp_path: Path) -> None:
    files, answer = FlattenFile(tmp_path), notes.an_answer()
    asked = files.ask(ClearLatchRequest(asked_by="one", reason="it is over"))
    assert files.take_answer(asked) is None

    assert files.take(asked) == ClearLatchRequest(asked_by="one", reason="it is over")
    files.answer(asked, answer)

    assert files.ask(ClearLatchRequest(asked_by="two", reason="it is over")) != asked
    assert files.take_answer(asked) == answer
    assert files.take_answer(asked) is None


def test_a_damaged_job_says_so(tmp_path: Path) -> None:
    (tmp_path / "flatten.json").write_text("{}")

    with pytest.raises(LedgerMismatch, match="ask for it again"):
        FlattenFile(tmp_path).read()
