"""Intent to swap: the document's examples."""

from decimal import Decimal

import pytest

from engine.contracts.plans import OrderType
from engine.contracts.specs import DexExecutionSpec, GasStrategy, RouterStrategy
from engine.primitives.errors import VenueRejected
from tests.support import notes
from tests.support.execution import a_sized_directive, translate

pytestmark = pytest.mark.unit
D = Decimal


def swap(
    *, size: str = "0.1", urgency: str = "0.5", visibility: str = "0.7", window: int | None = None
) -> DexExecutionSpec:
    intent = notes.an_intent(
        execution_urgency=D(urgency), visibility_preference=D(visibility), max_execution_window_minutes=window
    )
    spec = translate("DEX", a_sized_directive(size=size, intent=intent)).spec
    assert isinstance(spec, DexExecutionSpec)
    return spec


@pytest.mark.parametrize(
    ("urgency", "gas"), [("0.9", GasStrategy.FAST), ("0.5", GasStrategy.STANDARD), ("0.2", GasStrategy.SLOW)]
)
def test_urgency_buys_gas(urgency: str, gas: GasStrategy) -> None:
    assert swap(urgency=urgency).gas_strategy is gas


def test_haste_is_protected_against_front_running() -> None:
    assert swap(urgency="0.9").mev_protection_enabled
    assert not swap(urgency="0.5").mev_protection_enabled


def test_a_valuable_swap_is_protected() -> None:
    assert not swap(size="0.2").mev_protection_enabled
    assert swap(size="0.21").mev_protection_enabled


def test_shyness_goes_past_the_public_mempool() -> None:
    assert swap(visibility="0.1").private_mempool
    assert not swap(visibility="0.4").private_mempool
    assert swap(visibility="0.4").mev_protection_enabled


def test_a_large_swap_is_split_over_exchanges() -> None:
    assert swap(size="10").router_strategy is RouterStrategy.SINGLE_DEX
    assert swap(size="10.1").router_strategy is RouterStrategy.MULTI_DEX


def test_the_window_is_the_deadline() -> None:
    assert swap(window=7).deadline_minutes == 7
    assert swap().deadline_minutes == 20


def test_a_swap_that_would_have_to_rest_is_refused() -> None:
    directive = a_sized_directive(entry_plan=notes.an_entry_plan(order_type=OrderType.LIMIT, limit_price=D(49900)))

    with pytest.raises(VenueRejected) as no:
        translate("DEX", directive)

    assert no.value.facts["rule"] == "no resting orders"
