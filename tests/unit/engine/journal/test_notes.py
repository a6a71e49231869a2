import pytest

from engine.contracts.base import Contract
from engine.journal.notes import NOTE_TYPES, read_note
from engine.primitives.errors import LedgerMismatch
from tests.support.notes import an_entry_plan, every_note

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "note",
    [note for note in every_note() if type(note).__name__ in NOTE_TYPES],
    ids=lambda note: type(note).__name__,
)
def test_every_note_that_a_flow_may_carry_comes_back_equal(note: Contract) -> None:
    assert read_note(type(note).__name__, note.model_dump_json(exclude_none=True)) == note


def test_a_kind_that_nobody_knows_is_named() -> None:
    with pytest.raises(LedgerMismatch, match="does not know"):
        read_note("RoutingPlan", "{}")


def test_a_text_that_does_not_fit_is_said() -> None:
    with pytest.raises(LedgerMismatch, match="does not fit its contract"):
        read_note(type(an_entry_plan()).__name__, "{}")
