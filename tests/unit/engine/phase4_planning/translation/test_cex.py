"""Intent to order: the document's examples, and what decisions 5.2 adds to them."""

from decimal import Decimal
from typing import Any

import pytest

from engine.config.policies import CexPolicy, TranslationPolicy
from engine.contracts.base import Direction
from engine.contracts.directives import DirectiveScope
from engine.contracts.intents import ExecutionAction, ExecutionStyle
from engine.contracts.orders import TimeInForce
from engine.contracts.plans import EntryLayer, OrderType
from engine.contracts.specs import CexExecutionSpec
from engine.primitives.errors import VenueRejected
from tests.support import notes
from tests.support.execution import a_sized_directive, translate

pytestmark = pytest.mark.unit
D = Decimal


def spec_for(*, policy: TranslationPolicy | None = None, size: str = "0.5", entry: Any = None, **intent: Any) -> Any:
    changes = {} if entry is None else {"entry_plan": entry}
    directive = a_sized_directive(size=size, intent=notes.an_intent(**intent), **changes)
    spec = translate("CEX", directive, policy=policy).spec
    assert isinstance(spec, CexExecutionSpec)
    return spec


def test_an_urgent_intent_is_a_market_order_that_does_not_wait() -> None:
    spec = spec_for(execution_urgency=D("0.9"), max_execution_window_minutes=None)

    assert (spec.order_type, spec.time_in_force) == (OrderType.MARKET, TimeInForce.IOC)


def test_an_urgency_of_exactly_the_threshold_is_not_urgent() -> None:
    assert spec_for(execution_urgency=D("0.8")).order_type is OrderType.LIMIT


def test_all_or_nothing_is_fill_or_kill() -> None:
    spec = spec_for(execution_urgency=D("0.9"), max_execution_window_minutes=None, min_fill_ratio=D(1))

    assert spec.time_in_force is TimeInForce.FOK


def test_what_must_complete_at_once_is_market_however_patient() -> None:
    spec = spec_for(
        execution_urgency=D("0.2"), must_complete_immediately=True, max_execution_window_minutes=None, size="9"
    )

    assert (spec.order_type, spec.chunk_count) == (OrderType.MARKET, 1)


def test_a_market_entry_without_haste_rests_at_the_slippage_bound_for_its_window() -> None:
    spec = spec_for(execution_urgency=D("0.5"), max_slippage_pct=D("0.005"))

    assert (spec.order_type, spec.time_in_force, spec.limit_price) == (OrderType.LIMIT, TimeInForce.GTC, D("50250.00"))
    assert spec.window_minutes == 30


def test_a_limit_entry_keeps_its_price() -> None:
    spec = spec_for(entry=notes.an_entry_plan(order_type=OrderType.LIMIT, limit_price=D(49900)))

    assert (spec.order_type, spec.time_in_force, spec.limit_price) == (OrderType.LIMIT, TimeInForce.GTC, D(49900))
    assert spec.price_bound == D("50149.50")


def test_a_stop_limit_entry_keeps_both_prices_and_is_never_sliced() -> None:
    entry = notes.an_entry_plan(order_type=OrderType.STOP_LIMIT, stop_price=D(50100), limit_price=D(50200))
    spec = spec_for(entry=entry, execution_urgency=D("0.1"), size="9")

    assert (spec.order_type, spec.stop_price, spec.limit_price) == (OrderType.STOP_LIMIT, D(50100), D(50200))
    assert spec.chunk_count == 1


def test_patience_with_size_is_a_twap_of_the_hinted_slices() -> None:
    directive = a_sized_directive(
        size="2.5",
        intent=notes.an_intent(execution_urgency=D("0.2"), chunk_count_hint=5, max_execution_window_minutes=30),
    )
    translation = translate("CEX", directive)

    assert isinstance(translation.spec, CexExecutionSpec)
    assert translation.spec.chunk_count == 5
    assert translation.group.execution_strategy is ExecutionStyle.TWAP


def test_without_a_hint_there_is_a_slice_for_every_threshold_size() -> None:
    assert spec_for(execution_urgency=D("0.2"), size="4.2", max_execution_window_minutes=60).chunk_count == 5


def test_a_short_window_leaves_time_for_fewer_slices() -> None:
    assert spec_for(execution_urgency=D("0.2"), size="9", max_execution_window_minutes=15).chunk_count == 3


def test_a_twap_without_a_window_takes_the_policys_time_per_slice() -> None:
    spec = spec_for(execution_urgency=D("0.2"), size="4", max_execution_window_minutes=None)

    assert (spec.chunk_count, spec.window_minutes) == (4, 20)


def test_a_hint_alone_slices_nothing() -> None:
    assert spec_for(execution_urgency=D("0.5"), size="9", chunk_count_hint=5).chunk_count == 1
    assert spec_for(execution_urgency=D("0.2"), size="0.9", chunk_count_hint=5).chunk_count == 1


