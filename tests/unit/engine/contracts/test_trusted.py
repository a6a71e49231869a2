"""The platform's own constructor: the same notes as the checking one, without a second look at their values."""

import pytest
from pydantic import ValidationError, model_validator

from engine.contracts.base import Contract, trusted
from engine.contracts.orders import Order
from engine.contracts.plans import EntryPlan, OrderType
from engine.contracts.signals import OpportunitySignal
from tests.support.notes import a_swot, a_translation, an_entry_plan, an_opportunity, an_order

pytestmark = pytest.mark.unit


def _fields(note: Contract) -> dict[str, object]:
    return {name: getattr(note, name) for name in type(note).model_fields}


@pytest.mark.parametrize("note", [an_order(), an_opportunity(), a_translation(), a_swot()])
def test_a_trusted_note_is_the_note_that_the_constructor_makes(note: Contract) -> None:
    backwards = dict(reversed(_fields(note).items()))

    made = trusted(type(note))(**backwards)

    assert made == note
    assert made.model_dump_json() == note.model_dump_json()
    assert made.model_fields_set == set(type(note).model_fields)
    with pytest.raises(ValidationError, match="frozen"):
        setattr(made, next(iter(type(note).model_fields)), None)


def test_what_is_not_given_is_the_default() -> None:
    order = an_order()
    given = {name: value for name, value in _fields(order).items() if Order.model_fields[name].is_required()}

    assert trusted(Order)(**given) == Order(**given)  # type: ignore[arg-type]  # values of a sound order


def test_names_are_checked() -> None:
    fields = _fields(an_order())

    with pytest.raises(TypeError, match="colour"):
        trusted(Order)(**fields, colour="red")  # type: ignore[call-arg,arg-type]  # that is what is tried
    del fields["symbol"]
    with pytest.raises(TypeError, match="symbol"):
        trusted(Order)(**fields)  # type: ignore[arg-type]  # that is what is tried


def test_a_dictionary_is_never_shared_between_notes() -> None:
    fields = _fields(an_opportunity())
    del fields["metadata"]

    with pytest.raises(TypeError, match="metadata"):
        trusted(OpportunitySignal)(**fields)  # type: ignore[arg-type]  # that is what is tried


def test_the_rules_between_fields_hold() -> None:
    fields = _fields(an_entry_plan(order_type=OrderType.MARKET, limit_price=None)) | {"order_type": OrderType.LIMIT}

    with pytest.raises(ValueError, match="LIMIT needs limit_price"):
        trusted(EntryPlan)(**fields)  # type: ignore[arg-type]  # that is what is tried


def test_a_contract_whose_rules_come_first_has_no_trusted_maker() -> None:
    class Eager(Contract):
        name: str

        @model_validator(mode="before")
        @classmethod
        def _upper(cls, values: dict[str, str]) -> dict[str, str]:
            return {"name": values["name"].upper()}

    with pytest.raises(TypeError, match="Eager"):
        trusted(Eager)
