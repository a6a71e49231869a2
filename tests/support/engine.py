"""A real engine for tests: books, handler, simulated venue and journal, with strategies that follow a script."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

from engine.config.policies import TranslationPolicy
from engine.contracts.base import Direction
from engine.contracts.execution import ExecutionDirective
from engine.contracts.flows import FlowRecord, OutcomeKind
from engine.contracts.market import Instrument, MarketBar
from engine.contracts.updates import LedgerUpdate
from engine.journal.journal import SqliteJournal
from engine.ledger.ledger import AccountLedger
from engine.phase4_planning.translation.family import TranslationTools
from engine.phase4_planning.translation.translator import translator_for
from engine.phase5_execution.backtest import BacktestHandler
from engine.phase5_execution.guard import OrderGuard
from engine.phase5_execution.simulated_venue import SimulatedVenue
from engine.phase5_execution.trading_day import TradingDay
from engine.ports.ledger import LedgerChange
from engine.ports.session import StrategySummary
from engine.primitives.ids import LEDGER, IdSource, LedgerUpdateId
from engine.primitives.timeframes import NS_PER_MINUTE
from engine.runtime.clocks import SimulatedClock
from engine.runtime.engine import Engine
from engine.runtime.market import LastPrices
from engine.runtime.strategy import StrategyRun
from engine.runtime.supervision import Supervisor
from tests.support import notes
from tests.support.execution import FREE, START_NS, a_bar_of, a_new_trade, an_open_market
from tests.support.journals import a_header

Answer = Callable[["ScriptedStrategy", object], None]


class ScriptedStrategy:
    """Stands where a strategy stands: sees each bar and each change of its books, and does what the script says."""

    def __init__(self, strategy_id: str, symbol: str, engine: "Workshop") -> None:
        self.strategy_id = strategy_id
        self.symbol = symbol
        self.outcomes: Counter[OutcomeKind] = Counter()
        self.pause_reason = ""
        self.on_each_bar: Answer = _say_nothing
        self.on_each_update: Answer = _say_nothing
        self.updates: list[LedgerUpdate] = []
        self.bars: list[MarketBar] = []
        self.workshop = engine

    @property
    def summary(self) -> StrategySummary:
        return StrategySummary(
            strategy_id=self.strategy_id, name=self.strategy_id, symbol=self.symbol, timeframe="1m", columns=()
        )

    def closed_bars(self, bar: MarketBar) -> Sequence[MarketBar]:
        return (bar,)

    def on_bar(self, bar: MarketBar) -> tuple[None, None]:
        self.bars.append(bar)
        self.on_each_bar(self, bar)
        return None, None

    def on_ledger_update(self, make: Callable[[LedgerUpdateId], LedgerUpdate]) -> None:
        update = make(self.workshop.ids.next(LEDGER))
        self.updates.append(update)
        self.on_each_update(self, update)

    def on_position_update(self, make: object) -> None:
        pass

    hears_books = True
    has_schedules = False
    views: Sequence[str] = ()

    def on_schedules(self, now_ns: int) -> Sequence[FlowRecord]:
        return ()

    def order(self, directive: ExecutionDirective) -> None:
        """Have a directive carried out, as the last worker of a flow does."""
        self.workshop.carry_out(directive.model_copy(update={"strategy_id": self.strategy_id}))


def _say_nothing(*_: object) -> None:
    pass


class Workshop:
    """The parts around an engine. Bars last a minute and follow one another."""

    def __init__(
        self, journal: Path, *, strategies: Sequence[tuple[str, str]], cash: str = "100000", **market: Any
    ) -> None:
        self.clock = SimulatedClock(START_NS)
        self.ids = IdSource(self.clock.now_ns)
        self.market = an_open_market(**market)
        eth = self.market.model_copy(update={"symbol": "ETH/USDT", "base": "ETH"})
        instruments: dict[str, Instrument] = {self.market.symbol: self.market, eth.symbol: eth}
        self.prices = LastPrices(instruments)
        self.journal = SqliteJournal(journal, clock=self.clock)
        self.journal.open_session(a_header())
        self.ledger = AccountLedger(
            currency="USDT",
            starting_cash=notes.D(cash),
            clock=self.clock,
            ids=self.ids,
            on_change=self._on_change,
            last_price=self.prices.last_price_or_none,
        )
        self.venue = SimulatedVenue(instruments=instruments, clock=self.clock, parameters=FREE)
        self.day = TradingDay(notes.D(cash))
        self.guard = OrderGuard(ledger=self.ledger, last_price=self.prices.last_price_or_none, day=self.day)
        self.handler = BacktestHandler(
            ledger=self.ledger,
            venue=self.venue,
            ids=self.ids,
            clock=self.clock,
            instrument=self.venue.instrument,
            guard=self.guard,
        )
        self._translator = translator_for(
            "BACKTEST", TranslationPolicy(), TranslationTools(self.venue.instrument, self.ids, self.clock)
        )
        self._made = 0
        self.scripts = {name: ScriptedStrategy(name, symbol, self) for name, symbol in strategies}
        self.engine = Engine(
            clock=self.clock,
            ids=self.ids,
            prices=self.prices,
            ledger=self.ledger,
            handler=self.handler,
            journal=self.journal,
            strategies=cast("list[StrategyRun]", list(self.scripts.values())),
            simulated=self.venue,
            supervisor=Supervisor(guard=self.guard, journal=self.journal, now_ns=self.clock.now_ns),
            day=self.day,
        )

    def _on_change(self, change: LedgerChange) -> None:
        self.engine.on_change(change)

    def carry_out(self, directive: ExecutionDirective) -> None:
        """Translate a directive under an id of its own and give it to the handler."""
        self._made += 1
        unique = directive.model_copy(update={"directive_id": notes.an_id("EXE", self._made)})
        self.handler.on_translation_complete(self._translator.translate(unique))

    def bar(self, symbol: str = "BTC/USDT", *, number: int, **prices: float) -> MarketBar:
        """Give the engine the minute bar of a market that is so many minutes after the start.

        What the scripts ordered since the last one goes out first, as it does when a flow has ended.
        """
        self.engine.settle()
        bar = a_bar_of(symbol, START_NS + number * NS_PER_MINUTE, prices)
        self.engine.on_market(bar)
        return bar


def a_small_buy(price: str = "100", size: str = "1", symbol: str = "BTC/USDT") -> ExecutionDirective:
    """A market BUY with a stop far away and no target."""
    stop = str(notes.D(price) / 2)
    return a_new_trade(direction=Direction.BUY, size=size, price=price, stop=stop, target=None, symbol=symbol)
