"""Rules that hold for every note, and those that decisions 4.3 lays on single ones."""

import importlib
import pkgutil
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from pydantic import ValidationError

import engine.contracts
from engine.contracts.base import Contract, Direction
from engine.contracts.directives import DirectiveScope
from engine.contracts.events import EVENTS
from engine.contracts.intents import ExecutionAction
from engine.contracts.plans import OrderType, exit_mistake
from tests.support import notes
from tests.support.notes import every_note

pytestmark = pytest.mark.unit
D = Decimal


def _kinds() -> set[type[Contract]]:
    for module in pkgutil.iter_modules(engine.contracts.__path__):
        importlib.import_module(f"engine.contracts.{module.name}")
    found: set[type[Contract]] = set()
    waiting = list(Contract.__subclasses__())
    while waiting:
        kind = waiting.pop()
        waiting.extend(kind.__subclasses__())
        if kind.__module__.startswith("engine.contracts") and not kind.__name__.startswith("_"):
            found.add(kind)
    return found


def test_there_is_an_example_of_every_kind_of_note() -> None:
    assert {kind.__name__ for kind in _kinds()} == {type(note).__name__ for note in every_note()}


@pytest.mark.parametrize("note", every_note(), ids=lambda note: type(note).__name__)
def test_a_note_survives_json_and_back_unchanged(note: Contract) -> None:
    assert type(note).model_validate_json(note.model_dump_json()) == note


@pytest.mark.parametrize("note", every_note(), ids=lambda note: type(note).__name__)
def test_a_note_is_frozen_and_refuses_unknown_fields(note: Contract) -> None:
    first = next(iter(type(note).model_fields))
    with pytest.raises(ValidationError):
        setattr(note, first, getattr(note, first))
    with pytest.raises(ValidationError):
        type(note)(**dict(note), surprise=1)


def test_a_float_is_no_money() -> None:
    with pytest.raises(ValidationError):
        notes.a_size_plan(position_size=0.5)


def test_a_time_without_a_zone_or_in_another_zone_is_refused() -> None:
    for at in (datetime(2025, 1, 1), datetime(2025, 1, 1, tzinfo=timezone(timedelta(hours=1)))):  # noqa: DTZ001  # the point
        with pytest.raises(ValidationError):
            notes.a_bar(opened_at=at)
    assert notes.a_bar(opened_at=datetime(2025, 1, 1, tzinfo=UTC)).opened_at.year == 2025


def test_an_id_of_another_kind_is_refused() -> None:
    with pytest.raises(ValidationError):
        notes.an_order(group_id=notes.an_id("ORD"))


@pytest.mark.parametrize(
    ("order_type", "prices", "is_sound"),
    [
        (OrderType.MARKET, {}, True),
        (OrderType.MARKET, {"limit_price": D(1)}, False),
        (OrderType.LIMIT, {}, False),
        (OrderType.LIMIT, {"limit_price": D(1)}, True),
        (OrderType.STOP_LIMIT, {"limit_price": D(1)}, False),
        (OrderType.STOP_LIMIT, {"limit_price": D(1), "stop_price": D(1)}, True),
    ],
)
def test_an_entry_has_the_prices_of_its_type(order_type: OrderType, prices: dict[str, Decimal], is_sound: bool) -> None:
    if is_sound:
        assert notes.an_entry_plan(order_type=order_type, **prices).order_type is order_type
    else:
        with pytest.raises(ValidationError):
            notes.an_entry_plan(order_type=order_type, **prices)


@pytest.mark.parametrize(
    ("direction", "stop", "target", "is_sound"),
    [
        (Direction.BUY, 99, 101, True),
        (Direction.BUY, 100, 101, False),
        (Direction.BUY, 99, 100, False),
        (Direction.SELL, 101, 99, True),
        (Direction.SELL, 99, 98, False),
        (Direction.SELL, 101, 102, False),
        (Direction.SELL, 101, None, True),
    ],
)
def test_stop_and_target_stand_on_the_right_side(
    direction: Direction, stop: int, target: int | None, is_sound: bool
) -> None:
    plan = notes.an_exit_plan(stop_loss_price=D(stop), take_profit_price=None if target is None else D(target))
    assert (exit_mistake(direction=direction, entry_price=D(100), exit_plan=plan) is None) is is_sound


def test_a_new_trade_has_no_targets_and_the_other_scopes_need_them() -> None:
    with pytest.raises(ValidationError, match="forbids"):
        notes.a_strategy_directive(target_trade_ids=(notes.an_id("TRD"),))
    for scope in (DirectiveScope.MODIFY_EXISTING, DirectiveScope.CLOSE_EXISTING):
        with pytest.raises(ValidationError, match="needs target_trade_ids"):
            notes.a_strategy_directive(scope=scope)


def test_immediate_excludes_a_window_and_haste_allows_a_short_one_only() -> None:
    with pytest.raises(ValidationError, match="excludes"):
        notes.an_intent(must_complete_immediately=True)
    with pytest.raises(ValidationError, match="at most 5 minutes"):
        notes.an_intent(execution_urgency=D("0.81"), max_execution_window_minutes=6)
    assert (
        notes.an_intent(execution_urgency=D("0.81"), max_execution_window_minutes=5).max_execution_window_minutes == 5
    )


def test_an_execution_directive_has_the_plans_that_its_scope_needs() -> None:
    with pytest.raises(ValidationError, match="needs entry_plan"):
        notes.an_execution_directive(exit_plan=None)
    with pytest.raises(ValidationError, match="at least one plan"):
        notes.an_execution_directive(
            scope=DirectiveScope.MODIFY_EXISTING,
            target_trade_ids=(notes.an_id("TRD"),),
            entry_plan=None,
            size_plan=None,
            exit_plan=None,
        )
    with pytest.raises(ValidationError, match="EXECUTE_TRADE"):
        notes.an_execution_directive(execution_intent=notes.an_intent(action=ExecutionAction.CANCEL_GROUP))


def test_the_causality_chain_grows_and_refuses_what_it_does_not_know() -> None:
    chain = notes.a_causality().extended(strategy_directive_id=notes.an_id("STR"))
    assert chain.flow_id == notes.an_id("TCK")
    with pytest.raises(TypeError, match="colour"):
        chain.extended(colour="red")


def test_every_event_is_registered_under_its_own_name() -> None:
    assert all(name == event.name for name, event in EVENTS.items())
    assert [name for name in EVENTS if name.startswith("_")] == ["_flow_stop"]


def test_a_quadrant_without_opportunity_and_threat_is_not_worth_a_call() -> None:
    assert notes.SWOTInputs.collect([], remembered=[], now_ns=0) is None
