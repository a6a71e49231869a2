"""The arithmetic of every fill, at bars that can be worked out by hand."""

from decimal import Decimal
from typing import Any

import pytest

from engine.config.policies import FillParameters
from engine.contracts.base import Direction
from engine.contracts.orders import Liquidity
from engine.contracts.plans import OrderType
from engine.contracts.specs import FillModel
from engine.phase5_execution.fill_models import (
    Depth,
    FillTerms,
    Meeting,
    Moment,
    MoneyBar,
    OrderAtVenue,
    fee_of,
    impact_ratio,
    meet,
    money_bar,
    taker_price,
)
from tests.support import notes
from tests.support.execution import FREE, START_NS, a_bar_of

pytestmark = pytest.mark.unit
D = Decimal
BUY, SELL = Direction.BUY, Direction.SELL
MINUTE = 60_000_000_000
COSTS = FREE.model_copy(update={"half_spread_bps": D(2), "slippage_bps": D(8)})
ENOUGH = Depth(D(1000), D(1000))


def a_stretch(open_: str = "100", high: str = "110", low: str = "90", **changes: Any) -> MoneyBar:
    defaults: dict[str, Any] = {
        "opened_ns": START_NS,
        "closed_ns": START_NS + MINUTE,
        "volume": D(100),
        "volatility": D("0.1"),
    }
    return MoneyBar(open=D(open_), high=D(high), low=D(low), **(defaults | changes))


def at_venue(
    kind: OrderType = OrderType.MARKET,
    direction: Direction = BUY,
    *,
    limit: str | None = None,
    stop: str | None = None,
    bound: str | None = None,
    model: FillModel = FillModel.BAR_TOUCH,
    multiplier: str = "1",
    **changes: Any,
) -> OrderAtVenue:
    terms = FillTerms(model, 0, D(multiplier), None if bound is None else D(bound))
    defaults: dict[str, Any] = {"remaining": D(1), "live_ns": START_NS, "terms": terms}
    prices = {"limit_price": None if limit is None else D(limit), "stop_price": None if stop is None else D(stop)}
    return OrderAtVenue(direction=direction, order_type=kind, **(defaults | prices | changes))


def result(
    order: OrderAtVenue, bar: MoneyBar | None = None, *, parameters: FillParameters = FREE, **given: Any
) -> Meeting:
    given.setdefault("depth", ENOUGH)
    return meet(order, bar or a_stretch(), instrument=notes.an_instrument(), parameters=parameters, **given)


def test_a_market_order_takes_the_open() -> None:
    meeting = result(at_venue())

    assert (meeting.moment, meeting.price, meeting.quantity, meeting.at_ns) == (Moment.OPEN, D(100), D(1), START_NS)
    assert meeting.liquidity is Liquidity.TAKER


@pytest.mark.parametrize(("direction", "price"), [(BUY, "100.10"), (SELL, "99.90")])
def test_taking_costs_half_the_spread_and_slippage(direction: Direction, price: str) -> None:
    assert result(at_venue(direction=direction), parameters=COSTS).price == D(price)


@pytest.mark.parametrize(("direction", "price"), [(BUY, "100.01"), (SELL, "99.99")])
def test_a_price_between_two_ticks_goes_to_the_worse(direction: Direction, price: str) -> None:
    assert taker_price(D(100), direction, cost_ratio=D("0.00001"), tick_size=D("0.01")) == D(price)


