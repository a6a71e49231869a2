"""The last hard stop before the venue: trading state, order value, price collar, funds."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from engine.config.policies import GuardLimits
from engine.contracts.base import Direction
from engine.contracts.commands import TradingState
from engine.contracts.market import Instrument, InstrumentKind
from engine.contracts.orders import Order, OrderRole
from engine.ports.ledger import LedgerReader
from engine.primitives.errors import VenueRejected
from engine.primitives.ids import TradeId
from engine.primitives.money import ZERO


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


class OrderGuard:
    """Says no to new risk; a reduction always passes, but never for more than is held.

    Args:
        ledger: For cash and for what trades hold.
        limits: What no order may exceed.
        last_price: The last price of a symbol (quote per base), or None when there is none yet.
    """

    def __init__(
        self,
        *,
        ledger: LedgerReader,
        limits: GuardLimits | None = None,
        last_price: Callable[[str], Decimal | None] | None = None,
    ) -> None:
        self._ledger = ledger
        self._limits = limits or GuardLimits()
        self._last_price = last_price
        self._state = TradingState.ACTIVE
        self._reason = ""
        self._paused: set[str] = set()
        self._doubt: Callable[[str], str] | None = None

    @property
    def state(self) -> TradingState:
        """What the engine allows now."""
        return self._state

    @property
    def reason(self) -> str:
        """Why it allows no more; empty while ACTIVE."""
        return self._reason

    def latch(self, state: TradingState, reason: str) -> None:
        """Allow no new risk from now on. A latch is only ever tightened here: HALTED stays HALTED."""
        if self._state is not TradingState.HALTED:
            self._state, self._reason = state, reason

    def clear(self) -> None:
        """Allow new risk again. Only a person decides that."""
        self._state, self._reason = TradingState.ACTIVE, ""

    def pause(self, strategy_id: str) -> None:
        """Allow one strategy no new risk."""
        self._paused.add(strategy_id)

    def resume(self, strategy_id: str) -> None:
        """Allow it new risk again."""
        self._paused.discard(strategy_id)

    def heed(self, doubt: Callable[[str], str]) -> None:
        """Ask this too before new risk in a symbol is allowed: it says what is not known for sure, or nothing."""
        self._doubt = doubt

    def why_no_risk(self, strategy_id: str, symbol: str) -> str:
        """Return why a strategy may take no new risk in a symbol now; empty when it may."""
        if self._state is not TradingState.ACTIVE:
            return f"trading is {self._state}: {self._reason}"
        if strategy_id in self._paused:
            return f"the strategy {strategy_id} is paused"
        return "" if self._doubt is None else self._doubt(symbol)

    def require_entry(self, request: EntryRequest) -> None:
        """Refuse an entry that no trader would have meant, or that there is no money for.

        Raises:
            VenueRejected: with `rule` and the numbers as facts.
        """
        no = self.why_no_risk(request.strategy_id, request.instrument.symbol)
        if no:
            raise VenueRejected(f"no new risk is allowed: {no}", rule="trading state")
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
        if limits.check_funds:
            self._require_funds(request)

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

    def _require_funds(self, request: EntryRequest) -> None:
        if request.instrument.kind is not InstrumentKind.SPOT:
            return
        needed = request.value * (1 + request.instrument.taker_fee)
        free = self._ledger.get_account().equity - self._at_work()
        if request.direction is Direction.BUY:
            free = min(free, self._ledger.get_balance().free)
        if needed > free:
            raise VenueRejected(
                "there is not enough free equity for the order and its fee",
                rule="insufficient funds",
                symbol=request.instrument.symbol,
                needed=needed,
                free=free,
            )

    def _at_work(self) -> Decimal:
        """Return what is held, long and short alike, and what entries may still bring in, in quote.

        Cash alone would not do: what a short sale brought in is owed.
        """
        at_work = sum(
            (abs(held.quantity) * (held.mark_price or ZERO) for held in self._ledger.get_open_positions()), ZERO
        )
        for order in self._ledger.get_open_orders():
            if order.role is OrderRole.ENTRY:
                at_work += order.remaining_quantity * self._price_of(order)
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
        return [
            order
            for order in self._ledger.get_open_orders()
            if order.trade_id == trade_id and order.role is OrderRole.CLOSE
        ]
