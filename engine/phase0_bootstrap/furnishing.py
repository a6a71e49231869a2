"""Puts an engine together: books, venue, handler, and the strategies that share them. Nothing of it has begun."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from engine.config.loading import OperationBundle
from engine.config.policies import FlattenSettings
from engine.contracts.flatten import FlattenJob
from engine.contracts.market import Instrument
from engine.contracts.schedules import GroupPlan
from engine.journal.journal import SqliteJournal
from engine.ledger.ledger import AccountLedger
from engine.ledger.rebuilding import ContinuedLedger
from engine.phase0_bootstrap.ahead import Playlist
from engine.phase0_bootstrap.recovery import Left
from engine.phase0_bootstrap.restoring import trading_day
from engine.phase0_bootstrap.strategy_assembly import House, PlannedStrategy, build_strategy
from engine.phase0_bootstrap.warmup import bars_to_warm
from engine.phase4_planning.translation.schedules import VolumeHistory
from engine.phase4_planning.translation.translator import ExecutionTranslatorFactory
from engine.phase5_execution.backtest import BacktestHandler
from engine.phase5_execution.guard import OrderGuard
from engine.phase5_execution.handler import Safety
from engine.phase5_execution.paper import PaperHandler
from engine.phase5_execution.simulated_venue import SimulatedVenue
from engine.phase5_execution.venue_books import VenueBooks
from engine.phase5_execution.venue_faults import Faults
from engine.phase5_execution.venue_keeping import Keep
from engine.phase5_execution.venue_line import VenueLine
from engine.ports.journal import CLOSING, VENUE_READ
from engine.ports.ledger import LedgerChange
from engine.ports.session import Mode
from engine.primitives.ids import IdSource, TradeId
from engine.primitives.timeframes import NS_PER_MS, ns_from_datetime
from engine.runtime.clocks import SimulatedClock
from engine.runtime.engine import Engine
from engine.runtime.market import LastPrices
from engine.runtime.reasoning import Reasoning
from engine.runtime.supervision import Supervisor
from engine.runtime.turn import EngineTurn, SharedBooks
from engine.storage.flatten_file import FlattenFile

ON_RECORDED_BARS: Final = (Mode.BACKTEST, Mode.REPLAY)
"""Carried out in a backtest's terms, and written as one: what is lost can be made again from the same file."""
_VENUE_MEMORY: Final = 4_000
"""So much of what is over the simulated venue of a backtest remembers: nobody there asks for more than the last bars."""


@dataclass(frozen=True, slots=True)
class Furnished:
    """An engine, and those of its parts that others ask for."""

    engine: Engine
    guard: OrderGuard
    reasoning: Reasoning
    turn: EngineTurn


class _Notebook:
    """Takes what books and handler have to tell: for the journal, the flatten's own file, and the engine.

    The engine is built of them and so comes last: `engine` is set before anything moves.
    """

    engine: Engine

    def __init__(self, journal: SqliteJournal, clock: SimulatedClock, flatten_file: FlattenFile | None) -> None:
        self._journal = journal
        self._clock = clock
        self._flatten_file = flatten_file

    def on_change(self, change: LedgerChange) -> None:
        self.engine.on_change(change)

    def keep_plan(self, plan: GroupPlan) -> None:
        self.engine.on_plan(plan)

    def note(self, level: str, text: str) -> None:
        self._journal.note(at_ns=self._clock.now_ns(), level=level, source="execution", text=text)

    def keep_read(self, read_until: datetime) -> None:
        self._journal.standing(VENUE_READ, "", "", ns_from_datetime(read_until))

    def keep_closing(self, trade_id: TradeId, reason: str) -> None:
        self._journal.standing(trade_id, CLOSING if reason else "", reason, self._clock.now_ns())

    def keep_flatten(self, job: FlattenJob) -> None:
        # The file first: it stands when the journal cannot be written.
        if self._flatten_file is not None:
            self._flatten_file.keep(job)
        sent = ", ".join(attempt.order_id for leg in job.open_legs for attempt in leg.attempts[-1:])
        what = f"flatten {job.job_id} of {job.scope.words}, asked by {job.asked_by}"
        self.note("INFO", f"{what}: {job.stage} {job.result}: {job.text}" + (f" ({sent})" if sent else ""))

    def recent_volume(self, symbol: str) -> VolumeHistory | None:
        for strategy in self.engine.strategies.values():
            context = strategy.cache.as_of(self._clock.now_ns()) if strategy.symbol == symbol else None
            if context is not None:
                return VolumeHistory(context.opened_history, context.history("volume"))
        return None


