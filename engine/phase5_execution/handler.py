"""The execution handler: it carries out what was translated, and reacts to what the venue reports."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from engine.config.policies import AfterPause, FlattenSettings
from engine.config.reconciling import ReconciliationSettings
from engine.contracts.batches import BatchReport, BatchStatus
from engine.contracts.commands import ResolveOrderRequest, TradingState
from engine.contracts.disposition import DispositionEnvelope
from engine.contracts.execution import ExecutionDirectiveBatch
from engine.contracts.flatten import FlattenJob, FlattenScope
from engine.contracts.limits import LimitUse
from engine.contracts.market import Instrument
from engine.contracts.orders import Fill, Order, OrderRole, OrderStatus
from engine.contracts.schedules import GroupPlan, GroupProgress
from engine.contracts.specs import BatchTranslation, Translation
from engine.contracts.venue import Refusal
from engine.phase5_execution.batch import BatchDesk
from engine.phase5_execution.batch_legs import LegWatch
from engine.phase5_execution.carrier import DirectiveCarrier
from engine.phase5_execution.closing import Closing, KeepClosing
from engine.phase5_execution.emergency import Flatten
from engine.phase5_execution.guard import OrderGuard
from engine.phase5_execution.order_desk import OrderDesk
from engine.phase5_execution.outcomes import Outcomes
from engine.phase5_execution.protection import Protection
from engine.phase5_execution.questions import Questions
from engine.phase5_execution.undoing import Undoing
from engine.phase5_execution.working import WorkingEntries
from engine.ports.clock import Clock
from engine.ports.intents import IntentLog
from engine.ports.ledger import LedgerChange, StrategyLedger
from engine.ports.venue import ExecutionVenue
from engine.primitives.errors import LedgerMismatch, VenueRejected
from engine.primitives.ids import BatchId, GroupId, IdSource, OrderId, TradeId
from engine.primitives.timeframes import NS_PER_SECOND, datetime_from_ns, ns_from_datetime

STAGE: Final = "execution"
_PROTECTIVE: Final = (OrderRole.STOP_LOSS, OrderRole.TAKE_PROFIT)
_ENDS: Final = (*_PROTECTIVE, OrderRole.LIQUIDATION)
"""After an execution of one of these, a trade takes nothing more in."""


_FOR_THE_MOMENT: Final = (
    Refusal.RATE_LIMIT,
    Refusal.MAINTENANCE,
    Refusal.NOT_SENT,
    Refusal.ABSENT,
    Refusal.NOTHING_TO_REDUCE,
)
"""Refusals that say nothing against the same order in a second: NOTHING_TO_REDUCE until the venue's books are read."""
_REST_NS: Final = NS_PER_SECOND
"""How long such an order rests before it is tried again: most venues count requests by the second."""
_LOOK_NS: Final = 5 * NS_PER_SECOND
"""How long orders work in a market that says nothing before it is looked whether the venue is still heard."""


@dataclass(frozen=True, slots=True)
class Safety:
    """What makes a session sound that trades with something that cannot be made again.

    `intents` is on disk before anything leaves; `note` takes a level (INFO, WARNING, ERROR) and a text for people.
    `longest_bar_ns` is how long the market may say nothing while all is well. `keep_read` puts on disk up to when all that
    the venue executed is in the books.
    """

    intents: IntentLog
    settings: ReconciliationSettings
    note: Callable[[str, str], None]
    longest_bar_ns: int = 0
    keep_read: Callable[[datetime], None] = lambda _read_until: None

    @property
    def unattended_ns(self) -> int:
        """After so many nanoseconds without a look, what is known of the venue is out of date."""
        return max(self.settings.unattended_s * NS_PER_SECOND, 2 * self.longest_bar_ns)


@dataclass(frozen=True, slots=True)
class ExecutionAnswer:
    """What became of a request from a person, in words. Not accepted means that nothing was changed."""

    is_accepted: bool
    text: str


