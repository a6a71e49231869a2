"""The composition root: from the path of an operation.yaml to an engine, or to a session that runs it."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

from pydantic import BaseModel

from engine.config.loading import OperationBundle, load_all
from engine.config.manifest import ConnectorManifest
from engine.config.operation import Environment, OnRestart, resolve_symbol
from engine.config.places import Places
from engine.config.policies import FlattenSettings
from engine.config.snapshot import snapshot_of
from engine.contracts.base import Scalar
from engine.contracts.flatten import FlattenJob
from engine.contracts.market import BarSeries, Instrument, InstrumentKind, MarketBar
from engine.contracts.schedules import GroupPlan
from engine.journal.inputs import InputKind, bar_body
from engine.journal.journal import LIVE_BLOCK, SqliteJournal
from engine.ledger.ledger import AccountLedger
from engine.ledger.rebuilding import ContinuedLedger
from engine.phase0_bootstrap.account_lock import AccountLock
from engine.phase0_bootstrap.ahead import Pace, Playlist
from engine.phase0_bootstrap.catalogue import HOST_VERSION, Catalogue
from engine.phase0_bootstrap.depth import has_depth, without_books
from engine.phase0_bootstrap.fence import build_feed, load_class
from engine.phase0_bootstrap.logs import apply_logging
from engine.phase0_bootstrap.recovery import Left, fallback_file_of, left_by_the_last
from engine.phase0_bootstrap.restoring import backup_of, origin_of, trading_day, venue_store
from engine.phase0_bootstrap.resuming import resume
from engine.phase0_bootstrap.shelves import full_catalogue, shipped_catalogue
from engine.phase0_bootstrap.strategy_assembly import (
    House,
    PlannedStrategy,
    build_strategy,
    companions_of,
    plan_strategies,
    refuse_errors,
    symbol_of,
)
from engine.phase0_bootstrap.warmup import bars_to_warm, require_buildable, short_bars_needed, warm_up
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
from engine.ports.journal import CLOSING, VENUE_READ, SessionHeader
from engine.ports.ledger import LedgerChange
from engine.ports.market_data import MarketFeed
from engine.ports.session import Mode
from engine.primitives.errors import ConfigError, EngineError, PluginError
from engine.primitives.ids import JOURNAL, GroupId, IdSource, TradeId
from engine.primitives.timeframes import NS_PER_MS, Timeframe, ns_from_datetime
from engine.runtime.bar_feeding import bars_of
from engine.runtime.clocks import SimulatedClock
from engine.runtime.desk import Desk
from engine.runtime.engine import Engine
from engine.runtime.market import LastPrices
from engine.runtime.reasoning import Reasoning
from engine.runtime.session import Session
from engine.runtime.standing import Standing
from engine.runtime.supervision import Supervisor
from engine.runtime.turn import EngineTurn, SharedBooks, SharedIds
from engine.storage.database import Durability
from engine.storage.fallback import FallbackFile
from engine.storage.flatten_file import FlattenFile

ReadRecordings = Callable[[OperationBundle], Sequence[BarSeries]]
"""Reads the recorded bars of every market that an operation looks at, in the order in which a backtest takes them."""

_ON_RECORDED_BARS: Final = (Mode.BACKTEST, Mode.REPLAY)
"""Carried out in a backtest's terms, and written as one: what is lost can be made again from the same file."""


_LIVE_MARKET: Final = Playlist()
"""Nothing is known beforehand."""
_VENUE_MEMORY: Final = 4_000
"""So much of what is over the simulated venue of a backtest remembers: nobody there asks for more than the last bars."""
_NOTHING: Final = Left()
_FRESH: Final = Left(
    remarks=("Begins with an empty account, as asked; what the last session left stays in its files.",)
)


@dataclass(frozen=True, slots=True)
class Assembled:
    """An engine that is ready for its first event, and what it was put together from."""

    engine: Engine
    session_id: str
    journal: SqliteJournal
    guard: OrderGuard
    bundle: OperationBundle
    reasoning: Reasoning
    let_go: Callable[[], None] = lambda: None
    """Gives files free that the session does not know; called when it has ended."""
    turn: EngineTurn = field(default_factory=EngineTurn)
    remarks: Sequence[str] = ()
    """What a person should know before it starts, and what does not forbid to start."""


