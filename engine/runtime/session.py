"""A session: one operation on one feed, from the first bar until it is stopped."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from engine.contracts.batches import BatchReport
from engine.contracts.commands import (
    AbortFlatten,
    CancelAllOrders,
    CancelGroup,
    CancelOrder,
    ClearLatch,
    CloseTrade,
    Command,
    CommandAnswer,
    CommandStatus,
    FlattenAll,
    PauseGroupCancelOrders,
    PauseGroupKeepOrders,
    PauseStrategy,
    ReduceAll,
    Request,
    ResolveOrder,
    RestrictTrading,
    ResumeGroup,
    ResumeStrategy,
)
from engine.contracts.flatten import FlattenJob
from engine.contracts.limits import LimitUse
from engine.contracts.market import BarSeries, FloatColumn, Instrument, MarketBar, MarketEvent
from engine.contracts.schedules import GroupPlan
from engine.journal.inputs import InputKind, event_row, instant_of_event
from engine.ports.ledger import LedgerReader
from engine.ports.market_data import MarketFeed, PacedMarket, PausableFeed
from engine.ports.reasoning import DecisionReader
from engine.ports.session import Mode, SessionObserver, SessionState, SessionStatus
from engine.primitives.errors import DataError, EngineError, InvariantBroken
from engine.primitives.ids import USER_COMMAND, GroupId, UserCommandId, instant_of
from engine.primitives.kill_switch import kill_point
from engine.primitives.timeframes import NS_PER_SECOND, datetime_from_ns
from engine.runtime.desk import Desk
from engine.runtime.emergency_watch import AskFor, EmergencyWatch
from engine.runtime.engine import Engine
from engine.runtime.slices import Slices
from engine.runtime.standing import Standing
from engine.runtime.turn import EngineTurn, Reach, SharedBooks
from engine.storage.backup import DailyBackup
from engine.storage.flatten_file import FlattenFile
from engine.wiring.tracebacks import traceback_text

_COMMANDS: Final[TypeAdapter[Command]] = TypeAdapter(Command)
_log = logging.getLogger("engine.runtime")

_LOOK_AT_THE_DAY_S = 60.0
"""How often it is asked whether a new day has begun, for the daily copy."""
_PULSE_S: Final = 0.1
"""How often it is asked whether something waits for time: twenty times before a person wonders about a flatten."""
_LONGEST_STEP_NS: Final = NS_PER_SECOND
"""After a sleep of the machine, time is made up in steps that nothing falls between."""


class Session:
    """Runs an engine on a feed; implements `engine.ports.session.TradingSession`.

    Args:
        session_id: Its id in the journal.
        operation: The operation's name.
        mode: What it trades with.
        engine: The assembled engine.
        feed: The market.
        desk: Carries out what a person asks.
        standing: Writes down what may be done, as soon as it changes.
        journal_path: Where the journal is.
        resumes: Groups that go on as soon as nothing is in doubt any more.
        backup: Makes the daily copies; None where there are none.
        known_ns: Until when the session before has seen the market (UTC nanoseconds): it is not seen twice.
        warm: Bars and columns of each strategy's window before the first live bar.
        monotonic_ns: Tells how long the engine has worked; never used for decisions.
        flatten_file: Where other processes ask for a flatten; None where nothing but the feed may move the session.
        message: What a person should know before it starts.
        turn: Held while the engine works: a flatten may come in from a thread of its own when the loop hangs.
        reasoning: Answers questions about decisions that were made.
        quarantined: Plugins that are not used, and why, by name.
    """

    def __init__(
        self,
        *,
        session_id: str,
        operation: str,
        mode: Mode,
        engine: Engine,
        feed: MarketFeed,
        desk: Desk,
        standing: Standing,
        journal_path: Path,
        known_ns: int = 0,
        resumes: Sequence[GroupId] = (),
        backup: DailyBackup | None = None,
        warm: Mapping[str, tuple[BarSeries, Mapping[str, FloatColumn]]],
        monotonic_ns: Callable[[], int],
        message: str = "",
        flatten_file: FlattenFile | None = None,
        turn: EngineTurn,
        reasoning: DecisionReader,
        quarantined: Mapping[str, str] | None = None,
    ) -> None:
        self._reasoning = reasoning
        self._quarantined = dict(quarantined or {})
        self._speed_after_step: float | None = None
        """While the market goes on to its next bar and no further: the speed that it had."""
        self._flatten_file = flatten_file
        self._turn = turn
        self._failure: EngineError | None = None
        self._moved_ns = monotonic_ns()
        self._silent_ns = 0
        """For how long the market has said nothing while the session ran, beyond what the engine's clock knows."""
        self._session_id = session_id
        self._operation = operation
        self._mode = mode
        self._engine = engine
        self._feed = feed
        self._desk = desk
        self._standing = standing
        self._at_end: list[Callable[[], None]] = []
        self._journal_path = journal_path
        self._known_ns = known_ns
        self._resumes = tuple(resumes)
        self._backup = backup
        self._warm = warm
        self._monotonic_ns = monotonic_ns
        self._state = SessionState.READY
        self._message = message
        self._observers: list[SessionObserver] = []
        self._stop = asyncio.Event()
        self._go = asyncio.Event()
        self._go.set()

    @property
    def status(self) -> SessionStatus:
        """How it stands now."""
        with self._turn.books():
            return self._status()

    def _status(self) -> SessionStatus:
        now_ns, outcomes = self._engine.clock.now_ns(), self._engine.handler.outcomes
        return SessionStatus(
            session_id=self._session_id,
            operation=self._operation,
            mode=self._mode,
            label=self._feed.label,
            state=self._state,
            trading_state=self._engine.trading_state,
            now=datetime_from_ns(now_ns) if now_ns else None,
            strategies=tuple(strategy.summary for strategy in self._engine.strategies.values()),
            flows=dict(self._engine.outcomes),
            journal_path=self._journal_path,
            message=" ".join(text for text in (self._unwritten(), self._message) if text),
            journal_fault=self._engine.journal.failure,
            venue_silent_since=None if outcomes is None else outcomes.silent_since,
            quarantined=self._quarantined,
        )

    def _unwritten(self) -> str:
        """Return what a person must know of a journal that cannot be written; empty while all is well."""
        why = self._engine.journal.failure
        return f"No new risk is taken; closing goes on, and is kept in a fallback file. {why}." if why else ""

    @property
    def ledger(self) -> LedgerReader:
        """The books, to read; from any thread."""
        return SharedBooks(self._engine.ledger, self._turn)

    @property
    def group_plans(self) -> Sequence[GroupPlan]:
        """The schedules of all groups that brought an entry, oldest first."""
        return self._engine.handler.group_plans

    @property
    def reasoning(self) -> DecisionReader:
        """Answers questions about decisions that were made."""
        return self._reasoning

    def instrument(self, symbol: str) -> Instrument:
        """Return the market of a symbol.

        Raises:
            PlanError: the operation does not trade it.
        """
        return self._engine.prices.instrument(symbol)

    def history(self, strategy_id: str) -> tuple[BarSeries, Mapping[str, FloatColumn]]:
        """Return the bars before the first live one, and the enriched columns beside them."""
        return self._warm[strategy_id]

    def watch(self, observer: SessionObserver) -> None:
        """Tell this observer from now on."""
        self._observers.append(observer)
        self._engine.watch(observer)

    def next_command_id(self) -> UserCommandId:
        """Return the id for a command that is about to be asked."""
        return self._engine.ids.next(USER_COMMAND)

    def ask(self, command: Command) -> CommandAnswer:
        """Carry out a command, or say why not; the journal keeps both, as long as the session runs."""
        with self._turn.whole():
            return self._answer(command)

    def _answer(self, command: Command) -> CommandAnswer:
        if self._state in (SessionState.STOPPED, SessionState.FAILED):
            text = "The session has ended: nothing can be changed in it any more."
            return CommandAnswer(command_id=command.command_id, status=CommandStatus.REFUSED, text=text)
        self._engine.journal.came_in(InputKind.COMMAND, command.model_dump_json())
        try:
            status, text = self._carry_out(command)
        except EngineError as error:
            status, text = CommandStatus.REFUSED, str(error)
        answer = CommandAnswer(command_id=command.command_id, status=status, text=text)
        self._engine.journal.command(command, answer)
        self._standing.keep(self._engine.clock.now_ns())
        self._tell_status()
        return answer

    def _carry_out(self, command: Command) -> tuple[CommandStatus, str]:  # noqa: PLR0912  # one case per kind of command
        match command:
            case PauseStrategy():
                return self._desk.pause_strategy(command.strategy_id)
            case ResumeStrategy():
                return self._desk.resume_strategy(command.strategy_id)
            case CancelGroup():
                return self._desk.cancel_group(command.group_id)
            case PauseGroupKeepOrders():
                return self._desk.pause_group(command.group_id, cancels=False)
            case PauseGroupCancelOrders():
                return self._desk.pause_group(command.group_id, cancels=True)
            case ResumeGroup():
                return self._desk.resume_group(command.group_id)
            case CancelOrder():
                return self._desk.cancel_order(command.order_id)
            case CloseTrade():
                return self._desk.close_trade(command.trade_id)
            case CancelAllOrders():
                return self._desk.cancel_all(command)
            case ReduceAll():
                return self._desk.reduce_all(command)
            case RestrictTrading():
                return self._desk.restrict(command.state, command.reason)
            case FlattenAll():
                return self._desk.flatten(command)
            case AbortFlatten():
                return self._desk.abort_flatten(command.reason)
            case ResolveOrder():
                return self._desk.resolve_order(command)
            case ClearLatch():
                status, text = self._desk.clear_latch(command.reason)
                if status is CommandStatus.DONE and self._flatten_file is not None:
                    self._flatten_file.forget()
                return status, text

    def limit_uses(self) -> Sequence[LimitUse]:
        """Return how much of each limit of the risk guard is used now."""
        return self._engine.handler.limit_uses()

    @property
    def batch_reports(self) -> Sequence[BatchReport]:
        """How every batch of the session stands, oldest first."""
        return self._engine.handler.batch_reports

    @property
    def flatten_job(self) -> FlattenJob | None:
        """The last flatten as it stands; None when there was none since the latch was cleared."""
        return self._engine.handler.flatten_job

    def ask_for(self, request: Request) -> CommandAnswer:
        """Do what another process asks; may be called from any thread."""
        with self._turn.whole():
            return self._answer_to(request)

    def _answer_to(self, request: Request) -> CommandAnswer:
        now_ns = self._engine.clock.now_ns()
        command_id = self.next_command_id()
        asked_at = datetime_from_ns(now_ns) if now_ns else instant_of(command_id)
        facts = request.model_dump() | {"command_id": command_id, "asked_at": asked_at}
        return self._answer(_COMMANDS.validate_python(facts))

    def ask_in_emergency(self, act: Callable[[AskFor], None], *, patience_s: float) -> Reach:
        """Let somebody ask although the loop hangs, as far as the engine can be reached; or else not at all.

        Where a worker hangs in the middle of a flow, all is done that needs no other flow: those follow when it returns.
        """
        return self._reach(lambda: act(self._answer_to), patience_s)

    def resume_flatten(self, job: FlattenJob) -> None:
        """Go on with a flatten of the session before."""
        self._engine.journal.came_in(InputKind.FLATTEN, job.model_dump_json())
        self._engine.handler.resume_flatten(job)
        self._engine.settle()
        self._standing.keep(self._engine.clock.now_ns())

    def let_time_pass(self) -> None:
        """Move the engine's time on by what has passed on the wall, if anything waits for it."""
        with self._turn.whole():
            self._let_time_pass()

    def let_time_pass_in_emergency(self, *, patience_s: float) -> Reach:
        """The same although the loop hangs, as far as the engine can be reached."""
        return self._reach(self._let_time_pass, patience_s)

    def _reach(self, act: Callable[[], None], patience_s: float) -> Reach:
        with self._turn.within(patience_s) as reach:
            if reach is Reach.WHOLE:
                act()
            elif reach is Reach.BOOKS:
                with self._engine.without_replies():
                    act()
        return reach

    def fail(self, error: EngineError) -> None:
        """End the run as FAILED: something broke on the thread of an emergency. To be called on the loop."""
        self._failure = self._failure or error
        self._stop.set()

    def _let_time_pass(self) -> None:
        now_ns = self._monotonic_ns()
        passed_ns, self._moved_ns = min(now_ns - self._moved_ns, _LONGEST_STEP_NS), now_ns
        if self._state is SessionState.RUNNING:
            self._silent_ns += passed_ns
        handler, engine_ns = self._engine.handler, self._engine.clock.now_ns()
        due_ns = handler.next_due_ns
        if handler.needs_time:
            self.pass_time(engine_ns + passed_ns)
        elif due_ns is not None and due_ns <= engine_ns + self._silent_ns:
            # Only then: as long as the market speaks before something is due, its word alone moves the session.
            self.pass_time(engine_ns + self._silent_ns)

    def pass_time(self, now_ns: int) -> None:
        """Let it be so late (UTC nanoseconds) without a word of the market."""
        self._silent_ns = 0
        self._engine.journal.came_in(InputKind.TIME, str(now_ns))
        self._engine.pass_time(now_ns)
        self._tell_status()

    async def run(self) -> None:
        """Run until the feed ends or `stop` is called; then everything is on disk and the session is STOPPED.

        Raises:
            EngineError: it cannot go on; the session is FAILED, and what was known is on disk.
        """
        self._to(SessionState.RUNNING)
        loop = asyncio.get_running_loop()
        watch = None if self._flatten_file is None else EmergencyWatch(self, self._flatten_file, loop)
        if watch is not None:
            watch.start()
        pulse = loop.create_task(self._pulse(), name="pulse")
        pump = asyncio.get_running_loop().create_task(self._pump(), name="feed")
        stopped = asyncio.get_running_loop().create_task(self._stop.wait(), name="stop")
        copies = asyncio.get_running_loop().create_task(self._copy_daily(), name="daily copies")
        failure: EngineError | None = None
        try:
            await asyncio.wait({pump, pulse, stopped}, return_when=asyncio.FIRST_COMPLETED)
            ended = [task for task in (pump, pulse) if task.done()]
            failure = self._failure or (self._failure_of(ended[0]) if ended else None)
        finally:
            if watch is not None:
                await loop.run_in_executor(None, watch.stop)
            await self._cancel(pump, pulse, stopped, copies)
            failure = await self._end(failure)
        if failure is not None:
            raise failure

    async def _pulse(self) -> None:
        """Let what waits for time find it also while the market stands still, or is held."""
        while True:
            await asyncio.sleep(_PULSE_S)
            if self._flatten_file is not None:
                self.let_time_pass()

    def _failure_of(self, pump: "asyncio.Task[None]") -> EngineError | None:
        """Return what ended the pump; a fault that nobody expected goes into the journal whole."""
        error = pump.exception()
        if error is None or isinstance(error, EngineError):
            return error
        self._engine.journal.note(
            at_ns=self._engine.clock.now_ns(), level="ERROR", source="session", text=traceback_text(error)
        )
        broken = InvariantBroken(
            "Something in the program or in the market's connector failed that should not; the journal's notes say where.",
            cause=f"{type(error).__name__}: {error}",
        )
        broken.__cause__ = error
        return broken

    async def _end(self, failure: EngineError | None) -> EngineError | None:
        """Put everything on disk and say how it ended; return what failed, the journal's end included."""
        try:
            await asyncio.get_running_loop().run_in_executor(None, self._engine.journal.close)
        except EngineError as error:
            failure = failure or error
        self._let_go()
        if failure is not None:
            self._message = str(failure)
            self._to(SessionState.FAILED)
            return failure
        working = len(self._engine.ledger.get_open_orders())
        if working:
            self._message = f"{working} orders are left as they were; their state is in the journal."
        self._to(SessionState.STOPPED)
        return None

    @staticmethod
    async def _cancel(*tasks: "asyncio.Task[object]") -> None:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _copy_daily(self) -> None:
        """Copy what the session before left, and then each day what is there; on another thread."""
        backup = self._backup
        if backup is None or not backup.is_wanted:
            return
        work, day = backup.copy_before, backup.today()
        while True:
            try:
                await asyncio.get_running_loop().run_in_executor(None, work)
            except (EngineError, OSError) as error:
                self._message = f"No daily copy could be made: {error}"
                self._engine.journal.note(
                    at_ns=self._engine.clock.now_ns(), level="WARNING", source="backup", text=str(error)
                )
            while backup.today() == day:  # noqa: ASYNC110  # no event tells that the day is over
                await asyncio.sleep(_LOOK_AT_THE_DAY_S)
            work, day = backup.copy, backup.today()

    async def _pump(self) -> None:
        slices = Slices(self._monotonic_ns)
        async for event in self._feed.events():
            await self._go.wait()
            self.take(event)
            if self._speed_after_step is not None and isinstance(event, MarketBar):
                self._end_step()
            await slices.breathe()
            self._tell_status()

    def take(self, event: MarketEvent) -> None:
        """Take in one market event; one that does not fit is skipped and said so.

        Raises:
            EngineError: it cannot go on.
        """
        if self._known_ns and instant_of_event(event) <= self._known_ns:
            return
        with self._turn.whole():
            self._take(event)

    def _resume_groups(self) -> None:
        """Let schedules go on that the restart has interrupted: their operation says so, and the venue was read."""
        outcomes = self._engine.handler.outcomes
        if outcomes is not None and not outcomes.is_settled:
            return
        groups, self._resumes = self._resumes, ()
        for group_id in groups:
            answer = self._engine.handler.resume_group(group_id)
            self._engine.journal.note(
                at_ns=self._engine.clock.now_ns(), level="INFO", source="recovery", text=answer.text
            )
        self._engine.settle()

    def _take(self, event: MarketEvent) -> None:
        self._moved_ns, self._silent_ns = self._monotonic_ns(), 0
        self._engine.journal.came_in(*event_row(event))
        try:
            self._engine.on_market(event)
        except DataError as error:
            self._message = str(error)
            _log.warning("A market event was skipped.", extra={"reason": str(error)})
            self._engine.journal.note(
                at_ns=self._engine.clock.now_ns(), level="WARNING", source="feed", text=str(error)
            )
        if self._resumes:
            self._resume_groups()
        self._standing.keep(self._engine.clock.now_ns())
        kill_point("event.done")

    def pause(self) -> None:
        """Take no more market data until `resume`."""
        if self._state is SessionState.RUNNING:
            self._go.clear()
            self._hold(hold=True)
            self._to(SessionState.PAUSED)

    def resume(self) -> None:
        """Go on."""
        if self._state is SessionState.PAUSED:
            self._end_step()
            self._hold(hold=False)
            self._go.set()
            self._to(SessionState.RUNNING)

    @property
    def speed(self) -> float | None:
        """Market seconds per wall second, 0 for as fast as possible; None where the market has a pace of its own."""
        feed = self._feed
        if not isinstance(feed, PacedMarket):
            return None
        return feed.speed if self._speed_after_step is None else self._speed_after_step

    def set_speed(self, speed: float) -> None:
        """Change the pace from now on; a market with a pace of its own keeps it.

        Raises:
            ValueError: the speed is negative or not a finite number.
        """
        feed = self._feed
        if isinstance(feed, PacedMarket):
            self._end_step()
            feed.set_speed(speed)
            self._tell_status()

    def step_bar(self) -> None:
        """Let the market of a paused session go on until its next bar has closed, at once; it stays paused."""
        feed = self._feed
        if self._state is SessionState.PAUSED and self._speed_after_step is None and isinstance(feed, PacedMarket):
            self._speed_after_step = feed.speed
            feed.set_speed(0)
            feed.resume()
            self._go.set()

    def _end_step(self) -> None:
        feed, speed = self._feed, self._speed_after_step
        if speed is not None and isinstance(feed, PacedMarket):
            self._speed_after_step = None
            self._go.clear()
            feed.pause()
            feed.set_speed(speed)

    def _hold(self, *, hold: bool) -> None:
        feed = self._feed
        if isinstance(feed, PausableFeed):
            if hold:
                feed.pause()
            else:
                feed.resume()

    def at_end(self, let_go: Callable[[], None]) -> None:
        """Do this when the session has ended and all is on disk."""
        self._at_end.append(let_go)

    def _let_go(self) -> None:
        while self._at_end:
            self._at_end.pop()()

    def close(self) -> None:
        """Put everything on disk and end a session that is fed by `take` instead of `run`. Blocks on the disk.

        Raises:
            LedgerMismatch: something is not on disk.
        """
        self._engine.journal.close()
        self._let_go()
        self._to(SessionState.STOPPED)

    def stop(self) -> None:
        """End the run soon and orderly."""
        self._stop.set()

    def _to(self, state: SessionState) -> None:
        self._state = state
        self._tell_status()

    def _tell_status(self) -> None:
        status = self.status
        for observer in self._observers:
            observer.on_status(status)
