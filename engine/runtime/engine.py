"""The engine: takes in one market event at a time, and owns all state while it does."""

from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from engine.contracts.commands import TradingState
from engine.contracts.flows import FlowRecord, OutcomeKind
from engine.contracts.market import BarSeries, BookSnapshot, MarketBar, MarketEvent, Quote
from engine.contracts.orders import AccountSnapshot
from engine.contracts.schedules import GroupPlan
from engine.contracts.updates import LedgerUpdate, PositionUpdate
from engine.phase5_execution.handler import ExecutionHandler
from engine.phase5_execution.trading_day import TradingDay
from engine.ports.journal import JournalWriter
from engine.ports.ledger import LedgerChange, StrategyLedger, Worth
from engine.ports.session import SessionObserver
from engine.ports.venue import SimulatedMarket
from engine.primitives.errors import InvariantBroken
from engine.primitives.ids import IdSource
from engine.primitives.money import ZERO, from_floats
from engine.primitives.timeframes import Timeframe, ns_from_datetime
from engine.runtime.clocks import LiveClock, SimulatedClock
from engine.runtime.market import LastPrices
from engine.runtime.strategy import StrategyRun
from engine.runtime.supervision import Supervisor

_MOST_REPLIES = 2_000
"""Replies to replies at one instant; an exit of a hundred trades needs some hundred."""


