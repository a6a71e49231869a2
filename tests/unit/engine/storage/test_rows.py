from collections.abc import Mapping
from decimal import Decimal

import pytest

from engine.contracts.base import Contract
from engine.contracts.execution import ExecutionGroup
from engine.contracts.orders import Fill, Order, Position, Trade
from engine.storage.rows import RowCodec, decimal_text
from engine.storage.schema import EXECUTION_GROUP, FILL, ORDERS, POSITION, TRADE, Table
from tests.support.notes import a_fill, a_group, a_position, a_trade, an_id, an_order

pytestmark = pytest.mark.unit
D = Decimal

EXAMPLES = [
    an_order(),
    an_order(limit_price=D("0.00000001"), stop_price=D("1E+3"), reduce_only=True, reason="é"),
    a_fill(quantity=D("0.1000000000000000055"), fee=D("-0.5")),
    a_group(order_ids=(an_id("ORD"), an_id("ORD", 1))),
    a_position(quantity=D("-3"), cost_quote=D("-150.00"), mark_price=None),
    a_trade(),
]


@pytest.mark.parametrize("note", EXAMPLES, ids=lambda note: type(note).__name__)
def test_a_note_comes_back_equal(note: Contract) -> None:
    codec = RowCodec(type(note))

    assert codec.note(dict(zip(codec.columns, codec.row(note), strict=True))) == note


@pytest.mark.parametrize(
    ("contract", "table"),
    [(Order, ORDERS), (Fill, FILL), (ExecutionGroup, EXECUTION_GROUP), (Position, POSITION), (Trade, TRADE)],
)
def test_a_contract_and_its_table_have_the_same_columns(contract: type[Contract], table: Table) -> None:
    columns: Mapping[str, type] = table.columns
    extra = ("account",) if table is FILL else ()

    # A column that came later stands after it.
    assert RowCodec(contract).columns == tuple(name for name in columns if name not in extra)
    assert set(extra) <= set(columns)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1E+3", "1000"),
        ("1E-8", "0.00000001"),
        ("0.10", "0.10"),
        ("-0", "-0"),
        ("123456789012345678.9", "123456789012345678.9"),
    ],
)
def test_a_decimal_is_written_in_plain_digits(value: str, text: str) -> None:
    assert decimal_text(D(value)) == text
    assert D(text) == D(value)


def test_a_type_without_a_rule_is_refused_when_the_codec_is_made() -> None:
    class Odd(Contract):
        weight: float

    with pytest.raises(TypeError, match="no column holds"):
        RowCodec(Odd)
