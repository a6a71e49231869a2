"""The line between us and a simulated venue: how long it takes, and what goes wrong on it."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from heapq import heappop, heappush
from typing import Final, TypeVar

from engine.config.policies import LineParameters
from engine.contracts.market import BarSeries, Instrument, MarketBar, MarketEvent
from engine.contracts.orders import Order
from engine.contracts.specs import ConnectorExecutionSpec
from engine.contracts.venue import (
    AskFailed,
    AskId,
    CancelRefused,
    OrderAccepted,
    OrderCancelled,
    OrderInDoubt,
    OrderRefused,
    Refusal,
    VenueAnswer,
    VenueReport,
    VenueRequest,
)
from engine.phase5_execution.simulated_venue import SimulatedVenue
from engine.phase5_execution.venue_faults import Fault, FaultPoint, Faults
from engine.ports.clock import Clock
from engine.primitives.errors import InvariantBroken
from engine.primitives.ids import OrderId
from engine.primitives.kill_switch import kill_point
from engine.primitives.timeframes import NS_PER_MS, NS_PER_SECOND, datetime_from_ns, ns_from_datetime

_T = TypeVar("_T")

_CLOSED: Final = "the venue is under maintenance"
_LATE_SHARE = Decimal("0.8")
"""When a slow request arrives, as a share of the venue's window: late, and still valid."""
_AGAIN_NS = NS_PER_MS
"""How much later a message comes again."""
_ASIDE_NS = NS_PER_SECOND
"""How far a message is put aside to come after those that follow it."""


@dataclass(frozen=True, slots=True)
class _Request:
    """Something that we asked of the venue and wait for: what, about which order, and when it was sent."""

    what: VenueRequest
    order_id: OrderId
    sent_ns: int


@dataclass(slots=True)
class _Underway:
    """An order that is still on its way."""

    order: Order
    spec: ConnectorExecutionSpec | None


@dataclass(frozen=True, slots=True)
class _Deadline:
    """When we give up waiting for a word."""

    request: _Request


