"""Builders for the last two rooms: a clock to move by hand, translators, and a desk with a market in front of it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.config.policies import FillParameters, GuardLimits, PositionMode, TranslationPolicy
from engine.contracts.base import Direction
from engine.contracts.directives import DirectiveScope
from engine.contracts.execution import ExecutionDirective
from engine.contracts.flows import FlowOutcome
from engine.contracts.intents import ExecutionAction, ExecutionIntent
from engine.contracts.market import Instrument, InstrumentKind, MarketBar, TradePrint
from engine.contracts.orders import Order, OrderRole, Trade
from engine.contracts.plans import EntryPlan, OrderType
from engine.contracts.specs import Translation
from engine.contracts.venue import OrderRefused
from engine.ledger.ledger import AccountLedger
from engine.phase4_planning.translation.family import TranslationTools
from engine.phase4_planning.translation.translator import VenueFamily, translator_for
from engine.phase5_execution.backtest import BacktestHandler
from engine.phase5_execution.guard import OrderGuard
from engine.phase5_execution.handler import ExecutionHandler
from engine.phase5_execution.simulated_venue import SimulatedVenue
from engine.ports.ledger import LedgerChange
from engine.primitives.errors import VenueRejected
from engine.primitives.ids import IdSource
from engine.primitives.timeframes import NS_PER_MINUTE, NS_PER_SECOND, datetime_from_ns, ns_from_datetime
from tests.support import notes

D = Decimal
START_NS = ns_from_datetime(notes.AT)


class HandClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now_ns: int = START_NS) -> None:
        self._now_ns = now_ns

    def now_ns(self) -> int:
        return self._now_ns

    def now(self) -> Any:
        return datetime_from_ns(self._now_ns)

    def move_to(self, now_ns: int) -> None:
        assert now_ns >= self._now_ns, "time does not go back"
        self._now_ns = now_ns

    def pass_seconds(self, seconds: int) -> None:
        self._now_ns += seconds * NS_PER_SECOND


def instruments(*known: Instrument) -> Any:
    """A look-up of markets that refuses what it does not know, as venues do."""
    by_symbol = {instrument.symbol: instrument for instrument in known or (notes.an_instrument(),)}

    def find(symbol: str) -> Instrument:
        if symbol not in by_symbol:
            raise VenueRejected("the venue does not trade it", symbol=symbol)
        return by_symbol[symbol]

    return find


def translation_tools(*known: Instrument) -> TranslationTools:
    clock = HandClock()
    return TranslationTools(instruments(*known), IdSource(clock.now_ns), clock)


def translate(
    family: VenueFamily,
    directive: ExecutionDirective,
    *,
    policy: TranslationPolicy | None = None,
    instrument: Instrument | None = None,
) -> Translation:
    """Translate one directive for a family of venues."""
    tools = translation_tools(*([instrument] if instrument is not None else []))
    return translator_for(family, policy or TranslationPolicy(), tools).translate(directive)


def a_sized_directive(
    *, size: str = "0.5", price: str = "50000", intent: ExecutionIntent | None = None, **changes: Any
) -> ExecutionDirective:
    """A new trade of so many base units; its value follows from the price."""
    plan = notes.a_size_plan(position_size=D(size), position_value=D(size) * D(price))
    defaults: dict[str, Any] = {"size_plan": plan, "execution_intent": intent or notes.an_intent()}
    return notes.an_execution_directive(**(defaults | changes))


class Floor:
    """A trading floor with one simulated venue: ledger, handler and a market that is fed bar by bar.

    Bars last one minute and follow one another. `bar` is what a session does with a market event; the flow of the tick
    comes between two bars.
    """

    def __init__(
        self,
        *,
        instrument: Instrument | None = None,
        parameters: FillParameters | None = None,
        cash: str = "100000",
        limits: GuardLimits | None = None,
        family: VenueFamily = "BACKTEST",
        position_mode: PositionMode = PositionMode.ONE_WAY,
        **handler: Any,
    ) -> None:
        self.clock = HandClock()
        self.ids = IdSource(self.clock.now_ns)
        self.changes: list[LedgerChange] = []
        self.ledger = AccountLedger(
            currency="USDT",
            starting_cash=D(cash),
            clock=self.clock,
            ids=self.ids,
            on_change=self.changes.append,
            last_price=self._last_price,
        )
        self._last: dict[str, Decimal] = {}
        self.instrument = instrument or an_open_market()
        self.symbol = self.instrument.symbol
        names = dict.fromkeys((self.symbol, "ETH/USDT", "SOL/USDT"))
        self.markets = {name: self.instrument.model_copy(update={"symbol": name, "base": name[:3]}) for name in names}
        self.position_mode = position_mode
        self.venue = SimulatedVenue(
            instruments=self.markets, clock=self.clock, parameters=parameters or FREE, position_mode=position_mode
        )
        limits = limits or GuardLimits(position_mode=position_mode)
        self.guard = OrderGuard(ledger=self.ledger, limits=limits, last_price=self._last_price)
        self.handler: ExecutionHandler = BacktestHandler(
            ledger=self.ledger,
            venue=self.venue,
            ids=self.ids,
            clock=self.clock,
            instrument=self.venue.instrument,
            guard=self.guard,
            **handler,
        )
        tools = TranslationTools(self.venue.instrument, self.ids, self.clock)
        self._translator = translator_for(family, TranslationPolicy(), tools)
        self._made = 0

    def _last_price(self, symbol: str) -> Decimal | None:
        return self._last.get(symbol)

    def translate(self, directive: ExecutionDirective) -> Translation:
        """Translate a directive under an id of its own."""
        self._made += 1
        unique = directive.model_copy(update={"directive_id": notes.an_id("EXE", self._made)})
        return self._translator.translate(unique)

    def give(self, directive: ExecutionDirective) -> FlowOutcome:
        """Carry a directive out as the flow of a tick would, and return how the flow ends."""
        envelope = self.handler.on_translation_complete(self.translate(directive))
        self.handler.settle()
        assert envelope.outcome is not None
        return envelope.outcome

    def bar(self, *, symbol: str = "", **prices: float) -> None:
        """Close one bar: `open`, `high`, `low`, `close` (what is not given follows from the others), `volume`."""
        self.bars({symbol or self.symbol: prices})

    def bars(self, markets: dict[str, dict[str, float]]) -> None:
        """Close one bar of several markets at once."""
        opened_ns = self.clock.now_ns()
        self.clock.move_to(opened_ns + NS_PER_MINUTE)
        for symbol, prices in markets.items():
            self.venue.on_market(a_bar_of(symbol, opened_ns, prices))
            self._last[symbol] = D(repr(prices.get("close", prices["open"])))
        self.handler.settle()
        self.handler.on_time(self.clock.now_ns())

    def print(self, price: str, quantity: str = "1", *, after_s: int = 1, taker: Direction = Direction.SELL) -> None:
        """Let one trade happen in the market, some seconds after the last event."""
        self.clock.pass_seconds(after_s)
        event = TradePrint(
            symbol=self.symbol, traded_at=self.clock.now(), price=D(price), quantity=D(quantity), taker=taker
        )
        self.venue.on_market(event)
        self.handler.settle()

    def orders(self, role: OrderRole | None = None) -> list[Order]:
        """All orders ever, oldest first."""
        every = [
            self.ledger.get_order(order_id)
            for group in self.ledger.get_execution_groups()
            for order_id in group.order_ids
        ]
        return sorted(
            (order for order in every if role is None or order.role is role), key=lambda order: order.order_id
        )

    def working(self, role: OrderRole) -> list[Order]:
        """The orders of a role that work now."""
        return [order for order in self.ledger.get_open_orders() if order.role is role]

    def trades(self) -> list[Trade]:
        """All trades that any order belongs to, oldest first."""
        return [self.ledger.get_trade(trade_id) for trade_id in sorted({order.trade_id for order in self.orders()})]

    def trade(self) -> Trade:
        """The one trade."""
        (trade,) = self.trades()
        return trade

    def held(self, symbol: str = "") -> Decimal:
        """What the ledger says is held of a symbol, over all strategies."""
        positions = self.ledger.get_open_positions()
        return sum((position.quantity for position in positions if position.symbol == (symbol or self.symbol)), D(0))

    def assert_books_agree(self) -> None:
        """The ledger holds what the venue executed, no trade is overshot, and the orders agree with both."""
        for symbol in self.markets:
            assert self.held(symbol) == self.venue.net_quantity(symbol)
        for trade in self.trades():
            assert trade.open_quantity >= 0, "more went out than came in"
        for order in self.orders():
            executed = [done.report.quantity for done in self.venue.executions if done.order.order_id == order.order_id]
            assert sum(executed, D(0)) == order.filled_quantity <= order.quantity
        assert {order.order_id for order in self.ledger.get_open_orders()} >= set(self.venue.open_orders())


FREE = FillParameters(
    half_spread_bps=D(0), slippage_bps=D(0), impact_coefficient=D(0), max_participation=D(1), default_latency_ms=0
)
"""A market without costs, to count in one's head."""


