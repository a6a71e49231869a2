"""Batches: what belongs together is admitted together, and carried out one by one, at once, or all or nothing.

Fills cannot be unmade, so all-or-nothing holds for admission. After it, compensation may only cancel what the batch
placed and close what the batch opened; a close is never re-opened and a cancelled order is never placed again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from engine.contracts.directives import DirectiveScope
from engine.contracts.execution import ExecutionDirectiveBatch, ExecutionGroupStatus, ExecutionMode
from engine.contracts.orders import OrderRole, Trade, TradeStatus
from engine.contracts.specs import BatchTranslation, Translation
from engine.phase5_execution.carrier import CANCELS, Carried, DirectiveCarrier
from engine.phase5_execution.closing import Closing
from engine.phase5_execution.order_desk import OrderDesk
from engine.phase5_execution.working import WorkingEntries
from engine.primitives.errors import VenueRejected
from engine.primitives.ids import BatchId, ExecutionDirectiveId, TradeId
from engine.primitives.money import ZERO


class LegStatus(StrEnum):
    """Where one directive of a batch stands."""

    WAITING = "WAITING"
    WORKING = "WORKING"
    DONE = "DONE"
    FAILED = "FAILED"
    SKIPPED = "SKIPPED"


class BatchStatus(StrEnum):
    """Where a batch stands."""

    WORKING = "WORKING"
    COMPENSATING = "COMPENSATING"
    """A leg failed: what the batch opened is being closed."""
    COMMITTED = "COMMITTED"
    PARTIAL = "PARTIAL"
    """PARALLEL: some legs failed, the others stand."""
    STOPPED = "STOPPED"
    """SEQUENTIAL or ATOMIC without rollback: nothing was sent after the first failure."""
    ROLLED_BACK = "ROLLED_BACK"
    """What the batch opened is closed again, at the cost that is stated; its cancels and closes stand."""


@dataclass(frozen=True, slots=True)
class BatchLeg:
    """One directive of a batch and what became of it."""

    directive_id: ExecutionDirectiveId
    status: LegStatus = LegStatus.WAITING
    text: str = ""


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """How a batch stands. `residual_cost` is what rolling back cost after fees, in quote (positive is a loss)."""

    batch_id: BatchId
    status: BatchStatus
    legs: Sequence[BatchLeg]
    residual_cost: Decimal = ZERO


@dataclass(slots=True)
class _Run:
    """A batch on its way. `order` are positions in `translations`, in the order in which they are sent."""

    batch: ExecutionDirectiveBatch
    translations: Sequence[Translation]
    order: Sequence[int]
    legs: list[BatchLeg]
    status: BatchStatus = BatchStatus.WORKING
    carried: dict[int, Carried] = field(default_factory=dict)
    residual_cost: Decimal = ZERO

    def mark(self, position: int, status: LegStatus, text: str = "") -> None:
        """Note where a leg stands."""
        leg = self.legs[position]
        self.legs[position] = replace(leg, status=status, text=text or leg.text)

    def having(self, status: LegStatus) -> list[int]:
        """Return the positions of the legs that stand so, in sending order."""
        return [position for position in self.order if self.legs[position].status is status]

    @property
    def opened(self) -> list[TradeId]:
        """The trades that the batch opened, the newest first."""
        return [trade_id for position in reversed(self.order) for trade_id in self._carried(position).opened]

    def _carried(self, position: int) -> Carried:
        return self.carried.get(position, Carried(""))


class BatchDesk:
    """Runs batches to their end over as many settlements as it takes; one batch id runs once."""

    def __init__(self, desk: OrderDesk, carrier: DirectiveCarrier, entries: WorkingEntries, closing: Closing) -> None:
        self._desk = desk
        self._carrier = carrier
        self._entries = entries
        self._closing = closing
        self._runs: dict[BatchId, _Run] = {}
        self._running: list[_Run] = []
        """Those that are not through: the others are not looked at again at every settlement."""

    def start(self, batch_translation: BatchTranslation) -> BatchProgress:
        """Admit all legs, then send the first or all of them. A batch that ran before is only reported.

        Raises:
            VenueRejected: one leg or more cannot be carried out (of an exit: none of them can); nothing was sent.
        """
        batch = batch_translation.batch
        if batch.batch_id not in self._runs:
            refusals = self._admit(batch_translation)
            run = _Run(
                batch=batch,
                translations=batch_translation.translations,
                order=_sending_order(batch.execution_mode, batch_translation.translations),
                legs=[BatchLeg(directive.directive_id) for directive in batch.directives],
            )
            for position, refusal in refusals.items():
                run.mark(position, LegStatus.FAILED, refusal)
            self._runs[batch.batch_id] = run
            self._running.append(run)
            self._advance(run)
        return self.progress(batch.batch_id)

    def progress(self, batch_id: BatchId) -> BatchProgress:
        """Return how a batch stands.

        Raises:
            KeyError: it never ran here.
        """
        run = self._runs[batch_id]
        return BatchProgress(batch_id, run.status, tuple(run.legs), run.residual_cost)

    @property
    def is_running(self) -> bool:
        """Whether any batch is not through."""
        return bool(self._running)

    def advance(self) -> bool:
        """Look at every running batch; tell whether anything moved."""
        if not self._running:
            return False
        moved = [run for run in self._running if run.status in _RUNNING and self._advance(run)]
        self._running = [run for run in self._running if run.status in _RUNNING]
        return bool(moved)

    def _admit(self, batch_translation: BatchTranslation) -> Mapping[int, str]:
        """Check every leg; return why a leg of an exit cannot be carried out, by its position."""
        refusals: dict[int, str] = {}
        for position, translation in enumerate(batch_translation.translations):
            try:
                self._carrier.check(translation)
            except VenueRejected as no:
                refusals[position] = str(no)
        if refusals and (len(refusals) == len(batch_translation.translations) or not _is_exit(batch_translation.batch)):
            ids = [directive.directive_id for directive in batch_translation.batch.directives]
            reasons = "; ".join(f"{ids[position]}: {refusal}" for position, refusal in refusals.items())
            raise VenueRejected(f"nothing was sent, because not every part can be: {reasons}", rule="batch admission")
        return refusals

    def _advance(self, run: _Run) -> bool:
        before = (run.status, tuple(run.legs))
        if run.status is BatchStatus.WORKING:
            self._watch(run)
            self._send(run)
            self._watch(run)
        if run.status is BatchStatus.COMPENSATING:
            self._compensate(run)
        return before != (run.status, tuple(run.legs))

    def _watch(self, run: _Run) -> None:
        for position in run.having(LegStatus.WORKING):
            status, text = self._outcome(run.translations[position], run.carried[position])
            run.mark(position, status, text)
        has_failed, waiting = bool(run.having(LegStatus.FAILED)), run.having(LegStatus.WAITING)
        is_parallel = run.batch.execution_mode is ExecutionMode.PARALLEL
        if has_failed and not is_parallel:
            for position in waiting:
                run.mark(position, LegStatus.SKIPPED, "not sent, because another part failed")
        if (has_failed and not is_parallel) or not (waiting or run.having(LegStatus.WORKING)):
            self._conclude(run, has_failed=has_failed)

    def _conclude(self, run: _Run, *, has_failed: bool) -> None:
        if not has_failed:
            run.status = BatchStatus.COMMITTED
        elif run.batch.rollback_on_failure:
            run.status = BatchStatus.COMPENSATING
        else:
            is_parallel = run.batch.execution_mode is ExecutionMode.PARALLEL
            run.status = BatchStatus.PARTIAL if is_parallel else BatchStatus.STOPPED

    def _send(self, run: _Run) -> None:
        if run.status is not BatchStatus.WORKING:
            return
        is_one_by_one = run.batch.execution_mode is ExecutionMode.SEQUENTIAL
        for position in run.having(LegStatus.WAITING):
            if is_one_by_one and run.having(LegStatus.WORKING):
                return
            try:
                run.carried[position] = self._carrier.carry(run.translations[position])
            except VenueRejected as no:
                run.mark(position, LegStatus.FAILED, str(no))
                if run.batch.execution_mode is not ExecutionMode.PARALLEL:
                    return
            else:
                run.mark(position, LegStatus.WORKING, run.carried[position].text)

    def _outcome(self, translation: Translation, carried: Carried) -> tuple[LegStatus, str]:
        if any(self._closing.is_stuck(trade_id) for trade_id in carried.closing):
            return LegStatus.FAILED, "the venue refuses to close"
        if any(self._is_open(trade_id) for trade_id in carried.closing):
            return LegStatus.WORKING, ""
        if any(self._desk.working(role=OrderRole.ENTRY, group_id=group_id) for group_id in carried.stopped):
            return LegStatus.WORKING, ""
        if carried.group_id is None:
            return LegStatus.DONE, ""
        return self._entry_outcome(translation, carried)

    def _entry_outcome(self, translation: Translation, carried: Carried) -> tuple[LegStatus, str]:
        if carried.group_id is None or self._desk.working(role=OrderRole.ENTRY, group_id=carried.group_id):
            return LegStatus.WORKING, ""
        group = self._desk.ledger.get_group(carried.group_id)
        orders = [self._desk.order(order_id) for order_id in group.order_ids]
        entries = [order for order in orders if order.role is OrderRole.ENTRY]
        ordered = sum((order.quantity for order in entries), ZERO)
        filled = sum((order.filled_quantity for order in entries), ZERO)
        least = (translation.directive.execution_intent.min_fill_ratio or ZERO) * ordered
        if group.status is ExecutionGroupStatus.COMPLETED or (filled > ZERO and filled >= least) or not entries:
            return LegStatus.DONE, f"filled {filled} of {ordered}"
        why = "; ".join(order.reason for order in entries if order.reason)
        return LegStatus.FAILED, f"filled {filled} of {ordered}: {why}"

    def _is_open(self, trade_id: TradeId) -> bool:
        trade = self._desk.ledger.get_trade(trade_id)
        return bool(trade.open_quantity) or trade.status in (TradeStatus.PENDING, TradeStatus.OPEN)

    def _compensate(self, run: _Run) -> None:
        trades: list[Trade] = []
        for trade_id in run.opened:
            self._entries.stop_trade(trade_id, reason="the batch is rolled back")
            trade = self._desk.ledger.get_trade(trade_id)
            is_new = not self._closing.is_closing(trade_id)
            if is_new and self._closing.begin(trade, reason="the batch is rolled back"):
                self._closing.attend(self._desk.ledger.get_trade(trade_id))
            trades.append(self._desk.ledger.get_trade(trade_id))
        for position in run.having(LegStatus.WORKING):
            carried = run.carried[position]
            if not carried.opened:
                status, text = self._outcome(run.translations[position], carried)
                run.mark(position, status, text)
            elif not any(self._is_open(trade_id) for trade_id in carried.opened):
                run.mark(position, LegStatus.FAILED, "cancelled, because the batch is rolled back")
        if run.having(LegStatus.WORKING) or any(self._is_open(trade.trade_id) for trade in trades):
            return
        run.residual_cost = -sum((trade.realised_pnl or ZERO for trade in trades), ZERO)
        run.status = BatchStatus.ROLLED_BACK


_RUNNING = (BatchStatus.WORKING, BatchStatus.COMPENSATING)


def _is_exit(batch: ExecutionDirectiveBatch) -> bool:
    """Tell whether a batch only reduces risk, each part for itself: then no part may hold up the others."""
    return batch.execution_mode is ExecutionMode.PARALLEL and all(
        directive.scope is DirectiveScope.CLOSE_EXISTING for directive in batch.directives
    )


def _sending_order(mode: ExecutionMode, translations: Sequence[Translation]) -> list[int]:
    """Return the positions in sending order: as given for SEQUENTIAL; else cancels, then closes, then the rest."""
    positions = list(range(len(translations)))
    return positions if mode is ExecutionMode.SEQUENTIAL else sorted(positions, key=lambda at: _rank(translations[at]))


def _rank(translation: Translation) -> int:
    directive = translation.directive
    if directive.scope is not DirectiveScope.CLOSE_EXISTING:
        return 2
    is_cancel = directive.execution_intent.action in CANCELS or not directive.target_trade_ids
    return 0 if is_cancel else 1
