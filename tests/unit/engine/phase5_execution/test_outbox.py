"""Nothing leaves that is not on disk, and a full disk never keeps anybody from reducing risk."""

from decimal import Decimal

import pytest

from engine.contracts.flows import OutcomeKind
from engine.contracts.orders import OrderRole, OrderStatus
from tests.support.execution import a_new_trade
from tests.support.far_floor import FarFloor

pytestmark = pytest.mark.unit
D = Decimal


@pytest.fixture
def floor() -> FarFloor:
    floor = FarFloor()
    floor.bar(open=100)
    return floor


def test_an_order_is_on_disk_as_submitted_before_the_venue_has_it(floor: FarFloor) -> None:
    floor.give(a_new_trade())

    # The watched line of the floor refuses anything else; here is what it saw.
    assert floor.standing(floor.entry()) is OrderStatus.OPEN
    assert floor.disk.holds(floor.entry(), OrderStatus.SUBMITTED)


def test_all_orders_of_one_flow_share_one_commit(floor: FarFloor) -> None:
    before = floor.disk.commits
    floor.handler.on_translation_complete(floor.translate(a_new_trade()))
    floor.handler.on_translation_complete(floor.translate(a_new_trade(size="1")))
    assert floor.disk.commits == before, "a flow that is still running waits for no disk"

    floor.handler.settle()

    assert len(floor.venue.open_orders()) == 2
    assert floor.disk.commits == before + 1


def test_a_bar_in_which_nothing_is_sent_waits_for_no_disk(floor: FarFloor) -> None:
    before = floor.disk.commits
    floor.bar(open=100)

    assert floor.disk.commits == before


@pytest.mark.allow_warnings
def test_an_entry_that_cannot_be_written_down_is_never_sent(floor: FarFloor) -> None:
    floor.disk.is_full = True
    floor.give(a_new_trade())
    floor.wait(10)

    assert floor.standing(floor.entry()) is None
    assert floor.entry().status is OrderStatus.REJECTED
    assert "the disk is full" in floor.entry().reason
    later = floor.give(a_new_trade())
    assert later.kind is OutcomeKind.REJECTED
    assert "the journal cannot be written" in later.reason


@pytest.mark.allow_warnings
@pytest.mark.parametrize("has_fallback", [False, True])
def test_a_position_is_closed_with_a_full_disk(floor: FarFloor, has_fallback: bool) -> None:
    floor.give(a_new_trade())
    floor.bar(open=100)
    floor.disk.is_full, floor.disk.failure = not has_fallback, "the disk is full"
    floor.handler.close_trade(floor.trade().trade_id, reason="asked by a person")
    floor.handler.settle()
    floor.bar(open=100)

    assert floor.held() == floor.venue.net_quantity(floor.symbol) == 0
    assert floor.working(OrderRole.STOP_LOSS) == []


@pytest.mark.allow_warnings
def test_with_a_fallback_beside_a_full_disk_no_new_risk_is_sent(floor: FarFloor) -> None:
    floor.disk.failure = "the disk is full"

    assert "the journal cannot be written" in floor.give(a_new_trade()).reason
    assert floor.venue.open_orders() == ()