def open_session(
    operation: Path,
    *,
    places: Places,
    recordings: ReadRecordings | None = None,
    bars: int | None = None,
    speed: float | None = None,
    is_fresh: bool = False,
) -> Session:
    """Return a session that is ready to run, its windows warm and its journal open. Blocks on the disk.

    An operation of environment backtest plays its recorded bars as if they were live, and everything in it is carried
    out as in a backtest: the same bars give the same journal (ADR 0005).

    Args:
        operation: An operation.yaml.
        places: Where the user's files live.
        recordings: Reads the bars that a feed of recorded markets plays; None where there are none.
        bars: Ends the feed after so many bars of each market, where the feed can do that.
        speed: Overrides the feed's speed, where it has one.
        is_fresh: Begins with an empty account, and without what the workers kept in the last session.

    Raises:
        ConfigError: something in the files does not fit; lists all of it.
        WiringError: a wiring has errors.
        PluginError: foreign code failed.
        DataError: there is not the history that the strategies need, or a recording cannot be used as it stands.
        LedgerMismatch: what the last session left cannot be read back, and must not be lost.
    """
    bundle = load_all(operation)
    settings = bundle.operation.model
    is_recorded = _feed_manifest(bundle).plays_recordings
    if settings.environment is Environment.LIVE or (settings.environment is Environment.BACKTEST and not is_recorded):
        raise bundle.operation.refusal(
            ("environment",),
            f"an operation of environment {settings.environment} cannot run as a session with the feed {settings.data.feed}",
            written=settings.environment,
            known=(Environment.PAPER,),
            what_to_do="Write paper; backtest needs a feed of recorded bars (connector: replay).",
        )
    series = recordings(bundle) if is_recorded and recordings is not None else ()
    feed = feed_of(bundle, {"bars": bars, "speed": speed}, series)
    mode = Mode.REPLAY if settings.environment is Environment.BACKTEST else Mode.PAPER
    past, begins_ns = _past_of(bundle, feed), min((int(each.opened_ns[0]) for each in series), default=0)
    folder = places.journal_folder(settings.operation.id, mode)
    if mode in _ON_RECORDED_BARS:
        return assemble_session(
            bundle, feed, past, places=places, journal_folder=folder, mode=mode, begins_ns=begins_ns
        )
    lock = AccountLock(folder, f"{settings.operation.id} ({mode.lower()})")
    try:
        start_ns, fallbacks = _start_ns(past, begins_ns), places.fallback_folder(settings.operation.id, mode)
        grace_ns = Timeframe.parse(feed.timeframe).length_ns
        left = _FRESH if is_fresh else left_by_the_last(folder, start_ns, fallbacks=fallbacks, grace_ns=grace_ns)
        session = assemble_session(
            bundle,
            feed,
            past,
            places=places,
            journal_folder=folder,
            mode=mode,
            begins_ns=begins_ns,
            left=left,
            fallbacks=fallbacks,
        )
    except EngineError:
        lock.release()
        raise
    session.at_end(lock.release)
    return session


