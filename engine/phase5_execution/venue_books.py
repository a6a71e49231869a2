"""The simulated venue's own books: every order, execution and payment, kept without a look at our ledger."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Context, Decimal
from typing import Final

from engine.contracts.base import Direction
from engine.contracts.carried import CarriedCancel, CarriedLeg, CarriedOrder, CarriedVenue, CarriedVenueAccount
from engine.contracts.fees import fee_parts
from engine.contracts.orders import Order, OrderRole, OrderStatus
from engine.contracts.venue import FundingPaid, OrderExecuted, OrderForced, OrderStanding, VenuePosition
from engine.phase5_execution.venue_margin import Leg
from engine.primitives.errors import InvariantBroken
from engine.primitives.ids import OrderId, TradeId
from engine.primitives.money import ZERO

_WIDE: Final = Context(prec=100)
"""More digits than prices and sizes of a venue can need, so that sums stay exact."""
_FLAT: Final = Leg()


@dataclass(frozen=True, slots=True)
class SimulatedExecution:
    """One execution in the venue's own books, with the order that it belongs to."""

    order: Order
    report: OrderExecuted


@dataclass(slots=True)
class _Entry:
    """One order in the books. `number` is its place in the venue's own count."""

    order: Order
    number: int
    at: datetime
    filled: Decimal = ZERO
    ended: OrderStatus | None = None
    reason: str = ""

    @property
    def status(self) -> OrderStatus:
        if self.ended is not None:
            return self.ended
        return OrderStatus.PARTIALLY_FILLED if self.filled else OrderStatus.OPEN