def an_open_market(**changes: Any) -> Instrument:
    """A perpetual with a tick of 0.01, a lot of 0.001 and a fee of 0.1 %, that may be sold short."""
    defaults = {
        "kind": InstrumentKind.PERPETUAL,
        "may_short": True,
        "lot_step": D("0.001"),
        "min_notional": D(5),
        "maker_fee": D("0.0005"),
        "taker_fee": D("0.001"),
    }
    return notes.an_instrument(**(defaults | changes))


def a_bar_of(symbol: str, opened_ns: int, prices: dict[str, float], *, minutes: int = 1) -> MarketBar:
    """A bar that opens at an instant; high and low enclose open and close unless they are given."""
    open_ = prices["open"]
    close = prices.get("close", open_)
    return MarketBar(
        symbol=symbol,
        timeframe="1m",
        opened_ns=opened_ns,
        closed_ns=opened_ns + minutes * NS_PER_MINUTE,
        open=open_,
        high=prices.get("high", max(open_, close)),
        low=prices.get("low", min(open_, close)),
        close=close,
        volume=prices.get("volume", 1000.0),
    )


def a_new_trade(
    *,
    direction: Direction = Direction.BUY,
    size: str = "2",
    price: str = "100",
    stop: str | None = None,
    target: str | None = "110",
    limit: str | None = None,
    symbol: str = "BTC/USDT",
    **intent: Any,
) -> ExecutionDirective:
    """A trade around 100: BUY 2 at market, stop 95, target 110. Urgent unless `execution_urgency` says otherwise."""
    entry = notes.an_entry_plan(
        symbol=symbol,
        direction=direction,
        reference_price=D(price),
        order_type=OrderType.MARKET if limit is None else OrderType.LIMIT,
        limit_price=None if limit is None else D(limit),
    )
    terms: dict[str, Any] = {
        "execution_urgency": D("0.9"),
        "max_slippage_pct": D("0.01"),
        "max_execution_window_minutes": None,
    }
    stop_price = stop or ("95" if direction is Direction.BUY else "105")
    return a_sized_directive(
        size=size,
        price=price,
        entry_plan=entry,
        exit_plan=notes.an_exit_plan(
            stop_loss_price=D(stop_price), take_profit_price=None if target is None else D(target)
        ),
        intent=notes.an_intent(**(terms | intent)),
    )


