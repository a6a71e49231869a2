"""The last hard stop: what it refuses, and that it never refuses a way out."""

from decimal import ROUND_DOWN, Decimal

import pytest

from engine.config.policies import GuardLimits, PositionMode
from engine.contracts.base import Direction
from engine.contracts.commands import TradingState
from engine.contracts.limits import LimitUnit, LimitUse
from engine.contracts.market import InstrumentKind
from engine.contracts.orders import OrderRole
from engine.phase5_execution.guard import EntryRequest
from engine.primitives.errors import VenueRejected
from tests.support.execution import Floor, a_closing, a_new_trade, an_open_market

pytestmark = pytest.mark.unit
D = Decimal


def a_floor(*, limits: GuardLimits | None = None, cash: str = "100000") -> Floor:
    floor = Floor(instrument=an_open_market(kind=InstrumentKind.SPOT), limits=limits, cash=cash)
    floor.bar(open=100)
    return floor


def test_an_order_worth_too_much_is_refused() -> None:
    floor = a_floor(limits=GuardLimits(max_order_value=D(201)))

    assert floor.give(a_new_trade()).rule == "maximum order value"  # 2 at 101, its bound


def test_cash_must_cover_value_and_fee_at_the_worst_price() -> None:
    assert a_floor(cash="202.202").give(a_new_trade()).rule == ""
    assert a_floor(cash="202.201").give(a_new_trade()).rule == "insufficient funds"


def test_what_a_short_brought_in_buys_nothing() -> None:
    floor = a_floor(cash="1000")
    floor.give(a_new_trade(direction=Direction.SELL, size="9", target="90"))
    floor.bar(open=100)

    assert floor.ledger.get_balance().free > 1800
    assert floor.give(a_new_trade(size="1.1", symbol="ETH/USDT")).rule == "insufficient funds"
    assert floor.give(a_new_trade(size="0.9", symbol="ETH/USDT")).rule == ""


def test_a_spot_short_is_bounded_by_the_equity_that_is_not_at_work() -> None:
    floor = a_floor(cash="1000")

    assert floor.give(a_new_trade(direction=Direction.SELL, size="11")).rule == "insufficient funds"
    assert floor.give(a_new_trade(direction=Direction.SELL, size="6")).rule == ""
    assert floor.give(a_new_trade(direction=Direction.SELL, size="6")).rule == "insufficient funds"


def an_entry(floor: Floor, strategy_id: str, direction: Direction) -> EntryRequest:
    return EntryRequest(strategy_id, floor.instrument, direction, D(1), D(100))


@pytest.mark.parametrize("kind", InstrumentKind)
def test_two_strategies_of_one_batch_do_not_take_both_sides_of_a_spot_market(kind: InstrumentKind) -> None:
    floor = Floor(instrument=an_open_market(kind=kind), position_mode=PositionMode.HEDGE)
    floor.bar(open=100)
    with floor.guard.together():
        floor.guard.require_entry(an_entry(floor, "one", Direction.BUY))
        if kind is InstrumentKind.PERPETUAL:
            floor.guard.require_entry(an_entry(floor, "two", Direction.SELL))
            return
        with pytest.raises(VenueRejected) as no:
            floor.guard.require_entry(an_entry(floor, "two", Direction.SELL))

    assert no.value.facts["rule"] == "one position"
    assert no.value.facts["held"] == "one wants BUY 1 of it in the same batch"


def test_a_hedged_account_sells_on_spot_nothing_that_another_trade_holds() -> None:
    floor = Floor(instrument=an_open_market(kind=InstrumentKind.SPOT), position_mode=PositionMode.HEDGE)
    floor.bar(open=100)
    floor.give(a_new_trade())
    floor.bar(open=100)
    (entry,) = floor.orders(OrderRole.ENTRY)
    opposite = entry.model_copy(update={"direction": Direction.SELL, "strategy_id": "two"})

    no = floor.guard.refusal_of(opposite, floor.clock.now_ns(), market=floor.instrument)

    assert "rule one position" in no


def test_funds_may_be_left_to_the_venue() -> None:
    assert a_floor(cash="1", limits=GuardLimits(check_funds=False)).give(a_new_trade()).rule == ""


@pytest.mark.parametrize(("price", "rule"), [("108", ""), ("109", "price collar"), ("89", "price collar")])
def test_a_price_far_from_the_market_is_refused(price: str, rule: str) -> None:
    stop, target = ("80", "200")

    assert a_floor().give(a_new_trade(price=price, stop=stop, target=target)).rule == rule


@pytest.mark.parametrize("state", [TradingState.REDUCING, TradingState.HALTED])
def test_under_a_latch_there_is_no_way_in_but_always_a_way_out(state: TradingState) -> None:
    floor = a_floor()
    floor.give(a_new_trade())
    floor.bar(open=100)
    floor.guard.latch(state, "a test")

    assert floor.give(a_new_trade()).rule == "trading state"
    floor.give(a_closing(floor.trade().trade_id))
    floor.bar(open=100)

    assert floor.held() == 0
    floor.assert_books_agree()


def test_a_fill_under_a_latch_is_still_protected() -> None:
    floor = a_floor()
    floor.give(a_new_trade())
    floor.guard.latch(TradingState.REDUCING, "a test")
    floor.bar(open=100)

    assert floor.working(OrderRole.STOP_LOSS)[0].quantity == 2


def test_halted_is_not_loosened_by_a_lesser_latch() -> None:
    guard = a_floor().guard
    guard.latch(TradingState.HALTED, "the books disagree")
    guard.latch(TradingState.REDUCING, "flatten")

    assert (guard.state, guard.reason) == (TradingState.HALTED, "the books disagree")