def assemble_session(
    bundle: OperationBundle,
    feed: MarketFeed,
    past: Mapping[str, Sequence[MarketBar]],
    *,
    places: Places,
    journal_folder: Path,
    mode: Mode = Mode.PAPER,
    begins_ns: int = 0,
    left: Left = _NOTHING,
    fallbacks: Path | None = None,
) -> Session:
    """Return a session over a feed; its windows are warm, its clock stands at the end of the past.

    Args:
        bundle: The operation.
        feed: The market.
        past: The warm-up bars of every market that a strategy looks at, by symbol.
        places: Where the user's plugins are.
        journal_folder: Where the journal goes.
        mode: PAPER, or REPLAY for a recorded market that is carried out as in a backtest.
        begins_ns: Where the clock stands when there is no past (UTC nanoseconds).
        left: What the session before left, states in the formats of their plugins of then.
        fallbacks: Where text files take what the journal cannot take; None where a full disk ends the session.

    Raises:
        ConfigError: something in the files does not fit; lists all of it.
        WiringError: a wiring has errors.
        PluginError: foreign code failed.
    """
    settings = bundle.operation.model
    flatten_file = None if fallbacks is None else FlattenFile(journal_folder)
    known_ns = 0 if left.books is None else ns_from_datetime(left.books.as_of)
    clock, catalogue = SimulatedClock(max(_start_ns(past, begins_ns), known_ns)), full_catalogue(places)
    assembled = _assemble(
        bundle,
        catalogue,
        instruments=_overridden(bundle, feed.instruments()),
        clock=clock,
        mode=mode,
        label=feed.label,
        journal_folder=journal_folder,
        left=left,
        fallbacks=fallbacks,
        facts={"feed": settings.data.feed},
        with_books=has_depth(feed),
        bar_ns=Timeframe.parse(feed.timeframe).length_ns,
    )
    engine, journal = assembled.engine, assembled.journal
    journal.configuration(snapshot_of(bundle))
    for bars_of_symbol in past.values():
        for bar in bars_of_symbol:
            journal.came_in(InputKind.PAST, bar_body(bar))
    warm = {name: warm_up(strategy, past) for name, strategy in engine.strategies.items()}
    for name, strategy in engine.strategies.items():
        if strategy.pause_reason:
            journal.note(at_ns=clock.now_ns(), level="WARNING", source=name, text=strategy.pause_reason)
    for bars_of_symbol in past.values():
        for bar in bars_of_symbol[-1:]:
            engine.prices.see(bar)
            if engine.ledger.holds(bar.symbol):
                engine.ledger.mark(bar.symbol, engine.prices.last_price(bar.symbol), clock.now_ns())
    standing = Standing(assembled.guard, engine.strategies, journal)
    waiting: Sequence[GroupId] = ()
    if left.books is not None:
        standing.take_over(left.books)
        asked = {plan.group_id for plan in left.books.plans if plan.pause is not None and plan.pause.is_asked}
        restored = engine.handler.restore_groups(
            left.books.plans, fills=left.books.fills, reason="the program was started again"
        )
        waiting = [group_id for group_id in restored if group_id not in asked]
        engine.handler.restore_batches(left.books.batches, fills=left.books.fills)
        if engine.handler.outcomes is not None:
            engine.handler.take_over(left.books.since)
        engine.handler.restore_closings(left.books.closings)
    session = Session(
        session_id=assembled.session_id,
        operation=settings.operation.name,
        mode=mode,
        engine=engine,
        feed=feed,
        desk=Desk(engine, assembled.guard),
        standing=standing,
        journal_path=journal.path,
        known_ns=known_ns,
        resumes=waiting if settings.on_restart is OnRestart.RESUME else (),
        backup=None if fallbacks is None else backup_of(bundle, places, mode, journal.path, left),
        warm=warm,
        monotonic_ns=time.monotonic_ns,
        message=" ".join((*assembled.remarks, *_remark_quarantine(catalogue, journal, clock.now_ns()))),
        flatten_file=flatten_file,
        turn=assembled.turn,
        reasoning=assembled.reasoning,
        quarantined=catalogue.quarantined,
    )
    session.at_end(assembled.let_go)
    unfinished = None if flatten_file is None else flatten_file.read()
    if unfinished is not None:
        session.resume_flatten(unfinished)
    return session


def _remark_quarantine(catalogue: Catalogue, journal: SqliteJournal, now_ns: int) -> Sequence[str]:
    """Put down which plugins must not be used, and why; return what a person should know about plugins."""
    quarantined = catalogue.quarantined
    for name, reason in quarantined.items():
        journal.note(at_ns=now_ns, level="WARNING", source=name, text=f"{name} is quarantined: {reason}")
    if not quarantined:
        return catalogue.remarks
    names = ", ".join(sorted(quarantined))
    return (*catalogue.remarks, f"In quarantine: {names}; `s1mpletrader plugin list` says why.")


def assemble_backtest(
    bundle: OperationBundle,
    *,
    recordings: Sequence[BarSeries],
    label: str,
    places: Places,
    journal: Path | None,
    facts: Mapping[str, Scalar],
    pace: Pace = Pace.CANDIDATES,
) -> Assembled:
    """Return an engine over recorded bars; its clock stands at the close of the first bar. Blocks on the disk.

    Args:
        bundle: The operation.
        recordings: One series for each market.
        label: What the data is called.
        places: Where the journal goes if `journal` is None.
        journal: The journal's file.
        facts: What a person needs to run it again.
        pace: How the bars will be gone through; it changes no decision.

    Raises:
        ConfigError: something in the files does not fit; the journal's file holds a session already.
        WiringError: a wiring has errors.
        PluginError: foreign code failed.
    """
    operation_id = bundle.operation.model.operation.id
    require_buildable(
        [linked.blueprint for linked in bundle.strategies], {each.symbol: each.timeframe for each in recordings}
    )
    return _assemble(
        bundle,
        full_catalogue(places),
        instruments=_overridden(bundle, [_recorded_market(series.symbol) for series in recordings]),
        clock=SimulatedClock(min(int(series.opened_ns[0]) for series in recordings)),
        mode=Mode.BACKTEST,
        label=label,
        journal_folder=places.journal_folder(operation_id, Mode.BACKTEST),
        journal_file=journal,
        facts=facts,
        playlist=Playlist({series.symbol: series for series in recordings}, pace),
    )


