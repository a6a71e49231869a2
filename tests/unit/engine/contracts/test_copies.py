import pickle

import pytest
from pydantic import ValidationError

from engine.contracts.orders import Order, OrderStatus
from tests.support.notes import an_order

pytestmark = pytest.mark.unit


def test_a_copy_differs_in_what_was_asked_for_alone_and_leaves_the_first_as_it_was() -> None:
    order = an_order()
    text = order.model_dump_json()

    copy = order.model_copy(update={"status": OrderStatus.UNKNOWN})

    differing = {name for name in Order.model_fields if getattr(copy, name) != getattr(order, name)}
    assert differing == {"status"}
    assert order.model_dump_json() == text


@pytest.mark.parametrize("deep", [False, True])
def test_a_copy_is_a_whole_note_of_its_kind(deep: bool) -> None:
    order = an_order()

    copy = order.model_copy(deep=deep)

    assert copy is not order
    assert copy == order
    assert pickle.loads(pickle.dumps(copy)) == order  # noqa: S301  # our own note
    assert Order.model_validate_json(copy.model_dump_json()) == order
    with pytest.raises(ValidationError, match="frozen"):
        copy.status = OrderStatus.UNKNOWN  # type: ignore[misc]  # that is what is tried


def test_a_word_is_its_text_in_json_and_itself_in_python() -> None:
    order = an_order(status=OrderStatus.CANCEL_PENDING)

    assert '"status":"CANCEL_PENDING"' in order.model_dump_json()
    assert type(order.model_dump(mode="json")["status"]) is str
    assert order.model_dump()["status"] is OrderStatus.CANCEL_PENDING