def test_a_reduction_is_capped_by_what_is_held_and_not_yet_being_closed() -> None:
    floor = a_floor()
    floor.give(a_new_trade())
    floor.bar(open=100)
    trade_id = floor.trade().trade_id
    assert floor.guard.reducible(trade_id, D(5)) == 2

    floor.give(a_closing(trade_id))

    assert floor.guard.reducible(trade_id, D(5)) == 0


def test_a_paused_strategy_takes_no_risk_until_it_is_resumed() -> None:
    floor = a_floor()
    floor.guard.pause("demo")
    assert floor.give(a_new_trade()).rule == "trading state"

    floor.guard.resume("demo")

    assert floor.give(a_new_trade()).rule == ""


def refusal(floor: Floor) -> str:
    """Why the last entry did not leave."""
    return floor.orders(OrderRole.ENTRY)[-1].reason


def test_the_same_entry_from_another_directive_is_refused_within_half_a_second() -> None:
    floor = a_floor()
    floor.give(a_new_trade())
    floor.give(a_new_trade())
    assert "duplicate intent" in refusal(floor)

    floor.clock.pass_seconds(1)
    floor.give(a_new_trade())

    assert refusal(floor) == ""


def test_a_strategy_that_repeats_itself_is_paused_until_a_person_resumes_it() -> None:
    floor = a_floor(limits=GuardLimits(max_entries_per_minute=2))
    for size in ("1", "2", "3", "4"):
        floor.give(a_new_trade(size=size))
    assert "repeated execution" in floor.orders(OrderRole.ENTRY)[2].reason
    assert "paused until a person" in floor.guard.why_no_risk("demo")

    floor.guard.resume("demo")

    assert floor.give(a_new_trade(size="5")).rule == ""


def test_entries_are_held_to_a_pace_and_told_the_number() -> None:
    floor = a_floor(limits=GuardLimits(max_orders_per_second=1))
    floor.give(a_new_trade(size="1"))
    floor.give(a_new_trade(size="2"))

    assert "1 entries within a second, allowed 1" in refusal(floor)


@pytest.mark.parametrize("rule", ["max_position_value", "max_exposure_value"])
def test_what_is_at_work_together_is_bounded(rule: str) -> None:
    floor = a_floor(limits=GuardLimits(**{rule: D(300)}))

    assert floor.give(a_new_trade()).rule == ""
    assert floor.give(a_new_trade(size="1")).rule.startswith("maximum")


def test_an_exit_is_never_larger_than_what_it_closes() -> None:
    floor = a_floor()
    floor.give(a_new_trade())
    floor.bar(open=100)
    close = floor.working(OrderRole.STOP_LOSS)[0].model_copy(update={"role": OrderRole.CLOSE, "quantity": D(5)})
    at_ns = floor.clock.now_ns()

    assert "5 and 0 that work already are more than the 2" in floor.guard.refusal_of(
        close, at_ns, market=floor.instrument
    )
    assert floor.guard.refusal_of(close.model_copy(update={"quantity": D(2)}), at_ns, market=floor.instrument) == ""
    assert "would add" in floor.guard.refusal_of(
        close.model_copy(update={"direction": Direction.BUY}), at_ns, market=floor.instrument
    )


def uses(floor: Floor) -> dict[tuple[str, str], LimitUse]:
    return {(use.rule, use.subject): use for use in floor.guard.uses(floor.clock.now_ns())}


def test_each_limit_says_how_much_of_it_is_used() -> None:
    limits = GuardLimits(max_exposure_value=D(1000), max_position_value=D(500), max_daily_loss=D(100))
    floor = a_floor(limits=limits)
    floor.give(a_new_trade(size="2"))
    floor.give(a_new_trade(size="1", limit="90", stop="80", execution_urgency=D("0.6")))
    found = uses(floor)
    assert found["message rate", ""].used == 2
    assert found["repeated execution", "demo"].used == 2
    floor.bar(open=100, low=97, close=98)

    found = uses(floor)
    (held,) = floor.ledger.get_open_positions()
    at_work = held.quantity * (held.mark_price or D(0)) + 90
    assert found["maximum exposure", ""] == LimitUse("maximum exposure", LimitUnit.QUOTE, D(1000), at_work)
    assert found["maximum position value", "BTC/USDT"].left == 500 - at_work
    assert found["maximum daily loss", ""].used == 100_000 - floor.ledger.get_account().equity > 0
    assert found["insufficient funds", ""].limit == floor.ledger.get_account().equity
    assert found["price collar", ""].used is None
    assert found["message rate", ""].used == 0, "a minute later"


def test_what_is_said_to_be_left_is_what_an_order_may_still_be() -> None:
    floor = a_floor(limits=GuardLimits(max_exposure_value=D(1000), price_collar=None))
    floor.give(a_new_trade(size="2"))
    floor.bar(open=100)
    left = uses(floor)["maximum exposure", ""].left
    assert left is not None

    most = (left / 101).quantize(D("0.001"), rounding=ROUND_DOWN)  # at 101, its bound

    assert floor.give(a_new_trade(size=str(most + D("0.001")))).rule == "maximum exposure"
    assert floor.give(a_new_trade(size=str(most))).rule == ""


def test_reading_the_limits_changes_nothing() -> None:
    floor = a_floor()
    floor.give(a_new_trade())
    before = uses(floor)

    assert uses(floor) == before
    assert floor.give(a_new_trade(size="1")).rule == ""


def test_a_limit_that_is_switched_off_has_no_share() -> None:
    use = uses(a_floor())["maximum exposure", ""]

    assert (use.limit, use.left, use.share) == (None, None, None)
    assert LimitUse("x", LimitUnit.COUNT, D(4), D(5)).share == D("1.25")
