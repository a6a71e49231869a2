"""A map that cannot be carried out is refused whole, before anything runs."""

import pytest

from engine.contracts.context import TradingContext
from engine.contracts.disposition import NOTHING, Envelopes
from engine.contracts.events import CONTEXT_READY, TICK_RECEIVED
from engine.contracts.plans import EntryPlan
from engine.primitives.errors import WiringError
from engine.wiring.bus import FlowBus
from engine.wiring.compiled import compile_wiring
from engine.wiring.wiring_map import wiring_hash
from tests.support.wiring import NOW_NS, Scripted, a_context, a_handler, a_map, bound, run

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


class Counting:
    def __init__(self) -> None:
        self.calls = 0

    def on_tick(self, context: TradingContext) -> Envelopes:
        self.calls += 1
        return NOTHING


def test_workers_that_are_spared_are_not_called_and_the_map_is_still_the_same_one() -> None:
    wiring = a_map({"TICK_RECEIVED": ["ema.on_tick", "rsi.on_tick"]})
    ema, rsi = Counting(), Counting()
    bindings = [bound(ema, EMA), bound(rsi, a_handler("rsi.on_tick", TradingContext))]
    whole = compile_wiring(wiring, bindings)

    sparing = whole.sparing(TICK_RECEIVED, {"ema"})

    assert run(FlowBus(sparing, strategy_id="demo", now_ns=lambda: NOW_NS), TICK_RECEIVED, a_context()) is None
    assert (ema.calls, rsi.calls) == (0, 1)
    assert (whole.listeners(TICK_RECEIVED), sparing.listeners(TICK_RECEIVED)) == (("ema", "rsi"), ("rsi",))
    assert sparing.wiring_hash == whole.wiring_hash
