"""Ways through the wiring."""

from collections.abc import Callable, Sequence

import pytest

from engine.contracts.context import TradingContext
from engine.wiring.graph import HandlerGraph, loops, reached_from, shortest_path
from tests.support.wiring import a_handler, a_map, a_roster

pytestmark = pytest.mark.unit


def following(edges: dict[str, str]) -> Callable[[str], Sequence[str]]:
    """Return what comes after each letter, from ``{"a": "bc"}``."""
    return lambda event: tuple(edges.get(event, ""))


def test_what_follows_is_reached_with_the_roots() -> None:
    assert reached_from("a", following({"a": "b", "b": "c", "d": "a"})) == {"a", "b", "c"}


def test_the_shortest_way_is_taken() -> None:
    assert shortest_path("a", "d", following({"a": "bc", "b": "d", "c": "e", "e": "d"})) == ("a", "b", "d")


def test_a_way_round_comes_back_to_its_start() -> None:
    assert shortest_path("a", "a", following({"a": "b", "b": "a"})) == ("a", "b", "a")
    assert shortest_path("a", "a", following({"a": "a"})) == ("a", "a")


def test_where_no_way_leads_there_is_none() -> None:
    assert shortest_path("a", "z", following({"a": "b"})) == ()


def test_a_knot_is_told_once_and_two_knots_twice() -> None:
    one_knot = following({"a": "b", "b": "ac", "c": "a"})
    two_knots = following({"a": "b", "b": "a", "c": "d", "d": "c"})

    assert len(loops("abc", one_knot)) == 1
    assert loops("abcd", two_knots) == (("a", "b", "a"), ("c", "d", "c"))


def test_a_way_into_a_loop_is_no_loop() -> None:
    assert loops("abc", following({"a": "b", "b": "c", "c": "b"})) == (("b", "c", "b"),)


def test_an_alias_stands_for_the_worker_itself() -> None:
    roster = a_roster(a_handler("execution_handler.m", TradingContext))

    graph = HandlerGraph.of(a_map({"TICK_RECEIVED": ["paper_handler.m", "stranger.m"]}), roster)

    assert graph.heard == {"TICK_RECEIVED": (("execution_handler", "m"),)}


def test_what_comes_back_from_outside_is_kept_apart_from_what_is_said() -> None:
    roster = a_roster(a_handler("x.m", TradingContext, "CONTEXT_READY", echoes=("LEDGER_UPDATE",)))
    graph = HandlerGraph.of(a_map({"TICK_RECEIVED": ["x.m"]}), roster)

    assert graph.said_after("TICK_RECEIVED") == ("CONTEXT_READY",)
    assert graph.echoed_after("TICK_RECEIVED") == ("CONTEXT_READY", "LEDGER_UPDATE")
