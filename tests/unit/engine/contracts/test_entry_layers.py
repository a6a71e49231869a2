"""What a layered entry must be, whoever plans it."""

from decimal import Decimal

import pytest

from engine.contracts.base import Direction
from engine.contracts.plans import EntryLayer, EntryPlan, OrderType
from tests.support.notes import an_entry_plan

pytestmark = pytest.mark.unit

D = Decimal


def a_layered_plan(
    *layers: tuple[str, str], direction: Direction = Direction.BUY, limit: str | None = None
) -> EntryPlan:
    made = tuple(EntryLayer(limit_price=D(price), share=D(share)) for price, share in layers)
    return an_entry_plan(
        direction=direction, order_type=OrderType.LIMIT, limit_price=D(limit or layers[0][0]), layers=made
    )


def test_a_layered_entry_is_expected_at_its_worst_price_and_survives_json() -> None:
    plan = a_layered_plan(("49900", "0.6"), ("49800", "0.4"))

    assert (plan.expected_price, plan.best_price) == (D(49900), D(49800))
    assert EntryPlan.model_validate_json(plan.model_dump_json()) == plan
    assert an_entry_plan().best_price == an_entry_plan().expected_price


def test_layers_get_better_by_direction() -> None:
    a_layered_plan(("50100", "0.5"), ("50200", "0.5"), direction=Direction.SELL)
    with pytest.raises(ValueError, match="better price"):
        a_layered_plan(("49800", "0.5"), ("49900", "0.5"))
    with pytest.raises(ValueError, match="better price"):
        a_layered_plan(("49900", "0.5"), ("49900", "0.5"))


def test_shares_are_a_whole() -> None:
    with pytest.raises(ValueError, match="add up to 1"):
        a_layered_plan(("49900", "0.6"), ("49800", "0.5"))


def test_the_limit_is_the_first_layer_and_only_a_limit_has_layers() -> None:
    with pytest.raises(ValueError, match="limit_price is the price of the first"):
        a_layered_plan(("49900", "0.6"), ("49800", "0.4"), limit="49800")
    layers = a_layered_plan(("49900", "0.6"), ("49800", "0.4")).layers
    with pytest.raises(ValueError, match="only LIMIT takes layers"):
        an_entry_plan(order_type=OrderType.MARKET, layers=layers)


def test_one_layer_is_none() -> None:
    with pytest.raises(ValueError, match="at least 2 items"):
        a_layered_plan(("49900", "0.9"))
