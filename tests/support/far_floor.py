"""A trading floor far from its venue: a line with latency and faults between, as in a paper session."""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from engine.config.policies import FaultParameters, FillParameters, GuardLimits, LineParameters, PositionMode
from engine.config.reconciling import ReconciliationSettings
from engine.contracts.base import Direction
from engine.contracts.batches import BatchReport
from engine.contracts.carried import CarriedBooks
from engine.contracts.market import Instrument, TradePrint
from engine.contracts.orders import Order, OrderRole, OrderStatus
from engine.contracts.schedules import GroupPlan
from engine.journal.carrying import OVERLAP
from engine.ledger.rebuilding import ContinuedLedger
from engine.phase4_planning.translation.translator import VenueFamily
from engine.phase5_execution.guard import OrderGuard
from engine.phase5_execution.handler import Safety
from engine.phase5_execution.outcomes import Outcomes
from engine.phase5_execution.paper import PaperHandler
from engine.phase5_execution.simulated_venue import SimulatedVenue
from engine.phase5_execution.venue_books import VenueBooks
from engine.phase5_execution.venue_faults import Fault, FaultPoint, Faults
from engine.phase5_execution.venue_line import VenueLine
from engine.ports.ledger import LedgerChange
from engine.primitives.errors import LedgerMismatch
from engine.primitives.ids import BatchId, GroupId, OrderId, TradeId
from engine.primitives.timeframes import NS_PER_MINUTE, NS_PER_MS
from engine.storage.flatten_file import FlattenFile
from tests.support.execution import FREE, Floor, a_bar_of

D = Decimal


class Disk:
    """An `IntentLog` that remembers what was on disk at each commit, and whose disk can be filled."""

    def __init__(self, changes: list[LedgerChange], books: Callable[[], CarriedBooks]) -> None:
        self._changes = changes
        self._books = books
        self.books = books()
        """What a process that begins now would begin with."""
        self.commits = 0
        self.on_disk = 0
        """Changes of the books that are on disk."""
        self.is_full = False
        self.failure = ""
        """What a journal with a fallback says of its own file."""

    def commit(self) -> None:
        if self.is_full:
            raise LedgerMismatch("the disk is full")
        self.commits += 1
        self.on_disk = len(self._changes)
        self.books = self._books()

    def holds(self, order: Order, status: OrderStatus) -> bool:
        """Whether an order is on disk in a status."""
        kept = [change.order for change in self._changes[: self.on_disk] if change.order is not None]
        return any(it.order_id == order.order_id and it.status is status for it in kept)


class WatchedLine(VenueLine):
    """A line that refuses what was not on disk before: invariant I1."""

    disk: Disk

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.sent: list[OrderId] = []
        self.cancels: list[OrderId] = []

    def place(self, order: Order, spec: Any = None) -> None:
        assert self.disk.is_full or self.disk.holds(order, OrderStatus.SUBMITTED), "an order left before it was on disk"
        self.sent.append(order.order_id)
        super().place(order, spec)

    def cancel(self, order_id: OrderId) -> None:
        self.cancels.append(order_id)
        super().cancel(order_id)


