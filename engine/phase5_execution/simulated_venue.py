"""A venue that fills orders itself, from bars or prints: for backtest and paper (port: ExecutionVenue)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from engine.config.policies import FillParameters
from engine.contracts.base import Direction
from engine.contracts.market import Instrument, MarketBar, MarketEvent, TradePrint
from engine.contracts.orders import Liquidity, Order, TimeInForce
from engine.contracts.specs import ConnectorExecutionSpec
from engine.contracts.venue import (
    OrderAccepted,
    OrderCancelled,
    OrderExecuted,
    OrderExpired,
    OrderRefused,
    VenueReport,
)
from engine.phase5_execution.fill_models import (
    Depth,
    Meeting,
    Moment,
    MoneyBar,
    OrderAtVenue,
    fee_of,
    meet,
    money_bar,
    money_print,
)
from engine.phase5_execution.venue_terms import refusal_of, terms_of
from engine.ports.clock import Clock
from engine.primitives.errors import InvariantBroken, VenueRejected
from engine.primitives.ids import OrderId, TradeId
from engine.primitives.money import ZERO, from_float, round_down_to_step
from engine.primitives.timeframes import NS_PER_MS, datetime_from_ns, ns_from_datetime

NOTHING_LEFT = "reduce-only: nothing is left to reduce"


@dataclass(frozen=True, slots=True)
class SimulatedExecution:
    """One execution in the venue's own books, with the order that it belongs to."""

    order: Order
    report: OrderExecuted


@dataclass(slots=True)
class _Working:
    """An order at the venue. Both times are UTC nanoseconds; `met_ns` is the open of the stretch that it last met."""

    order: Order
    at_venue: OrderAtVenue
    expires_ns: int | None
    met_ns: int = -1


@dataclass(slots=True)
class _Tape:
    """What the venue remembers of one market. `last` is where and when something of ours was last filled in `bar`."""

    raw: MarketBar | None = None
    bar: MoneyBar | None = None
    taken: Decimal = ZERO
    last_ns: int = 0
    last_price: Decimal | None = None
    printed_ns: int = -1

    def money(self, instrument: Instrument) -> MoneyBar | None:
        """The last bar in money terms; worked out when somebody needs it."""
        if self.bar is None and self.raw is not None:
            self.bar = money_bar(self.raw, instrument)
        return self.bar