def _assemble(
    bundle: OperationBundle,
    catalogue: Catalogue,
    *,
    instruments: Mapping[str, Instrument],
    clock: SimulatedClock,
    mode: Mode,
    label: str,
    journal_folder: Path,
    facts: Mapping[str, Scalar],
    with_books: bool = False,
    bar_ns: int = 0,
    journal_file: Path | None = None,
    playlist: Playlist = _LIVE_MARKET,
    left: Left = _NOTHING,
    fallbacks: Path | None = None,
) -> Assembled:
    settings, platform = bundle.operation.model, bundle.platform.model
    apply_logging(platform.logging)
    found = plan_strategies(bundle.strategies, catalogue)
    if not with_books:
        found = [replace(strategy, findings=(*strategy.findings, *without_books(strategy))) for strategy in found]
    refuse_errors(found)
    planned, notes = resume(found, left.states, start_ns=clock.now_ns())
    id_source = IdSource if mode in _ON_RECORDED_BARS else SharedIds
    ids = id_source(clock.now_ns, after_second=-1 if left.books is None else left.books.id_second)
    session_id = ids.next(JOURNAL)
    can_be_repeated = mode in _ON_RECORDED_BARS
    durability = Durability.NORMAL if can_be_repeated else Durability(platform.journal.synchronous)
    file = journal_file or _free_file(journal_folder, session_id)
    journal = SqliteJournal(
        file,
        clock=clock,
        block_size=platform.journal.block_size if can_be_repeated else LIVE_BLOCK,
        durability=durability,
        account=settings.operation.id,
        fallback=None if fallbacks is None else FallbackFile(fallback_file_of(file, fallbacks)),
    )
    store = None if can_be_repeated else venue_store(file, durability, left.venue, fallbacks)
    header = SessionHeader(
        session_id=session_id,
        operation=settings.operation.id,
        mode=mode,
        label=label,
        started_ns=clock.now_ns(),
        facts={"version": HOST_VERSION, **facts, **origin_of(bundle, left)},
    )
    states = [state for strategy in planned for state in strategy.states]
    journal.open_session(header, states, left.books, left.venue)
    for state in states:
        journal.came_in(InputKind.STATE, state.model_dump_json())
    for note in notes:
        journal.note(at_ns=clock.now_ns(), level="WARNING", source=note.strategy_id, text=note.text)
    for remark in left.remarks:
        journal.note(at_ns=clock.now_ns(), level="WARNING", source="recovery", text=remark)
    try:
        assembled = _furnished(
            bundle,
            planned,
            journal,
            session_id=session_id,
            instruments=instruments,
            clock=clock,
            ids=ids,
            mode=mode,
            playlist=playlist,
            left=left,
            bar_ns=bar_ns,
            keep=None if store is None else store.keep,
            flatten_file=None if fallbacks is None else FlattenFile(journal.path.parent),
        )
    except EngineError:
        # Nothing ran: a journal without a session would only be in the way of those that have one.
        journal.close()
        journal.path.unlink(missing_ok=True)
        if store is not None:
            store.close()
            store.path.unlink(missing_ok=True)
        raise
    blind = () if with_books else _remark_blindness(planned, journal, clock.now_ns())
    let_go = assembled.let_go if store is None else store.close
    return replace(assembled, remarks=(*left.remarks, *blind), let_go=let_go)


def _remark_blindness(planned: Sequence[PlannedStrategy], journal: SqliteJournal, now_ns: int) -> Sequence[str]:
    """Put down, and return, which workers will wait for order books in vain."""
    remarks = []
    for strategy in planned:
        for finding in without_books(strategy):
            remarks.append(f"{finding.text}. {finding.fix}")
            source = strategy.linked.blueprint.model.strategy_id
            journal.note(at_ns=now_ns, level=finding.severity, source=source, text=remarks[-1])
    return tuple(remarks)


