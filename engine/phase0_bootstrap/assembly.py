"""The composition root's doors: from the path of an operation.yaml to a session, or to an engine over recorded bars."""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from engine.config.loading import OperationBundle, load_all
from engine.config.operation import Environment, OnRestart
from engine.config.places import Places
from engine.config.snapshot import snapshot_of
from engine.contracts.base import Scalar
from engine.contracts.market import BarSeries, MarketBar
from engine.journal.inputs import InputKind, bar_body
from engine.journal.journal import SqliteJournal
from engine.phase0_bootstrap.account_lock import AccountLock
from engine.phase0_bootstrap.ahead import Pace, Playlist
from engine.phase0_bootstrap.catalogue import Catalogue
from engine.phase0_bootstrap.depth import has_depth
from engine.phase0_bootstrap.engine_assembly import NOTHING_LEFT, Assembled, assemble_engine
from engine.phase0_bootstrap.furnishing import ON_RECORDED_BARS
from engine.phase0_bootstrap.markets import (
    feed_manifest_of,
    feed_of,
    markets_by_symbol,
    past_of,
    recorded_market,
    start_ns_of,
)
from engine.phase0_bootstrap.recovery import Left, left_by_the_last
from engine.phase0_bootstrap.restoring import backup_of, take_over
from engine.phase0_bootstrap.shelves import full_catalogue
from engine.phase0_bootstrap.warmup import Warm, require_buildable, warm_up
from engine.ports.market_data import MarketFeed
from engine.ports.session import Mode
from engine.primitives.errors import EngineError
from engine.primitives.timeframes import Timeframe, ns_from_datetime
from engine.runtime.clocks import SimulatedClock
from engine.runtime.desk import Desk
from engine.runtime.engine import Engine
from engine.runtime.session import Session
from engine.runtime.standing import Standing
from engine.storage.flatten_file import FlattenFile

ReadRecordings = Callable[[OperationBundle], Sequence[BarSeries]]
"""Reads the recorded bars of every market that an operation looks at, in the order in which a backtest takes them."""

_FRESH: Final = Left(
    remarks=("Begins with an empty account, as asked; what the last session left stays in its files.",)
)


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
    is_recorded = feed_manifest_of(bundle).plays_recordings
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
    past, begins_ns = past_of(bundle, feed), min((int(each.opened_ns[0]) for each in series), default=0)
    folder = places.journal_folder(settings.operation.id, mode)
    if mode in ON_RECORDED_BARS:
        return assemble_session(
            bundle, feed, past, places=places, journal_folder=folder, mode=mode, begins_ns=begins_ns
        )
    lock = AccountLock(folder, f"{settings.operation.id} ({mode.lower()})")
    try:
        start_ns, fallbacks = start_ns_of(past, begins_ns), places.fallback_folder(settings.operation.id, mode)
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
    left: Left = NOTHING_LEFT,
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
    clock, catalogue = SimulatedClock(max(start_ns_of(past, begins_ns), known_ns)), full_catalogue(places)
    assembled = assemble_engine(
        bundle,
        catalogue,
        instruments=markets_by_symbol(bundle, feed.instruments()),
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
    warm = _show_past(engine, journal, past)
    standing = Standing(assembled.guard, engine.strategies, journal)
    waiting = () if left.books is None else take_over(left.books, engine, standing)
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


def _show_past(engine: Engine, journal: SqliteJournal, past: Mapping[str, Sequence[MarketBar]]) -> Mapping[str, Warm]:
    """Warm the windows of all strategies, and let engine and journal know the bars; return the windows by strategy."""
    for bars in past.values():
        for bar in bars:
            journal.came_in(InputKind.PAST, bar_body(bar))
    warm = {name: warm_up(strategy, past) for name, strategy in engine.strategies.items()}
    now_ns = engine.clock.now_ns()
    for name, strategy in engine.strategies.items():
        if strategy.pause_reason:
            journal.note(at_ns=now_ns, level="WARNING", source=name, text=strategy.pause_reason)
    for bars in past.values():
        for bar in bars[-1:]:
            engine.prices.see(bar)
            if engine.ledger.holds(bar.symbol):
                engine.ledger.mark(bar.symbol, engine.prices.last_price(bar.symbol), now_ns)
    return warm


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
    return assemble_engine(
        bundle,
        full_catalogue(places),
        instruments=markets_by_symbol(bundle, [recorded_market(series.symbol) for series in recordings]),
        clock=SimulatedClock(min(int(series.opened_ns[0]) for series in recordings)),
        mode=Mode.BACKTEST,
        label=label,
        journal_folder=places.journal_folder(operation_id, Mode.BACKTEST),
        journal_file=journal,
        facts=facts,
        playlist=Playlist({series.symbol: series for series in recordings}, pace),
    )