class VenueLine:
    """An `ExecutionVenue` that is as far away, and as unreliable, as a live one; behind it a `SimulatedVenue`.

    It keeps the promises of the port, and no more than those: a word for every request, if need be OrderInDoubt by our
    own clock; one answer for every question, if need be AskFailed. Everything is decided by the clock, the seed and
    what was planned, so a run can be repeated.

    Args:
        venue: Where orders go. Its books are the truth, whatever is heard of them.
        clock: Engine time: what is due is heard when it has come.
        line: How long everything takes.
        faults: What goes wrong; may be exchanged while it runs.
    """

    def __init__(
        self, venue: SimulatedVenue, *, clock: Clock, line: LineParameters | None = None, faults: Faults | None = None
    ) -> None:
        self.venue = venue
        self.faults = faults or Faults()
        self._clock = clock
        self._line = line or LineParameters()
        self._count = 0
        self._asked = 0
        self._heard: list[tuple[int, int, VenueReport | _Deadline]] = []
        self._answers: list[tuple[int, int, VenueAnswer]] = []
        self._underway: list[tuple[int, int, _Underway]] = []
        self._requests: dict[tuple[VenueRequest, OrderId], _Request] = {}
        self._unanswered: set[_Request] = set()
        self._odd: dict[_Request, Fault] = {}
        self._placed: set[OrderId] = set()
        self._sent: deque[int] = deque()
        self._told_ns = 0
        self._cuts: list[tuple[int, int]] = []
        self._closed_until_ns = self._mute_until_ns = 0
        self._first_ns: int | None = None

    @property
    def request_window_ms(self) -> int | None:
        """As the line was set."""
        return self._line.request_window_ms

    @property
    def silent_since(self) -> datetime | None:
        """The start of the partition that we are in."""
        cut = self._cut_at(self._clock.now_ns())
        return None if cut is None else datetime_from_ns(cut[0])

    @property
    def next_due_ns(self) -> int | None:
        """When something is heard next (UTC nanoseconds), as far as is known; None when nothing is on its way."""
        due = [queue[0][0] for queue in (self._heard, self._answers, self._underway) if queue]
        return min(due, default=None)

    def partition(self, seconds: int) -> None:
        """Cut the line from now on for so long."""
        now_ns = self._clock.now_ns()
        self._cuts.append((now_ns, now_ns + seconds * NS_PER_SECOND))

    def maintain(self, seconds: int) -> None:
        """Let the venue refuse every request and question for so long from now on; its market goes on."""
        self._closed_until_ns = self._clock.now_ns() + seconds * NS_PER_SECOND

    def mute(self, seconds: int) -> None:
        """Let nothing be heard that the venue says by itself, for so long from now on: half open; answers come through."""
        self._mute_until_ns = self._clock.now_ns() + seconds * NS_PER_SECOND

    def instrument(self, symbol: str) -> Instrument:
        """Return the market of a symbol; VenueRejected if it is not traded here."""
        return self.venue.instrument(symbol)

    def on_market(self, event: MarketEvent) -> None:
        """Move the market; what is on its way by then arrives first, inside a bar at its own instant."""
        self._arrive(event.closed_ns if isinstance(event, MarketBar) else self._clock.now_ns())
        self.venue.on_market(event)
        self._listen()

    def still_bars(self, series: BarSeries, first: int, most: int) -> int:  # noqa: ARG002  # see the port
        """Return 0: on a line something may always be under way."""
        return 0

    def on_silence(self, now_ns: int) -> None:
        """Let time pass: what is on its way by then arrives, and closes that waited too long meet the last price."""
        self._arrive(now_ns)
        self.venue.on_silence(now_ns)
        self._listen()

    def place(self, order: Order, spec: ConnectorExecutionSpec | None = None) -> None:
        """Send an order; how it goes is heard later."""
        if order.order_id in self._placed:
            raise InvariantBroken("an order was placed twice", order_id=order.order_id)
        kill_point("request.before")
        self._placed.add(order.order_id)
        now_ns = self._clock.now_ns()
        fault = self._send(VenueRequest.PLACE, order.order_id, now_ns)
        at = datetime_from_ns(now_ns)
        match fault:
            case Fault.RATE_LIMITED:
                why, text = Refusal.RATE_LIMIT, "too many requests"
                self._hear(OrderRefused(order_id=order.order_id, at=at, reason=text, why=why))
            case Fault.MAINTENANCE:
                why, text = Refusal.MAINTENANCE, _CLOSED
                self._hear(OrderRefused(order_id=order.order_id, at=at, reason=text, why=why))
            case Fault.REFUSED:
                self._hear(OrderRefused(order_id=order.order_id, at=at, reason="the venue does not want it"))
            case Fault.LOST_BEFORE:
                pass
            case Fault.ARRIVES_LATE:
                self._push(self._underway, now_ns + self._late_ns(), _Underway(order, spec))
            case _:
                self._deliver(order, spec, now_ns)
        kill_point("request.sent")

    def cancel(self, order_id: OrderId) -> None:
        """Send a cancel; how it goes is heard later."""
        kill_point("request.before")
        now_ns = self._clock.now_ns()
        fault = self._send(VenueRequest.CANCEL, order_id, now_ns)
        match fault:
            case Fault.RATE_LIMITED:
                at = datetime_from_ns(now_ns)
                why, text = Refusal.RATE_LIMIT, "too many requests"
                self._hear(CancelRefused(order_id=order_id, at=at, reason=text, why=why))
            case Fault.MAINTENANCE:
                at, why = datetime_from_ns(now_ns), Refusal.MAINTENANCE
                self._hear(CancelRefused(order_id=order_id, at=at, reason=_CLOSED, why=why))
            case Fault.LOST_BEFORE:
                pass
            case Fault.ARRIVES_LATE:
                self.venue.cancel_at(order_id, now_ns + self._late_ns())
            case _:
                self.venue.cancel_at(order_id, now_ns + self._line.cancel_latency_ms * NS_PER_MS)
        self._listen()
        kill_point("request.sent")

    def take_reports(self) -> Sequence[VenueReport]:
        """Return what was heard since the last call, doubts of our own included, in the order of hearing."""
        now_ns = self._clock.now_ns()
        self._arrive(now_ns)
        self._listen()
        reports: list[VenueReport] = []
        while self._heard and self._heard[0][0] <= now_ns:
            due_ns, _, item = heappop(self._heard)
            report = self._doubt(item.request, due_ns) if isinstance(item, _Deadline) else item
            if report is not None:
                self._forget(report)
                reports.append(report)
        return reports

    def ask_order(self, order_id: OrderId) -> AskId:
        """Ask for one order."""
        return self._ask(lambda: self.venue.ask_order(order_id))

    def ask_open_orders(self, symbol: str | None = None) -> AskId:
        """Ask for what works."""
        return self._ask(lambda: self.venue.ask_open_orders(symbol))

    def ask_executions(self, since: datetime) -> AskId:
        """Ask for what was executed and paid."""
        return self._ask(lambda: self.venue.ask_executions(since))

    def ask_account(self) -> AskId:
        """Ask for positions and cash."""
        return self._ask(self.venue.ask_account)

    def take_answers(self) -> Sequence[VenueAnswer]:
        """Return the answers that were heard since the last call."""
        now_ns = self._clock.now_ns()
        answers: list[VenueAnswer] = []
        while self._answers and self._answers[0][0] <= now_ns:
            answers.append(heappop(self._answers)[2])
        return answers

    def _send(self, what: VenueRequest, order_id: OrderId, now_ns: int) -> Fault | None:
        """Note a request that leaves, wait for its word, and return what goes wrong with it."""
        request = _Request(what, order_id, now_ns)
        before = self._requests.get((what, order_id))
        if before is not None:
            # The same question again: one word is the answer to both.
            self._unanswered.discard(before)
        self._requests[what, order_id] = request
        self._unanswered.add(request)
        self._push(self._heard, now_ns + self._line.request_timeout_ms * NS_PER_MS, _Deadline(request))
        point = FaultPoint.PLACE if what is VenueRequest.PLACE else FaultPoint.CANCEL
        fault = self.faults.at(point)
        if self._cut_at(now_ns) is not None:
            fault = fault if self.faults.toss() else Fault.LOST_BEFORE
        elif now_ns < self._closed_until_ns:
            fault = Fault.MAINTENANCE
        elif self._is_too_much(now_ns):
            fault = Fault.RATE_LIMITED
        if fault in (Fault.LOST_AFTER, Fault.ANSWER_LATE, Fault.ANSWER_WITHOUT_ID):
            self._odd[request] = fault
        return fault

    def _is_too_much(self, now_ns: int) -> bool:
        limit = self.faults.parameters.requests_per_second
        while self._sent and self._sent[0] <= now_ns - NS_PER_SECOND:
            self._sent.popleft()
        if limit is not None and len(self._sent) >= limit:
            return True
        self._sent.append(now_ns)
        return False

    def _late_ns(self) -> int:
        span_ms = self._line.request_window_ms or self._line.request_timeout_ms
        return int(span_ms * _LATE_SHARE) * NS_PER_MS

    def _arrive(self, until_ns: int) -> None:
        """Hand over the slow orders that are at the venue by an instant."""
        while self._underway and self._underway[0][0] <= until_ns:
            arrives_ns, _, slow = heappop(self._underway)
            at = datetime_from_ns(arrives_ns)
            self.venue.place(slow.order.model_copy(update={"created_at": at}), slow.spec)
        self._listen()

    def _deliver(self, order: Order, spec: ConnectorExecutionSpec | None, now_ns: int) -> None:
        """Hand an order over. One that answers to a report can only have left when that was heard."""
        left_ns = ns_from_datetime(order.created_at) + self._line.report_latency_ms * NS_PER_MS
        at = max(order.created_at, datetime_from_ns(min(left_ns, now_ns)))
        self.venue.place(order.model_copy(update={"created_at": at}), spec)
        self._listen()

    def _listen(self) -> None:
        for report in self.venue.take_reports():
            self._hear(report)

    def _hear(self, report: VenueReport) -> None:
        """Put a message of the venue on its way to us, as the faults and the line want it."""
        # A bar tells afterwards what was heard inside it; what was said later is not heard earlier.
        told_ns = ns_from_datetime(report.at) + self._line.report_latency_ms * NS_PER_MS
        self._told_ns = due_ns = max(told_ns, self._told_ns)
        word = self._word_of(report)
        match None if word is None else self._odd.get(word):
            case Fault.LOST_AFTER:
                return
            case Fault.ANSWER_WITHOUT_ID if word is not None:
                self._odd[word] = Fault.LOST_AFTER
                report = self._in_doubt(word, due_ns, "the venue's answer names no order")
            case Fault.ANSWER_LATE if word is not None:
                due_ns = max(due_ns, word.sent_ns + 2 * self._line.request_timeout_ms * NS_PER_MS)
        fault = self.faults.at(FaultPoint.REPORT)
        if word is None and (fault is Fault.MISSING or due_ns < self._mute_until_ns):
            return
        if fault is Fault.REORDERED:
            due_ns += _ASIDE_NS
        self._carry(report, due_ns)
        if fault is Fault.DOUBLED:
            self._carry(report, due_ns + _AGAIN_NS)

    def _carry(self, report: VenueReport, due_ns: int) -> None:
        """Let a message be heard at an instant, or after the partition in which that falls."""
        while (cut := self._cut_at(due_ns)) is not None:
            if not self.faults.parameters.is_replayed:
                return
            due_ns = cut[1]
        self._push(self._heard, due_ns, report)

    def _word_of(self, report: VenueReport) -> _Request | None:
        """Return the request that a report is the word to; None for what the venue says by itself."""
        match report:
            case OrderAccepted() | OrderRefused():
                return self._requests.get((VenueRequest.PLACE, report.order_id))
            case OrderCancelled() | CancelRefused():
                return self._requests.get((VenueRequest.CANCEL, report.order_id))
            case OrderInDoubt():
                return self._requests.get((report.request, report.order_id))
            case _:
                return None

    def _forget(self, report: VenueReport) -> None:
        """Wait no more for a word that was heard; what comes after it is news all the same."""
        word = self._word_of(report)
        if word is not None:
            self._unanswered.discard(word)

    def _doubt(self, request: _Request, due_ns: int) -> OrderInDoubt | None:
        """Return the doubt about a request whose time is up; None when it was answered, or asked again since."""
        if request not in self._unanswered:
            return None
        return self._in_doubt(request, due_ns, f"no answer within {self._line.request_timeout_ms} ms")

    def _in_doubt(self, request: _Request, at_ns: int, reason: str) -> OrderInDoubt:
        window_ms = self._line.request_window_ms
        return OrderInDoubt(
            order_id=request.order_id,
            at=datetime_from_ns(at_ns),
            request=request.what,
            sent_at=datetime_from_ns(request.sent_ns),
            not_after=None if window_ms is None else datetime_from_ns(request.sent_ns + window_ms * NS_PER_MS),
            reason=reason,
        )

    def _ask(self, ask: Callable[[], AskId]) -> AskId:
        kill_point("question.before")
        now_ns = self._clock.now_ns()
        self._arrive(now_ns)
        self._asked += 1
        ask_id = AskId(self._asked)
        heard_ns = now_ns + 2 * self._line.report_latency_ms * NS_PER_MS
        given_up_ns = now_ns + self._line.request_timeout_ms * NS_PER_MS
        fault = self.faults.at(FaultPoint.QUESTION)
        if now_ns < self._closed_until_ns:
            self._fail(ask_id, heard_ns, _CLOSED)
        elif self._is_too_much(now_ns) or fault is Fault.RATE_LIMITED:
            self._fail(ask_id, heard_ns, "too many requests")
        elif fault is Fault.UNANSWERED or self._cut_at(now_ns) is not None or self._cut_at(heard_ns) is not None:
            self._fail(ask_id, given_up_ns, f"no answer within {self._line.request_timeout_ms} ms")
        else:
            ask()
            for answer in self.venue.take_answers():
                self._push(self._answers, heard_ns, answer.model_copy(update={"ask_id": ask_id}))
            self._listen()
        return ask_id

    def _fail(self, ask_id: AskId, due_ns: int, reason: str) -> None:
        failed = AskFailed(ask_id=ask_id, as_of=datetime_from_ns(due_ns), reason=reason)
        self._push(self._answers, due_ns, failed)

    def _push(self, queue: list[tuple[int, int, _T]], due_ns: int, item: _T) -> None:
        self._count += 1
        heappush(queue, (due_ns, self._count, item))

    def _cut_at(self, at_ns: int) -> tuple[int, int] | None:
        """Return the partition that an instant falls into, from and until (UTC nanoseconds)."""
        parameters = self.faults.parameters
        every = parameters.partition_every_s
        if every is not None:
            self._first_ns = at_ns if self._first_ns is None else self._first_ns
            since_ns = at_ns - self._first_ns
            begun_ns = self._first_ns + since_ns - since_ns % (every * NS_PER_SECOND)
            until_ns = begun_ns + parameters.partition_s * NS_PER_SECOND
            if since_ns >= every * NS_PER_SECOND and at_ns < until_ns:
                return begun_ns, until_ns
        return next(((begun, until) for begun, until in self._cuts if begun <= at_ns < until), None)