def test_no_slice_is_smaller_than_the_venue_takes() -> None:
    policy = TranslationPolicy(cex=CexPolicy(twap_above_value=D(10)))
    directive = a_sized_directive(
        size="0.0005", intent=notes.an_intent(execution_urgency=D("0.1"), chunk_count_hint=50)
    )
    spec = translate("CEX", directive, policy=policy).spec

    assert isinstance(spec, CexExecutionSpec)
    assert spec.chunk_count == 5  # 0.0005 at 50000 is 25 of quote value, and the venue takes 5 at least


def test_shyness_with_size_is_an_iceberg() -> None:
    directive = a_sized_directive(size="6", intent=notes.an_intent(visibility_preference=D("0.1")))
    translation = translate("CEX", directive)

    assert isinstance(translation.spec, CexExecutionSpec)
    assert translation.spec.iceberg_enabled
    assert translation.spec.iceberg_visible_ratio == D("0.1")
    assert translation.group.execution_strategy is ExecutionStyle.ICEBERG


def test_a_small_shy_order_is_no_iceberg() -> None:
    assert not spec_for(size="5", visibility_preference=D("0.1")).iceberg_enabled


def test_a_threshold_in_quote_value_overrides_the_one_in_base_units() -> None:
    policy = TranslationPolicy(cex=CexPolicy(iceberg_above_value=D(20000)))

    assert spec_for(policy=policy, size="0.5", visibility_preference=D("0.1")).iceberg_enabled


@pytest.mark.parametrize(
    ("direction", "stop", "target", "bound"),
    [(Direction.BUY, "40000", "60000", "50166.66"), (Direction.SELL, "60000", "40000", "49833.34")],
)
def test_the_slippage_bound_is_rounded_to_our_side(direction: Direction, stop: str, target: str, bound: str) -> None:
    directive = a_sized_directive(
        entry_plan=notes.an_entry_plan(direction=direction),
        exit_plan=notes.an_exit_plan(stop_loss_price=D(stop), take_profit_price=D(target)),
        intent=notes.an_intent(max_slippage_pct=D("0.00333333")),
    )
    spec = translate("CEX", directive, instrument=notes.an_instrument(may_short=True)).spec

    assert isinstance(spec, CexExecutionSpec)
    assert spec.price_bound == D(bound)
    assert spec.max_slippage_bps == 33


@pytest.mark.parametrize("action", [ExecutionAction.CANCEL_GROUP, ExecutionAction.CLOSE_POSITION])
def test_what_places_no_trade_has_no_order_type(action: ExecutionAction) -> None:
    directive = notes.an_execution_directive(
        scope=DirectiveScope.CLOSE_EXISTING,
        entry_plan=None,
        size_plan=None,
        exit_plan=None,
        target_trade_ids=(notes.an_id("TRD"),),
        execution_intent=notes.an_intent(action=action, execution_urgency=D(1), max_execution_window_minutes=None),
    )
    spec = translate("CEX", directive).spec

    assert isinstance(spec, CexExecutionSpec)
    assert (spec.order_type, spec.action) == (None, action)


def a_layered_entry(second: str = "49800") -> Any:
    layers = (EntryLayer(limit_price=D(49900), share=D("0.6")), EntryLayer(limit_price=D(second), share=D("0.4")))
    return notes.an_entry_plan(order_type=OrderType.LIMIT, limit_price=D(49900), layers=layers)


def test_layers_rest_whole_and_in_the_open_however_large_they_are() -> None:
    entry = a_layered_entry()
    spec = spec_for(entry=entry, size="9", execution_urgency=D("0.2"), visibility_preference=D("0.1"))

    assert spec.layers == entry.layers
    assert (spec.order_type, spec.limit_price) == (OrderType.LIMIT, D(49900))
    assert (spec.chunk_count, spec.iceberg_enabled) == (1, False)


def test_an_urgent_intent_takes_the_market_instead_of_layers() -> None:
    spec = spec_for(entry=a_layered_entry(), execution_urgency=D("0.9"), max_execution_window_minutes=None)

    assert (spec.order_type, spec.layers) == (OrderType.MARKET, None)


def test_a_layer_off_the_tick_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(VenueRejected) as refused:
        spec_for(entry=a_layered_entry("49800.005"))

    assert (refused.value.facts["rule"], refused.value.facts["field"]) == ("tick size", "layers")


def test_the_simulation_gets_the_same_layers_as_the_exchange() -> None:
    entry = a_layered_entry()
    spec = translate("BACKTEST", a_sized_directive(size="0.5", intent=notes.an_intent(), entry_plan=entry)).spec

    assert getattr(spec, "layers", None) == entry.layers
