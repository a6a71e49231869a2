"""The last hard stop before the venue: what no order may do, whoever asks for it. It only refuses."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from engine.config.policies import GuardLimits, PositionMode
from engine.contracts.base import Direction
from engine.contracts.commands import TradingState
from engine.contracts.flows import MAXIMUM_DAILY_LOSS
from engine.contracts.limits import LimitUnit, LimitUse
from engine.contracts.market import Instrument, InstrumentKind
from engine.contracts.orders import Order, OrderRole
from engine.phase5_execution.trading_day import TradingDay
from engine.ports.ledger import LedgerReader
from engine.primitives.errors import VenueRejected
from engine.primitives.ids import GroupId, TradeId
from engine.primitives.money import ZERO
from engine.primitives.timeframes import NS_PER_MS, NS_PER_SECOND, ns_from_datetime

_MINUTE_NS: Final = 60 * NS_PER_SECOND


@dataclass(frozen=True, slots=True)
class _Sent:
    """An entry that left: when (UTC nanoseconds), for which directive, and what it was."""

    at_ns: int
    strategy_id: str
    group_id: GroupId
    intent: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class EntryRequest:
    """An entry before it is an order: base units, and the price (quote per base) that it may cost at worst."""

    strategy_id: str
    instrument: Instrument
    direction: Direction
    quantity: Decimal
    price: Decimal

    @property
    def value(self) -> Decimal:
        """What it may cost at worst, in quote, without its fee."""
        return self.quantity * self.price

    @property
    def cost(self) -> Decimal:
        """What it may cost at worst, in quote, with its fee."""
        return self.value * (1 + self.instrument.taker_fee)


class OrderGuard:
    """Says no to new risk; a reduction always passes, but never for more than is held.

    Args:
        ledger: For cash and for what trades hold.
        limits: What no order may exceed.
        last_price: The last price of a symbol (quote per base), or None when there is none yet.
        day: What the account was worth when the day began; a day of its own, that begins now, if none is given.
    """

    def __init__(
        self,
        *,
        ledger: LedgerReader,
        limits: GuardLimits | None = None,
        last_price: Callable[[str], Decimal | None] | None = None,
        day: TradingDay | None = None,
    ) -> None:
        self._ledger = ledger
        self._limits = limits or GuardLimits()
        self._last_price = last_price
        self._state = TradingState.ACTIVE
        self._reason = ""
        self._paused: dict[str, str] = {}
        self._sent: deque[_Sent] = deque()
        self._day = day or TradingDay(ledger.get_account().equity)
        self._doubt: Callable[[str], str] | None = None
        self._only_reducing: set[GroupId] = set()
        self._together: list[EntryRequest] | None = None

    @property
    def state(self) -> TradingState:
        """What the engine allows now."""
        return self._state

    @property
    def reason(self) -> str:
        """Why it allows no more; empty while ACTIVE."""
        return self._reason

    @property
    def keeps_both_sides(self) -> bool:
        """Whether the account may hold a long and a short of one perpetual market."""
        return self._limits.position_mode is PositionMode.HEDGE

    def latch(self, state: TradingState, reason: str) -> None:
        """Allow no new risk from now on. A latch is only ever tightened here: HALTED stays HALTED."""
        if self._state is not TradingState.HALTED:
            self._state, self._reason = state, reason

    def clear(self) -> None:
        """Allow new risk again. Only a person decides that."""
        self._state, self._reason = TradingState.ACTIVE, ""

    def pause(self, strategy_id: str) -> None:
        """Allow one strategy no new risk."""
        self._paused[strategy_id] = "paused"

    def resume(self, strategy_id: str) -> None:
        """Allow it new risk again."""
        self._paused.pop(strategy_id, None)
        self._sent = deque(sent for sent in self._sent if sent.strategy_id != strategy_id)

    def last_price(self, symbol: str) -> Decimal | None:
        """Return the last price of a market (quote per base), or None when there is none yet."""
        return None if self._last_price is None else self._last_price(symbol)

    def heed(self, doubt: Callable[[str], str]) -> None:
        """Ask this too before new risk in a symbol is allowed: it says what is not known for sure, or nothing."""
        self._doubt = doubt

    def only_reduce(self, group_id: GroupId) -> None:
        """Let no entry of a group leave from now on: it belongs to a reduction, or is being taken back."""
        self._only_reducing.add(group_id)

    def why_no_risk(self, strategy_id: str) -> str:
        """Return why a strategy may take no new risk until somebody decides otherwise; empty when it may."""
        if self._state is not TradingState.ACTIVE:
            return f"trading is {self._state}: {self._reason}"
        if strategy_id in self._paused:
            return f"the strategy {strategy_id} is {self._paused[strategy_id]}"
        return ""

    def why_wait(self, symbol: str) -> str:
        """Return what is not known for sure about a symbol, so that new risk in it has to wait; empty when all is."""
        return "" if self._doubt is None else self._doubt(symbol)

    def refusal_of(self, order: Order, at_ns: int, *, market: Instrument) -> str:
        """Return why an order may not leave, with the numbers; empty when it may. It is asked once, right before.

        An exit is only held to what its trade holds: it may never turn a position over, and nothing else stops it. An
        entry is held to the trading state, and to what entries together may do in a stretch of time. `at_ns` is the
        instant at which it leaves (UTC nanoseconds).
        """
        if order.role is not OrderRole.ENTRY:
            return self._exit_refusal(order)
        if order.group_id in self._only_reducing:
            return f"rule no increase: {order.group_id} may only reduce"
        opposed = self._opposed(order.symbol, order.direction) if self.keeps_one_side(market) else ""
        if opposed:
            return f"rule one position: {opposed}"
        no = self.why_no_risk(order.strategy_id) or self.why_wait(order.symbol) or self._pace_refusal(order, at_ns)
        if no:
            return no
        self._sent.append(_Sent(at_ns, order.strategy_id, order.group_id, _intent_of(order)))
        return ""

    def _exit_refusal(self, order: Order) -> str:
        trade = self._ledger.get_trade(order.trade_id)
        if order.direction is trade.direction:
            return f"rule no increase: {order.direction} would add to a {trade.direction} trade"
        others = ZERO
        if order.role is OrderRole.CLOSE:
            working = self._closing(order.trade_id)
            others = sum((it.remaining_quantity for it in working if it.order_id != order.order_id), ZERO)
        if order.quantity + others > trade.open_quantity:
            return (
                f"rule no increase: {order.quantity} and {others} that work already are more than the"
                f" {trade.open_quantity} that is held"
            )
        return ""

    def _pace_refusal(self, order: Order, now_ns: int) -> str:
        """Return why an entry comes too soon after others: too many, the same again, or too many of one strategy."""
        limits = self._limits
        while self._sent and self._sent[0].at_ns <= now_ns - _MINUTE_NS:
            self._sent.popleft()
        if not self._sent:
            return ""
        lately = sum(sent.at_ns > now_ns - NS_PER_SECOND for sent in self._sent)
        if limits.max_orders_per_second is not None and lately >= limits.max_orders_per_second:
            return f"rule message rate: {lately} entries within a second, allowed {limits.max_orders_per_second}"
        since_ns = now_ns - limits.duplicate_window_ms * NS_PER_MS
        own = [sent for sent in self._sent if sent.strategy_id == order.strategy_id and sent.group_id != order.group_id]
        intent = _intent_of(order)
        if any(sent.at_ns > since_ns and sent.intent == intent for sent in own):
            return f"rule duplicate intent: the same entry left within {limits.duplicate_window_ms} ms"
        directives = len({sent.group_id for sent in own})
        if limits.max_entries_per_minute is not None and directives >= limits.max_entries_per_minute:
            self._paused[order.strategy_id] = (
                f"paused until a person resumes it: {directives} directives within a minute,"
                f" allowed {limits.max_entries_per_minute}"
            )
            return f"rule repeated execution: the strategy is {self._paused[order.strategy_id]}"
        return ""

    def require_entry(self, request: EntryRequest) -> None:
        """Refuse an entry that no trader would have meant, or that there is no money for.

        Raises:
            VenueRejected: with `rule` and the numbers as facts.
        """
        no = self.why_no_risk(request.strategy_id) or self.why_wait(request.instrument.symbol)
        if no:
            raise VenueRejected(f"no new risk is allowed: {no}", rule="trading state")
        self._require_one_side(request)
        limits, symbol = self._limits, request.instrument.symbol
        if limits.max_order_value is not None and request.value > limits.max_order_value:
            raise VenueRejected(
                "the order is worth more than any order may be",
                rule="maximum order value",
                symbol=symbol,
                value=request.value,
                maximum=limits.max_order_value,
            )
        self._require_collar(request)
        self._require_room(request)
        self._require_day(request)
        if limits.check_funds:
            self._require_funds(request)
        if self._together is not None:
            self._together.append(request)

    def uses(self, now_ns: int) -> Sequence[LimitUse]:
        """Return how much of each limit is used at an instant (UTC nanoseconds). It changes nothing."""
        limits, account = self._limits, self._ledger.get_account()
        markets = dict.fromkeys(
            (
                *(held.symbol for held in self._ledger.get_open_positions()),
                *(order.symbol for order in self._ledger.get_open_orders() if order.role is OrderRole.ENTRY),
            )
        )
        sent = [each for each in self._sent if each.at_ns > now_ns - _MINUTE_NS]
        lately = sum(each.at_ns > now_ns - NS_PER_SECOND for each in sent)
        loss = self._day.loss(ns_from_datetime(account.at), account.equity)
        quote, count = LimitUnit.QUOTE, LimitUnit.COUNT
        funds = [LimitUse("insufficient funds", quote, account.equity, self._at_work())] if limits.check_funds else []
        return [
            LimitUse(MAXIMUM_DAILY_LOSS, quote, limits.max_daily_loss, max(loss, ZERO)),
            LimitUse("maximum exposure", quote, limits.max_exposure_value, self._at_work()),
            *(
                LimitUse("maximum position value", quote, limits.max_position_value, self._at_work(symbol), symbol)
                for symbol in markets
            ),
            *funds,
            LimitUse("maximum order value", quote, limits.max_order_value),
            LimitUse("price collar", LimitUnit.RATIO, limits.price_collar),
            LimitUse("message rate", count, _whole(limits.max_orders_per_second), Decimal(lately)),
            *(
                LimitUse("repeated execution", count, _whole(limits.max_entries_per_minute), Decimal(directives), name)
                for name, directives in _directives_of(sent).items()
            ),
        ]

    @contextmanager
    def together(self) -> Iterator[None]:
        """Hold the entries that are asked for within it to the limits as one: each finds the earlier ones at work."""
        self._together = []
        try:
            yield
        finally:
            self._together = None

    def _require_one_side(self, request: EntryRequest) -> None:
        """Refuse an entry that would eat up a trade of the other side, where the venue keeps one position.

        Netted, neither trade would have what its stop and its target are for, and a reduce-only order of either could
        find nothing to reduce. So both sides of a market are never open together, whichever strategies want them.
        """
        market = request.instrument
        if not self.keeps_one_side(market):
            return
        opposed = self._opposed(market.symbol, request.direction) or next(
            (
                f"{other.strategy_id} wants {other.direction} {other.quantity} of it in the same batch"
                for other in self._beside()
                if other.instrument.symbol == market.symbol and other.direction is not request.direction
            ),
            "",
        )
        if opposed:
            raise VenueRejected(
                "the account has one position in this market, and it is on the other side; close it first, or, for a"
                " perpetual of a hedged account, set position_mode to HEDGE",
                rule="one position",
                symbol=market.symbol,
                held=opposed,
            )

    def keeps_one_side(self, market: Instrument) -> bool:
        """Tell whether long and short of a market are one position at the venue."""
        return self._limits.position_mode is PositionMode.ONE_WAY or market.kind is InstrumentKind.SPOT

    def _opposed(self, symbol: str, direction: Direction) -> str:
        """Return the open trades of the other side of a market, in words; empty without any."""
        return ", ".join(
            f"{trade.trade_id} of {trade.strategy_id} is {trade.direction} {trade.open_quantity}"
            for trade in self._ledger.get_open_trades()
            if trade.symbol == symbol and trade.direction is not direction
        )

    def _require_collar(self, request: EntryRequest) -> None:
        last = None if self._last_price is None else self._last_price(request.instrument.symbol)
        if last is None or self._limits.price_collar is None:
            return
        # A price that is too good is as likely a mistake as one that is too bad.
        if abs(request.price - last) > last * self._limits.price_collar:
            raise VenueRejected(
                "the price is too far from the last price",
                rule="price collar",
                symbol=request.instrument.symbol,
                price=request.price,
                last_price=last,
                collar=self._limits.price_collar,
            )

    def _require_room(self, request: EntryRequest) -> None:
        """Refuse what would make one market, or the whole account, larger than it may be."""
        limits, symbol = self._limits, request.instrument.symbol
        for rule, limit, at_work in (
            ("maximum position value", limits.max_position_value, symbol),
            ("maximum exposure", limits.max_exposure_value, None),
        ):
            if limit is None:
                continue
            value = self._at_work(at_work) + request.value
            if value > limit:
                raise VenueRejected(
                    "with the order, more would be at work than may be",
                    rule=rule,
                    symbol=symbol,
                    value=value,
                    maximum=limit,
                )

    def _require_day(self, request: EntryRequest) -> None:
        limit = self._limits.max_daily_loss
        if limit is None:
            return
        account = self._ledger.get_account()
        loss = self._day.loss(ns_from_datetime(account.at), account.equity)
        if loss >= limit:
            raise VenueRejected(
                "the account has lost as much today as it may",
                rule=MAXIMUM_DAILY_LOSS,
                symbol=request.instrument.symbol,
                loss=loss,
                maximum=limit,
            )

    def _require_funds(self, request: EntryRequest) -> None:
        if request.instrument.kind is not InstrumentKind.SPOT:
            return
        needed = request.cost
        free = self._ledger.get_account().equity - self._at_work()
        if request.direction is Direction.BUY:
            bought = sum((other.cost for other in self._beside() if other.direction is Direction.BUY), ZERO)
            free = min(free, self._ledger.get_balance().free - bought)
        if needed > free:
            beside = {"for_parts_before": sum((other.cost for other in self._beside()), ZERO)} if self._together else {}
            raise VenueRejected(
                "there is not enough free equity for the order and its fee",
                rule="insufficient funds",
                symbol=request.instrument.symbol,
                needed=needed,
                free=free,
                **beside,
            )

    def _beside(self) -> Sequence[EntryRequest]:
        """Return the entries of the same batch that were let through before."""
        return self._together or ()

    def _at_work(self, symbol: str | None = None) -> Decimal:
        """Return what is held, long and short alike, and what entries may still bring in, in quote; in one market or all.

        Cash alone would not do: what a short sale brought in is owed.
        """
        at_work = sum(
            (
                abs(held.quantity) * (held.mark_price or ZERO)
                for held in self._ledger.get_open_positions()
                if symbol in (None, held.symbol)
            ),
            ZERO,
        )
        for order in self._ledger.get_open_orders():
            if order.role is OrderRole.ENTRY and symbol in (None, order.symbol):
                at_work += order.remaining_quantity * self._price_of(order)
        for other in self._beside():
            if symbol in (None, other.instrument.symbol):
                at_work += other.value
        return at_work

    def _price_of(self, order: Order) -> Decimal:
        last = self._last_price(order.symbol) if self._last_price is not None else None
        return order.limit_price or order.stop_price or last or ZERO

    def reducible(self, trade_id: TradeId, wanted: Decimal) -> Decimal:
        """Return how much of a reduction may be sent: what the trade holds and no close order works on yet.

        It caps the quantity, not only the side: a reduction can never turn a position over. Base units.
        """
        held = self._ledger.get_trade(trade_id).open_quantity
        under_way = sum((order.remaining_quantity for order in self._closing(trade_id)), ZERO)
        return max(min(wanted, held - under_way), ZERO)

    def _closing(self, trade_id: TradeId) -> list[Order]:
        return [order for order in self._ledger.get_open_orders(trade_id=trade_id) if order.role is OrderRole.CLOSE]


def _whole(limit: int | None) -> Decimal | None:
    return None if limit is None else Decimal(limit)


def _directives_of(sent: Sequence[_Sent]) -> dict[str, int]:
    """Return how many directives of each strategy are among what was sent."""
    groups: dict[str, set[GroupId]] = {}
    for each in sent:
        groups.setdefault(each.strategy_id, set()).add(each.group_id)
    return {strategy_id: len(ids) for strategy_id, ids in groups.items()}


def _intent_of(order: Order) -> tuple[object, ...]:
    return order.symbol, order.direction, order.quantity, order.limit_price, order.stop_price
