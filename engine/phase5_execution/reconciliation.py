"""Readings of the venue's books: what was never told is booked, and what differs is shown.

A reading is three questions: which orders work, what was executed, what the account holds. It is due at an interval,
after every silence, and as soon as something does not add up.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Final

from engine.config.reconciling import ReconciliationSettings
from engine.contracts.orders import Fill, Order, OrderStatus
from engine.contracts.venue import (
    AccountStated,
    ExecutionsListed,
    FundingPaid,
    OpenOrdersListed,
    OrderStanding,
    VenueAnswer,
)
from engine.phase5_execution.doubts import Note
from engine.phase5_execution.evidence import book_listed
from engine.phase5_execution.order_desk import OrderDesk
from engine.phase5_execution.questions import Questions
from engine.ports.venue import ExecutionVenue
from engine.primitives.ids import OrderId
from engine.primitives.timeframes import NS_PER_MS, NS_PER_SECOND

_QUESTIONS: Final = 3
_UNTOLD: Final = "the venue did not tell of everything"
"""Its stream may be half open: until a reading finds nothing that was not told, it is not relied on."""
_NOT_AT_WORK: Final = (OrderStatus.NEW, OrderStatus.SUBMITTED)
"""Orders that the venue need not show: not sent, or on their way with their word still to come."""


@dataclass(slots=True)
class _Reading:
    """One reading on its way. `is_whole`: the line was up all the time. `booked`: what our books took in meanwhile.

    `at_work`: what worked in our books when it was asked for. A simulated venue dates what happens in a bar before the
    instant at which it states its books, so dates alone do not tell which of two words is the newer one.
    """

    at_work: frozenset[OrderId]
    is_whole: bool = True
    waiting: int = _QUESTIONS
    orders: OpenOrdersListed | None = None
    executions: ExecutionsListed | None = None
    account: AccountStated | None = None
    booked: list[Fill | FundingPaid] = field(default_factory=list)


class Reconciliation:
    """Reads the venue's books, brings ours in line with them, and says when no new risk is sound.

    Args:
        desk: Books what is missing.
        venue: Says whether it is heard.
        questions: To the venue.
        settings: How often.
        note: Tells a person.
        look_up: Takes an order of ours that should work, and that the venue does not list.
        keep_read: Is told after each complete reading up to when all executions are in our books.
    """

    def __init__(
        self,
        desk: OrderDesk,
        venue: ExecutionVenue,
        questions: Questions,
        settings: ReconciliationSettings,
        *,
        note: Note,
        look_up: Callable[[OrderId], None],
        keep_read: Callable[[datetime], None],
    ) -> None:
        self._desk = desk
        self._venue = venue
        self._questions = questions
        self._note = note
        self._look_up = look_up
        self._keep_read = keep_read
        self._interval_ns = settings.interval_s * NS_PER_SECOND
        self._again_ns = settings.ask_again_ms * NS_PER_MS
        self._overlap = timedelta(seconds=settings.overlap_s)
        self._complete_until = desk.clock.now()
        """All executions until then are in our books, by a complete answer."""
        self._never_before = desk.clock.now()
        """What is older is done and forgotten: it would be booked twice."""
        self._due_ns = desk.clock.now_ns() + self._interval_ns
        self._not_before_ns = 0
        self._is_wanted = False
        self._gap = ""
        self._reading: _Reading | None = None
        self._differs: dict[str, tuple[Decimal, Decimal]] = {}
        self._is_confirmed = False
        self._cash_differs: tuple[Decimal, Decimal] | None = None
        self._searched: tuple[Decimal, Decimal] | None = None
        """The difference for which everything was read again."""
        self._foreign: dict[str, OrderStanding] = {}
        self._strangers: set[str] = set()
        self.readings = 0
        """How many readings were complete."""

    @property
    def foreign_orders(self) -> tuple[OrderStanding, ...]:
        """Orders of other hands that worked at the venue when it was read last."""
        return tuple(self._foreign.values())

    def want(self) -> None:
        """Read as soon as may be: something does not add up."""
        self._is_wanted = True

    def want_since(self, since: datetime) -> None:
        """Read as soon as may be, and all executions from an instant on: one of them was missed by an earlier reading."""
        self._complete_until = min(self._complete_until, since + self._overlap)
        self._is_wanted = True

    def go_on_from(self, since: datetime) -> None:
        """Never read what is older than an instant: of that, the books that were carried over know only the sums."""
        self._never_before = since

    def distrust(self, since: datetime, why: str) -> None:
        """Allow no new risk until a complete reading; it begins at `since`, before which nothing is missing."""
        self._complete_until = min(self._complete_until, since + self._overlap)
        self._gap = why

    def see(self, booked: Fill | FundingPaid) -> None:
        """Take notice of money that was booked, whoever told it."""
        if self._reading is not None:
            self._reading.booked.append(booked)

    def why_wait(self, symbol: str) -> str:
        """Return why nothing new may be risked in a symbol; empty when our books can be trusted."""
        silent = self._venue.silent_since
        if silent is not None:
            return f"the venue is silent since {silent:%H:%M:%S}"
        if self._gap:
            return f"{self._gap}, and its books have not been read since"
        if self._is_confirmed and symbol in self._differs:
            ours, theirs = self._differs[symbol]
            return f"our books hold {ours} {symbol}, the venue {theirs}"
        return ""

    def advance(self, now_ns: int) -> None:
        """Begin a reading when one is due and the venue is heard (UTC nanoseconds)."""
        silent = self._venue.silent_since
        if silent is not None:
            self._on_silence(silent)
            return
        is_due = self._is_wanted or self._gap or now_ns >= self._due_ns
        if is_due and self._reading is None and now_ns >= self._not_before_ns:
            at_work = frozenset(order.order_id for order in self._desk.working())
            self._reading = reading = _Reading(at_work)
            self._is_wanted = False
            self._due_ns = now_ns + self._interval_ns
            hear = partial(self._hear, reading)
            self._questions.open_orders(hear)
            self._questions.executions(max(self._complete_until - self._overlap, self._never_before), hear)
            self._questions.account(hear)

    def _on_silence(self, since: datetime) -> None:
        if self._reading is not None:
            self._reading.is_whole = False
        if not self._gap:
            self._gap = f"the venue was silent from {since:%H:%M:%S}"
            self._note("WARNING", f"nothing is heard from the venue since {since:%H:%M:%S}: no new risk")

    def _hear(self, reading: _Reading, answer: VenueAnswer) -> None:
        match answer:
            case OpenOrdersListed():
                reading.orders = answer
            case ExecutionsListed():
                reading.executions = answer
            case AccountStated():
                reading.account = answer
        reading.waiting -= 1
        if reading.waiting:
            return
        self._reading = None
        self._not_before_ns = self._desk.clock.now_ns() + self._again_ns
        if reading.orders is None or reading.executions is None or reading.account is None:
            self.want()
            return
        self._reading = reading  # what is booked now belongs to it
        missed = self._book(reading.executions)
        self._reading = None
        self._compare_orders(reading.orders, reading.at_work)
        self._compare_account(reading, reading.executions, reading.account)
        self.readings += 1
        if self._gap and reading.is_whole and not (missed and self._gap == _UNTOLD):
            self._note("INFO", f"{self._gap}; its books are read, {missed} executions and payments were missing")
            self._gap = ""
        elif missed:
            self._note("WARNING", f"{missed} executions and payments were never told: they are booked now")
            self._gap = self._gap or _UNTOLD

    def _book(self, listed: ExecutionsListed) -> int:
        """Book what is missing, and return how much that was."""
        missed, strange = book_listed(self._desk, listed)
        for report in strange:
            text = f"{report.venue_trade_id} executes {report.order_id}, which is not ours"
            self._tell_once(report.venue_trade_id, text)
        self._complete_until = listed.as_of
        self._keep_read(listed.as_of)
        return missed

    def _compare_orders(self, listed: OpenOrdersListed, at_work: frozenset[OrderId]) -> None:
        shown = {standing.client_order_id for standing in listed.orders}
        self._foreign = {}
        for standing in listed.orders:
            order = self._known(OrderId(standing.client_order_id))
            if order is None:
                self._foreign[standing.venue_order_id] = standing
                size, what = standing.quantity - standing.filled_quantity, f"{standing.direction} {standing.symbol}"
                self._tell_once(
                    standing.venue_order_id, f"FOREIGN: {standing.venue_order_id}, {what} {size}, is of another hand"
                )
            elif order.is_terminal and order.order_id not in at_work:
                self._note(
                    "ERROR", f"{order.order_id} is {order.status} in our books and works at the venue: cancelled"
                )
                self._desk.cancel_at_venue(order)
        for order in self._desk.working():
            is_shown = order.order_id in shown or order.created_at >= listed.as_of
            if order.status not in _NOT_AT_WORK and not is_shown:
                self._look_up(order.order_id)

    def _compare_account(self, reading: _Reading, listed: ExecutionsListed, stated: AccountStated) -> None:
        told = {report.venue_trade_id for report in listed.executions}
        told |= {report.funding_id for report in listed.fundings}
        later = [booked for booked in reading.booked if _name_of(booked) not in told]
        ours: Counter[str] = Counter()
        for held in self._desk.ledger.get_open_positions():
            ours[held.symbol] += held.quantity  # type: ignore[assignment]  # a Counter of Decimals
        for fill in later:
            if isinstance(fill, Fill):
                ours[fill.symbol] -= fill.quantity * fill.direction.sign  # type: ignore[assignment]  # as above
        theirs: Counter[str] = Counter()
        for at in stated.positions:
            theirs[at.symbol] += at.quantity  # type: ignore[assignment]  # as above
        differs = {
            symbol: (Decimal(ours[symbol]), Decimal(theirs[symbol]))
            for symbol in sorted({*ours, *theirs})
            if ours[symbol] != theirs[symbol]
        }
        self._judge_positions(differs)
        self._judge_cash(None if later else stated.cash)

    def _judge_positions(self, differs: dict[str, tuple[Decimal, Decimal]]) -> None:
        """Believe a difference when two readings in a row show the same: one alone may be a fill on its way."""
        before, self._differs = self._differs, differs
        was_confirmed = self._is_confirmed
        self._is_confirmed = bool(differs) and (differs == before or was_confirmed)
        if differs and differs != before:
            self.want()
        if self._is_confirmed and not was_confirmed:
            words = ", ".join(f"{symbol} {ours} here, {theirs} there" for symbol, (ours, theirs) in differs.items())
            self._note("ERROR", f"NEEDS_OPERATOR: our books and the venue's differ: {words}; no new risk in these")
        if was_confirmed and not self._is_confirmed:
            self._note("INFO", "our books and the venue's agree again")

    def _judge_cash(self, theirs: Decimal | None) -> None:
        """Search for what explains a difference that two readings in a row show; tell of it when nothing does.

        A payment is dated when it was due and made when its market is next seen: that may be longer ago than readings
        look back. So all that the session may book is read again, once for each difference.
        """
        if theirs is None:
            return
        ours = self._desk.ledger.get_account().cash
        before, self._cash_differs = self._cash_differs, None if ours == theirs else (ours, theirs)
        if self._cash_differs is None:
            return
        if self._cash_differs != before:
            self.want()
        elif self._cash_differs != self._searched:
            self._searched = self._cash_differs
            self.want_since(self._never_before)
        else:
            self._tell_once(f"cash {ours} {theirs}", f"our books have {ours} in cash, the venue {theirs}")

    def _known(self, order_id: OrderId) -> Order | None:
        return self._desk.order(order_id) if self._desk.knows(order_id) else None

    def _tell_once(self, name: str, text: str) -> None:
        if name not in self._strangers:
            self._strangers.add(name)
            self._note("WARNING", text)


def _name_of(booked: Fill | FundingPaid) -> str:
    return booked.venue_trade_id if isinstance(booked, Fill) else booked.funding_id