class SimulatedVenue:
    """Fills orders by `fill_models`, deterministically, and keeps books of its own.

    Orders meet prints where there are prints, and bars otherwise; an order that is placed at the close of a bar meets
    the next one. A reduce-only order whose `created_at` lies inside the last bar answers to a fill in that bar (a stop
    for an entry): it meets the rest of it; new risk waits for the next bar. A reduce-only order never trades more than its own trade holds, and is cancelled
    when nothing is left: stop and target of one trade need no other link.

    Args:
        instruments: The markets that it trades, by symbol.
        clock: Engine time, for reports that no market event dates.
        parameters: How kind the market is.
        parameters_of: Markets that are kinder or less kind than that, by symbol.
    """

    def __init__(
        self,
        *,
        instruments: Mapping[str, Instrument],
        clock: Clock,
        parameters: FillParameters | None = None,
        parameters_of: Mapping[str, FillParameters] | None = None,
    ) -> None:
        self._instruments = dict(instruments)
        self._clock = clock
        self._common = parameters or FillParameters()
        self._own = dict(parameters_of or {})
        self._working: dict[OrderId, _Working] = {}
        self._tapes: dict[str, _Tape] = defaultdict(_Tape)
        self._held: dict[TradeId, Decimal] = defaultdict(Decimal)
        self._seen: set[OrderId] = set()
        self._reports: list[VenueReport] = []
        self.executions: list[SimulatedExecution] = []

    def _parameters(self, symbol: str) -> FillParameters:
        return self._own.get(symbol, self._common)

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
        no = refusal_of(order, self._instruments.get(order.symbol), reducible=self._reducible(order))
        if no:
            self._reports.append(OrderRefused(order_id=order.order_id, at=order.created_at, reason=no))
            return
        tape = self._tapes[order.symbol]
        terms = terms_of(order, spec, self._parameters(order.symbol), last_price=self._last_price(order.symbol))
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
        working = _Working(order, at_venue, expires_ns)
        self._working[order.order_id] = working
        self._reports.append(OrderAccepted(order_id=order.order_id, at=order.created_at))
        bar = tape.raw
        if (
            order.reduce_only
            and bar is not None
            and tape.printed_ns < bar.opened_ns <= at_venue.live_ns < bar.closed_ns
        ):
            self._react(working, tape)

    def cancel(self, order_id: OrderId) -> None:
        """Take the rest of an order out of the market at once; too late, and nothing is reported."""
        if order_id in self._working:
            self._drop(order_id, OrderCancelled(order_id=order_id, at=self._clock.now(), reason="cancelled by us"))

    def open_orders(self) -> Sequence[OrderId]:
        """Return the orders that work now, oldest first."""
        return tuple(self._working)

    def take_reports(self) -> Sequence[VenueReport]:
        """Return the reports since the last call, in the order in which they happened."""
        reports, self._reports = self._reports, []
        return reports

    def net_quantity(self, symbol: str) -> Decimal:
        """Return the sum of all executions in a symbol: base units, positive long."""
        return sum(
            (
                done.report.quantity * done.order.direction.sign
                for done in self.executions
                if done.order.symbol == symbol
            ),
            ZERO,
        )

    def on_market(self, event: MarketEvent) -> None:
        """Move the market. Quotes move nothing here; a bar that prints have covered only measures depth."""
        if isinstance(event, MarketBar):
            self._on_bar(event)
        elif isinstance(event, TradePrint):
            self._on_print(event)

    def _on_bar(self, bar: MarketBar) -> None:
        tape = self._tapes[bar.symbol]
        tape.raw, tape.bar, tape.taken, tape.last_price = bar, None, ZERO, None
        orders = self._orders_of(bar.symbol)
        if tape.printed_ns >= bar.opened_ns or all(self._sleeps(working, bar) for working in orders):
            return
        self._expire(orders, before_ns=bar.opened_ns)
        money = money_bar(bar, self._instruments[bar.symbol])
        tape.bar = money
        for moment in (Moment.OPEN, Moment.STOP, Moment.TOUCH):
            for working in orders:
                if working.met_ns != bar.opened_ns:
                    self._try(working, money, tape, only=moment, may_touch=self._may_touch(working, money))
        self._expire(self._orders_of(bar.symbol), before_ns=bar.closed_ns)

    def _sleeps(self, working: _Working, bar: MarketBar) -> bool:
        """Tell from the floats alone that a bar does nothing to an order: most bars do nothing to stops and targets.

        A tick of margin covers the rounding of the bar; an order that might do anything is looked at in money.
        """
        at_venue, order = working.at_venue, working.order
        if working.expires_ns is not None and working.expires_ns <= bar.closed_ns:
            return False
        is_buy = order.direction is Direction.BUY
        if at_venue.stop_price is not None and not at_venue.is_triggered:
            price, wakes_above = at_venue.stop_price, is_buy
        elif at_venue.limit_price is not None and at_venue.has_rested:
            price, wakes_above = at_venue.limit_price, not is_buy
        else:
            return False
        tick = float(self._instruments[order.symbol].tick_size)
        return bar.high < float(price) - tick if wakes_above else bar.low > float(price) + tick

    def _on_print(self, print_: TradePrint) -> None:
        tape, orders = self._tapes[print_.symbol], self._orders_of(print_.symbol)
        tape.printed_ns = ns_from_datetime(print_.traded_at)
        tape.last_price = print_.price
        if not orders:
            return
        self._expire(orders, before_ns=tape.printed_ns)
        instrument = self._instruments[print_.symbol]
        money = money_print(print_, tape.money(instrument))
        for working in orders:
            self._try(working, money, tape, resting=print_.quantity)

    def _react(self, working: _Working, tape: _Tape) -> None:
        """Let an order that was born inside the last bar meet what was left of it."""
        bar = tape.money(self._instruments[working.order.symbol])
        if bar is None:
            return
        rest = bar if tape.last_price is None else bar.since(tape.last_ns, tape.last_price)
        self._try(working, rest, tape, may_touch=self._may_touch(working, bar))

    def _may_touch(self, working: _Working, bar: MoneyBar) -> bool:
        late_ns = working.at_venue.live_ns - bar.opened_ns
        is_there = late_ns <= self._parameters(working.order.symbol).arrival_share_max * (bar.closed_ns - bar.opened_ns)
        return is_there and (working.expires_ns is None or working.expires_ns >= bar.closed_ns)

    def _try(
        self,
        working: _Working,
        bar: MoneyBar,
        tape: _Tape,
        *,
        only: Moment | None = None,
        may_touch: bool = True,
        resting: Decimal | None = None,
    ) -> None:
        """Let one order meet a stretch of market, if it works still; `only` at one moment of it."""
        order = working.order
        if order.order_id not in self._working:
            return
        instrument = self._instruments[order.symbol]
        may_rest = order.time_in_force is TimeInForce.GTC
        meeting = meet(
            self._capped(working),
            bar,
            depth=self._depth(bar, tape, instrument, resting),
            instrument=instrument,
            parameters=self._parameters(order.symbol),
            may_touch=may_touch and may_rest,
        )
        if meeting.rests and not may_rest:
            at = datetime_from_ns(meeting.at_ns or max(working.at_venue.live_ns, bar.opened_ns))
            reason = f"its limit of {order.limit_price} was not there at once"
            self._drop(order.order_id, OrderExpired(order_id=order.order_id, at=at, reason=reason))
            return
        if meeting.rests:
            working.at_venue = replace(working.at_venue, has_rested=True)
        if meeting.moment is Moment.NEVER or (only is not None and meeting.moment is not only):
            return
        working.met_ns = bar.opened_ns
        self._apply(working, meeting, tape)

    def _capped(self, working: _Working) -> OrderAtVenue:
        if not working.order.reduce_only:
            return working.at_venue
        return replace(working.at_venue, remaining=min(working.at_venue.remaining, self._reducible(working.order)))

    def _depth(self, bar: MoneyBar, tape: _Tape, instrument: Instrument, resting: Decimal | None) -> Depth:
        ours = max(bar.volume * self._parameters(instrument.symbol).max_participation - tape.taken, ZERO)
        taking = round_down_to_step(ours, instrument.lot_step)
        return Depth(taking, taking if resting is None else round_down_to_step(resting, instrument.lot_step))

    def _apply(self, working: _Working, meeting: Meeting, tape: _Tape) -> None:
        order, at_venue = working.order, working.at_venue
        working.at_venue = replace(at_venue, is_triggered=at_venue.is_triggered or meeting.is_triggered)
        at = datetime_from_ns(meeting.at_ns)
        if meeting.breach:
            self._drop(order.order_id, OrderExpired(order_id=order.order_id, at=at, reason=meeting.breach))
            return
        is_short = meeting.quantity < at_venue.remaining
        if order.time_in_force is TimeInForce.FOK and is_short:
            reason = f"only {meeting.quantity} of {at_venue.remaining} were there"
            self._drop(order.order_id, OrderExpired(order_id=order.order_id, at=at, reason=reason))
            return
        if meeting.quantity > ZERO:
            self._execute(working, meeting, at, tape)
        if order.time_in_force is TimeInForce.IOC and order.order_id in self._working:
            reason = f"{working.at_venue.remaining} of {order.quantity} were not there at once"
            self._drop(order.order_id, OrderExpired(order_id=order.order_id, at=at, reason=reason))

    def _execute(self, working: _Working, meeting: Meeting, at: datetime, tape: _Tape) -> None:
        order, instrument = working.order, self._instruments[working.order.symbol]
        rate = instrument.maker_fee if meeting.liquidity is Liquidity.MAKER else instrument.taker_fee
        report = OrderExecuted(
            order_id=order.order_id,
            at=at,
            price=meeting.price,
            quantity=meeting.quantity,
            fee=fee_of(price=meeting.price, quantity=meeting.quantity, rate=rate),
            liquidity=meeting.liquidity,
            venue_trade_id=f"SIM-{len(self.executions) + 1:08d}",
        )
        self.executions.append(SimulatedExecution(order, report))
        self._reports.append(report)
        self._held[order.trade_id] += meeting.quantity * order.direction.sign
        tape.taken += meeting.quantity
        tape.last_ns, tape.last_price = meeting.at_ns, meeting.price
        remaining = working.at_venue.remaining - meeting.quantity
        working.at_venue = replace(working.at_venue, remaining=remaining)
        if remaining <= ZERO:
            del self._working[order.order_id]
        if self._held[order.trade_id] == ZERO:
            self._drop_what_reduces(order.trade_id, at)

    def _drop_what_reduces(self, trade_id: TradeId, at: datetime) -> None:
        for other in list(self._working.values()):
            if other.order.reduce_only and other.order.trade_id == trade_id:
                order_id = other.order.order_id
                self._drop(order_id, OrderCancelled(order_id=order_id, at=at, reason=NOTHING_LEFT))

    def _expire(self, orders: Sequence[_Working], *, before_ns: int) -> None:
        for working in orders:
            order_id, expires_ns = working.order.order_id, working.expires_ns
            if order_id in self._working and expires_ns is not None and expires_ns <= before_ns:
                at = datetime_from_ns(expires_ns)
                self._drop(order_id, OrderExpired(order_id=order_id, at=at, reason="its window closed"))

    def _drop(self, order_id: OrderId, report: VenueReport) -> None:
        del self._working[order_id]
        self._reports.append(report)

    def _orders_of(self, symbol: str) -> list[_Working]:
        return [working for working in self._working.values() if working.order.symbol == symbol]

    def _reducible(self, order: Order) -> Decimal:
        """Return what a reduce-only order may trade at most: what its trade holds against it, base units."""
        held = self._held[order.trade_id]
        return abs(held) if held * order.direction.sign < 0 else ZERO

    def _last_price(self, symbol: str) -> Decimal | None:
        tape = self._tapes[symbol]
        if tape.last_price is not None or tape.raw is None:
            return tape.last_price
        return from_float(tape.raw.close, self._instruments[symbol].tick_size)