class VenueBooks:
    """What a venue knows of one account: the truth that a ledger is compared with.

    Args:
        starting_cash: What the account has at the start, in `currency`; None when nobody said, and then nothing is
            refused for lack of it.
        currency: What cash is counted in.
        memory: So many of the newest orders that have ended, and of the newest executions, are kept at least; None keeps
            all. For a run that can be made again: nobody reads in its books what was over long ago.
    """

    def __init__(self, *, starting_cash: Decimal | None = None, currency: str = "", memory: int | None = None) -> None:
        self.currency = currency
        self.executions: list[SimulatedExecution] = []
        self.fundings: list[FundingPaid] = []
        self.cash_moved = ZERO
        """What all executions, fees and funding payments did to the cash, in quote."""
        self._starting_cash = starting_cash
        self._orders_before = self._executions_before = 0
        self._memory = memory
        self._ended: list[OrderId] = []
        self._forgotten: set[OrderId] = set()
        self._forgotten_until: datetime | None = None
        self._entries: dict[OrderId, _Entry] = {}
        self._open: dict[OrderId, None] = {}
        self._net: dict[str, Decimal] = defaultdict(Decimal)
        self._held: dict[TradeId, Decimal] = {}
        """What trades hold: base units, positive long; those that hold nothing are not in it."""
        self._opened_by: dict[TradeId, Order] = {}
        """An order of each trade that holds something, the trade that opened first being the first."""
        self._legs: dict[str, dict[Direction | None, Leg]] = defaultdict(dict)

    @property
    def cash(self) -> Decimal | None:
        """What the account has now, in quote; None when nobody said what it had at the start."""
        return None if self._starting_cash is None else _WIDE.add(self._starting_cash, self.cash_moved)

    @classmethod
    def carried(cls, left: CarriedVenue) -> "VenueBooks":
        """Return books that go on where others ended."""
        account = left.account
        books = cls(starting_cash=account.starting_cash, currency=account.currency)
        books.cash_moved = account.cash_moved
        books.fundings = list(left.fundings)
        books._net.update(account.net)
        books._held.update(account.held)
        for leg in account.legs:
            books._legs[leg.symbol][leg.side] = Leg(leg.quantity, leg.value)
        for one in left.orders:
            entry = _Entry(one.order, one.number, one.at, one.filled, one.ended, one.reason)
            books._entries[one.order.order_id] = entry
            if one.order.trade_id in account.held:
                books._opened_by.setdefault(one.order.trade_id, one.order)
            if one.ended is None:
                books._open[one.order.order_id] = None
        for done in left.executions:
            order = books._entries[done.report.order_id].order
            books.executions.append(SimulatedExecution(order, done.report))
            if account.net and not account.legs and order.trade_id in account.held:
                # Kept by a version that knew no margin: what is held came from these.
                signed = done.report.quantity * order.direction.sign
                books._legs[order.symbol][None] = books.leg(order.symbol, None).after(signed, done.report.price)
        books._orders_before = account.orders_counted - len(left.orders)
        books._executions_before = account.executions_counted - len(left.executions)
        return books

    def account(self, *, funded_ns: Mapping[str, int], cancels: tuple[CarriedCancel, ...]) -> CarriedVenueAccount:
        """Return how the account stands, for those who go on with it."""
        return CarriedVenueAccount(
            currency=self.currency,
            starting_cash=self._starting_cash,
            cash_moved=self.cash_moved,
            orders_counted=self.orders_counted,
            executions_counted=self.executions_counted,
            net={symbol: net for symbol, net in self._net.items() if net},
            held=dict(self._held),
            legs=tuple(
                CarriedLeg(symbol=symbol, side=side, quantity=leg.quantity, value=leg.value)
                for symbol, legs in self._legs.items()
                for side, leg in legs.items()
            ),
            funded_ns=funded_ns,
            cancels=cancels,
        )

    @property
    def orders_counted(self) -> int:
        """How many orders there were in all: also those before these books were carried over."""
        return self._orders_before + len(self._entries)

    @property
    def executions_counted(self) -> int:
        """How many executions there were in all: also those before these books were carried over."""
        return self._executions_before + len(self.executions)

    def entry(self, order_id: OrderId, at_work: str) -> CarriedOrder:
        """Return one order as it stands, for those who go on with it; `at_work` says how it stands in the simulation."""
        entry = self._entries[order_id]
        return CarriedOrder(
            order=entry.order,
            number=entry.number,
            at=entry.at,
            filled=entry.filled,
            ended=entry.ended,
            reason=entry.reason,
            at_work=at_work,
        )

    def enter(self, order: Order, at: datetime) -> str:
        """Take an order into the books; return the venue's own name for it."""
        entry = _Entry(order, self.orders_counted + 1, at)
        self._entries[order.order_id] = entry
        self._open[order.order_id] = None
        return _name_of(entry)

    def knows(self, order_id: OrderId) -> bool:
        """Tell whether an order ever stood in the books; refused ones never did."""
        return order_id in self._entries or order_id in self._forgotten

    def execute(self, order: Order, report: OrderExecuted, *, side: Direction | None = None) -> None:
        """Book one execution; the order is FILLED when nothing of it is left.

        `side` is that of a hedged account (BUY for its longs); None where the market has one position.
        """
        entry = self._entries[order.order_id]
        self.executions.append(SimulatedExecution(order, report))
        signed, fee = report.quantity * order.direction.sign, report.fee
        if report.fee_currency:
            parts = fee_parts(fee, report.fee_currency, order.symbol)
            signed, fee = signed - parts.base, parts.quote
        self._net[order.symbol] += signed
        self._hold(order.trade_id, signed)
        if order.trade_id not in self._held:
            self._opened_by.pop(order.trade_id, None)
        else:
            self._opened_by.setdefault(order.trade_id, order)
        leg = self.leg(order.symbol, side).after(signed, report.price)
        self._legs[order.symbol][side] = leg
        if not leg.quantity:
            del self._legs[order.symbol][side]
        flow = _WIDE.add(_WIDE.multiply(report.quantity * order.direction.sign, report.price), fee)
        self.cash_moved = _WIDE.subtract(self.cash_moved, flow)
        entry.filled += report.quantity
        entry.at = report.at
        if entry.filled >= order.quantity:
            self._end(entry, OrderStatus.FILLED, report.at)

    def _hold(self, trade_id: TradeId, signed: Decimal) -> None:
        held = self.held(trade_id) + signed
        if held:
            self._held[trade_id] = held
        else:
            self._held.pop(trade_id, None)

    def end(self, order_id: OrderId, status: OrderStatus, at: datetime, reason: str) -> None:
        """Close an order that will not fill any more."""
        self._end(self._entries[order_id], status, at, reason)

    def _end(self, entry: _Entry, status: OrderStatus, at: datetime, reason: str = "") -> None:
        entry.ended, entry.at, entry.reason = status, at, reason
        del self._open[entry.order.order_id]
        if self._memory is not None:
            self._ended.append(entry.order.order_id)
            if len(self._ended) >= 2 * self._memory:
                self._forget(self._memory)

    def _forget(self, kept: int) -> None:
        """Let go of what is over, but for the newest."""
        gone, self._ended = self._ended[:-kept], self._ended[-kept:]
        for order_id in gone:
            del self._entries[order_id]
        self._forgotten.update(gone)
        self._orders_before += len(gone)
        if len(self.executions) > kept:
            self._forgotten_until = self.executions[-kept - 1].report.at
            self._executions_before += len(self.executions) - kept
            self.executions = self.executions[-kept:]

    def pay(self, payment: FundingPaid) -> None:
        """Book one funding payment."""
        self.fundings.append(payment)
        self.cash_moved = _WIDE.add(self.cash_moved, payment.amount)

    def net(self, symbol: str) -> Decimal:
        """Return what the account holds of a market: base units, positive long."""
        return self._net[symbol]

    def held(self, trade_id: TradeId) -> Decimal:
        """Return what one trade holds: base units, positive long."""
        return self._held.get(trade_id, ZERO)

    def leg(self, symbol: str, side: Direction | None) -> Leg:
        """Return one position of a market as it is margined; see `execute` about `side`."""
        return self._legs[symbol].get(side, _FLAT)

    def legs(self, symbol: str) -> Mapping[Direction | None, Leg]:
        """Return all positions of a market that are not flat."""
        return self._legs[symbol]

    def holders(self, symbol: str, direction: Direction) -> list[tuple[Order, Decimal]]:
        """Return the trades that hold a market in a direction, oldest first: an order of each, and how much (unsigned)."""
        of_market = (order for order in self._opened_by.values() if order.symbol == symbol)
        holding = ((order, self.held(order.trade_id) * direction.sign) for order in of_market)
        return [(order, held) for order, held in holding if held > ZERO]

    def positions(self) -> tuple[VenuePosition, ...]:
        """Return all positions that are not flat; of a hedged account both sides of a market."""
        return tuple(
            VenuePosition(symbol=symbol, quantity=leg.quantity)
            for symbol, legs in self._legs.items()
            for leg in legs.values()
        )

    def standing(self, order_id: OrderId) -> OrderStanding | None:
        """Return how an order stands; None for one that never arrived, or that was refused.

        Raises:
            InvariantBroken: it ended so long ago that it is not remembered.
        """
        if order_id in self._forgotten:
            raise InvariantBroken("The venue was asked for an order that it has forgotten.", order_id=order_id)
        entry = self._entries.get(order_id)
        return None if entry is None else _standing(entry)

    def open_orders(self, symbol: str | None = None) -> tuple[OrderStanding, ...]:
        """Return the orders that work now, oldest first, of one market or of all."""
        entries = (self._entries[order_id] for order_id in self._open)
        return tuple(_standing(entry) for entry in entries if symbol is None or entry.order.symbol == symbol)

    def executions_since(self, since: datetime) -> tuple[OrderExecuted, ...]:
        """Return the executions at or after an instant, in the order in which they were booked.

        Raises:
            InvariantBroken: some of them are so long ago that they are not remembered.
        """
        if self._forgotten_until is not None and since <= self._forgotten_until:
            raise InvariantBroken("The venue was asked for executions that it has forgotten.", since=since)
        return tuple(done.report for done in self.executions if done.report.at >= since)

    def fundings_since(self, since: datetime) -> tuple[FundingPaid, ...]:
        """Return the funding payments at or after an instant, in the order in which they were booked."""
        return tuple(payment for payment in self.fundings if payment.at >= since)

    def forced_since(self, since: datetime) -> tuple[OrderForced, ...]:
        """Return the venue's own orders that work, or to which something happened at or after an instant."""
        return tuple(
            forced_report(entry.order)
            for entry in self._entries.values()
            if entry.order.role is OrderRole.LIQUIDATION and (entry.ended is None or entry.at >= since)
        )

    def working(self) -> Iterator[tuple[Order, Decimal]]:
        """Yield the orders that work now and what is left of each, base units; oldest first."""
        for order_id in self._open:
            entry = self._entries[order_id]
            yield entry.order, entry.order.quantity - entry.filled


def forced_report(order: Order) -> OrderForced:
    """Return what is told of an order that the venue made."""
    return OrderForced(
        order_id=order.order_id,
        at=order.created_at,
        trade_id=order.trade_id,
        symbol=order.symbol,
        direction=order.direction,
        quantity=order.quantity,
        reason=order.reason,
    )


def _name_of(entry: _Entry) -> str:
    return f"SIM-O-{entry.number:08d}"


def _standing(entry: _Entry) -> OrderStanding:
    order = entry.order
    return OrderStanding(
        client_order_id=order.order_id,
        venue_order_id=_name_of(entry),
        symbol=order.symbol,
        direction=order.direction,
        quantity=order.quantity,
        filled_quantity=entry.filled,
        limit_price=order.limit_price,
        stop_price=order.stop_price,
        reduce_only=order.reduce_only,
        status=entry.status,
        updated_at=entry.at,
        reason=entry.reason,
    )
