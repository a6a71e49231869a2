"""What a person asks of all trades at once: cancel all, reduce by a share, and allow less."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from engine.contracts.commands import CancelAllOrders, CommandStatus, ReduceAll, RestrictTrading, TradingState
from engine.contracts.execution import ExecutionMode
from engine.contracts.orders import OrderRole
from engine.primitives.errors import PlanError
from engine.primitives.ids import USER_COMMAND
from engine.runtime.desk import Desk
from tests.support import notes
from tests.support.engine import Workshop
from tests.support.execution import a_new_trade
from tests.support.notes import AT

pytestmark = pytest.mark.unit
D = Decimal


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workshop]:
    """An engine that holds 2 of BTC."""
    made = Workshop(tmp_path / "journal.sqlite", strategies=[("one", "BTC/USDT")])
    made.bar(number=0, open=100)
    made.carry_out(a_new_trade(size="2"))
    made.bar(number=1, open=100)
    yield made
    made.journal.close()


def held(shop: Workshop) -> Decimal:
    return sum((position.quantity for position in shop.engine.ledger.get_open_positions()), D(0))


def reduce_all(shop: Workshop, share: str, **scope: object) -> ReduceAll:
    command_id = shop.engine.ids.next(USER_COMMAND)
    return ReduceAll.model_validate({"command_id": command_id, "asked_at": AT, "share": D(share), **scope})


@pytest.mark.parametrize(("share", "left"), [("0.25", "1.5"), ("0.5", "1"), ("0.75", "0.5")])
@pytest.mark.parametrize("mode", list(ExecutionMode))
def test_a_share_of_every_trade_is_closed_and_no_more(
    shop: Workshop, share: str, left: str, mode: ExecutionMode
) -> None:
    assert held(shop) == 2

    status, text = Desk(shop.engine, shop.guard).reduce_all(reduce_all(shop, share, mode=mode))
    shop.bar(number=2, open=100)

    assert status is CommandStatus.ACCEPTED, text
    assert held(shop) == D(left)
    assert mode.value in text
    assert shop.engine.trading_state is TradingState.ACTIVE


def test_what_is_left_keeps_its_stop(shop: Workshop) -> None:
    Desk(shop.engine, shop.guard).reduce_all(reduce_all(shop, "0.5"))
    shop.bar(number=2, open=100)

    stops = [order for order in shop.engine.ledger.get_open_orders() if order.role is OrderRole.STOP_LOSS]
    assert [stop.remaining_quantity for stop in stops] == [D(1)]


def test_a_share_smaller_than_a_lot_is_not_sent_and_said_so(shop: Workshop) -> None:
    status, text = Desk(shop.engine, shop.guard).reduce_all(reduce_all(shop, "0.0000000001"))

    assert status is CommandStatus.REFUSED
    assert "less than the venue trades" in text


def test_a_reduction_of_what_is_not_known_is_refused(shop: Workshop) -> None:
    desk = Desk(shop.engine, shop.guard)

    with pytest.raises(PlanError):
        desk.reduce_all(reduce_all(shop, "0.5", symbols=("XRP/USDT",)))
    status, text = desk.reduce_all(reduce_all(shop, "0.5", strategies=("two",)))
    assert (status, "There is no strategy two" in text) == (CommandStatus.REFUSED, True)
    assert held(shop) == 2


def test_reductions_pass_while_trading_is_halted(shop: Workshop) -> None:
    desk = Desk(shop.engine, shop.guard)
    desk.restrict(TradingState.HALTED, "looking at it")

    status, _ = desk.reduce_all(reduce_all(shop, "0.5"))
    shop.bar(number=2, open=100)

    assert (status, held(shop)) == (CommandStatus.ACCEPTED, D(1))


def test_cancel_all_takes_entries_and_leaves_stops(shop: Workshop) -> None:
    shop.carry_out(a_new_trade(size="1", price="98", limit="98", stop="90", execution_urgency=D("0.5")))
    desk = Desk(shop.engine, shop.guard)
    command = CancelAllOrders(command_id=shop.engine.ids.next(USER_COMMAND), asked_at=AT)

    status, _ = desk.cancel_all(command)
    shop.bar(number=2, open=100)

    roles = {order.role for order in shop.engine.ledger.get_open_orders()}
    assert status is CommandStatus.ACCEPTED
    assert OrderRole.ENTRY not in roles
    assert OrderRole.STOP_LOSS in roles
    assert desk.cancel_all(command)[0] is CommandStatus.REFUSED, "nothing is left to cancel"


def test_trading_is_only_ever_made_more_careful_by_hand(shop: Workshop) -> None:
    desk = Desk(shop.engine, shop.guard)

    assert desk.restrict(TradingState.REDUCING, "a look first")[0] is CommandStatus.DONE
    assert desk.restrict(TradingState.HALTED, "worse")[0] is CommandStatus.DONE
    assert desk.restrict(TradingState.REDUCING, "better")[0] is CommandStatus.REFUSED
    assert (shop.guard.state, shop.guard.reason) == (TradingState.HALTED, "worse")
    assert desk.clear_latch("all is well")[0] is CommandStatus.DONE
    assert shop.engine.trading_state is TradingState.ACTIVE


def test_a_restriction_needs_a_reason() -> None:
    with pytest.raises(ValueError, match="at least 3"):
        RestrictTrading(command_id=notes.an_id("USR"), asked_at=AT, state=TradingState.HALTED, reason="")
