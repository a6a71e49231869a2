"""What became of what we asked: nothing is final without evidence, and no new risk is taken on a guess."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from engine.config.reconciling import ReconciliationSettings
from engine.contracts.commands import ResolveOrderRequest
from engine.contracts.execution import ExecutionGroupStatus
from engine.contracts.orders import Order, OrderRole, OrderStatus
from engine.contracts.venue import (
    CancelRefused,
    FundingPaid,
    OrderForced,
    OrderInDoubt,
    OrderRefused,
    OrderReport,
    OrderStanding,
    Refusal,
    VenueReport,
    VenueRequest,
)
from engine.phase5_execution.doubts import Doubts, Note
from engine.phase5_execution.order_desk import OrderDesk
from engine.phase5_execution.questions import Questions
from engine.phase5_execution.reconciliation import Reconciliation
from engine.ports.ledger import LedgerChange
from engine.ports.venue import ExecutionVenue
from engine.primitives.ids import OrderId
from engine.primitives.kill_switch import kill_point

_TELLS_OF_A_GAP: Final = (Refusal.NOTHING_TO_REDUCE, Refusal.FUNDS)
"""Refusals that mean that the venue's books differ from ours: an execution may not have been told."""


class Outcomes:
    """Hears what the venue reports, asks where that is not enough, and holds new risk back until it is known.

    A backtest has none: its venue answers everything at once.

    Args:
        desk: Orders, and the books.
        venue: Who is asked.
        questions: Through which it is asked.
        settings: How often, and what is believed when.
        note: Tells a person.
        keep_read: Puts on disk up to when all that the venue executed is in our books.
    """

    def __init__(
        self,
        desk: OrderDesk,
        venue: ExecutionVenue,
        questions: Questions,
        settings: ReconciliationSettings,
        *,
        note: Note,
        keep_read: Callable[[datetime], None],
    ) -> None:
        self._desk = desk
        self._venue = venue
        self._note = note
        self._reconciliation = Reconciliation(
            desk, venue, questions, settings, note=note, look_up=self._look_up, keep_read=keep_read
        )
        self._doubts = Doubts(desk, questions, settings, note=note, want_executions=self._reconciliation.want_since)

    def _look_up(self, order_id: OrderId) -> None:
        self._doubts.look_up(order_id)

    @property
    def is_settled(self) -> bool:
        """Whether no order is in doubt, and nothing else keeps new risk from being sound."""
        return self._doubts.is_empty and not self._reconciliation.why_wait("")

    def is_in_doubt(self, order_id: OrderId) -> bool:
        """Tell whether it is not known what became of an order, or of its cancel."""
        return self._doubts.is_about(order_id)

    def needs_person(self, order_id: OrderId) -> bool:
        """Tell whether a person was asked to find that out."""
        return self._doubts.is_shown_to_a_person(order_id)

    def believe(self, asked: ResolveOrderRequest) -> str:
        """Book what a person says of an order in doubt; return why not, or nothing.

        The next reading checks it: what works at the venue all the same is cancelled there, and what executed is booked.
        """
        no = self._doubts.believe(asked)
        if not no:
            self._reconciliation.want()
        return no

    @property
    def readings(self) -> int:
        """How many complete readings of the venue's books there were."""
        return self._reconciliation.readings

    @property
    def foreign_orders(self) -> tuple[OrderStanding, ...]:
        """Orders of other hands that worked at the venue when it was read last."""
        return self._reconciliation.foreign_orders

    @property
    def silent_since(self) -> datetime | None:
        """Since when nothing can be heard from the venue (UTC); None while the line is up."""
        return self._venue.silent_since

    def read_soon(self) -> None:
        """Read the venue's books as soon as may be."""
        self._reconciliation.want()

    def go_on_from(self, since: datetime) -> None:
        """Begin with the books of a session that was ended, or killed, that know everything from `since` on one by one."""
        self._reconciliation.go_on_from(since)
        self.take_over(since, "this session began with the books of another")

    def take_over(self, since: datetime, why: str) -> None:
        """Trust nothing in our books that the venue can tell; `why` says it to people.

        Every order that was sent is looked up; no new risk is allowed until all executions from `since` on (the venue's
        time) are read. What is NEW was never sent: SUBMITTED is on disk before it leaves.
        """
        self._reconciliation.distrust(since, why)
        window_ms = self._venue.request_window_ms
        for order in self._desk.working():
            if order.status is OrderStatus.NEW:
                continue
            if self._was_to_be_cancelled(order):
                self._desk.remember_cancel(order.order_id)
            if order.status in (OrderStatus.OPEN, OrderStatus.PARTIALLY_FILLED):
                self._doubts.look_up(order.order_id)
                continue
            sent = order.updated_at
            fence = None if window_ms is None else sent + timedelta(milliseconds=window_ms)
            self._doubts.of_arrival(order.order_id, fence)

    def _was_to_be_cancelled(self, order: Order) -> bool:
        group = self._desk.ledger.get_group(order.group_id)
        is_group_stopped = group.status is ExecutionGroupStatus.CANCELLING and order.role is OrderRole.ENTRY
        return order.status is OrderStatus.CANCEL_PENDING or is_group_stopped

    def advance(self) -> None:
        """Ask what has to be asked now. The answers come through `Questions`."""
        kill_point("engine.step")
        now_ns = self._desk.clock.now_ns()
        self._reconciliation.advance(now_ns)
        if self._venue.silent_since is None:
            self._doubts.advance(now_ns)

    def why_wait(self, symbol: str) -> str:
        """Return what is not known for sure, so that nothing new may be risked in a symbol; empty when all is known."""
        if self._desk.journal_trouble:
            return f"the journal cannot be written: {self._desk.journal_trouble}"
        for order in self._desk.ledger.get_open_orders():
            if order.symbol == symbol and order.status is OrderStatus.UNKNOWN:
                return f"{order.order_id} is UNKNOWN: {order.reason}"
        return self._reconciliation.why_wait(symbol)

    def hear(self, report: VenueReport, change: LedgerChange) -> None:
        """Take notice of a report and of what it did to the books."""
        for booked in (change.fill, change.funding):
            if booked is not None:
                self._reconciliation.see(booked)
        if isinstance(report, FundingPaid):
            return
        order = self._desk.order(report.order_id)
        self._doubts.hear(report, order)
        if change.fill is not None and order.filled_quantity > order.quantity:
            self._note("ERROR", f"{order.order_id} filled {order.filled_quantity}, and {order.quantity} was ordered")
        match report:
            case OrderInDoubt():
                self._on_doubt(report)
            case OrderForced():
                self._note(
                    "ERROR", f"the venue closes {report.quantity} {report.symbol} of {report.trade_id}: {report.reason}"
                )
            case CancelRefused():
                # Only the venue's books say how the order stands; if it works, it is still to be cancelled.
                self._doubts.look_up(report.order_id)
            case OrderRefused() if report.why in _TELLS_OF_A_GAP:
                self._reconciliation.want()

    def hear_of_a_stranger(self, report: OrderReport) -> None:
        """Take notice of a report about an order that is not ours: nothing is booked, the venue's books are read."""
        self._note("WARNING", f"the venue reports {report.kind} of {report.order_id}, which is not in our books")
        self._reconciliation.want()

    def _on_doubt(self, report: OrderInDoubt) -> None:
        order = self._desk.order(report.order_id)
        if order.is_terminal:
            return
        if report.request is VenueRequest.CANCEL:
            self._doubts.look_up(report.order_id)
        elif order.status is OrderStatus.UNKNOWN:
            self._doubts.of_arrival(report.order_id, report.not_after)
        else:
            return
        what = "whether it arrived" if report.request is VenueRequest.PLACE else "whether it was cancelled"
        self._note("WARNING", f"{report.order_id}: nobody knows {what} ({report.reason}); the venue is asked")
