"""Layers as orders: whole lots that add up, none too small, and never more risk than at the first price."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.contracts.orders import TimeInForce
from engine.contracts.plans import EntryLayer, OrderType
from engine.contracts.specs import BacktestExecutionSpec, CexExecutionSpec
from engine.phase5_execution.entries import EntryChildren, children_of
from tests.support.notes import AT, a_backtest_spec, a_cex_spec, an_entry_plan, an_instrument

pytestmark = pytest.mark.unit

D = Decimal
LAYERS = tuple(
    EntryLayer(limit_price=D(price), share=D(share))
    for price, share in (("49900", "0.5"), ("49800", "0.3"), ("49700", "0.2"))
)
TERMS = {
    "order_type": OrderType.LIMIT,
    "time_in_force": TimeInForce.GTC,
    "limit_price": D(49900),
    "layers": LAYERS,
    "window_minutes": 30,
}


def children(quantity: str, spec: BacktestExecutionSpec | CexExecutionSpec | None = None) -> EntryChildren:
    return children_of(
        spec or a_backtest_spec(**TERMS),
        entry=an_entry_plan(order_type=OrderType.LIMIT, limit_price=D(49900), layers=LAYERS),
        quantity=D(quantity),
        instrument=an_instrument(),
        now=AT,
    )


def placed(of: EntryChildren) -> list[tuple[Decimal | None, Decimal]]:
    return [(draft.limit_price, draft.quantity) for draft in of.drafts]


@pytest.mark.parametrize("spec", [a_backtest_spec(**TERMS), a_cex_spec(**TERMS)], ids=["simulation", "exchange"])
def test_each_layer_is_an_order_of_its_own_and_all_are_placed_at_once(
    spec: BacktestExecutionSpec | CexExecutionSpec,
) -> None:
    made = children("1", spec)

    assert placed(made) == [(D(49900), D("0.5")), (D(49800), D("0.3")), (D(49700), D("0.2"))]
    assert set(made.due_after_ns) == {0}
    assert not made.one_at_a_time
    assert made.worst_price == 49900
    assert all(draft.expires_at is not None for draft in made.drafts)


def test_what_rounding_leaves_over_goes_to_the_first_layer() -> None:
    assert placed(children("0.00101")) == [(D(49900), D("0.00051")), (D(49800), D("0.0003")), (D(49700), D("0.0002"))]


def test_a_share_that_is_too_small_an_order_goes_to_the_first_layer() -> None:
    # 5 USDT are the least, which is 0.00011 at these prices
    assert placed(children("0.0004")) == [(D(49900), D("0.00028")), (D(49800), D("0.00012"))]


def test_a_size_that_is_too_small_for_layers_is_one_order() -> None:
    assert placed(children("0.00012")) == [(D(49900), D("0.00012"))]


@given(st.decimals("0.00012", "100", places=5))
def test_layers_add_up_exactly_and_never_risk_more_than_all_at_the_first(quantity: Decimal) -> None:
    orders = placed(children(str(quantity)))
    stop = D(49000)

    assert sum(piece for _, piece in orders) == quantity
    assert all(price is not None and piece * price >= 5 for price, piece in orders)
    assert sum(piece * (price - stop) for price, piece in orders if price is not None) <= quantity * (49900 - stop)