def a_closing(
    *trade_ids: str, groups: tuple[str, ...] = (), action: ExecutionAction = ExecutionAction.CLOSE_POSITION
) -> ExecutionDirective:
    """A directive to close trades, or to cancel groups."""
    intent = notes.an_intent(action=action, execution_urgency=D(1), max_execution_window_minutes=None)
    return notes.an_execution_directive(
        scope=DirectiveScope.CLOSE_EXISTING,
        entry_plan=None,
        size_plan=None,
        exit_plan=None,
        target_trade_ids=trade_ids,
        target_group_ids=groups,
        execution_intent=intent,
    )


def a_change(
    trade_id: str,
    *,
    size: str | None = None,
    stop: str | None = None,
    target: str | None = None,
    entry: EntryPlan | None = None,
) -> ExecutionDirective:
    """A directive that moves a trade's stop and target, or makes it larger or smaller."""
    exit_plan = None
    if stop is not None:
        exit_plan = notes.an_exit_plan(stop_loss_price=D(stop), take_profit_price=None if target is None else D(target))
    is_trading = size is not None
    return notes.an_execution_directive(
        scope=DirectiveScope.MODIFY_EXISTING,
        entry_plan=entry,
        size_plan=notes.a_size_plan(position_size=D(size), position_value=D(size) * 100) if size else None,
        exit_plan=exit_plan,
        target_trade_ids=(trade_id,),
        execution_intent=notes.an_intent(
            action=ExecutionAction.EXECUTE_TRADE if is_trading else ExecutionAction.MODIFY_ORDER,
            execution_urgency=D("0.9"),
            max_execution_window_minutes=None,
        ),
    )


def refuse_closes(floor: Floor) -> Callable[[], None]:
    """Let the venue refuse every close from now on; call what is returned to let it take them again."""
    place = floor.venue.place

    def refuse(order, spec=None):  # type: ignore[no-untyped-def]  # stands in for one method of the venue
        if order.role is not OrderRole.CLOSE:
            return place(order, spec)
        floor.venue._reports.append(
            OrderRefused(order_id=order.order_id, at=order.created_at, reason="closed for lunch")
        )
        return None

    def take_again() -> None:
        floor.venue.place = place  # type: ignore[method-assign]  # a venue that stumbles

    floor.venue.place = refuse  # type: ignore[method-assign]  # a venue that stumbles
    return take_again
