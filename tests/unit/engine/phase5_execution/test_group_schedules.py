"""Groups that are paused, taken up again, refused and found after a restart: nothing is burst, nothing is lost."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from engine.config.policies import AfterPause, GuardLimits
from engine.contracts.commands import TradingState
from engine.contracts.execution import ExecutionGroupStatus
from engine.contracts.intents import ChunkDistribution
from engine.contracts.market import InstrumentKind
from engine.contracts.orders import Fill, Order, OrderRole, OrderStatus
from engine.contracts.schedules import GroupPlan, GroupProgress
from engine.phase5_execution.backtest import BacktestHandler
from engine.phase5_execution.simulated_venue import SimulatedVenue
from engine.phase5_execution.venue_books import VenueBooks
from engine.phase5_execution.venue_faults import Fault, FaultPoint
from engine.primitives.ids import GroupId
from tests.support.execution import FREE, Floor, a_new_trade, an_open_market
from tests.support.far_floor import FarFloor

pytestmark = pytest.mark.unit
D = Decimal
SLICED: dict[str, Any] = {"execution_urgency": D("0.2"), "chunk_count_hint": 5, "max_execution_window_minutes": 10}
RESTING: dict[str, Any] = {**SLICED, "limit": "99"}
SHY: dict[str, Any] = {"execution_urgency": D("0.5"), "visibility_preference": D("0.1")}


class PlanFloor(Floor):
    """A floor that writes down every plan, as a journal does."""

    def __init__(self, *, after_pause: AfterPause = AfterPause.RESPREAD, **settings: Any) -> None:
        super().__init__(family="CEX", **settings)
        self.written: list[GroupPlan] = []
        self.sent_when_written: list[int] = []
        self.unsent_when_written: list[int] = []
        self.handler = self.a_handler(after_pause=after_pause)

    def a_handler(self, *, after_pause: AfterPause = AfterPause.RESPREAD) -> BacktestHandler:
        """A handler over the same books, as a new process makes one."""
        return BacktestHandler(
            ledger=self.ledger,
            venue=self.venue,
            ids=self.ids,
            clock=self.clock,
            instrument=self.venue.instrument,
            guard=self.guard,
            keep_plan=self._keep,
            after_pause=after_pause,
        )

    def _keep(self, plan: GroupPlan) -> None:
        self.written.append(plan)
        self.unsent_when_written.append(len(self.entries(OrderStatus.NEW)))
        self.sent_when_written.append(sum(order.status is not OrderStatus.NEW for order in self.orders()))

    @property
    def group_id(self) -> GroupId:
        """The one group."""
        (group,) = self.ledger.get_execution_groups()
        return group.group_id

    @property
    def progress(self) -> GroupProgress:
        """Planned against done of the one group."""
        progress = self.handler.group_progress(self.group_id)
        assert progress is not None
        return progress

    def entries(self, status: OrderStatus) -> list[Order]:
        """The entries that stand so."""
        return [order for order in self.orders(OrderRole.ENTRY) if order.status is status]

    def minutes(self, count: int, **prices: float) -> None:
        """Let bars pass."""
        for _ in range(count):
            self.bar(**(prices or {"open": 100.0}))

    def fills(self) -> list[Fill]:
        """Every execution."""
        return [change.fill for change in self.changes if change.fill is not None]


@pytest.fixture
def floor() -> Iterator[PlanFloor]:
    floor = PlanFloor()
    floor.bar(open=100)
    yield floor
    floor.assert_books_agree()
    assert floor.held() <= 6


def test_the_whole_plan_is_written_down_before_the_first_order_leaves(floor: PlanFloor) -> None:
    floor.give(a_new_trade(size="5", **SLICED))

    plan = floor.written[0]
    assert floor.sent_when_written[0] == 0
    assert [each.order_id for each in plan.slices] == [order.order_id for order in floor.orders()]
    assert sum(each.quantity for each in plan.slices) == plan.quantity == 5
    assert GroupPlan.model_validate_json(plan.model_dump_json(exclude_none=True)) == plan


def test_a_pause_that_keeps_orders_sends_no_more_and_cancels_nothing(floor: PlanFloor) -> None:
    floor.give(a_new_trade(size="5", **RESTING))
    answer = floor.handler.pause_group(floor.group_id, cancels=False)
    floor.minutes(4)

    assert answer.is_accepted
    assert "1 orders go on working" in answer.text
    assert len(floor.entries(OrderStatus.OPEN)) == 1
    assert len(floor.entries(OrderStatus.NEW)) == 4


def test_a_pause_that_cancels_orders_takes_back_what_works_and_keeps_the_rest(floor: PlanFloor) -> None:
    floor.give(a_new_trade(size="5", **RESTING))
    floor.handler.pause_group(floor.group_id, cancels=True)
    floor.handler.settle()

    assert len(floor.entries(OrderStatus.CANCELLED)) == 1
    assert len(floor.entries(OrderStatus.NEW)) == 4
    assert not floor.ledger.get_group(floor.group_id).status.is_terminal


def test_a_resume_spreads_everything_that_is_left_over_the_rest_of_the_window(floor: PlanFloor) -> None:
    floor.give(a_new_trade(size="5", **SLICED))
    floor.minutes(1)
    floor.handler.pause_group(floor.group_id, cancels=True)
    floor.minutes(5)
    answer = floor.handler.resume_group(floor.group_id)
    floor.handler.settle()

    assert answer.is_accepted
    assert len(floor.entries(OrderStatus.NEW)) == 3, "one of four is sent at once, three wait"
    floor.minutes(6)
    assert floor.held() == 5
    assert sum(each.quantity for each in floor.progress.plan.slices) == 5
    assert floor.ledger.get_group(floor.group_id).status is ExecutionGroupStatus.COMPLETED


def test_what_a_cancelled_child_had_left_comes_back_with_the_resume(floor: PlanFloor) -> None:
    floor.give(a_new_trade(size="5", **RESTING))
    floor.handler.pause_group(floor.group_id, cancels=True)
    floor.handler.settle()
    floor.handler.resume_group(floor.group_id)
    for _ in range(10):
        floor.bar(open=99.5, low=98)

    assert floor.held() == 5


def test_missed_slices_are_given_up_where_the_rules_say_so() -> None:
    floor = PlanFloor(after_pause=AfterPause.SKIP_MISSED)
    floor.bar(open=100)
    floor.give(a_new_trade(size="5", **SLICED))
    floor.minutes(1)
    floor.handler.pause_group(floor.group_id, cancels=False)
    floor.minutes(4)
    answer = floor.handler.resume_group(floor.group_id)
    floor.minutes(6)

    assert "2 BTC are given up" in answer.text
    assert floor.held() == 3
    plan = floor.progress.plan
    assert sum(each.quantity for each in plan.slices) + plan.given_up == plan.quantity


def test_a_group_is_not_resumed_after_its_window(floor: PlanFloor) -> None:
    floor.give(a_new_trade(size="5", **SLICED))
    floor.handler.pause_group(floor.group_id, cancels=False)
    floor.minutes(11)

    answer = floor.handler.resume_group(floor.group_id)

    assert not answer.is_accepted
    assert "its window ended" in answer.text


def test_a_group_is_not_resumed_before_the_venue_has_confirmed_the_cancel(floor: PlanFloor) -> None:
    floor.give(a_new_trade(size="5", **RESTING))
    floor.handler.pause_group(floor.group_id, cancels=True)

    answer = floor.handler.resume_group(floor.group_id)

    assert not answer.is_accepted
    assert "has not said yet" in answer.text


def test_a_latch_pauses_every_schedule_until_a_person_resumes_it(floor: PlanFloor) -> None:
    floor.give(a_new_trade(size="5", **SLICED))
    floor.minutes(1)
    floor.guard.latch(TradingState.REDUCING, "the venue is in maintenance")
    floor.minutes(3)
    refused = floor.handler.resume_group(floor.group_id)
    floor.guard.clear()
    floor.minutes(2)

    assert floor.held() == 1
    assert not refused.is_accepted
    pause = floor.progress.plan.pause
    assert pause is not None
    assert "maintenance" in pause.reason
    assert not pause.is_asked
    assert floor.handler.resume_group(floor.group_id).is_accepted
    floor.minutes(4)
    assert floor.held() == 5


def test_an_iceberg_under_a_latch_sends_no_new_piece_and_goes_on_by_hand(floor: PlanFloor) -> None:
    floor.give(a_new_trade(size="6", limit="99", **SHY))
    floor.guard.latch(TradingState.REDUCING, "the venue is in maintenance")
    floor.minutes(3, open=99.5, low=98)
    held_while_latched = floor.held()
    floor.guard.clear()
    floor.minutes(2, open=99.5, low=98)
    held_before_resume = floor.held()
    floor.handler.resume_group(floor.group_id)
    floor.handler.settle()

    assert held_while_latched == held_before_resume == D("0.6")
    assert len(floor.entries(OrderStatus.OPEN)) == 1, "one piece is shown"
    floor.minutes(12, open=99.5, low=98)
    assert floor.held() == 6


def test_a_slice_without_funds_pauses_its_group_with_the_reason_and_is_not_tried_again() -> None:
    spot = an_open_market(kind=InstrumentKind.SPOT, may_short=False)
    floor = PlanFloor(instrument=spot, limits=GuardLimits(check_funds=False))
    floor.venue = SimulatedVenue(
        instruments={floor.symbol: spot},
        clock=floor.clock,
        parameters=FREE,
        books=VenueBooks(starting_cash=D(350), currency="USDT"),
    )
    floor.handler = floor.a_handler()
    floor.bar(open=100)
    floor.give(a_new_trade(size="5", **SLICED))
    floor.minutes(10)

    pause = floor.progress.plan.pause
    assert pause is not None
    assert "the venue refused a slice" in pause.reason
    assert floor.held() == 3
    assert len(floor.entries(OrderStatus.REJECTED)) == 1
    assert len(floor.entries(OrderStatus.NEW)) == 1
    assert not floor.ledger.get_group(floor.group_id).status.is_terminal


def test_a_paused_group_is_cancelled_with_what_it_had() -> None:
    floor = PlanFloor()
    floor.bar(open=100)
    floor.give(a_new_trade(size="5", **SLICED))
    floor.minutes(3)
    floor.handler.pause_group(floor.group_id, cancels=False)
    floor.handler.cancel_group(floor.group_id)
    floor.handler.settle()

    assert floor.ledger.get_group(floor.group_id).status is ExecutionGroupStatus.CANCELLED
    assert floor.held() == 2
    assert floor.progress.plan.pause is None
    assert not floor.handler.resume_group(floor.group_id).is_accepted


def test_a_paused_plan_is_written_unpaused_only_when_nothing_of_it_can_be_sent_any_more(floor: PlanFloor) -> None:
    floor.give(a_new_trade(size="5", **SLICED))
    floor.handler.pause_group(floor.group_id, cancels=False)
    floor.handler.cancel_group(floor.group_id)

    assert floor.written[-1].pause is None
    assert floor.unsent_when_written[-1] == 0


def test_a_group_whose_cancelling_was_cut_short_is_cancelled_by_the_next_process(floor: PlanFloor) -> None:
    floor.give(a_new_trade(size="5", **SLICED))
    floor.handler.pause_group(floor.group_id, cancels=False)
    floor.ledger.move_group(floor.group_id, ExecutionGroupStatus.CANCELLING)
    left = floor.written[-1]
    floor.handler = floor.a_handler()

    waiting = floor.handler.restore_groups([left], fills=floor.fills(), reason="the program was started again")
    floor.minutes(5)

    assert waiting == []
    assert floor.entries(OrderStatus.NEW) == []
    assert floor.held() == 1
    assert floor.ledger.get_group(floor.group_id).status is ExecutionGroupStatus.CANCELLED


def test_a_new_process_finds_the_plan_and_waits_for_a_person(floor: PlanFloor) -> None:
    floor.give(a_new_trade(size="5", **SLICED))
    floor.minutes(3)
    left = floor.written[-1]
    floor.handler = floor.a_handler()

    waiting = floor.handler.restore_groups([left], fills=floor.fills(), reason="the program was started again")
    floor.minutes(3)

    assert waiting == [floor.group_id]
    assert floor.held() == floor.progress.executed == 2
    assert floor.handler.resume_group(floor.group_id).is_accepted
    floor.minutes(5)
    assert floor.held() == 5


def test_a_child_that_is_in_no_plan_is_dropped_at_the_restart(floor: PlanFloor) -> None:
    floor.give(a_new_trade(size="5", **SLICED))
    stray = floor.entries(OrderStatus.NEW)[-1]
    left = floor.written[-1]
    smaller = left.model_copy(update={"slices": left.slices[:-1]})
    floor.handler = floor.a_handler()
    floor.handler.restore_groups([smaller], fills=floor.fills(), reason="the program was started again")

    assert floor.ledger.get_order(stray.order_id).status is OrderStatus.CANCELLED


def test_a_group_whose_plan_was_never_on_disk_is_given_up_at_the_restart() -> None:
    far = FarFloor()
    far.bar(open=100)
    far.fault(FaultPoint.PLACE, Fault.LOST_BEFORE)
    far.give(a_new_trade(size="5", **SLICED))
    left = far.disk.books
    unsent = [order.model_copy(update={"status": OrderStatus.NEW}) for order in left.orders]
    far.disk.books = left.model_copy(update={"plans": (), "orders": tuple(unsent)})
    far.kill()
    far.settle_all()

    assert {order.status for order in far.orders()} == {OrderStatus.CANCELLED}
    assert [group.status for group in far.ledger.get_execution_groups()] == [ExecutionGroupStatus.CANCELLED]
    assert far.handler.group_plans == ()
    assert far.venue.executions == []


def test_a_pause_says_when_there_is_nothing_to_pause(floor: PlanFloor) -> None:
    floor.give(a_new_trade(limit="90", stop="80", execution_urgency=D("0.5")))

    answer = floor.handler.pause_group(floor.group_id, cancels=False)

    assert not answer.is_accepted
    assert "no schedule to pause" in answer.text


def test_a_random_distribution_is_the_same_at_each_replay() -> None:
    def sizes() -> list[Decimal]:
        floor = PlanFloor()
        floor.bar(open=100)
        floor.give(a_new_trade(size="5", **SLICED, chunk_distribution=ChunkDistribution.RANDOM))
        return [order.quantity for order in floor.orders()]

    first = sizes()
    assert first == sizes()
    assert sum(first) == 5
    assert len(set(first)) > 1


@pytest.mark.parametrize("after_pause", AfterPause)
def test_a_slice_that_a_person_cancelled_is_not_sent_again_by_a_resume(after_pause: AfterPause) -> None:
    floor = PlanFloor(after_pause=after_pause)
    floor.bar(open=100)
    floor.give(a_new_trade(size="5", **SLICED))
    floor.minutes(1)
    floor.handler.pause_group(floor.group_id, cancels=False)
    floor.handler.cancel_order(floor.entries(OrderStatus.NEW)[-1].order_id)

    answer = floor.handler.resume_group(floor.group_id)
    floor.minutes(11)

    assert "1 BTC are given up" in answer.text
    assert floor.held() == 4
    plan = floor.progress.plan
    assert sum(each.quantity for each in plan.slices) + plan.given_up == plan.quantity == 5


def test_an_order_that_a_pause_is_cancelling_stays_away_when_a_person_cancels_it_too(floor: PlanFloor) -> None:
    floor.give(a_new_trade(size="5", **RESTING))
    working = floor.entries(OrderStatus.OPEN)[0]
    floor.handler.pause_group(floor.group_id, cancels=True)
    assert floor.ledger.get_order(working.order_id).status is OrderStatus.CANCEL_PENDING
    assert floor.handler.cancel_order(working.order_id).is_accepted
    assert not floor.handler.cancel_order(working.order_id).is_accepted, "once is enough"
    floor.handler.settle()
    floor.handler.resume_group(floor.group_id)
    for _ in range(11):
        floor.bar(open=99.5, low=98)

    assert floor.held() == 4


def test_a_waiting_slice_of_a_running_schedule_is_left_out_when_a_person_cancels_it(floor: PlanFloor) -> None:
    floor.give(a_new_trade(size="5", **SLICED))
    for order in floor.entries(OrderStatus.NEW):
        assert floor.handler.cancel_order(order.order_id).is_accepted

    floor.minutes(11)

    assert not floor.handler.is_busy
    assert floor.held() == 1


def test_a_slice_whose_cancelling_was_cut_short_is_cancelled_by_the_next_process(floor: PlanFloor) -> None:
    floor.give(a_new_trade(size="5", **SLICED))
    taken = floor.entries(OrderStatus.NEW)[-1]
    left = floor.written[-1].model_copy(update={"taken_out": (taken.order_id,)})
    floor.handler = floor.a_handler()
    floor.handler.restore_groups([left], fills=floor.fills(), reason="the program was started again")
    floor.handler.resume_group(floor.group_id)
    floor.minutes(11)

    assert floor.ledger.get_order(taken.order_id).status is OrderStatus.CANCELLED
    assert floor.held() == 4


@pytest.mark.parametrize("after_pause", AfterPause)
def test_a_group_whose_waiting_slices_were_cancelled_one_by_one_has_nothing_to_resume(after_pause: AfterPause) -> None:
    floor = PlanFloor(after_pause=after_pause)
    floor.bar(open=100)
    floor.give(a_new_trade(size="5", **SLICED))
    floor.minutes(1)
    floor.handler.pause_group(floor.group_id, cancels=False)
    for order in floor.entries(OrderStatus.NEW):
        floor.handler.cancel_order(order.order_id)

    answer = floor.handler.resume_group(floor.group_id)
    floor.minutes(11)

    assert "nothing left to send" in answer.text
    assert floor.held() == 1
    assert floor.progress.plan.pause is None
    assert not floor.handler.resume_group(floor.group_id).is_accepted