def furnish(
    bundle: OperationBundle,
    planned: Sequence[PlannedStrategy],
    journal: SqliteJournal,
    *,
    instruments: Mapping[str, Instrument],
    clock: SimulatedClock,
    ids: IdSource,
    mode: Mode,
    playlist: Playlist,
    left: Left,
    bar_ns: int,
    keep: Keep | None,
    flatten_file: FlattenFile | None,
) -> Furnished:
    """Return an engine that is ready for its first event.

    Args:
        bundle: The operation.
        planned: Its strategies, of which nothing is wrong.
        journal: Open.
        instruments: The markets by symbol, settled.
        clock: Stands where the session begins.
        ids: Past all ids of the session before.
        mode: What it trades with.
        playlist: What is known of the market beforehand.
        left: What the session before left.
        bar_ns: Length of the feed's bars in nanoseconds.
        keep: Puts on disk what the simulated venue must not forget; None where a process is all that there is.
        flatten_file: Where a flatten is kept until it is through; None where nothing outlives the session.

    Raises:
        PluginError: foreign code failed.
    """
    settings, platform = bundle.operation.model, bundle.platform.model
    execution, is_backtest = platform.execution, mode in ON_RECORDED_BARS
    prices, turn, notebook = LastPrices(instruments), EngineTurn(), _Notebook(journal, clock, flatten_file)
    ledger = _ledger(bundle, left, notebook, clock=clock, ids=ids, prices=prices)
    venue = _venue(bundle, left, instruments=instruments, clock=clock, is_backtest=is_backtest, keep=keep)
    day = trading_day(ledger, left)
    guard = OrderGuard(ledger=ledger, limits=execution.limits, last_price=prices.last_price_or_none, day=day)
    kind = BacktestHandler if is_backtest else PaperHandler
    handler = kind(
        ledger=ledger,
        venue=venue,
        ids=ids,
        clock=clock,
        instrument=venue.instrument,
        guard=guard,
        keep_plan=notebook.keep_plan,
        keep_batch=None if is_backtest else journal.batch,
        keep_closing=None if is_backtest else notebook.keep_closing,
        after_pause=execution.schedules.after_pause,
        safety=None
        if is_backtest
        else Safety(journal, execution.reconciliation, notebook.note, bar_ns, notebook.keep_read),
        flatten=execution.flatten,
        latch_lasts=_latch_lasts(execution.flatten) if is_backtest else None,
        keep_flatten=None if is_backtest else notebook.keep_flatten,
        mode=mode,
    )
    supervisor = Supervisor(guard=guard, journal=journal, now_ns=clock.now_ns)
    house = House(
        instruments=instruments,
        ids=ids,
        clock=clock,
        market=prices,
        last_book=prices.last_book,
        ledger=ledger if is_backtest else SharedBooks(ledger, turn),
        outside=None if is_backtest else turn.outside,
        journal=journal,
        handler=handler,
        translator=ExecutionTranslatorFactory(
            family="BACKTEST" if is_backtest else "CEX",
            policy_of=execution.translation_for,
            instrument=venue.instrument,
            ids=ids,
            clock=clock,
            recent_volume=notebook.recent_volume,
        ),
        supervisor=supervisor,
        max_failures=platform.supervision.max_failures_in_a_row,
        bars_to_warm=lambda market: bars_to_warm(market, settings.data.warmup_bars),
        time_budget_ns=None if mode is Mode.BACKTEST else int(platform.supervision.time_budget_ms * NS_PER_MS),
        monotonic_ns=time.monotonic_ns,
        playlist=playlist,
    )
    notebook.engine = Engine(
        clock=clock,
        ids=ids,
        prices=prices,
        ledger=ledger,
        handler=handler,
        journal=journal,
        strategies=[build_strategy(strategy, house) for strategy in planned],
        simulated=venue,
        supervisor=supervisor,
        day=day if execution.limits.max_daily_loss is not None else None,
    )
    reasoning = Reasoning(
        matchers={each.linked.blueprint.model.strategy_id: each.factory.matchers() for each in planned},
        policy_of=execution.translation_for,
        instrument=venue.instrument,
    )
    return Furnished(notebook.engine, guard, reasoning, turn)


def _ledger(
    bundle: OperationBundle,
    left: Left,
    notebook: _Notebook,
    *,
    clock: SimulatedClock,
    ids: IdSource,
    prices: LastPrices,
) -> AccountLedger:
    """Return the books: new ones, or those of the session before, carried on."""
    if left.books is not None:
        return ContinuedLedger(
            left.books, clock=clock, ids=ids, on_change=notebook.on_change, last_price=prices.last_price_or_none
        )
    return AccountLedger(
        currency=bundle.operation.model.account.currency,
        starting_cash=bundle.starting_cash,
        clock=clock,
        ids=ids,
        on_change=notebook.on_change,
        last_price=prices.last_price_or_none,
    )


def _venue(
    bundle: OperationBundle,
    left: Left,
    *,
    instruments: Mapping[str, Instrument],
    clock: SimulatedClock,
    is_backtest: bool,
    keep: Keep | None,
) -> SimulatedVenue | VenueLine:
    """Return the simulated venue; a session on paper hears of it over a line that may be slow or go wrong."""
    settings, execution = bundle.operation.model, bundle.platform.model.execution
    simulated = SimulatedVenue(
        instruments=instruments,
        clock=clock,
        parameters=execution.fills,
        parameters_of={symbol: execution.fills_for(symbol) for symbol in instruments},
        books=VenueBooks(
            starting_cash=bundle.starting_cash,
            currency=settings.account.currency,
            memory=_VENUE_MEMORY if is_backtest else None,
        ),
        position_mode=execution.limits.position_mode,
        left=left.venue,
        keep=keep,
    )
    if is_backtest:
        return simulated
    faults = Faults(settings.faults or execution.faults)
    return VenueLine(simulated, clock=clock, line=execution.line, faults=faults)


def _latch_lasts(settings: FlattenSettings) -> timedelta | None:
    minutes = settings.backtest_latch_minutes
    return None if minutes is None else timedelta(minutes=minutes)
