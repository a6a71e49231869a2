from decimal import Decimal

import pytest

from engine.contracts.execution import ExecutionGroupStatus
from engine.contracts.orders import Order, OrderRole, OrderStatus, TradeStatus
from engine.ledger.group_states import group_status, trade_status
from tests.support.notes import a_trade, an_order

pytestmark = pytest.mark.unit
G, S, D = ExecutionGroupStatus, OrderStatus, Decimal


def standing(*statuses: OrderStatus, filled: str = "0", role: OrderRole = OrderRole.ENTRY) -> list[Order]:
    return [an_order(status=status, filled_quantity=D(filled), role=role) for status in statuses]


def status_of(orders: list[Order], *, complete: bool = True, cancel: bool = False) -> ExecutionGroupStatus:
    return group_status(orders, is_complete=complete, is_cancel_asked=cancel)


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ((), G.PENDING),
        ((S.NEW, S.NEW), G.PENDING),
        ((S.SUBMITTED, S.NEW), G.ACTIVE),
        ((S.OPEN,), G.ACTIVE),
        ((S.REJECTED, S.REJECTED), G.FAILED),
        ((S.REJECTED, S.OPEN), G.ACTIVE),
        ((S.EXPIRED,), G.CANCELLED),
        ((S.REJECTED, S.CANCELLED), G.CANCELLED),
    ],
)
def test_a_group_without_fills_stands_where_its_orders_stand(
    statuses: tuple[OrderStatus, ...], expected: ExecutionGroupStatus
) -> None:
    assert status_of(standing(*statuses)) is expected


def test_a_group_is_partially_filled_while_something_of_it_works() -> None:
    assert status_of(standing(S.FILLED, filled="0.5") + standing(S.NEW)) is G.PARTIALLY_FILLED


def test_a_group_is_completed_when_all_ended_and_something_filled() -> None:
    assert status_of(standing(S.FILLED, filled="0.5") + standing(S.EXPIRED)) is G.COMPLETED


def test_a_group_that_still_expects_orders_is_not_completed() -> None:
    assert status_of(standing(S.FILLED, filled="0.5"), complete=False) is G.PARTIALLY_FILLED


def test_a_cancelled_group_keeps_its_fills_and_is_cancelled() -> None:
    orders = standing(S.FILLED, filled="0.5") + standing(S.CANCELLED)

    assert status_of(orders, cancel=True) is G.CANCELLED
    assert status_of(orders + standing(S.CANCEL_PENDING), cancel=True) is G.CANCELLING


def test_a_cancel_that_came_too_late_leaves_a_completed_group() -> None:
    assert status_of(standing(S.FILLED, filled="0.5"), cancel=True) is G.COMPLETED


def test_protective_orders_do_not_hold_a_group_open() -> None:
    orders = standing(S.FILLED, filled="0.5") + standing(S.OPEN, role=OrderRole.STOP_LOSS)

    assert status_of(orders) is G.COMPLETED


def test_a_group_that_only_closes_hangs_on_its_closing_orders() -> None:
    assert status_of(standing(S.OPEN, role=OrderRole.CLOSE)) is G.ACTIVE
    assert status_of(standing(S.FILLED, filled="0.5", role=OrderRole.CLOSE)) is G.COMPLETED


def trade_of(entered: str, left: str) -> TradeStatus:
    trade = a_trade(entry_quantity=D(entered), exit_quantity=D(left))
    return trade_status(trade, standing(S.FILLED), is_complete=True)


def test_a_trade_is_closed_when_all_that_came_in_went_out() -> None:
    assert trade_of("2", "0") is TradeStatus.OPEN
    assert trade_of("2", "1") is TradeStatus.OPEN
    assert trade_of("2", "2") is TradeStatus.CLOSED


def test_a_trade_of_which_too_much_went_out_is_not_closed() -> None:
    assert trade_of("2", "3") is TradeStatus.OPEN


def test_a_flat_trade_with_an_entry_at_work_is_still_open() -> None:
    trade = a_trade(entry_quantity=D(1), exit_quantity=D(1))

    assert trade_status(trade, standing(S.FILLED, S.OPEN), is_complete=True) is TradeStatus.OPEN


def test_a_trade_is_abandoned_when_every_entry_ended_without_a_fill() -> None:
    trade = a_trade(entry_quantity=D(0))

    assert trade_status(trade, [], is_complete=True) is TradeStatus.PENDING
    assert trade_status(trade, standing(S.CANCELLED), is_complete=False) is TradeStatus.PENDING
    assert trade_status(trade, standing(S.CANCELLED, S.REJECTED), is_complete=True) is TradeStatus.ABANDONED