class ExecutionHandler:
    """Carries out directives without interpreting them, and keeps every trade protected by a stop and a target.

    It never waits: an order is recorded, sent, and heard of again through `settle`, which must be called after
    `on_market` of a simulated venue, after every flow that placed something, and after every request of a person.
    Changes are collected until then. What a directive leaves open is in the plans; what a venue leaves open is an error.

    Args:
        ledger: The books.
        venue: Where orders go.
        ids: For trades and orders.
        clock: Engine time.
        instrument: Finds a market by its symbol; raises VenueRejected if the venue does not trade it.
        guard: The last hard stop.
        safety: What a session needs that cannot be made again; None in a backtest.
        flatten: How an emergency flatten closes.
        keep_flatten: Puts each version of a flatten on disk, the first before its first request.
        mode: What this session trades with: no flatten ever covers two modes.
        keep_plan: Puts each version of a group's plan on disk, the first before its first order is sent.
        keep_batch: Puts each version of a batch on disk, the first before its first request.
        keep_closing: Puts on disk which trades are on their way out, each before its first request.
        after_pause: What becomes of slices whose time passed while their group was paused.
        latch_lasts: So long after a flatten is through its latch counts as cleared, where no person can do it (a
            backtest); None where only a person clears it.
    """

    def __init__(
        self,
        *,
        ledger: StrategyLedger,
        venue: ExecutionVenue,
        ids: IdSource,
        clock: Clock,
        instrument: Callable[[str], Instrument],
        guard: OrderGuard,
        safety: Safety | None = None,
        flatten: FlattenSettings | None = None,
        keep_flatten: Callable[[FlattenJob], None] | None = None,
        mode: str = "",
        keep_plan: Callable[[GroupPlan], None] | None = None,
        keep_batch: Callable[[BatchReport], None] | None = None,
        keep_closing: KeepClosing | None = None,
        after_pause: AfterPause = AfterPause.RESPREAD,
        latch_lasts: timedelta | None = None,
    ) -> None:
        self._mode = mode
        self._latch_lasts = latch_lasts
        self._questions = Questions(venue)
        self._desk = OrderDesk(
            ledger=ledger,
            venue=venue,
            ids=ids,
            clock=clock,
            instrument=instrument,
            guard=guard,
            intents=None if safety is None else safety.intents,
        )
        self._outcomes = None if safety is None else self._watch_outcomes(safety, venue)
        self._is_at_rest = False
        """Whether nothing here waits for time or for an answer: then only the venue's word can change anything."""
        self._resting: dict[TradeId, int] = {}
        """Trades of which an order was refused for the moment, and when it is tried again (UTC nanoseconds)."""
        self._left_open: dict[TradeId, str] = {}
        """Trades that an earlier process was closing, and why, until the venue's books are read."""
        self._safety = safety
        self._looked_ns: int | None = None
        self._entries = WorkingEntries(
            self._desk,
            on_plan=keep_plan,
            after_pause=after_pause,
            note=None if safety is None else safety.note,
        )
        self._protection = Protection(self._desk)
        self._closing = Closing(self._desk, keep_closing)
        self._carrier = DirectiveCarrier(self._desk, self._entries, self._protection, self._closing)
        outcomes = self._outcomes
        self._batches = BatchDesk(
            self._desk,
            self._carrier,
            self._entries,
            legs=LegWatch(
                self._desk,
                self._closing,
                is_in_doubt=None if outcomes is None else outcomes.is_in_doubt,
                needs_person=None if outcomes is None else outcomes.needs_person,
            ),
            undoing=Undoing(self._desk, self._entries, self._closing, self._protection),
            keep=keep_batch,
        )
        self._flatten = Flatten(
            desk=self._desk,
            entries=self._entries,
            closing=self._closing,
            questions=self._questions,
            ids=ids,
            settings=flatten,
            keep=keep_flatten,
        )

    def _watch_outcomes(self, safety: Safety, venue: ExecutionVenue) -> Outcomes:
        outcomes = Outcomes(
            self._desk, venue, self._questions, safety.settings, note=safety.note, keep_read=safety.keep_read
        )
        self._desk.heed(outcomes.hear, outcomes.hear_of_a_stranger)
        self._desk.guard.heed(outcomes.why_wait)
        return outcomes

    @property
    def outcomes(self) -> Outcomes | None:
        """What is known of what we asked the venue for; None in a backtest, where everything is known at once."""
        return self._outcomes

    @property
    def trading_state(self) -> TradingState:
        """What the engine allows now."""
        return self._desk.guard.state

    def on_translation_complete(self, translation: Translation) -> DispositionEnvelope:
        """Carry one directive out and end the flow: EXECUTED, or REJECTED with the rule that says no."""
        try:
            carried = self._carrier.carry(translation)
        except VenueRejected as no:
            return DispositionEnvelope.rejected(stage=STAGE, rule=str(no.facts.get("rule", "venue")), reason=str(no))
        return DispositionEnvelope.executed(stage=STAGE, reason=carried.text)

    def on_batch_translation_complete(self, translation: BatchTranslation) -> DispositionEnvelope:
        """Admit a batch and start it, or end the flow as REJECTED with what is wrong in every part; see `batch.py`.

        An emergency batch is the flatten of its strategies: the same job as a person's, whatever else runs.
        """
        if translation.batch.is_emergency:
            return self._flatten_for(translation.batch)
        report = self._batches.start(translation)
        if report.status is BatchStatus.REFUSED:
            return DispositionEnvelope.rejected(stage=STAGE, rule="batch admission", reason=report.text)
        legs = ", ".join(f"{leg.directive_id} {leg.status}" for leg in report.legs)
        return DispositionEnvelope.executed(
            stage=STAGE, reason=f"{report.batch_id} ({report.mode}) is {report.status}: {legs}"
        )

    def _flatten_for(self, batch: ExecutionDirectiveBatch) -> DispositionEnvelope:
        strategies = tuple(dict.fromkeys(directive.strategy_id for directive in batch.directives))
        scope = FlattenScope(mode=self._mode, strategies=strategies)
        job = self._flatten.start(scope, asked_by=f"{', '.join(strategies)} ({batch.batch_id})", batch=batch)
        return DispositionEnvelope.executed(
            stage=STAGE, reason=f"{batch.batch_id} runs as flatten {job.job_id} of {job.scope.words}: {job.text}"
        )

    @property
    def is_busy(self) -> bool:
        """Whether something waits for its time or is on its way, so that the next bars may change something here.

        What is held, and what works at the venue, is not looked at: the market alone moves it.
        """
        return self._entries.is_waiting or self._batches.is_running or self._flatten.is_wanted or bool(self._left_open)

    def settle(self) -> tuple[LedgerChange, ...]:
        """Book what the venue reports, react, and repeat until it says nothing more; return all changes since last."""
        self._settle()
        return self._desk.take_changes()

    def on_time(self, now_ns: int) -> tuple[LedgerChange, ...]:
        """Settle, send the children that are due (UTC nanoseconds), settle again; return all changes since last.

        It settles first, so that no child is sent for a trade that has just been stopped out.
        """
        if self._safety is not None:
            self._look_back(now_ns, self._safety)
        if self._is_at_rest and self._desk.hears_nothing():
            return ()
        self._settle()
        if self._latch_lasts is not None:
            self._outlast_latch(self._latch_lasts)
        if self._resting:
            self._wake(now_ns)
        if self._left_open:
            self._go_on_closing()
        if self._entries.is_waiting:
            self._entries.release(now_ns)
            self._settle()
        self._is_at_rest = not (self._outcomes or self._resting or self._questions.is_waiting or self.is_busy)
        return self._desk.take_changes()

    def _look_back(self, now_ns: int, safety: Safety) -> None:
        """Go on as after a restart when nobody looked for too long: the machine slept, or its clock was set."""
        before_ns, self._looked_ns = self._looked_ns, now_ns
        if before_ns is None or self._outcomes is None or now_ns - before_ns <= safety.unattended_ns:
            return
        why = f"nobody looked for {(now_ns - before_ns) // NS_PER_SECOND} s"
        safety.note("WARNING", f"{why}: the venue's books are read before anything new is risked")
        self._outcomes.take_over(datetime_from_ns(before_ns), why)

    def take_over(self, since: datetime) -> None:
        """Go on with the books of another process: read the venue's from `since` on, and look after every trade anew.

        The process before may have been killed between the refusal of a stop or a close and its next try.
        """
        assert self._outcomes is not None, "a backtest goes on from nothing"  # noqa: S101  # an invariant
        self._outcomes.go_on_from(since)
        self._resting |= {it.trade_id: 0 for it in self._desk.ledger.get_open_trades() if it.open_quantity}

    def restore_closings(self, closings: Mapping[TradeId, str]) -> None:
        """Go on with what an earlier process was closing, and why: reducing risk waits for nobody.

        Entries are cancelled now. What is held is closed when the venue's books are read: an execution that was never
        told may have closed it already, and where the market is shared, what is sold twice is another strategy's.
        """
        for trade_id, reason in closings.items():
            if not self._desk.knows_trade(trade_id):
                self._closing.remember(trade_id, "")
                continue
            self._entries.stop_trade(trade_id, reason=reason)
            self._left_open[trade_id] = reason

    def _go_on_closing(self) -> None:
        """Close what an earlier process was closing, market by market, as soon as our books of it are sound."""
        for trade_id, reason in tuple(self._left_open.items()):
            trade = self._desk.ledger.get_trade(trade_id)
            if self._desk.guard.why_wait(trade.symbol):
                continue
            del self._left_open[trade_id]
            if self._closing.begin(trade, reason=reason):
                self._attend(trade_id)
            elif not self._closing.is_closing(trade_id):
                self._closing.remember(trade_id, "")
        self._settle()

    def _outlast_latch(self, lasts: timedelta) -> None:
        job = self._flatten.job
        if job is not None and job.result.is_final and self._desk.clock.now() >= job.updated_at + lasts:
            self.clear_latch("nobody is there to do it in a backtest")

    def _wake(self, now_ns: int) -> None:
        """Attend again to the trades of which an order was refused for the moment."""
        rested = [trade_id for trade_id, until_ns in self._resting.items() if until_ns <= now_ns]
        for trade_id in rested:
            del self._resting[trade_id]
            self._attend(trade_id)
        self._settle()

    def cancel_group(self, group_id: GroupId) -> ExecutionAnswer:
        """Cancel what is still to come of a group. Stops and targets stay as long as its trade holds something."""
        try:
            self._desk.ledger.get_group(group_id)
        except LedgerMismatch:
            return ExecutionAnswer(is_accepted=False, text=f"there is no group {group_id}")
        stopped = self._entries.stop_group(group_id, reason="cancelled by the user")
        kept = len(self._desk.working(group_id=group_id)) - len(
            self._desk.working(group_id=group_id, role=OrderRole.ENTRY)
        )
        stays = f"; {kept} orders stay, because they protect or close a trade" if kept else ""
        if not stopped:
            return ExecutionAnswer(is_accepted=False, text=f"no entry of {group_id} works any more{stays}")
        return ExecutionAnswer(is_accepted=True, text=f"cancelling {len(stopped)} orders of {group_id}{stays}")

    def pause_group(self, group_id: GroupId, *, cancels: bool) -> ExecutionAnswer:
        """Send no more slices of a group until it is resumed; `cancels` takes back what works of it as well."""
        try:
            return ExecutionAnswer(is_accepted=True, text=self._entries.pause(group_id, cancels=cancels))
        except VenueRejected as no:
            return ExecutionAnswer(is_accepted=False, text=str(no))

    def resume_group(self, group_id: GroupId) -> ExecutionAnswer:
        """Go on with a paused group as the schedule rules say; what was missed is never burst."""
        try:
            return ExecutionAnswer(is_accepted=True, text=self._entries.resume(group_id))
        except VenueRejected as no:
            return ExecutionAnswer(is_accepted=False, text=str(no))

    @property
    def group_plans(self) -> Sequence[GroupPlan]:
        """The plans of all groups that brought an entry, oldest first."""
        return self._entries.plans

    def group_progress(self, group_id: GroupId) -> GroupProgress | None:
        """Return planned against done of a group; None for one that brought no entry."""
        return self._entries.progress(group_id)

    def restore_groups(self, plans: Sequence[GroupPlan], *, fills: Sequence[Fill], reason: str) -> Sequence[GroupId]:
        """Take up the plans of an earlier process; return the groups that now wait, paused, for a person."""
        return self._entries.restore(plans, fills=fills, reason=reason)

    def limit_uses(self) -> Sequence[LimitUse]:
        """Return how much of each limit of the guard is used now."""
        return self._desk.guard.uses(self._desk.clock.now_ns())

    def cancel_order(self, order_id: OrderId) -> ExecutionAnswer:
        """Cancel one entry order. What protects or closes a trade is not cancelled: the trade would be naked."""
        try:
            order = self._desk.order(order_id)
        except LedgerMismatch:
            return ExecutionAnswer(is_accepted=False, text=f"there is no order {order_id}")
        if order.role is not OrderRole.ENTRY:
            text = f"{order_id} is the {order.role} of {order.trade_id}: close the trade or move its stop instead"
            return ExecutionAnswer(is_accepted=False, text=text)
        if not self._entries.take_out(order, reason="cancelled by the user"):
            return ExecutionAnswer(is_accepted=False, text=f"{order_id} is {order.status} already")
        return ExecutionAnswer(is_accepted=True, text=f"cancelling {order_id}")

    def close_trade(self, trade_id: TradeId, reason: str) -> ExecutionAnswer:
        """Cancel a trade's entries and close at market what is held of it; its stop works until that is through."""
        try:
            trade = self._desk.ledger.get_trade(trade_id)
        except LedgerMismatch:
            return ExecutionAnswer(is_accepted=False, text=f"there is no trade {trade_id}")
        self._left_open.pop(trade_id, None)
        is_begun = self._closing.begin(trade, reason=reason)  # on disk before the first cancel
        stopped = self._entries.stop_trade(trade_id, reason=reason)
        if not is_begun:
            why = "is being closed already" if self._closing.is_closing(trade_id) else f"is {trade.status}"
            return ExecutionAnswer(is_accepted=False, text=f"{trade_id} {why}")
        self._attend(trade_id)
        text = f"closing {trade.open_quantity} {trade.symbol}, cancelling {len(stopped)} entries of {trade_id}"
        return ExecutionAnswer(is_accepted=True, text=text)

    def flatten(
        self,
        symbols: Sequence[str] = (),
        *,
        strategies: Sequence[str] = (),
        groups: Sequence[GroupId] = (),
        asked_by: str = "user",
    ) -> FlattenJob:
        """Latch REDUCING, stop and cancel every entry of the scope, close it, and prove it; all when nothing is named.

        Call it again to see to it that nothing came in since: it is safe to repeat.
        """
        scope = FlattenScope(
            mode=self._mode, symbols=tuple(symbols), strategies=tuple(strategies), groups=tuple(groups)
        )
        job = self._flatten.start(scope, asked_by=asked_by)
        self._settle()
        return self._flatten.job or job

    def resume_flatten(self, job: FlattenJob) -> FlattenJob:
        """Go on with a flatten of the session before; the latch holds again, whatever became of the job."""
        self._flatten.resume(job)
        self._settle()
        return self._flatten.job or job

    @property
    def flatten_job(self) -> FlattenJob | None:
        """The last flatten as it stands; None when there was none since the latch was cleared."""
        return self._flatten.job

    @property
    def needs_time(self) -> bool:
        """Whether something waits for time to pass that no market event may bring."""
        job = self._flatten.job
        return job is not None and not job.result.is_final

    @property
    def next_due_ns(self) -> int | None:
        """When to look again although the market says nothing (UTC nanoseconds); None when nothing waits for time.

        For the next slice, for what the venue refused for the moment, and for its answers, at most once a second; and
        where orders work at a venue that may have fallen silent.
        """
        looked_ns = self._looked_ns or 0
        due = [*self._resting.values()]
        if self._outcomes is not None and self._desk.working():
            due.append(looked_ns + _LOOK_NS)
        slice_ns = self._entries.next_due_ns
        if slice_ns is not None:
            due.append(slice_ns)
        if self._questions.is_waiting or self._left_open:
            due.append(0)
        return max(min(due), looked_ns + _REST_NS) if due else None

    def abort_flatten(self, why: str) -> ExecutionAnswer:
        """End a flatten before it is through. The latch stays, and what is still held is protected again."""
        job = self._flatten.abort(why)
        if job is None:
            return ExecutionAnswer(is_accepted=False, text="no flatten is under way: there is nothing to abort")
        for trade in self._desk.ledger.get_open_trades():
            self._attend(trade.trade_id)
        return ExecutionAnswer(is_accepted=True, text=f"{job.text}. No new risk is taken until the latch is cleared")

    def clear_latch(self, reason: str) -> ExecutionAnswer:
        """Allow new risk again. Only a person asks for this, and only when what was latched for is through."""
        if self.trading_state is TradingState.ACTIVE:
            return ExecutionAnswer(is_accepted=False, text="trading is ACTIVE: there is no latch")
        job = self._flatten.job
        if job is not None and not job.result.is_final:
            return ExecutionAnswer(is_accepted=False, text=f"the flatten is not through: {job.text}")
        self._desk.guard.clear()
        self._flatten.end()
        return ExecutionAnswer(is_accepted=True, text=f"new risk is allowed again: {reason}")

    def resolve_order(self, asked: ResolveOrderRequest) -> ExecutionAnswer:
        """Take a person's word for how an order ended that the venue's books do not settle; they are read after it."""
        if not self._desk.knows(asked.order_id):
            return ExecutionAnswer(is_accepted=False, text=f"there is no order {asked.order_id}")
        if self._outcomes is None:
            return ExecutionAnswer(is_accepted=False, text="in a backtest nothing is in doubt")
        no = self._outcomes.believe(asked)
        if no:
            return ExecutionAnswer(is_accepted=False, text=no)
        order = self._desk.order(asked.order_id)
        text = f"{order.order_id} is {order.status} by the word of {asked.asked_by}; the venue's books are read again"
        return ExecutionAnswer(is_accepted=True, text=text)

    def batch_progress(self, batch_id: BatchId) -> BatchReport:
        """Return how a batch stands; KeyError if it never ran here."""
        return self._batches.report(batch_id)

    @property
    def batch_reports(self) -> Sequence[BatchReport]:
        """How every batch stands that ran or was refused here, oldest first."""
        return self._batches.reports

    def restore_batches(self, reports: Sequence[BatchReport], *, fills: Sequence[Fill]) -> None:
        """Know the batches of an earlier process: none runs twice, and what they were closing is closed."""
        self._batches.restore(reports, fills=fills)

    def _settle(self) -> None:
        self._is_at_rest = False
        desk = self._desk
        while True:
            desk.dispatch()
            desk.collect()
            if self._outcomes is not None:
                self._outcomes.advance()
            changes = desk.take_booked()
            if changes:
                self._react(changes)
            elif not (self._batches.advance() or self._flatten.advance() or self._questions.hear()):
                desk.dispatch()
                return

    def _react(self, changes: Sequence[LedgerChange]) -> None:
        """Attend to every trade that something came of, once, dated with the last thing that happened to it."""
        touched: dict[TradeId, datetime] = {}
        stirred: set[TradeId] = set()
        left: set[TradeId] = set()
        for change in changes:
            order = change.order
            if order is None:
                continue
            touched[order.trade_id] = max(change.at, touched.get(order.trade_id, change.at))
            if not _is_only_there(change, order):
                stirred.add(order.trade_id)
            if change.fill is not None:
                self._entries.note_fill(change.fill)
                self._batches.note_fill(change.fill)
                if order.role in _ENDS:
                    left.add(order.trade_id)
            if order.status is OrderStatus.REJECTED:
                self._on_refused(order)
        for trade_id, at in touched.items():
            if trade_id not in stirred:
                continue
            self._desk.answer_to(at)
            if trade_id in left:
                self._entries.stop_trade(trade_id, reason="the trade is on its way out")
            self._attend(trade_id)
            self._desk.answer_to(None)

    def _on_refused(self, order: Order) -> None:
        """Take a refusal at its word. A trade whose stop is refused cannot be protected, and is closed."""
        why = self._desk.why_refused(order.order_id)
        if order.role is OrderRole.ENTRY:
            self._entries.note_refusal(order)
        if why is Refusal.MAINTENANCE:
            self._on_maintenance(order)
        if self._outcomes is not None and why in _FOR_THE_MOMENT:
            if order.reduce_only:
                self._resting[order.trade_id] = self._desk.clock.now_ns() + _REST_NS
            return
        if order.role is OrderRole.CLOSE:
            self._closing.note_refusal(order)
        if order.role not in _PROTECTIVE:
            return
        self._protection.remember_refusal(order)
        trade = self._desk.ledger.get_trade(order.trade_id)
        if order.role is OrderRole.STOP_LOSS and trade.open_quantity:
            self._closing.begin(trade, reason=f"the venue refused its stop: {order.reason}")

    def _on_maintenance(self, order: Order) -> None:
        """Allow no new risk until a person says that the venue is back; what reduces is tried again and again."""
        if self.trading_state is TradingState.ACTIVE:
            self._desk.guard.latch(TradingState.REDUCING, f"maintenance: {order.reason}")
            if self._safety is not None:
                self._safety.note("ERROR", f"{order.reason}: no new risk until a person clears the latch")

    def _attend(self, trade_id: TradeId) -> None:
        """Bring what works for a trade in line with what it holds."""
        if trade_id in self._resting:
            return
        trade = self._desk.ledger.get_trade(trade_id)
        self._closing.attend(trade)
        if not self._flatten.keeps_naked(trade):
            self._protection.attend(trade)
        if self._entries.is_waiting:
            groups = {order.group_id: None for order in self._desk.working(trade_id, role=OrderRole.ENTRY)}
            self._entries.release(ns_from_datetime(self._desk.now), group_ids=tuple(groups))


def _is_only_there(change: LedgerChange, order: Order) -> bool:
    """Tell whether all that happened is that an order rests at the venue: it counted as working before.

    A target waits for its stop to be there, so that of a stop is news.
    """
    return order.status is OrderStatus.OPEN and change.fill is None and order.role is not OrderRole.STOP_LOSS