def _furnished(
    bundle: OperationBundle,
    planned: Sequence[PlannedStrategy],
    journal: SqliteJournal,
    *,
    session_id: str,
    instruments: Mapping[str, Instrument],
    clock: SimulatedClock,
    ids: IdSource,
    mode: Mode,
    playlist: Playlist,
    left: Left,
    bar_ns: int,
    keep: Keep | None,
    flatten_file: FlattenFile | None,
) -> Assembled:
    settings, platform = bundle.operation.model, bundle.platform.model
    is_backtest = mode in _ON_RECORDED_BARS
    prices, turn = LastPrices(instruments), EngineTurn()
    told: list[Engine] = []

    def on_change(change: LedgerChange) -> None:
        told[0].on_change(change)

    def recent_volume(symbol: str) -> VolumeHistory | None:
        for strategy in told[0].strategies.values():
            context = strategy.cache.as_of(clock.now_ns()) if strategy.symbol == symbol else None
            if context is not None:
                return VolumeHistory(context.opened_history, context.history("volume"))
        return None

    def keep_plan(plan: GroupPlan) -> None:
        told[0].on_plan(plan)

    ledger = (
        AccountLedger(
            currency=settings.account.currency,
            starting_cash=bundle.starting_cash,
            clock=clock,
            ids=ids,
            on_change=on_change,
            last_price=prices.last_price_or_none,
        )
        if left.books is None
        else ContinuedLedger(
            left.books, clock=clock, ids=ids, on_change=on_change, last_price=prices.last_price_or_none
        )
    )
    execution = platform.execution
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
    faults = Faults(settings.faults or execution.faults)
    venue = simulated if is_backtest else VenueLine(simulated, clock=clock, line=execution.line, faults=faults)
    day = trading_day(ledger, left)
    guard = OrderGuard(ledger=ledger, limits=execution.limits, last_price=prices.last_price_or_none, day=day)
    kind = BacktestHandler if is_backtest else PaperHandler

    def note(level: str, text: str) -> None:
        journal.note(at_ns=clock.now_ns(), level=level, source="execution", text=text)

    def keep_read(read_until: datetime) -> None:
        journal.standing(VENUE_READ, "", "", ns_from_datetime(read_until))

    def keep_closing(trade_id: TradeId, reason: str) -> None:
        journal.standing(trade_id, CLOSING if reason else "", reason, clock.now_ns())

    def keep_flatten(job: FlattenJob) -> None:
        # The file first: it stands when the journal cannot be written.
        if flatten_file is not None:
            flatten_file.keep(job)
        sent = ", ".join(attempt.order_id for leg in job.open_legs for attempt in leg.attempts[-1:])
        what = f"flatten {job.job_id} of {job.scope.words}, asked by {job.asked_by}"
        note("INFO", f"{what}: {job.stage} {job.result}: {job.text}" + (f" ({sent})" if sent else ""))

    handler = kind(
        ledger=ledger,
        venue=venue,
        ids=ids,
        clock=clock,
        instrument=venue.instrument,
        guard=guard,
        keep_plan=keep_plan,
        keep_batch=None if is_backtest else journal.batch,
        keep_closing=None if is_backtest else keep_closing,
        after_pause=execution.schedules.after_pause,
        safety=None if is_backtest else Safety(journal, execution.reconciliation, note, bar_ns, keep_read),
        flatten=execution.flatten,
        latch_lasts=_latch_lasts(execution.flatten) if is_backtest else None,
        keep_flatten=None if is_backtest else keep_flatten,
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
            recent_volume=recent_volume,
        ),
        supervisor=supervisor,
        max_failures=platform.supervision.max_failures_in_a_row,
        bars_to_warm=lambda market: bars_to_warm(market, settings.data.warmup_bars),
        time_budget_ns=None if mode is Mode.BACKTEST else int(platform.supervision.time_budget_ms * NS_PER_MS),
        monotonic_ns=time.monotonic_ns,
        playlist=playlist,
    )
    engine = Engine(
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
    told.append(engine)
    reasoning = Reasoning(
        matchers={each.linked.blueprint.model.strategy_id: each.factory.matchers() for each in planned},
        policy_of=execution.translation_for,
        instrument=venue.instrument,
    )
    return Assembled(engine, session_id, journal, guard, bundle, reasoning, turn=turn)


def _latch_lasts(settings: FlattenSettings) -> timedelta | None:
    minutes = settings.backtest_latch_minutes
    return None if minutes is None else timedelta(minutes=minutes)


def feed_of(bundle: OperationBundle, wishes: Mapping[str, object], recordings: Sequence[BarSeries] = ()) -> MarketFeed:
    """Return the operation's feed, set as its file says, with the wishes of the command line laid over.

    Args:
        bundle: The operation.
        wishes: Settings by name; None stands for no wish.
        recordings: What a feed of recorded markets plays.

    Raises:
        ConfigError: the settings do not fit the connector.
        PluginError: the connector cannot be imported or built.
    """
    manifest = _feed_manifest(bundle)
    if manifest.settings_model is None:
        raise PluginError("The connector says no model for its settings.", connector=manifest.id)
    model = load_class(manifest.settings_model)
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        raise PluginError("The settings model of the connector is no pydantic model.", connector=manifest.id)
    settings = bundle.operation.section(("connectors", _feed_place(bundle), "settings"), model)
    asked = {name: value for name, value in wishes.items() if value is not None}
    unknown = sorted(set(asked) - set(model.model_fields))
    if unknown:
        raise ConfigError(f"The connector {manifest.id} has no setting {', '.join(unknown)}.")
    chosen = model.model_validate({**settings.model_dump(), **asked})
    if not manifest.plays_recordings:
        return build_feed(manifest.entry_point, chosen)
    markets = [_recorded_market(series.symbol) for series in recordings]
    return build_feed(manifest.entry_point, recordings, instruments=markets, settings=chosen)


def _feed_place(bundle: OperationBundle) -> int:
    settings = bundle.operation.model
    return next(place for place, link in enumerate(settings.connectors) if link.id == settings.data.feed)


def _feed_manifest(bundle: OperationBundle) -> ConnectorManifest:
    return shipped_catalogue().connector(bundle.operation.model.connectors[_feed_place(bundle)].connector)


def _start_ns(past: Mapping[str, Sequence[MarketBar]], begins_ns: int) -> int:
    """Return where the clock of a session stands before its first live bar, UTC nanoseconds."""
    return max((bar.closed_ns for bars in past.values() for bar in bars[-1:]), default=begins_ns)


def _past_of(bundle: OperationBundle, feed: MarketFeed) -> Mapping[str, Sequence[MarketBar]]:
    """Return the warm-up bars of every market that a strategy needs, by symbol, of the feed's timeframe."""
    known = [instrument.symbol for instrument in feed.instruments()]
    require_buildable([linked.blueprint for linked in bundle.strategies], dict.fromkeys(known, feed.timeframe))
    needed = dict.fromkeys(known, 0)
    for linked in bundle.strategies:
        market = linked.blueprint.model.market
        bars = short_bars_needed(
            timeframe=market.timeframe,
            feed_timeframe=feed.timeframe,
            bars=bars_to_warm(market, bundle.operation.model.data.warmup_bars),
        )
        for symbol in (symbol_of(linked.blueprint, known), *companions_of(linked.blueprint, known)):
            needed[symbol] = max(needed[symbol], bars)
    return {
        symbol: tuple(bars_of(feed.history(symbol=symbol, timeframe=feed.timeframe, bars=bars)))
        for symbol, bars in needed.items()
        if bars
    }


def _overridden(bundle: OperationBundle, instruments: Sequence[Instrument]) -> Mapping[str, Instrument]:
    """Return the markets by symbol, with what operation.yaml says otherwise laid over."""
    by_symbol = {instrument.symbol: instrument for instrument in instruments}
    for written, overrides in bundle.operation.model.instruments.items():
        try:
            symbol = resolve_symbol(written, list(by_symbol))
        except ConfigError as error:
            raise bundle.operation.refusal(("instruments", written), str(error).rstrip("."), written=written) from error
        by_symbol[symbol] = overrides.over(by_symbol[symbol])
    return by_symbol


def _recorded_market(symbol: str) -> Instrument:
    """Return a market that is known by its bars alone; operation.yaml says what is otherwise."""
    base, _, rest = symbol.partition("/")
    quote = rest.partition(":")[0]
    return Instrument(
        symbol=symbol,
        base=base,
        quote=quote,
        kind=InstrumentKind.PERPETUAL if ":" in rest else InstrumentKind.SPOT,
        tick_size=Decimal("0.01"),
        lot_step=Decimal("0.00001"),
    )


def _free_file(folder: Path, session_id: str) -> Path:
    """Return a name that no session has yet: a demo market begins at the same instant each time."""
    folder.mkdir(parents=True, exist_ok=True)
    taken = [path.stem.rpartition("-")[2] for path in folder.glob(f"{session_id}-*.sqlite")]
    # Above all others, also when one was deleted: the highest is the one that was started last.
    number = 1 + max((int(text) for text in taken if text.isdecimal()), default=0)
    return folder / f"{session_id}-{number}.sqlite"
