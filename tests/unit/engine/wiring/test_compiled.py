"""A map that cannot be carried out is refused whole, before anything runs."""

import pytest

from engine.contracts.context import TradingContext
from engine.contracts.disposition import NOTHING, Envelopes
from engine.contracts.events import CONTEXT_READY, TICK_RECEIVED
from engine.contracts.plans import EntryPlan
from engine.primitives.errors import WiringError
from engine.wiring.compiled import compile_wiring
from engine.wiring.wiring_map import wiring_hash
from tests.support.wiring import Scripted, a_handler, a_map, bound

pytestmark = pytest.mark.unit

EMA = a_handler("ema.on_tick", TradingContext)


class Ema:
    def on_tick(self, context: TradingContext) -> Envelopes:
        return NOTHING


class WrongEma:
    def on_tick(self, plan: EntryPlan) -> Envelopes:
        return NOTHING


def test_a_compiled_map_knows_its_hash_and_its_subscribers() -> None:
    wiring = a_map({"TICK_RECEIVED": ["ema.on_tick"]})

    compiled = compile_wiring(wiring, [bound(Ema(), EMA)])

    assert compiled.wiring_hash == wiring_hash(wiring)
    assert compiled.subscribers_of(TICK_RECEIVED) == (("ema", "on_tick"),)
    assert compiled.subscribers_of(CONTEXT_READY) == ()


def test_every_fault_stands_in_the_refusal() -> None:
    wiring = a_map({"TICK_RECIEVED": ["ema.on_tick"], "CONTEXT_READY": ["emma.on_tick"]})

    with pytest.raises(WiringError) as refused:
        compile_wiring(wiring, [bound(Ema(), EMA)])

    assert "Did you mean TICK_RECEIVED?" in str(refused.value)
    assert "Did you mean ema?" in str(refused.value)
    assert "2 errors" in str(refused.value)


def test_a_method_written_for_another_note_is_refused() -> None:
    with pytest.raises(WiringError, match="is written for EntryPlan, but is given TradingContext"):
        compile_wiring(a_map({"TICK_RECEIVED": ["ema.on_tick"]}), [bound(WrongEma(), EMA)])


def test_a_method_that_is_not_there_is_refused() -> None:
    with pytest.raises(WiringError, match="has no method on_tick"):
        compile_wiring(a_map({"TICK_RECEIVED": ["ema.on_tick"]}), [bound(Scripted(), EMA)])


def test_two_workers_of_one_name_are_refused() -> None:
    with pytest.raises(WiringError, match="same name"):
        compile_wiring(a_map({"TICK_RECEIVED": ["ema.on_tick"]}), [bound(Ema(), EMA), bound(Ema(), EMA)])
