"""An engine with its journal open, or neither: what cannot be put together leaves nothing behind."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from engine.config.loading import OperationBundle
from engine.contracts.base import Scalar
from engine.contracts.market import Instrument
from engine.journal.inputs import InputKind
from engine.journal.journal import LIVE_BLOCK, SqliteJournal
from engine.phase0_bootstrap.ahead import Playlist
from engine.phase0_bootstrap.catalogue import HOST_VERSION, Catalogue
from engine.phase0_bootstrap.depth import without_books
from engine.phase0_bootstrap.furnishing import ON_RECORDED_BARS, furnish
from engine.phase0_bootstrap.logs import apply_logging
from engine.phase0_bootstrap.recovery import Left, fallback_file_of
from engine.phase0_bootstrap.restoring import origin_of, venue_store
from engine.phase0_bootstrap.resuming import resume
from engine.phase0_bootstrap.strategy_assembly import PlannedStrategy, plan_strategies, refuse_errors
from engine.phase5_execution.guard import OrderGuard
from engine.ports.journal import SessionHeader
from engine.ports.session import Mode
from engine.primitives.errors import EngineError
from engine.primitives.ids import JOURNAL, IdSource
from engine.runtime.clocks import SimulatedClock
from engine.runtime.engine import Engine
from engine.runtime.reasoning import Reasoning
from engine.runtime.turn import EngineTurn, SharedIds
from engine.storage.database import Durability
from engine.storage.fallback import FallbackFile
from engine.storage.flatten_file import FlattenFile

_LIVE_MARKET: Final = Playlist()
"""Nothing is known beforehand."""
NOTHING_LEFT: Final = Left()
"""Of the session before: there was none."""


@dataclass(frozen=True, slots=True)
class Assembled:
    """An engine that is ready for its first event, and what it was put together from."""

    engine: Engine
    session_id: str
    journal: SqliteJournal
    guard: OrderGuard
    bundle: OperationBundle
    reasoning: Reasoning
    turn: EngineTurn
    let_go: Callable[[], None]
    """Gives files free that the session does not know; called when it has ended."""
    remarks: Sequence[str]
    """What a person should know before it starts, and what does not forbid to start."""


def assemble_engine(
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
    left: Left = NOTHING_LEFT,
    fallbacks: Path | None = None,
) -> Assembled:
    """Return an engine that is ready for its first event, its journal open. Blocks on the disk.

    Args:
        bundle: The operation.
        catalogue: Every plugin that there is.
        instruments: The markets by symbol, settled.
        clock: Stands where the session begins.
        mode: What it trades with.
        label: What the market's data is called.
        journal_folder: Where the journal gets a name of its own if `journal_file` is None.
        facts: What a person needs to run it again.
        with_books: Whether the market tells order books.
        bar_ns: Length of the feed's bars in nanoseconds; 0 where nothing waits for a bar.
        journal_file: The journal's file.
        playlist: What is known of the market beforehand.
        left: What the session before left.
        fallbacks: Where text files take what the journal cannot take; None where a full disk ends the session.

    Raises:
        ConfigError: something in the files does not fit; the journal's file holds a session already.
        WiringError: a wiring has errors.
        PluginError: foreign code failed.
    """
    settings, platform = bundle.operation.model, bundle.platform.model
    apply_logging(platform.logging)
    found = plan_strategies(bundle.strategies, catalogue)
    if not with_books:
        found = [replace(strategy, findings=(*strategy.findings, *without_books(strategy))) for strategy in found]
    refuse_errors(found)
    planned, notes = resume(found, left.states, start_ns=clock.now_ns())
    id_source = IdSource if mode in ON_RECORDED_BARS else SharedIds
    ids = id_source(clock.now_ns, after_second=-1 if left.books is None else left.books.id_second)
    session_id = ids.next(JOURNAL)
    can_be_repeated = mode in ON_RECORDED_BARS
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
        furnished = furnish(
            bundle,
            planned,
            journal,
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
    return Assembled(
        engine=furnished.engine,
        session_id=session_id,
        journal=journal,
        guard=furnished.guard,
        bundle=bundle,
        reasoning=furnished.reasoning,
        turn=furnished.turn,
        let_go=_nothing if store is None else store.close,
        remarks=(*left.remarks, *blind),
    )


def _nothing() -> None:
    """Let nothing go: a backtest holds no file but its journal."""


def _remark_blindness(planned: Sequence[PlannedStrategy], journal: SqliteJournal, now_ns: int) -> Sequence[str]:
    """Put down, and return, which workers will wait for order books in vain."""
    remarks = []
    for strategy in planned:
        for finding in without_books(strategy):
            remarks.append(f"{finding.text}. {finding.fix}")
            source = strategy.linked.blueprint.model.strategy_id
            journal.note(at_ns=now_ns, level=finding.severity, source=source, text=remarks[-1])
    return tuple(remarks)


def _free_file(folder: Path, session_id: str) -> Path:
    """Return a name that no session has yet: a demo market begins at the same instant each time."""
    folder.mkdir(parents=True, exist_ok=True)
    taken = [path.stem.rpartition("-")[2] for path in folder.glob(f"{session_id}-*.sqlite")]
    # Above all others, also when one was deleted: the highest is the one that was started last.
    number = 1 + max((int(text) for text in taken if text.isdecimal()), default=0)
    return folder / f"{session_id}-{number}.sqlite"