class FarFloor(Floor):
    """A `Floor` whose orders go over a line. Latencies are 0 unless told otherwise, so that a step is heard at once.

    A request that goes wrong is waited for 3 s; the venue takes it for 5 s (`request_window_ms`).
    """

    def __init__(
        self,
        *,
        parameters: FillParameters = FREE,
        faults: FaultParameters | None = None,
        settings: ReconciliationSettings | None = None,
        instrument: Instrument | None = None,
        family: VenueFamily = "BACKTEST",
        flatten_file: FlattenFile | None = None,
        position_mode: PositionMode = PositionMode.ONE_WAY,
        **line: Any,
    ) -> None:
        super().__init__(parameters=parameters, instrument=instrument, family=family, position_mode=position_mode)
        self._flatten_file = flatten_file
        self._read_until = self.clock.now()
        self._plans: dict[GroupId, GroupPlan] = {}
        self._batches: dict[BatchId, BatchReport] = {}
        self._closings: dict[TradeId, str] = {}
        self.disk = Disk(self.changes, self._books_now)
        self.notes: list[tuple[str, str]] = []
        books = VenueBooks(starting_cash=D(100_000), currency="USDT")
        self.venue = SimulatedVenue(
            instruments=self.markets,
            clock=self.clock,
            parameters=parameters,
            books=books,
            position_mode=position_mode,
        )
        self.faults = Faults(faults)
        terms = LineParameters(**({"report_latency_ms": 0, "cancel_latency_ms": 0} | line))
        self.line = WatchedLine(self.venue, clock=self.clock, line=terms, faults=self.faults)
        self.line.disk = self.disk
        self._settings = settings or ReconciliationSettings()
        self.restart()

    def restart(self) -> None:
        """Let a new handler take the place of the old one: it knows what is in the ledger, and nothing else."""
        self.handler = PaperHandler(
            ledger=self.ledger,
            venue=self.line,
            ids=self.ids,
            clock=self.clock,
            instrument=self.line.instrument,
            guard=self.guard,
            keep_plan=self._keep_plan,
            keep_batch=self._keep_batch,
            keep_closing=self._keep_closing,
            keep_flatten=None if self._flatten_file is None else self._flatten_file.keep,
            safety=Safety(
                intents=self.disk,
                settings=self._settings,
                note=lambda level, text: self.notes.append((level, text)),
                keep_read=self._keep_read,
            ),
        )

    def kill(self) -> None:
        """Let the process die, and another one begin with what was committed last: what was on its way to us is lost."""
        line, books = self.line, self.disk.books
        for unheard in (line._heard, line._answers, line._requests, line._unanswered, line._odd):
            unheard.clear()
        line.take_reports()
        del self.changes[self.disk.on_disk :]
        self._plans = {plan.group_id: plan for plan in books.plans}
        self._batches = {report.batch_id: report for report in books.batches}
        self._closings = dict(books.closings)
        self.ledger = ContinuedLedger(
            books, clock=self.clock, ids=self.ids, on_change=self.changes.append, last_price=self._last_price
        )
        limits = GuardLimits(position_mode=self.position_mode)
        self.guard = OrderGuard(ledger=self.ledger, limits=limits, last_price=self._last_price)
        self.restart()
        self.handler.restore_groups(books.plans, fills=books.fills, reason="the program was started again")
        self.handler.restore_batches(books.batches, fills=books.fills)
        self.handler.take_over(books.since)
        self.handler.restore_closings(books.closings)
        job = None if self._flatten_file is None else self._flatten_file.read()
        if job is not None:
            self.handler.resume_flatten(job)

    def _keep_read(self, read_until: datetime) -> None:
        self._read_until = read_until

    def _keep_plan(self, plan: GroupPlan) -> None:
        self._plans[plan.group_id] = plan

    def _keep_batch(self, report: BatchReport) -> None:
        self._batches[report.batch_id] = report

    def _keep_closing(self, trade_id: TradeId, reason: str) -> None:
        self._closings[trade_id] = reason

    def _books_now(self) -> CarriedBooks:
        ledger, changes = self.ledger, self.changes
        fills = tuple(change.fill for change in changes if change.fill is not None)
        positions = {(it.strategy_id, it.symbol): it for change in changes if (it := change.position) is not None}
        trades = {it.trade_id: None for change in changes if (it := change.trade) is not None}
        now = self.clock.now()
        return CarriedBooks(
            predecessor="JRN",
            journal="journal",
            as_of=now,
            since=min([self._read_until - OVERLAP, *(it.created_at for it in ledger.get_open_orders())]),
            id_second=0,
            currency="USDT",
            starting_cash=D(100_000),
            cash=ledger.get_account().cash,
            funding=ledger.get_funding(),
            peak_equity=ledger.get_peak_equity(),
            positions=tuple(positions.values()),
            trades=tuple(ledger.get_trade(trade_id) for trade_id in trades),
            groups=tuple(ledger.get_execution_groups()),
            orders=tuple(self.orders()),
            fills=fills,
            fundings=tuple(change.funding for change in changes if change.funding is not None),
            plans=tuple(self._plans.values()),
            batches=tuple(self._batches.values()),
            closings={trade_id: reason for trade_id, reason in self._closings.items() if reason},
        )

    @property
    def reports(self) -> Sequence[BatchReport]:
        """How every batch that was ever started stands last."""
        return tuple(self._batches.values())

    @property
    def outcomes(self) -> Outcomes:
        """What the handler knows of what it asked for."""
        assert self.handler.outcomes is not None
        return self.handler.outcomes

    def fault(self, point: FaultPoint, *faults: Fault | None) -> None:
        """Let the next messages at a point go wrong so."""
        self.faults.plan(point, *faults)

    def wait(self, ms: int) -> None:
        """Let time pass in a market that says nothing."""
        self.clock.move_to(self.clock.now_ns() + ms * NS_PER_MS)
        self.handler.on_time(self.clock.now_ns())

    def watch(self, seconds: int) -> None:
        """Let time pass second by second."""
        for _ in range(seconds):
            self.wait(1000)

    def bars(self, markets: dict[str, dict[str, float]]) -> None:
        """Close one bar of several markets at once."""
        opened_ns = self.clock.now_ns()
        self.clock.move_to(opened_ns + NS_PER_MINUTE)
        for symbol, prices in markets.items():
            self.line.on_market(a_bar_of(symbol, opened_ns, prices))
            self._last[symbol] = D(repr(prices.get("close", prices["open"])))
        self.handler.on_time(self.clock.now_ns())

    def print(self, price: str, quantity: str = "1", *, after_s: int = 1, taker: Direction = Direction.SELL) -> None:
        """Let one trade happen in the market, some seconds after the last event; what we hear of it comes later."""
        self.clock.pass_seconds(after_s)
        at = self.clock.now()
        event = TradePrint(symbol=self.symbol, traded_at=at, price=D(price), quantity=D(quantity), taker=taker)
        self.line.on_market(event)

    def entry(self) -> Order:
        """The one entry order."""
        (entry,) = self.orders(OrderRole.ENTRY)
        return entry

    def standing(self, order: Order) -> OrderStatus | None:
        """How an order stands in the venue's own books; None if it never arrived."""
        standing = self.venue.books.standing(order.order_id)
        return None if standing is None else standing.status

    def noted(self, level: str) -> list[str]:
        """What people were told at a level."""
        return [text for at, text in self.notes if at == level]

    def settle_all(self) -> None:
        """Take the faults away and let time pass until nothing is in doubt any more."""
        self.faults.__init__()  # type: ignore[misc]  # a good line from now on
        for _ in range(60):
            self.wait(5000)
        for _ in range(3):
            self.bar(open=float(self._last.get(self.symbol, D(100))))
            self.watch(40)

    def assert_ledger_is_the_venue(self) -> None:
        """The books agree with the venue's own to the last digit, and every working order works in both."""
        books = self.venue.books
        self.assert_books_agree()
        assert self.ledger.get_account().cash == books.cash
        sent = [order for order in self.ledger.get_open_orders() if order.status is not OrderStatus.NEW]
        assert {order.order_id for order in sent} == {it.client_order_id for it in books.open_orders()}
        fills = [change.fill for change in self.changes if change.fill is not None]
        assert sorted(fill.venue_trade_id for fill in fills) == sorted(
            done.report.venue_trade_id for done in books.executions
        )
        for symbol in self.markets:
            for side, leg in books.legs(symbol).items():
                of_side = [it for it in self.trades() if it.symbol == symbol and side in (None, it.direction)]
                assert leg.quantity == sum((it.held_quantity * it.direction.sign for it in of_side), D(0))
        held: dict[str, Decimal] = {}
        for position in self.ledger.get_open_positions():
            held[position.symbol] = held.get(position.symbol, D(0)) + position.quantity
        assert {symbol: net for symbol, net in held.items() if net} == {
            symbol: net for symbol in self.markets if (net := books.net(symbol))
        }