class Engine:
    """Runs all strategies of an operation on one thread, in the order in which the market speaks.

    Args:
        clock: The engine's clock; market events move a simulated one on.
        ids: The one id source.
        prices: The last prices; fed here.
        ledger: The books. Their changes must be given to `on_change`.
        handler: Carries decisions out, and settles what the venue reports.
        journal: The memory.
        strategies: In the order of the operation.
        simulated: The simulated venue, which must see the market before anybody decides; None for a real one.
        supervisor: Says when nothing more may be taken in.
        day: Is told what the account is worth; None where no loss of a day is counted.
    """

    def __init__(
        self,
        *,
        clock: SimulatedClock | LiveClock,
        ids: IdSource,
        prices: LastPrices,
        ledger: StrategyLedger,
        handler: ExecutionHandler,
        journal: JournalWriter,
        strategies: Sequence[StrategyRun],
        simulated: SimulatedMarket | None,
        supervisor: Supervisor,
        day: TradingDay | None = None,
    ) -> None:
        self.clock = clock
        self.ids = ids
        self.prices = prices
        self.ledger = ledger
        self.handler = handler
        self.journal = journal
        self.strategies = {strategy.strategy_id: strategy for strategy in strategies}
        self._simulated = simulated
        self._supervisor = supervisor
        self._day = day
        self._trading: dict[str, list[StrategyRun]] = {}
        self._looking_at: dict[str, list[StrategyRun]] = {}
        for strategy in strategies:
            self._trading.setdefault(strategy.symbol, []).append(strategy)
            for symbol in strategy.views:
                self._looking_at.setdefault(symbol, []).append(strategy)
        alone = strategies[0] if len(strategies) == 1 else None
        self._sole = None if alone is None or alone.views or alone.has_schedules else alone
        """The one strategy, if there is one and nothing but its market's bars can wake it."""
        self._changes: deque[LedgerChange] = deque()
        self._replies_wait = False
        self._observers: list[SessionObserver] = []
        self._account: AccountSnapshot | None = None
        """The account as it was told last; since then `_worth` (quote) may have become another, by marks alone."""
        self._worth = ZERO
        self._is_booked = True
        """Whether anything was booked since then."""
        self._held: frozenset[str] = frozenset()
        """What there are positions in."""

    @property
    def trading_state(self) -> TradingState:
        """What the guard allows now."""
        return self.handler.trading_state

    @property
    def outcomes(self) -> Mapping[OutcomeKind, int]:
        """Flows by outcome, over all strategies."""
        total: Counter[OutcomeKind] = Counter()
        for strategy in self.strategies.values():
            total.update(strategy.outcomes)
        return total

    def watch(self, observer: SessionObserver) -> None:
        """Tell this observer from now on."""
        self._observers.append(observer)

    def on_change(self, change: LedgerChange) -> None:
        """Take a change of the books: into the journal at once, to the strategy when the current flow is done."""
        if change.fill is not None or change.funding is not None:
            self._is_booked = True
        self.journal.ledger(change)
        self._changes.append(change)
        for observer in self._observers:
            observer.on_ledger(change)

    def on_plan(self, plan: GroupPlan) -> None:
        """Take the schedule of a group as it stands now: into the journal at once, and to those who watch."""
        self.journal.plan(plan)
        pause = plan.pause
        if pause is not None and not pause.is_asked:
            text = f"{plan.group_id} is paused until a person resumes it: {pause.reason}"
            self.journal.note(at_ns=self.clock.now_ns(), level="WARNING", source=plan.strategy_id, text=text)
        if self._observers:
            change = LedgerChange(at=self.clock.now(), strategy_id=plan.strategy_id, plan=plan)
            for observer in self._observers:
                observer.on_ledger(change)

    def on_market(self, event: MarketEvent) -> None:
        """Take in one market event: fill what fills, mark the books, let the strategies decide, settle.

        Raises:
            DataError: the event does not fit what came before; nothing was done with it.
            InvariantBroken: a promise inside the engine does not hold.
        """
        bar: MarketBar | None = None
        if isinstance(event, MarketBar):
            bar = event
            self.prices.require_next(bar)
            now_ns = bar.closed_ns
        elif isinstance(event, BookSnapshot):
            self.prices.see_book(event)
            now_ns = ns_from_datetime(event.taken_at)
        elif isinstance(event, Quote):
            self.prices.see_quote(event)
            now_ns = ns_from_datetime(event.quoted_at)
        else:
            now_ns = ns_from_datetime(event.traded_at)
        self.clock.advance_to(now_ns)
        if self._simulated is not None:
            self._simulated.on_market(event)
        self.handler.on_time(now_ns)
        if self._changes:
            self._reply_to_changes()
        if bar is not None:
            self._on_bar(bar)
        if self._supervisor.broken is not None:
            self._supervisor.require_sound()

    def pass_time(self, now_ns: int) -> None:
        """Let time pass without a word of the market: what waits for it is moved on.

        Raises:
            InvariantBroken: a promise inside the engine does not hold.
        """
        self.clock.advance_to(now_ns)
        if self._simulated is not None:
            self._simulated.on_silence(now_ns)
        self.handler.on_time(now_ns)
        self._reply_to_changes()
        self._supervisor.require_sound()

    def may_pass_over(self, series: BarSeries) -> bool:
        """Tell whether there may be bars of the one recording that is played on which it is known that nobody speaks."""
        sole = self._sole
        return sole is not None and sole.knows_candidates and sole.blueprint.market.timeframe == series.timeframe

    def quiet_bars(self, series: BarSeries, place: int) -> int:
        """Return on how many bars of the one recording that is played, from this place on, nobody speaks or trades.

        0 where that is not known: with several markets or strategies, wider views, schedules, or anything under way.
        """
        sole = self._sole
        if sole is None or self._changes or self._observers or self.handler.is_busy:
            return 0
        bars = sole.quiet_bars(place)
        if bars and not self.ledger.is_idle:
            return 0 if self._simulated is None else self._simulated.still_bars(series, place, bars)
        return bars

    def pass_over(self, series: BarSeries, place: int, bars: int) -> None:
        """Take so many of the bars that `quiet_bars` counted; the bar after them must come in through `on_market`.

        All that they do is to give what is held another worth, bar by bar.
        """
        if self.ledger.holds(series.symbol):
            passed, tick_size = slice(place, place + bars), self.prices.instrument(series.symbol).tick_size
            length_ns = Timeframe.parse(series.timeframe).length_ns
            prices = from_floats(series.close[passed].tolist(), tick_size)
            closed_ns = (series.opened_ns[passed] + length_ns).tolist()
            first = 0
            if self._is_booked or self._account is None:
                # What was booked since the bar before it was told of goes with the first of them.
                self.ledger.mark(series.symbol, prices[0], closed_ns[0])
                self._tell_account()
                first = 1
            worths = self.ledger.mark_along(series.symbol, prices[first:], closed_ns[first:])
            if worths and self._account is not None:
                self.journal.equity_along(self._account, worths)
                self._note_day(self._account, worths)
                self._worth = worths[-1][1]
        for strategy in self.strategies.values():
            strategy.pass_over(place, bars)

    @contextmanager
    def without_replies(self) -> Iterator[None]:
        """Run no reply flow meanwhile, because another flow is not over; they run with the next one that is."""
        self._replies_wait = True
        try:
            yield
        finally:
            self._replies_wait = False

    def settle(self) -> None:
        """Book what the venue reported and run the reply flows, until nothing is left to say.

        Raises:
            InvariantBroken: the replies feed each other without end.
        """
        self.handler.settle()
        self._reply_to_changes()

    def _reply_to_changes(self) -> None:
        # What a reply causes is a reply to a reply; what is here already is not.
        if self._replies_wait:
            return
        allowed = len(self._changes) + _MOST_REPLIES
        is_heard = False
        while self._changes:
            if not allowed:
                raise InvariantBroken("Reply flows feed each other without end.", replies=_MOST_REPLIES)
            allowed -= 1
            is_heard = self._reply(self._changes.popleft()) or is_heard
            if is_heard and not self._changes:
                self.handler.settle()
                is_heard = False

    def _on_bar(self, bar: MarketBar) -> None:
        symbol = bar.symbol
        self.prices.see(bar)
        if self._is_booked or symbol in self._held:
            self._mark(symbol, bar.closed_ns)
        for strategy in self._looking_at.get(symbol, ()):
            strategy.see(bar)
        for strategy in self._trading.get(symbol, ()):
            for closed in strategy.closed_bars(bar):
                self._on_strategy_bar(strategy, closed)
            if strategy.has_schedules:
                self._on_schedules(strategy)

    def _on_strategy_bar(self, strategy: StrategyRun, bar: MarketBar) -> None:
        was_paused = strategy.pause_reason
        assessed, record = strategy.on_bar(bar)
        if strategy.pause_reason is not was_paused:
            self._mind(strategy, was_paused)
        if self._observers and assessed is not None:
            for observer in self._observers:
                observer.on_tick(strategy.strategy_id, assessed)
        if record is not None:
            self._tell_flow(record)
            self.settle()

    def _on_schedules(self, strategy: StrategyRun) -> None:
        was_paused = strategy.pause_reason
        records = strategy.on_schedules(self.clock.now_ns())
        self._mind(strategy, was_paused)
        for record in records:
            self._tell_flow(record)
            self.settle()

    def _mind(self, strategy: StrategyRun, was_paused: str) -> None:
        """Take notice when a strategy has paused itself, whichever of its flows it was that failed."""
        if strategy.pause_reason and not was_paused:
            self._supervisor.on_pause(strategy.strategy_id, strategy.pause_reason)

    def _mark(self, symbol: str, at_ns: int) -> None:
        """Value what is held of a symbol, and tell what that changed; what was booked since the last mark with it."""
        worth: Worth | None = None
        if self.ledger.holds(symbol):
            worth = self.ledger.mark(symbol, self.prices.last_price(symbol), at_ns)
        if self._account is None or self._is_booked:
            self._tell_account()
        elif worth is not None:
            self._worth = worth[1]
            self.journal.equity_along(self._account, (worth,))
            self._note_day(self._account, (worth,))
            for observer in self._observers:
                observer.on_equity(self.ledger.get_account())

    def _tell_account(self) -> None:
        """Tell how the account stands since something was booked."""
        account, before, worth_before = self.ledger.get_account(), self._account, self._worth
        self._account, self._worth, self._is_booked = account, account.positions_value, False
        self._held = frozenset(position.symbol for position in self.ledger.get_open_positions())
        if before is not None and (before.cash, worth_before) == (account.cash, account.positions_value):
            return
        self.journal.equity(account)
        self._note_day(account, ((ns_from_datetime(account.at), account.positions_value),))
        for observer in self._observers:
            observer.on_equity(account)

    def _note_day(self, account: AccountSnapshot, worths: Sequence[Worth]) -> None:
        if self._day is not None:
            for at_ns, positions_value in worths:
                self._day.see(at_ns, account.cash + positions_value)

    def _tell_flow(self, record: FlowRecord | None) -> None:
        if record is not None:
            for observer in self._observers:
                observer.on_flow(record)

    def _reply(self, change: LedgerChange) -> bool:
        """Run the reply flows of a change; False when nobody wants to know of it."""
        strategy = self.strategies.get(change.strategy_id)
        if strategy is None or not strategy.hears_books:
            return False
        was_paused = strategy.pause_reason
        self._reply_to(strategy, change)
        self._mind(strategy, was_paused)
        return True

    def _reply_to(self, strategy: StrategyRun, change: LedgerChange) -> None:
        self._tell_flow(
            strategy.on_ledger_update(
                lambda update_id: LedgerUpdate(
                    update_id=update_id,
                    timestamp=change.at,
                    strategy_id=change.strategy_id,
                    account=self.ledger.get_account(),
                    order=change.order,
                    fill=change.fill,
                    group=change.group,
                    trade=change.trade,
                )
            )
        )
        position = change.position
        if position is not None:
            self._tell_flow(
                strategy.on_position_update(
                    lambda update_id: PositionUpdate(
                        update_id=update_id,
                        timestamp=change.at,
                        strategy_id=change.strategy_id,
                        position=position,
                        last_price=position.mark_price,
                    )
                )
            )
