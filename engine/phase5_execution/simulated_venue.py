"""A venue that fills orders itself, from books, prints or bars: for backtest and paper (port: ExecutionVenue)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Final

import numpy as np

from engine.config.policies import FeeCurrency, FillParameters, PositionMode
from engine.contracts.base import Direction, trusted
from engine.contracts.carried import CarriedCancel, CarriedVenue
from engine.contracts.market import (
    BarSeries,
    BookSnapshot,
    Instrument,
    InstrumentKind,
    MarketBar,
    MarketEvent,
    Quote,
    TradePrint,
)
from engine.contracts.orders import Liquidity, Order, OrderRole, OrderStatus, TimeInForce
from engine.contracts.plans import OrderType
from engine.contracts.specs import ConnectorExecutionSpec
from engine.contracts.venue import (
    CancelRefused,
    OrderAccepted,
    OrderCancelled,
    OrderExecuted,
    OrderExpired,
    OrderRefused,
    Refusal,
    VenueReport,
)
from engine.phase5_execution.book_walking import StandingBook, fills_of, meet_book
from engine.phase5_execution.fill_models import (
    Depth,
    Meeting,
    Moment,
    MoneyBar,
    OrderAtVenue,
    fee_of,
    is_worse,
    meet,
    money_bar,
    money_print,
)
from engine.phase5_execution.funding import payments
from engine.phase5_execution.market_tape import MarketTape
from engine.phase5_execution.venue_answers import AnsweringBooks
from engine.phase5_execution.venue_books import SimulatedExecution, VenueBooks, forced_report
from engine.phase5_execution.venue_keeping import Keep, VenueKeeping, at_work_of
from engine.phase5_execution.venue_margin import Reached, forced_order, liquidation_price, reached
from engine.phase5_execution.venue_orders import Calm, Edge, Foreseen, OrderAtWork, VenueOrders, bars_before, calm_of
from engine.phase5_execution.venue_terms import Funds, refusal_of, terms_of
from engine.ports.clock import Clock
from engine.primitives.errors import InvariantBroken, VenueRejected
from engine.primitives.ids import OrderId
from engine.primitives.money import ZERO, from_float, round_down_to_step
from engine.primitives.timeframes import NS_PER_MS, datetime_from_ns, ns_from_datetime

_ONE: Final = Decimal(1)
_ACCEPTED: Final = trusted(OrderAccepted)
_REFUSED: Final = trusted(OrderRefused)
_EXECUTED: Final = trusted(OrderExecuted)
_CANCELLED: Final = trusted(OrderCancelled)
_EXPIRED: Final = trusted(OrderExpired)
_CANCEL_REFUSED: Final = trusted(CancelRefused)
NOTHING_LEFT: Final = "reduce-only: nothing is left to reduce"


class SimulatedVenue(AnsweringBooks):
    """Fills orders by `fill_models`, deterministically, and keeps books of its own.

    Orders meet the order book where the feed tells one and it is fresh, level by level (what was taken of a level stays
    taken until the feed tells another quantity there: `StandingBook`); else prints where there are prints; else bars. An order that is placed at the close of a bar meets the next one. A reduce-only order whose `created_at` lies inside the last bar answers to a fill in that bar (a stop
    for an entry): it meets the rest of it; new risk waits for the next bar. A reduce-only order never trades more than its own trade holds, and is cancelled
    when nothing is left: stop and target of one trade need no other link.

    A perpetual position stands on isolated margin (`venue_margin`): at its liquidation price the venue cancels what would
    add to it and closes it with an order of its own, that meets the market like a stop, pays a fee of its own, and
    comes before everything else that the same price sets off. Which of our stops lies nearer is hit before.

    A cancel is at the venue after `cancel_latency_ms`, and an order may fill until then; in the bar in which the cancel
    arrives, an order meets the open, and the rest of it when the cancel comes after `arrival_share_max` of the bar.

    It keeps every promise of its port at once and answers at once: what a line may do to that is `VenueLine`.

    Args:
        instruments: The markets that it trades, by symbol.
        clock: Engine time, for reports that no market event dates.
        parameters: How kind the market is.
        parameters_of: Markets that are kinder or less kind than that, by symbol.
        books: The account at the venue; an own one without known cash if not given.
        left: What the process before left at the venue; `books` are then not asked for.
        keep: Puts what changes on disk, before anybody hears of it; None where a process is all that there is.
        cancel_latency_ms: From here to the venue, for a cancel.
        position_mode: How it keeps the positions of perpetual markets.
        still_market_ms: After so long without a word of its market, a close meets the last price, with spread and
            slippage as ever: in a paper session nobody may be kept in a position by a feed that is silent.
    """

    def __init__(
        self,
        *,
        instruments: Mapping[str, Instrument],
        clock: Clock,
        parameters: FillParameters | None = None,
        parameters_of: Mapping[str, FillParameters] | None = None,
        books: VenueBooks | None = None,
        position_mode: PositionMode = PositionMode.ONE_WAY,
        cancel_latency_ms: int = 0,
        still_market_ms: int = 2000,
        left: CarriedVenue | None = None,
        keep: Keep | None = None,
    ) -> None:
        super().__init__(VenueBooks.carried(left) if left is not None else books or VenueBooks(), clock)
        self._instruments = dict(instruments)
        own, common = parameters_of or {}, parameters or FillParameters()
        self._parameters = {symbol: own.get(symbol, common) for symbol in self._instruments}
        self._is_hedged = position_mode is PositionMode.HEDGE
        self._cancel_latency_ns = cancel_latency_ms * NS_PER_MS
        self._still_ns = still_market_ms * NS_PER_MS
        self._orders = VenueOrders()
        self._executed = 0
        """Executions of this process: what was foreseen before one of them may be wrong after it."""
        self._tapes: dict[str, MarketTape] = defaultdict(MarketTape)
        self._seen: set[OrderId] = set()
        self._cancels: list[tuple[int, OrderId]] = []
        self._reports: list[VenueReport] = []
        self._calm: dict[str, Calm] = {}
        """By symbol, as the last bar left it, where nothing else has a say; it does not outlive a word of anybody."""
        if left is not None:
            self._go_on(left)
        self._keeping = None if keep is None else VenueKeeping(self.books, keep)
        if self._keeping is not None:
            self._keeping.begin(self._at_work())

    @property
    def executions(self) -> Sequence[SimulatedExecution]:
        """All executions in the venue's own books, in the order in which they happened."""
        return self.books.executions

    @property
    def request_window_ms(self) -> int | None:
        """Nothing is ever late on its way to a venue in the same process."""
        return 0

    @property
    def silent_since(self) -> datetime | None:
        """It is always heard."""
        return None

    def instrument(self, symbol: str) -> Instrument:
        """Return the market of a symbol; VenueRejected if it is not traded here."""
        if symbol not in self._instruments:
            raise VenueRejected("the venue does not trade it", symbol=symbol, known=", ".join(self._instruments))
        return self._instruments[symbol]

    def place(self, order: Order, spec: ConnectorExecutionSpec | None = None) -> None:
        """Take an order, or report why not; see the class about orders that answer to a fill inside the last bar."""
        if order.order_id in self._seen:
            raise InvariantBroken("an order was placed twice", order_id=order.order_id)
        self._seen.add(order.order_id)
        self._calm.clear()
        instrument = self._instruments.get(order.symbol)
        # A way out is never too small and bound to no price: what the market said last is nothing to it.
        last_price = None if instrument is None or order.reduce_only else self._last_price(order.symbol)
        reducible = self._reducible(order, self._side_of(order)) if instrument and order.reduce_only else ZERO
        no = refusal_of(order, instrument, reducible=reducible, last_price=last_price)
        if no is None and not order.reduce_only:
            no = self._funds().refusal_of(order)
        if no is not None:
            self._reports.append(_REFUSED(order_id=order.order_id, at=order.created_at, reason=no.text, why=no.why))
            return
        tape = self._tapes[order.symbol]
        terms = terms_of(order, spec, self._parameters[order.symbol], last_price=last_price)
        at_venue = OrderAtVenue(
            direction=order.direction,
            order_type=order.order_type,
            remaining=order.quantity,
            live_ns=ns_from_datetime(order.created_at) + terms.latency_ms * NS_PER_MS,
            terms=terms,
            limit_price=order.limit_price,
            stop_price=order.stop_price,
        )
        expires_ns = None if order.expires_at is None else ns_from_datetime(order.expires_at)
        working = self._let_work(order, at_venue, expires_ns)
        name = self.books.enter(order, order.created_at)
        self._reports.append(_ACCEPTED(order_id=order.order_id, at=order.created_at, venue_order_id=name))
        bar = tape.raw
        if (
            order.reduce_only
            and bar is not None
            and tape.printed_ns < bar.opened_ns <= at_venue.live_ns < bar.closed_ns
            and (tape.book is None or tape.book.taken_ns < bar.opened_ns)
        ):
            self._react(working, tape)

    def cancel(self, order_id: OrderId) -> None:
        """Take the rest of an order out of the market once the cancel is there; too late, and it is refused."""
        self.cancel_at(order_id, self._clock.now_ns() + self._cancel_latency_ns)

    def cancel_at(self, order_id: OrderId, arrives_ns: int) -> None:
        """Let a cancel arrive at an instant (UTC nanoseconds), that of now or later."""
        self._calm.clear()
        self._cancels.append((arrives_ns, order_id))
        self._cancels.sort()
        if arrives_ns <= self._clock.now_ns():
            self._arrive(arrives_ns, {order_id})

    def _arrive(self, until_ns: int, order_ids: set[OrderId] | None = None) -> None:
        """Carry out the cancels that are there by an instant, of some orders or of all."""
        due = [it for it in self._cancels if it[0] <= until_ns and (order_ids is None or it[1] in order_ids)]
        for it in due:
            self._cancels.remove(it)
            arrives_ns, order_id = it
            at = datetime_from_ns(arrives_ns)
            if self._orders.get(order_id) is not None:
                self._drop(order_id, _CANCELLED(order_id=order_id, at=at, reason="cancelled by us"))
                continue
            is_known = self.books.knows(order_id)
            why, text = (Refusal.NOT_OPEN, "it is done") if is_known else (Refusal.NOT_FOUND, "there is no such order")
            self._reports.append(_CANCEL_REFUSED(order_id=order_id, at=at, reason=text, why=why))

    def _arrive_in(self, symbol: str, until_ns: int) -> None:
        """Carry out the cancels in one market, and those of orders that no market knows."""
        if self._cancels:
            elsewhere = {it.order.order_id for it in self._orders.all() if it.order.symbol != symbol}
            self._arrive(until_ns, {order_id for _, order_id in self._cancels} - elsewhere)

    def _arrive_by_the_clock(self) -> None:
        """Carry out the cancels that no market event can overtake any more.

        The bar in which a cancel arrives is told when it closes: until then the order may have filled in it.
        """
        now_ns, ready = self._clock.now_ns(), set()
        for arrives_ns, order_id in self._cancels:
            working = self._orders.get(order_id)
            tape = None if working is None else self._tapes[working.order.symbol]
            if tape is None or tape.seen_ns >= arrives_ns or now_ns - arrives_ns >= tape.span_ns():
                ready.add(order_id)
        self._arrive(now_ns, ready)

    def open_orders(self) -> Sequence[OrderId]:
        """Return the orders that work now, oldest first."""
        return tuple(working.order.order_id for working in self._orders.all())

    def take_reports(self) -> Sequence[VenueReport]:
        """Return the reports since the last call, in the order in which they happened."""
        if self._cancels:
            self._arrive_by_the_clock()
        reports = self._reports
        if reports:
            self._reports = []
        if self._keeping is not None:
            self._keep_changes(self._keeping, reports)
        return reports or ()

    def _catch_up(self) -> None:
        if self._cancels:
            self._arrive_by_the_clock()

    def _keep_changes(self, keeping: VenueKeeping, reports: Sequence[VenueReport]) -> None:
        keeping.keep(
            reports,
            self._at_work(),
            cancels=tuple(CarriedCancel(order_id=order_id, arrives_ns=at_ns) for at_ns, order_id in self._cancels),
            funded_ns={symbol: tape.funded_ns for symbol, tape in self._tapes.items() if tape.funded_ns is not None},
        )

    def _at_work(self) -> dict[OrderId, OrderAtVenue]:
        return {working.order.order_id: working.at_venue for working in self._orders.all()}

    def _go_on(self, left: CarriedVenue) -> None:
        """Take up the orders and cancels of the process before; the market is heard of anew."""
        for one in left.orders:
            order = one.order
            self._seen.add(order.order_id)
            if one.ended is None:
                expires_ns = None if order.expires_at is None else ns_from_datetime(order.expires_at)
                self._let_work(order, at_work_of(one.at_work), expires_ns)
        self._cancels = [(one.arrives_ns, one.order_id) for one in left.account.cancels]
        for symbol, funded_ns in left.account.funded_ns.items():
            self._tapes[symbol].funded_ns = funded_ns

    def _let_work(self, order: Order, at_venue: OrderAtVenue, expires_ns: int | None) -> OrderAtWork:
        tick = float(self._instruments[order.symbol].tick_size)
        working = OrderAtWork(order, at_venue, expires_ns, self._side_of(order), tick)
        self._orders.put(working)
        return working

    def net_quantity(self, symbol: str) -> Decimal:
        """Return the sum of all executions in a symbol: base units, positive long."""
        return self.books.net(symbol)

    def on_market(self, event: MarketEvent) -> None:
        """Move the market. Quotes only pass the time; a bar that books or prints have covered only measures depth."""
        calm = self._calm.get(event.symbol)
        if calm is not None and isinstance(event, MarketBar) and calm.holds(event):
            self._tapes[event.symbol].show(event)
            return
        if event.symbol not in self._instruments:
            return
        self._calm.clear()
        if self._tapes[event.symbol].is_margin_unjudged:
            self._judge_what_came_in(event.symbol)
        match event:
            case MarketBar():
                self._on_bar(event)
            case TradePrint():
                self._on_print(event)
            case BookSnapshot():
                self._on_book(event)
            case Quote():
                self._pass(event.symbol, ns_from_datetime(event.quoted_at), (event.bid + event.ask) / 2)

    def on_silence(self, now_ns: int) -> None:
        """Let closes that have waited too long for their market meet its last price (UTC nanoseconds)."""
        self._calm.clear()
        for working in self._orders.all():
            order, tape = working.order, self._tapes[working.order.symbol]
            instrument = self._instruments[order.symbol]
            price, waits_since_ns = tape.price(instrument), max(working.at_venue.live_ns, tape.seen_ns)
            if order.role is not OrderRole.CLOSE or price is None or now_ns - waits_since_ns < self._still_ns:
                continue
            ruler = tape.money(instrument)
            volume = working.at_venue.remaining if ruler is None else ruler.volume
            volatility = ZERO if ruler is None else ruler.volatility
            tape.taken = ZERO
            self._try(working, MoneyBar(now_ns, now_ns + 1, price, price, price, volume, volatility), tape)

    def _pass(self, symbol: str, at_ns: int, price: Decimal | None) -> None:
        """Let time pass in one market: cancels that are there by then, and funding that is due by then."""
        tape = self._tapes[symbol]
        tape.seen_ns = max(tape.seen_ns, at_ns)
        self._arrive_in(symbol, at_ns)
        if price is not None:
            self._fund(symbol, tape, at_ns, price)
            self._liquidate(symbol, low=price, high=price, at_ns=at_ns)

    def _judge_what_came_in(self, symbol: str) -> None:
        """Judge a position that was opened in the last bar by what that bar did: its stop has had its chance in it."""
        tape = self._tapes[symbol]
        tape.is_margin_unjudged = False
        bar = tape.money(self._instruments[symbol])
        if bar is not None:
            self._liquidate(symbol, low=bar.low, high=bar.high, at_ns=bar.closed_ns, is_past=True)

    def _liquidate(self, symbol: str, *, low: Decimal, high: Decimal, at_ns: int, is_past: bool = False) -> None:
        """Begin to close the positions that a stretch between two prices has used the margin of.

        `is_past`: the market was there and has gone on; it is closed where the market is now, and not better.
        """
        for one in self._reached_in(symbol, low, high):
            self._force(symbol, one, at_ns=at_ns, is_past=is_past)

    def _force(self, symbol: str, one: Reached, *, at_ns: int, is_past: bool) -> None:
        side, at, left = one.leg.direction, datetime_from_ns(at_ns), abs(one.leg.quantity)
        for working in self._orders.of(symbol):
            order = working.order
            if order.role is OrderRole.LIQUIDATION and order.direction is side.opposite:
                left -= working.at_venue.remaining
            elif not order.reduce_only and order.direction is side:
                reason = "its market is being liquidated"
                self._drop(order.order_id, OrderCancelled(order_id=order.order_id, at=at, reason=reason))
        for like, held in self.books.holders(symbol, side):
            quantity = min(held, left)
            if quantity <= ZERO:
                return
            left -= quantity
            order = forced_order(
                like, quantity=quantity, direction=side.opposite, at=at, number=self.books.orders_counted
            )
            terms = terms_of(order, None, self._parameters[symbol], last_price=None)
            at_venue = OrderAtVenue(
                direction=order.direction,
                order_type=OrderType.STOP_MARKET,
                remaining=quantity,
                live_ns=at_ns,
                terms=terms,
                stop_price=one.price,
                is_triggered=is_past,
            )
            self._seen.add(order.order_id)
            self._let_work(order, at_venue, None)
            self.books.enter(order, at)
            self._reports.append(forced_report(order))

    def _fund(self, symbol: str, tape: MarketTape, until_ns: int, price: Decimal) -> None:
        """Pay the funding that became due since the market was seen last, at its first price after that."""
        parameters, instrument = self._parameters[symbol], self._instruments[symbol]
        if not parameters.funding_rate or instrument.kind is not InstrumentKind.PERPETUAL:
            return
        last_ns, tape.funded_ns = tape.funded_ns, until_ns
        if last_ns is None:
            return
        for payment in payments(
            instrument=instrument,
            parameters=parameters,
            after_ns=last_ns,
            until_ns=until_ns,
            price=price,
            held=self.books.net(symbol),
        ):
            self.books.pay(payment)
            self._reports.append(payment)

    def _on_bar(self, bar: MarketBar) -> None:
        symbol = bar.symbol
        tape, parameters = self._tapes[symbol], self._parameters[symbol]
        if self._cancels:
            self._arrive_in(symbol, bar.opened_ns)
        if parameters.funding_rate:
            self._fund(symbol, tape, bar.opened_ns, from_float(bar.open, self._instruments[symbol].tick_size))
        tape.show(bar)
        self._meet_bar(bar, tape, parameters)
        if self._cancels:
            self._arrive_in(symbol, bar.closed_ns)
        if not (self._cancels or tape.book is not None or parameters.funding_rate or tape.is_margin_unjudged):
            calm = calm_of(self._orders.of(symbol), self._margin_edges(symbol))
            if calm is not None:
                self._calm[symbol] = calm

    def _meet_bar(self, bar: MarketBar, tape: MarketTape, parameters: FillParameters) -> None:
        orders = self._orders.of(bar.symbol)
        is_walked = tape.has_book(bar.closed_ns, age_ms_max=parameters.book_age_ms_max)
        is_told = is_walked or tape.printed_ns >= bar.opened_ns
        calm = calm_of(orders, self._margin_edges(bar.symbol))
        if is_told or (calm is not None and calm.holds(bar)):
            return
        self._expire(orders, before_ns=bar.opened_ns)
        money = money_bar(bar, self._instruments[bar.symbol])
        tape.bar = money
        if tape.book is not None and tape.book.taken_ns > bar.opened_ns:
            # The book fell silent inside the bar: what is left of the bar takes over, at its worst.
            money = money.since(tape.book.taken_ns, tape.middle or money.open)
        in_time_ns = bar.opened_ns + int((bar.closed_ns - bar.opened_ns) * parameters.arrival_share_max)
        was_flat = not self.books.legs(bar.symbol)
        if not was_flat:
            self._liquidate(bar.symbol, low=money.open, high=money.open, at_ns=money.opened_ns)
            orders = self._orders.of(bar.symbol)
        for moment in (Moment.OPEN, Moment.STOP, Moment.TOUCH):
            if moment is Moment.STOP and not was_flat:
                orders = self._liquidate_within(bar.symbol, orders, money, tape)
            for working in orders:
                # Where a book has the first word, the market may have been where the bar was not.
                is_asleep = tape.book is None and working.sleeps_through(bar)
                if working.met_ns != bar.opened_ns and not is_asleep:
                    self._try(working, money, tape, only=moment, whole=money)
            if self._cancels:
                self._arrive_in(bar.symbol, in_time_ns)
        tape.is_margin_unjudged = was_flat and bool(self.books.legs(bar.symbol))
        self._expire(self._orders.of(bar.symbol), before_ns=bar.closed_ns)

    def _liquidate_within(
        self, symbol: str, orders: Sequence[OrderAtWork], bar: MoneyBar, tape: MarketTape
    ) -> list[OrderAtWork]:
        """Let a bar reach the liquidation prices: stops that lie nearer come first. Return what works then, forced first."""
        for one in self._reached_in(symbol, bar.low, bar.high):
            for working in orders:
                stop, side = working.at_venue.stop_price, working.order.direction
                is_way_out = side is one.leg.direction.opposite
                is_nearer = is_way_out and stop is not None and is_worse(stop, one.price, side.opposite)
                if is_nearer and working.met_ns != bar.opened_ns:
                    self._try(working, bar, tape, only=Moment.STOP, whole=bar)
        self._liquidate(symbol, low=bar.low, high=bar.high, at_ns=bar.opened_ns)
        return self._orders.of(symbol)

    def _reached_in(self, symbol: str, low: Decimal, high: Decimal) -> Sequence[Reached]:
        legs, instrument = self.books.legs(symbol), self._instruments[symbol]
        if not legs or instrument.kind is not InstrumentKind.PERPETUAL:
            return ()
        return tuple(reached(legs, instrument, self._parameters[symbol], low=low, high=high))

    def _margin_edges(self, symbol: str) -> Sequence[Edge]:
        """Return the prices that use a margin up; a tick covers the rounding of a bar."""
        instrument = self._instruments[symbol]
        if instrument.kind is not InstrumentKind.PERPETUAL:
            return ()
        tick, edges = instrument.tick_size, []
        for leg in self.books.legs(symbol).values():
            price = liquidation_price(leg, self._parameters[symbol], tick_size=tick)
            if price is not None:
                is_long = leg.direction is Direction.BUY
                edges.append((float(price + tick if is_long else price - tick), not is_long))
        return edges

    def still_bars(self, series: BarSeries, first: int, most: int) -> int:
        """Return on how many bars of a recording, from `first` on and at most so many, nothing happens to any order.

        0 where that is not known: something is under way, or other markets, books, prints or funding have a say.
        """
        tape, symbol = self._tapes[series.symbol], series.symbol
        is_told_otherwise = tape.book is not None or tape.printed_ns >= int(series.opened_ns[first])
        if (
            tape.raw is None
            or self._cancels
            or self._reports
            or is_told_otherwise
            or self._parameters[symbol].funding_rate
            or tape.is_margin_unjudged
        ):
            return 0
        still = most
        for edge in self._margin_edges(symbol):
            still = bars_before(edge, series=series, first=first, most=still)
        for working in self._orders.all():
            wakes = working.wakes
            if wakes is None or working.order.symbol != symbol:
                return 0
            if working.expires_ns is not None:
                last_opened_ns = working.expires_ns - tape.span_ns()
                still = min(still, int(np.searchsorted(series.opened_ns[first : first + still], last_opened_ns)))
            still = bars_before(wakes, series=series, first=first, most=still)
        return still

    def _on_print(self, print_: TradePrint) -> None:
        tape, at_ns = self._tapes[print_.symbol], ns_from_datetime(print_.traded_at)
        self._pass(print_.symbol, at_ns, print_.price)
        orders = self._orders.of(print_.symbol)
        tape.printed_ns = at_ns
        tape.last_price = print_.price
        if not orders:
            return
        self._expire(orders, before_ns=at_ns)
        instrument = self._instruments[print_.symbol]
        money = money_print(print_, tape.money(instrument))
        is_walked = tape.has_book(at_ns, age_ms_max=self._parameters[print_.symbol].book_age_ms_max)
        left = print_.quantity
        for working in orders:
            if not is_walked or self._is_touched(working, money):
                before = tape.taken
                self._try(working, money, tape, resting=left)
                # Nobody trades the same print twice.
                left = max(left - (tape.taken - before), ZERO)

    def _is_touched(self, working: OrderAtWork, money: MoneyBar) -> bool:
        """Tell whether a print may fill an order while the book is fresh: only one that stands in it.

        A print also sets off a stop; what it takes then comes from the next book.
        """
        at_venue = working.at_venue
        if at_venue.live_ns >= money.closed_ns:
            return False
        stop = at_venue.stop_price
        if stop is not None and not at_venue.is_triggered:
            if not is_worse(stop, money.open, at_venue.direction):
                working.at_venue = replace(at_venue, is_triggered=True)
            return False
        return at_venue.has_rested

    def _on_book(self, snapshot: BookSnapshot) -> None:
        symbol, instrument = snapshot.symbol, self._instruments[snapshot.symbol]
        tape = self._tapes[symbol]
        tape.book = StandingBook(
            snapshot, tick_size=instrument.tick_size, lot_step=instrument.lot_step, before=tape.book
        )
        self._pass(symbol, snapshot.taken_ns, tape.middle)
        orders = self._orders.of(symbol)
        self._expire(orders, before_ns=snapshot.taken_ns)
        for working in orders:
            if working.is_working and working.at_venue.live_ns <= snapshot.taken_ns:
                self._meet_book(working, tape, tape.book)

    def _meet_book(self, working: OrderAtWork, tape: MarketTape, book: StandingBook) -> None:
        order, instrument = working.order, self._instruments[working.order.symbol]
        meeting = meet_book(
            working.at_venue,
            book,
            wanted=self._capped(working).remaining,
            time_in_force=order.time_in_force,
            margin=instrument.tick_size * self._parameters[order.symbol].ticks_through,
        )
        is_triggered = working.at_venue.is_triggered or meeting.is_triggered
        has_rested = working.at_venue.has_rested or meeting.rests
        working.at_venue = replace(working.at_venue, is_triggered=is_triggered, has_rested=has_rested)
        at = datetime_from_ns(book.taken_ns)
        book.take(order.direction, meeting.takings)
        for taking, liquidity in fills_of(meeting):
            fill = Meeting(Moment.OPEN, book.taken_ns, taking.price, taking.quantity, liquidity)
            self._execute(working, fill, at, tape)
        if meeting.ended and working.is_working:
            self._drop(order.order_id, _EXPIRED(order_id=order.order_id, at=at, reason=meeting.ended))

    def _react(self, working: OrderAtWork, tape: MarketTape) -> None:
        """Let an order that was born inside the last bar meet what was left of it."""
        bar = tape.money(self._instruments[working.order.symbol])
        if bar is None:
            return
        rest = bar if tape.last_price is None else bar.since(tape.last_ns, tape.last_price)
        self._try(working, rest, tape, whole=bar)

    def _may_touch(self, working: OrderAtWork, bar: MoneyBar) -> bool:
        late_ns = working.at_venue.live_ns - bar.opened_ns
        is_there = late_ns <= self._parameters[working.order.symbol].arrival_share_max * (bar.closed_ns - bar.opened_ns)
        return is_there and (working.expires_ns is None or working.expires_ns >= bar.closed_ns)

    def _try(
        self,
        working: OrderAtWork,
        bar: MoneyBar,
        tape: MarketTape,
        *,
        only: Moment | None = None,
        whole: MoneyBar | None = None,
        resting: Decimal | None = None,
    ) -> None:
        """Let one order meet a stretch of market, if it works still; `only` at one moment of it.

        `whole` is the bar that the stretch belongs to: an order that comes late in it is not touched by it.
        """
        if not working.is_working:
            return
        order = working.order
        meeting = None if only is None else self._foreseen(working, bar)
        if meeting is None:
            meeting = self._meeting_of(working, bar, tape, whole=whole, resting=resting)
            if only is not None:
                working.foreseen = Foreseen(bar, working.at_venue, self._executed, meeting)
        if meeting.rests and order.time_in_force is not TimeInForce.GTC:
            at = datetime_from_ns(meeting.at_ns or max(working.at_venue.live_ns, bar.opened_ns))
            reason = f"its limit of {order.limit_price} was not there at once"
            self._drop(order.order_id, _EXPIRED(order_id=order.order_id, at=at, reason=reason))
            return
        if meeting.rests and not working.at_venue.has_rested:
            working.at_venue = replace(working.at_venue, has_rested=True)
            if only is not None:
                # It stands in the book because nothing else came of it: that it stands there changes nothing of that.
                working.foreseen = Foreseen(bar, working.at_venue, self._executed, meeting)
        if meeting.moment is Moment.NEVER or (only is not None and meeting.moment is not only):
            return
        working.met_ns = bar.opened_ns
        self._apply(working, meeting, tape)

    def _foreseen(self, working: OrderAtWork, bar: MoneyBar) -> Meeting | None:
        """Return what comes of an order and a bar, if it was worked out at an earlier moment and holds still."""
        foreseen = working.foreseen
        if (
            foreseen is not None
            and foreseen.bar is bar
            and foreseen.at_venue is working.at_venue
            and foreseen.executed == self._executed
        ):
            return foreseen.meeting
        return None

    def _meeting_of(
        self,
        working: OrderAtWork,
        bar: MoneyBar,
        tape: MarketTape,
        *,
        whole: MoneyBar | None,
        resting: Decimal | None,
    ) -> Meeting:
        may_touch = whole is None or self._may_touch(working, whole)
        instrument = self._instruments[working.order.symbol]
        return meet(
            self._capped(working),
            bar,
            depth=self._depth(bar, tape, instrument, resting),
            instrument=instrument,
            parameters=self._parameters[instrument.symbol],
            may_touch=may_touch and working.order.time_in_force is TimeInForce.GTC,
        )

    def _capped(self, working: OrderAtWork) -> OrderAtVenue:
        at_venue = working.at_venue
        if not working.order.reduce_only:
            return at_venue
        reducible = self._reducible(working.order, working.side)
        return at_venue if at_venue.remaining <= reducible else replace(at_venue, remaining=reducible)

    def _depth(self, bar: MoneyBar, tape: MarketTape, instrument: Instrument, resting: Decimal | None) -> Depth:
        ours = max(bar.volume * self._parameters[instrument.symbol].max_participation - tape.taken, ZERO)
        taking = round_down_to_step(ours, instrument.lot_step)
        return Depth(taking, taking if resting is None else round_down_to_step(resting, instrument.lot_step))

    def _apply(self, working: OrderAtWork, meeting: Meeting, tape: MarketTape) -> None:
        order, at_venue = working.order, working.at_venue
        if meeting.is_triggered and not at_venue.is_triggered and meeting.quantity < at_venue.remaining:
            working.at_venue = replace(at_venue, is_triggered=True)
        at = datetime_from_ns(meeting.at_ns)
        if meeting.breach:
            self._drop(order.order_id, _EXPIRED(order_id=order.order_id, at=at, reason=meeting.breach))
            return
        is_short = meeting.quantity < at_venue.remaining
        if order.time_in_force is TimeInForce.FOK and is_short:
            reason = f"only {meeting.quantity} of {at_venue.remaining} were there"
            self._drop(order.order_id, _EXPIRED(order_id=order.order_id, at=at, reason=reason))
            return
        if meeting.quantity > ZERO:
            self._execute(working, meeting, at, tape)
        if order.time_in_force is TimeInForce.IOC and working.is_working:
            reason = f"{working.at_venue.remaining} of {order.quantity} were not there at once"
            self._drop(order.order_id, _EXPIRED(order_id=order.order_id, at=at, reason=reason))

    def _execute(self, working: OrderAtWork, meeting: Meeting, at: datetime, tape: MarketTape) -> None:
        order, instrument = working.order, self._instruments[working.order.symbol]
        rate = instrument.maker_fee if meeting.liquidity is Liquidity.MAKER else instrument.taker_fee
        if order.role is OrderRole.LIQUIDATION:
            rate += self._parameters[order.symbol].liquidation_fee
        fee, currency = fee_of(price=meeting.price, quantity=meeting.quantity, rate=rate), ""
        if self._pays_in_base(order, instrument):
            # The same arithmetic at a price of one: a share of what is bought.
            fee, currency = fee_of(price=_ONE, quantity=meeting.quantity, rate=rate), instrument.base
        report = _EXECUTED(
            order_id=order.order_id,
            at=at,
            price=meeting.price,
            quantity=meeting.quantity,
            fee=fee,
            fee_currency=currency,
            liquidity=meeting.liquidity,
            venue_trade_id=f"SIM-{self.books.executions_counted + 1:08d}",
        )
        if not self.books.net(order.symbol):
            # Funding counts from here: while nothing is held, the market need not be shown to us.
            tape.funded_ns = meeting.at_ns
        self.books.execute(order, report, side=working.side)
        self._executed += 1
        self._reports.append(report)
        tape.taken += meeting.quantity
        tape.last_ns, tape.last_price = meeting.at_ns, meeting.price
        remaining = working.at_venue.remaining - meeting.quantity
        if remaining > ZERO:
            working.at_venue = replace(working.at_venue, remaining=remaining)
        else:
            self._orders.take_out(order.order_id)
        for other in self._orders.of(order.symbol):
            if other.order.reduce_only and self._is_reduced_to_nothing(other):
                order_id = other.order.order_id
                self._drop(order_id, _CANCELLED(order_id=order_id, at=at, reason=NOTHING_LEFT))

    def _pays_in_base(self, order: Order, instrument: Instrument) -> bool:
        is_purchase = order.direction is Direction.BUY and instrument.kind is InstrumentKind.SPOT
        return is_purchase and self._parameters[order.symbol].fee_currency is FeeCurrency.RECEIVED

    def _is_reduced_to_nothing(self, working: OrderAtWork) -> bool:
        order, books = working.order, self.books
        if not books.held(order.trade_id) or not books.leg(order.symbol, working.side).quantity:
            return True
        is_in_base = self._parameters[order.symbol].fee_currency is FeeCurrency.RECEIVED
        return is_in_base and not self._reducible(order, working.side)

    def _side_of(self, order: Order) -> Direction | None:
        """Return the position that an order is about; None where the market has one."""
        if not self._is_hedged or self._instruments[order.symbol].kind is InstrumentKind.SPOT:
            return None
        return order.direction.opposite if order.reduce_only else order.direction

    def _expire(self, orders: Sequence[OrderAtWork], *, before_ns: int) -> None:
        for working in orders:
            expires_ns = working.expires_ns
            if expires_ns is not None and expires_ns <= before_ns and working.is_working:
                order_id = working.order.order_id
                at = datetime_from_ns(expires_ns)
                self._drop(order_id, _EXPIRED(order_id=order_id, at=at, reason="its window closed"))

    def _drop(self, order_id: OrderId, report: OrderCancelled | OrderExpired) -> None:
        self._orders.take_out(order_id)
        is_expired = isinstance(report, OrderExpired)
        status = OrderStatus.EXPIRED if is_expired else OrderStatus.CANCELLED
        self.books.end(order_id, status, report.at, report.reason)
        self._reports.append(report)

    def _reducible(self, order: Order, side: Direction | None) -> Decimal:
        """Return what a reduce-only order may trade at most, base units.

        That is what its trade holds against it, and no more than the whole position, which may be less where trades of
        both sides eat each other up.
        """
        held, position = self.books.held(order.trade_id), self.books.leg(order.symbol, side).quantity
        if order.direction is Direction.BUY:
            held, position = -held, -position
        most = max(min(held, position), ZERO)
        if most and self._parameters[order.symbol].fee_currency is FeeCurrency.RECEIVED:
            # A fee in base leaves less than whole lots.
            return round_down_to_step(most, self._instruments[order.symbol].lot_step)
        return most

    def _last_price(self, symbol: str) -> Decimal | None:
        return self._tapes[symbol].price(self._instruments[symbol])

    def _funds(self) -> Funds:
        prices = {symbol: self._last_price(symbol) for symbol in self._tapes}
        known = {at: price for at, price in prices.items() if price is not None}
        return Funds(self.books, self._instruments, known, self._parameters)
