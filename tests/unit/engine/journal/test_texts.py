"""Notes of a flow as text: what is put together from parts is what pydantic would have written."""

import pytest

from engine.contracts.base import Contract
from engine.journal.texts import text_of, texts_of
from tests.support.notes import (
    a_batch,
    a_batch_translation,
    a_close_directive,
    a_request,
    a_strategy_directive,
    a_translation,
    an_opportunity,
)

pytestmark = pytest.mark.unit

_BATCH = a_batch_translation()


@pytest.mark.parametrize(
    "notes",
    [
        (an_opportunity(), a_strategy_directive(), a_request()),
        (a_translation().directive, a_translation()),
        (_BATCH.batch, _BATCH),
        (_BATCH, *_BATCH.translations, *_BATCH.batch.directives),
        (a_batch(),),
        (a_request().model_copy(update={"strategy_directive": a_close_directive(), "entry_plan": None}),),
    ],
)
def test_a_note_reads_the_same_whether_its_parts_were_told_before_or_not(notes: tuple[Contract, ...]) -> None:
    texts = texts_of(notes)

    assert texts == [note.model_dump_json(exclude_none=True) for note in notes]
    assert texts == [text_of(note) for note in notes]
    assert [type(note).model_validate_json(text) for note, text in zip(notes, texts, strict=True)] == list(notes)


def test_a_directive_that_is_said_twice_has_one_text() -> None:
    translation = a_translation()

    first, second, whole = texts_of([translation.directive, translation.directive, translation])

    assert first is second
    assert whole.startswith(f'{{"directive":{first},"spec":')
