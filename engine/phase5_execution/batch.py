"""Batches: what belongs together is admitted together, and carried out one by one, at once, or all or nothing.

Fills cannot be unmade, so all-or-nothing holds for admission. After it, compensation may only cancel what the batch
placed and close what the batch opened; a close is never re-opened and a cancelled order is never placed again.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from engine.contracts.base import trusted
from engine.contracts.batches import (
    BatchLeg,
    BatchPhase,
    BatchReport,
    BatchStatus,
    Compensation,
    LegKind,
    LegStatus,
    LegTotals,
    Residual,
)
from engine.contracts.execution import ExecutionMode
from engine.contracts.orders import Fill
from engine.contracts.specs import BatchTranslation, Translation
from engine.phase5_execution.batch_legs import LegWatch, with_fill
from engine.phase5_execution.carrier import DirectiveCarrier
from engine.phase5_execution.compiling import compiled, guarantee_of, is_exit, sending_order
from engine.phase5_execution.order_desk import OrderDesk
from engine.phase5_execution.undoing import Undoing
from engine.phase5_execution.working import WorkingEntries
from engine.primitives.errors import VenueRejected
from engine.primitives.ids import BatchId, GroupId
from engine.primitives.money import ZERO

_REPORT: Final = trusted(BatchReport)
_TOOK_EFFECT: Final = (LegKind.CANCEL, LegKind.REDUCE)
_UNSETTLED: Final = (LegStatus.WAITING, LegStatus.WORKING)
_ENDED_FIRST: Final = "not sent: the program was ended first"


@dataclass(slots=True)
class _Run:
    """A batch on its way. `order` are positions of its parts in sending order; `report` is as it was kept last."""

    report: BatchReport
    legs: list[BatchLeg]
    order: Sequence[int]
    translations: Sequence[Translation] = ()
    status: BatchStatus = BatchStatus.WORKING
    is_compensating: bool = False
    is_held: bool = False
    """A part failed and nothing is taken back: the schedules of the others were paused, once."""
    text: str = ""
    to_take_up: list[int] = field(default_factory=list)
    """Closes of the session before that are gone on with when the books are sound."""

    @property
    def mode(self) -> ExecutionMode:
        return self.report.mode

    def mark(self, position: int, status: LegStatus, text: str = "") -> None:
        """Note where a part stands."""
        leg = self.legs[position]
        if status is not leg.status or (text and text != leg.text):
            self.legs[position] = leg.model_copy(update={"status": status, "text": text or leg.text})

    def having(self, *statuses: LegStatus) -> list[int]:
        """Return the positions of the parts that stand so, in sending order."""
        return [position for position in self.order if self.legs[position].status in statuses]


class BatchDesk:
    """Runs batches to their end over as many settlements as it takes; one batch id runs once.

    Args:
        desk: Orders.
        carrier: Carries out one part.
        entries: Schedules: those of a batch that is in doubt send nothing.
        legs: Tells how a part stands by the books.
        undoing: Takes a part back.
        keep: Puts each version of a report on disk, the first before its first request; None where a run can be repeated.
    """

    def __init__(
        self,
        desk: OrderDesk,
        carrier: DirectiveCarrier,
        entries: WorkingEntries,
        *,
        legs: LegWatch,
        undoing: Undoing,
        keep: Callable[[BatchReport], None] | None = None,
    ) -> None:
        self._desk = desk
        self._carrier = carrier
        self._entries = entries
        self._legs = legs
        self._undoing = undoing
        self._keep = keep
        self._runs: dict[BatchId, _Run] = {}
        self._running: list[_Run] = []
        """Those that are not through: the others are not looked at again at every settlement."""
        self._at: dict[GroupId, tuple[_Run, int]] = {}
        """The part to which the orders of a group belong."""

    def start(self, batch_translation: BatchTranslation) -> BatchReport:
        """Admit all parts, then send the first or all of them. A batch that ran before, or was refused, is only reported."""
        batch = batch_translation.batch
        if batch.batch_id in self._runs:
            return self.report(batch.batch_id)
        run = self._compile(batch_translation)
        self._runs[batch.batch_id] = run
        refusals = {**self._taken_by_others(run), **self._admit(batch_translation)}
        for position, refusal in refusals.items():
            run.mark(position, LegStatus.FAILED, refusal)
        if refusals and (len(refusals) == len(run.legs) or not is_exit(batch)):
            self._refuse(run, refusals)
            return run.report
        for position, leg in enumerate(run.legs):
            self._at[leg.group_id] = (run, position)
            if not leg.kind.may_raise_risk:
                self._desk.guard.only_reduce(leg.group_id)
        self._write_down(run, BatchPhase.EXECUTE)
        self._running.append(run)
        self._advance(run)
        return run.report

    def report(self, batch_id: BatchId) -> BatchReport:
        """Return how a batch stands.

        Raises:
            KeyError: it never ran here.
        """
        return self._runs[batch_id].report

    @property
    def reports(self) -> Sequence[BatchReport]:
        """All batches that ran or were refused here, oldest first."""
        return tuple(run.report for run in self._runs.values())

    @property
    def is_running(self) -> bool:
        """Whether any batch is not through."""
        return bool(self._running)

    def restore(self, reports: Iterable[BatchReport], *, fills: Sequence[Fill]) -> None:
        """Know the batches of an earlier process. What was not sent is never sent; closes and compensations go on.

        Args:
            reports: As they were written down last.
            fills: Of the groups that live: what they executed is counted again from these.
        """
        for report in reports:
            run = _Run(
                report,
                list(report.legs),
                sending_order(report.mode, report.legs),
                status=report.status,
                is_compensating=report.is_compensating,
                text=report.text,
            )
            self._runs[report.batch_id] = run
            if not report.is_over:
                self._go_on(run, fills)
            self._write_down(run, report.phase)

    def _go_on(self, run: _Run, fills: Sequence[Fill]) -> None:
        known = {fill.group_id for fill in fills}
        for position, leg in enumerate(run.legs):
            self._at[leg.group_id] = (run, position)
            if leg.group_id in known:
                run.legs[position] = leg.model_copy(update={"totals": LegTotals()})
            if run.is_compensating or not leg.kind.may_raise_risk:
                self._desk.guard.only_reduce(leg.group_id)
        for position in run.having(LegStatus.WAITING):
            run.mark(position, LegStatus.SKIPPED, _ENDED_FIRST)
        run.to_take_up = [at for at in run.having(LegStatus.WORKING) if run.legs[at].kind is LegKind.REDUCE]
        for fill in fills:
            self.note_fill(fill)
        self._running.append(run)

    def note_fill(self, fill: Fill) -> None:
        """Count an execution for the part whose orders made it; what happens to a trade after the end is not its own."""
        if fill.group_id not in self._at:
            return
        run, position = self._at[fill.group_id]
        if run.report.is_over:
            del self._at[fill.group_id]
            return
        run.legs[position] = with_fill(run.legs[position], fill)

    def advance(self) -> bool:
        """Look at every running batch; tell whether anything moved."""
        if not self._running:
            return False
        has_moved = has_ended = False
        for run in self._running:
            has_moved = self._advance(run) or has_moved
            if run.report.is_over:
                has_ended = True
                run.translations = ()  # what it was asked is in the journal, and nothing of it is sent any more
        if has_ended:
            self._running = [run for run in self._running if not run.report.is_over]
        if self._legs.may_doubt:
            in_doubt = (BatchStatus.IN_DOUBT, BatchStatus.NEEDS_OPERATOR)
            self._entries.hold_back(
                leg.group_id
                for run in self._running
                if run.status in in_doubt and run.mode is not ExecutionMode.PARALLEL
                for leg in run.legs
            )
        return has_moved

    def _compile(self, batch_translation: BatchTranslation) -> _Run:
        batch = batch_translation.batch
        legs = [compiled(translation, self._desk.ledger) for translation in batch_translation.translations]
        report = _REPORT(
            batch_id=batch.batch_id,
            mode=batch.execution_mode,
            rollback_on_failure=batch.rollback_on_failure,
            guarantee=guarantee_of(legs),
            phase=BatchPhase.ADMIT,
            status=BatchStatus.WORKING,
            legs=tuple(legs),
            created_at=batch.created_at,
            updated_at=self._desk.now,
        )
        order = sending_order(batch.execution_mode, legs)
        return _Run(report, legs, order, batch_translation.translations)

    def _admit(self, batch_translation: BatchTranslation) -> Mapping[int, str]:
        """Check every part, all entries together; return why one cannot be carried out, by its position."""
        refusals: dict[int, str] = {}
        with self._desk.guard.together():
            for position, translation in enumerate(batch_translation.translations):
                try:
                    self._carrier.check(translation)
                except VenueRejected as no:
                    refusals[position] = str(no)
        return refusals

    def _taken_by_others(self, run: _Run) -> Mapping[int, str]:
        """Return why a part has to wait for another batch, by its position: one batch at a time works on a market.

        A batch of which no part may raise risk waits for nobody.
        """
        if not any(leg.kind.may_raise_risk for leg in run.legs):
            return {}
        taken = {
            symbol: other.report
            for other in self._running
            for leg in other.legs
            for symbol in self._legs.markets_of(leg)
        }
        clashes = {}
        for position, leg in enumerate(run.legs):
            for symbol in sorted(self._legs.markets_of(leg) & taken.keys()):
                report = taken[symbol]
                why = f"{symbol} is being worked on by {report.batch_id}, which is {report.status}"
                clashes[position] = f"rule one batch per market: {why}; give the batch again when that one is over"
        return clashes

    def _refuse(self, run: _Run, refusals: Mapping[int, str]) -> None:
        reasons = "; ".join(f"{run.legs[position].directive_id}: {refusal}" for position, refusal in refusals.items())
        for position in run.having(LegStatus.WAITING):
            run.mark(position, LegStatus.SKIPPED, "not sent, because another part cannot be")
        run.status = BatchStatus.REFUSED
        run.text = f"nothing was sent, because not every part can be: {reasons}"
        self._write_down(run, BatchPhase.REPORT)

    def _write_down(self, run: _Run, phase: BatchPhase, **end: object) -> None:
        """Make the report say how the batch stands, and put it on disk before whatever is sent next."""
        changed = {
            "phase": phase,
            "status": run.status,
            "legs": tuple(run.legs),
            "is_compensating": run.is_compensating,
            "text": run.text,
            "updated_at": self._desk.now,
        }
        run.report = run.report.model_copy(update=changed | end)
        if self._keep is not None:
            self._keep(run.report)

    def _advance(self, run: _Run) -> bool:
        before = run.report
        if before.is_over:
            return False
        self._take_up(run)
        if not run.is_compensating:
            self._watch(run)
            if self._send(run):
                self._watch(run)
        if run.is_compensating and not run.report.is_over:
            self._compensate(run)
        if run.report.is_over:
            return True
        run.status = self._standing(run)
        if run.report.legs == tuple(run.legs) and (before.status, before.text) == (run.status, run.text):
            return False
        self._write_down(run, _phase_of(run))
        return True

    def _standing(self, run: _Run) -> BatchStatus:
        doubts = self._legs.doubts_of(run.legs)
        if doubts:
            needs_person = any(self._legs.needs_person(order_id) for order_id in doubts)
            run.text = f"nobody knows yet what became of {', '.join(doubts)}"
            return BatchStatus.NEEDS_OPERATOR if needs_person else BatchStatus.IN_DOUBT
        held = self._why_hold(run)
        run.text = held
        if held:
            return BatchStatus.IN_DOUBT
        return BatchStatus.COMPENSATING if run.is_compensating else BatchStatus.WORKING

    def _why_hold(self, run: _Run) -> str:
        """Return why the next part that may raise risk is not sent yet; empty when none waits, or it may go."""
        if not self._legs.may_doubt or run.mode is ExecutionMode.PARALLEL:
            return ""
        waiting = [run.legs[at] for at in run.having(LegStatus.WAITING) if run.legs[at].kind.may_raise_risk]
        if not waiting or waiting[0].symbol is None:
            return ""
        doubts = self._legs.doubts_of(run.legs)
        return f"{', '.join(doubts)} is in doubt" if doubts else self._desk.guard.why_wait(waiting[0].symbol)

    def _watch(self, run: _Run) -> None:
        is_settled, has_failed, is_parallel = True, False, run.mode is ExecutionMode.PARALLEL
        for position in run.order:
            leg = run.legs[position]
            if leg.status is LegStatus.WORKING:
                leg = run.legs[position] = self._legs.settled(leg)
            has_failed = has_failed or leg.status is LegStatus.FAILED
            is_settled = is_settled and leg.status not in _UNSETTLED
        if has_failed and not is_parallel:
            for position in run.having(LegStatus.WAITING):
                run.mark(position, LegStatus.SKIPPED, "not sent, because another part failed")
            if not (run.report.rollback_on_failure or run.is_held):
                run.is_held = True
                self._entries.pause_groups([leg.group_id for leg in run.legs], reason="a part of its batch failed")
            is_settled = not run.having(*_UNSETTLED)
        if is_settled or (has_failed and not is_parallel and run.report.rollback_on_failure):
            self._conclude(run, has_failed=has_failed)

    def _conclude(self, run: _Run, *, has_failed: bool) -> None:
        if any(leg.text == _ENDED_FIRST for leg in run.legs):
            text = "the program was ended before every part was sent; nothing more is sent: decide anew"
            self._end(run, BatchStatus.NEEDS_OPERATOR, text)
        elif has_failed and run.report.rollback_on_failure:
            run.is_compensating = True
            for leg in run.legs:
                self._desk.guard.only_reduce(leg.group_id)
        elif not has_failed:
            has_dust = any(leg.dust for leg in run.legs)
            self._end(run, BatchStatus.COMMITTED_WITH_DUST if has_dust else BatchStatus.COMMITTED)
        elif run.mode is ExecutionMode.PARALLEL:
            self._end(run, BatchStatus.PARTIAL)
        else:
            first = run.having(LegStatus.FAILED)[0] + 1
            self._end(run, BatchStatus.STOPPED, f"stopped at part {first} of {len(run.legs)}", stopped_at=first)

    def _end(self, run: _Run, status: BatchStatus, text: str = "", **end: object) -> None:
        run.status, run.text = status, text
        self._write_down(run, BatchPhase.REPORT, **end)

    def _send(self, run: _Run) -> bool:
        """Send what may go now; tell whether anything was sent, or tried."""
        has_tried = False
        if run.is_compensating or run.report.is_over:
            return has_tried
        for position in run.having(LegStatus.WAITING):
            is_one_by_one = run.mode is ExecutionMode.SEQUENTIAL
            if is_one_by_one and run.having(LegStatus.WORKING):
                break
            if run.legs[position].kind.may_raise_risk and self._why_hold(run):
                break
            self._carry(run, position)
            has_tried = True
            if run.legs[position].status is LegStatus.FAILED and run.mode is not ExecutionMode.PARALLEL:
                break
        return has_tried

    def _carry(self, run: _Run, position: int) -> None:
        is_idle = self._legs.is_idle(run.legs[position])
        try:
            carried = self._carrier.carry(run.translations[position])
        except VenueRejected as no:
            run.mark(position, LegStatus.FAILED, str(no))
            return
        changed = {
            "opened": tuple(carried.opened),
            "closing": tuple(carried.closing),
            "places_orders": carried.group_id is not None,
        }
        run.legs[position] = run.legs[position].model_copy(update=changed)
        run.mark(position, LegStatus.NOOP if is_idle else LegStatus.WORKING, carried.text)

    def _take_up(self, run: _Run) -> None:
        """Go on with the closes of the session before, as soon as our books are known to be the venue's."""
        if run.to_take_up and self._legs.take_up([run.legs[position] for position in run.to_take_up]):
            run.to_take_up = []

    def _compensate(self, run: _Run) -> None:
        is_undone = True
        for position in reversed(run.order):
            leg = run.legs[position]
            if leg.compensation is Compensation.TAKE_BACK and not self._undoing.step(leg):
                is_undone = False
            elif leg.status is LegStatus.WORKING and leg.compensation is Compensation.TAKE_BACK:
                run.mark(position, LegStatus.FAILED, "cancelled, because the batch is rolled back")
            elif leg.status is LegStatus.WORKING:
                run.legs[position] = self._legs.settled(leg)
        if is_undone and not run.having(LegStatus.WORKING) and not self._legs.doubts_of(run.legs):
            self._conclude_compensation(run)

    def _conclude_compensation(self, run: _Run) -> None:
        taken_back = [leg for leg in run.legs if leg.compensation is Compensation.TAKE_BACK]
        left: dict[str, Decimal] = {}
        for leg in taken_back:
            if leg.symbol is not None:
                left[leg.symbol] = left.get(leg.symbol, ZERO) + self._undoing.left_of(leg)
        residuals = tuple(Residual(symbol=symbol, quantity=held) for symbol, held in left.items() if held)
        unmoved = [said for leg in taken_back for said in self._undoing.unmoved(leg)]
        said = [f"{residual.quantity} {residual.symbol} could not be closed" for residual in residuals] + unmoved
        stands = any(leg.kind in _TOOK_EFFECT and leg.status is LegStatus.DONE for leg in run.legs)
        if said:
            status = BatchStatus.COMPENSATED_WITH_RESIDUAL
        elif stands or any(leg.totals.entered_quantity for leg in run.legs):
            status = BatchStatus.ROLLED_BACK
        else:
            status = BatchStatus.ABORTED_CLEAN
        cost = sum((cost_of(leg) for leg in taken_back), ZERO)
        self._end(run, status, "; ".join(said), residuals=residuals, residual_cost=cost)


def cost_of(leg: BatchLeg) -> Decimal:
    """Return what entering and leaving again cost after fees, in quote (positive is a loss); what is held counts as paid."""
    totals = leg.totals
    if leg.direction is None or not totals.entered_quantity:
        return ZERO
    paid = totals.entered_value
    if totals.left_quantity != totals.entered_quantity:
        paid = paid * totals.left_quantity / totals.entered_quantity
    return (paid - totals.left_value) * leg.direction.sign + totals.fees


def _phase_of(run: _Run) -> BatchPhase:
    if run.is_compensating:
        return BatchPhase.COMPENSATE
    return BatchPhase.EXECUTE if run.having(LegStatus.WAITING) else BatchPhase.SETTLE