@pytest.mark.parametrize(("direction", "price"), [(BUY, "105"), (SELL, "95")])
def test_an_order_that_is_late_by_half_a_bar_finds_the_market_half_way_to_the_worse_end(
    direction: Direction, price: str
) -> None:
    meeting = result(at_venue(direction=direction, live_ns=START_NS + MINUTE // 2))

    assert (meeting.price, meeting.at_ns) == (D(price), START_NS + MINUTE // 2)


def test_an_order_that_is_live_after_the_bar_does_not_meet_it() -> None:
    assert result(at_venue(live_ns=START_NS + MINUTE)).moment is Moment.NEVER


def test_an_impact_of_a_quarter_of_the_volume_is_half_the_volatility() -> None:
    ratio = impact_ratio(quantity=D(25), volume=D(100), volatility=D("0.1"), coefficient=D(1), multiplier=D(1))

    assert ratio == D("0.05")


def test_a_hidden_order_moves_the_market_by_half_as_much() -> None:
    with_impact = FREE.model_copy(update={"impact_coefficient": D(1)})

    assert result(at_venue(remaining=D(25)), parameters=with_impact).price == D(105)
    assert result(at_venue(remaining=D(25), multiplier="0.5"), parameters=with_impact).price == D("102.50")


def test_without_volume_there_is_no_impact_and_no_depth() -> None:
    assert impact_ratio(quantity=D(1), volume=D(0), volatility=D(1), coefficient=D(1), multiplier=D(1)) == 0
    assert result(at_venue(), depth=Depth(D(0), D(0))).quantity == 0


def test_an_order_takes_no_more_than_its_share() -> None:
    assert result(at_venue(remaining=D(5)), depth=Depth(D(2), D(2))).quantity == 2


def test_a_market_order_beyond_its_bound_does_not_fill_and_says_why() -> None:
    meeting = result(at_venue(bound="99.99"))

    assert meeting.quantity == 0
    assert meeting.breach == "a fill at 100.00 would break the price bound 99.99"


@pytest.mark.parametrize(
    ("direction", "limit", "bar"),
    [(BUY, "95", ("100", "110", "94.99")), (SELL, "105", ("100", "105.01", "90"))],
)
def test_a_limit_fills_at_its_price_when_the_market_trades_through(
    direction: Direction, limit: str, bar: tuple[str, str, str]
) -> None:
    meeting = result(at_venue(OrderType.LIMIT, direction, limit=limit), a_stretch(*bar))

    assert (meeting.moment, meeting.price, meeting.liquidity) == (Moment.TOUCH, D(limit), Liquidity.MAKER)


@pytest.mark.parametrize(
    ("direction", "limit", "bar"),
    [(BUY, "95", ("100", "110", "95")), (SELL, "105", ("100", "105", "90"))],
)
def test_a_touch_is_not_enough_unless_asked_for(direction: Direction, limit: str, bar: tuple[str, str, str]) -> None:
    order = at_venue(OrderType.LIMIT, direction, limit=limit)
    kind = FREE.model_copy(update={"ticks_through": 0})

    assert result(order, a_stretch(*bar)).moment is Moment.NEVER
    assert result(order, a_stretch(*bar), parameters=kind).price == D(limit)


def test_a_limit_that_may_take_on_arrival_takes_at_the_better_market() -> None:
    meeting = result(at_venue(OrderType.LIMIT, limit="101"))

    assert (meeting.moment, meeting.price, meeting.liquidity) == (Moment.OPEN, D(100), Liquidity.TAKER)


def test_a_limit_that_has_rested_is_hit_at_its_own_price_by_a_gap() -> None:
    meeting = result(at_venue(OrderType.LIMIT, limit="101", has_rested=True))

    assert (meeting.price, meeting.liquidity) == (D(101), Liquidity.MAKER)


def test_a_limit_that_came_late_is_not_touched() -> None:
    assert result(at_venue(OrderType.LIMIT, limit="95"), may_touch=False).moment is Moment.NEVER


def test_a_patient_order_must_be_traded_through_by_its_own_impact_as_well() -> None:
    parameters = FREE.model_copy(update={"impact_coefficient": D(1)})
    patient = at_venue(OrderType.LIMIT, limit="95", model=FillModel.MARKET_IMPACT)

    assert result(patient, a_stretch(low="94.99"), parameters=parameters).moment is Moment.NEVER
    assert result(patient, a_stretch(low="94.05"), parameters=parameters).moment is Moment.NEVER
    assert result(patient, a_stretch(low="94.04"), parameters=parameters).moment is Moment.TOUCH  # 95 - 0.95 - a tick


@pytest.mark.parametrize(("direction", "stop"), [(SELL, "95"), (BUY, "105")])
def test_a_stop_fills_at_its_price_when_it_is_touched(direction: Direction, stop: str) -> None:
    meeting = result(at_venue(OrderType.STOP_MARKET, direction, stop=stop))

    assert (meeting.moment, meeting.price, meeting.liquidity) == (Moment.STOP, D(stop), Liquidity.TAKER)
    assert START_NS < meeting.at_ns < START_NS + MINUTE


@pytest.mark.parametrize(("direction", "stop"), [(SELL, "89.99"), (BUY, "110.01")])
def test_a_stop_sleeps_while_it_is_not_touched(direction: Direction, stop: str) -> None:
    assert result(at_venue(OrderType.STOP_MARKET, direction, stop=stop)).moment is Moment.NEVER


@pytest.mark.parametrize(("direction", "stop"), [(SELL, "102"), (BUY, "98")])
def test_a_gap_through_a_stop_fills_at_the_open(direction: Direction, stop: str) -> None:
    meeting = result(at_venue(OrderType.STOP_MARKET, direction, stop=stop))

    assert (meeting.moment, meeting.price) == (Moment.OPEN, D(100))


@pytest.mark.parametrize(("direction", "stop", "price"), [(SELL, "95", "94.90"), (BUY, "105", "105.11")])
def test_a_stop_pays_for_taking(direction: Direction, stop: str, price: str) -> None:
    assert result(at_venue(OrderType.STOP_MARKET, direction, stop=stop), parameters=COSTS).price == D(price)


def test_a_stop_limit_takes_when_it_may_at_its_stop() -> None:
    meeting = result(at_venue(OrderType.STOP_LIMIT, stop="105", limit="106"))

    assert (meeting.moment, meeting.price, meeting.quantity) == (Moment.STOP, D(105), D(1))


def test_a_stop_limit_that_is_jumped_over_stands_in_the_book() -> None:
    meeting = result(at_venue(OrderType.STOP_LIMIT, stop="98", limit="99"))

    assert (meeting.is_triggered, meeting.rests, meeting.quantity) == (True, True, D(0))


def test_a_triggered_stop_limit_is_a_limit() -> None:
    order = at_venue(OrderType.STOP_LIMIT, stop="98", limit="99", is_triggered=True, has_rested=True)

    assert result(order).price == D(99)


def test_a_fee_is_a_ratio_of_the_value_rounded_half_up() -> None:
    assert fee_of(price=D("100"), quantity=D("0.5"), rate=D("0.001")) == D("0.05000000")
    assert fee_of(price=D("1"), quantity=D("0.00000500"), rate=D("0.001")) == D("0.00000001")


def test_a_bar_crosses_to_money_on_tick_and_lot() -> None:
    prices = {"open": 100.004, "high": 110.0, "low": 90.006, "close": 100.0, "volume": 1.000004}
    bar = money_bar(a_bar_of("BTC/USDT", START_NS, prices), notes.an_instrument())

    assert (bar.open, bar.high, bar.low, bar.volume) == (D("100.00"), D("110.00"), D("90.01"), D("1.00000"))


def test_volatility_is_the_range_by_parkinson() -> None:
    bar = money_bar(a_bar_of("BTC/USDT", START_NS, {"open": 100, "high": 110, "low": 90}), notes.an_instrument())

    assert bar.volatility == pytest.approx(D("0.2") / D("1.6651092"), rel=D("1e-6"))
