"""A batch of directives as it is carried out: what each part is, what would undo it, and how all of it ended."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field, StringConstraints

from engine.contracts.base import Contract, Direction, Symbol, UtcDatetime, Word
from engine.contracts.execution import ExecutionMode
from engine.contracts.orders import GroupIdField, TradeIdField
from engine.primitives.ids import BATCH, EXECUTION, BatchId, ExecutionDirectiveId, id_pattern
from engine.primitives.money import ZERO
from engine.primitives.ratios import Fraction


class LegKind(Word):
    """What a part of a batch does to risk."""

    CANCEL = "CANCEL"
    REDUCE = "REDUCE"
    OPEN = "OPEN"
    MODIFY = "MODIFY"

    @property
    def may_raise_risk(self) -> bool:
        """Whether it can make a position larger."""
        return self in (LegKind.OPEN, LegKind.MODIFY)


class Compensation(Word):
    """What undoes a part, decided before anything is sent."""

    STANDS = "STANDS"
    """Nothing: a cancelled order is not placed again, and a closed position is not opened again."""
    TAKE_BACK = "TAKE_BACK"
    """Cancel what rests of it, close reduce-only what it brought in, and move a stop back if that risks no more."""


class Guarantee(Word):
    """What all-or-nothing can mean for a batch."""

    ADMISSION_ONLY = "ADMISSION_ONLY"
    """All parts are checked before the first is sent; some of them cannot be undone afterwards."""
    COMPENSABLE = "COMPENSABLE"
    """What any part does can be taken back, at a cost."""


class BatchPhase(Word):
    """How far a batch is. COMPILE and ADMIT are one step: nothing was sent before EXECUTE."""

    ADMIT = "ADMIT"
    EXECUTE = "EXECUTE"
    SETTLE = "SETTLE"
    """All is sent; not every part has ended by the books."""
    COMPENSATE = "COMPENSATE"
    REPORT = "REPORT"


class BatchStatus(Word):
    """How a batch stands, or how it ended."""

    WORKING = "WORKING"
    COMPENSATING = "COMPENSATING"
    """A part failed: what the batch placed is being cancelled, and what it opened closed."""
    IN_DOUBT = "IN_DOUBT"
    """Nobody knows yet what became of an order of it: neither a failure nor a success."""
    NEEDS_OPERATOR = "NEEDS_OPERATOR"
    """Only a person can find out how it stands, or decide how it goes on."""
    COMMITTED = "COMMITTED"
    COMMITTED_WITH_DUST = "COMMITTED_WITH_DUST"
    """As COMMITTED, but for amounts that are too small to be sold."""
    PARTIAL = "PARTIAL"
    """PARALLEL: some parts failed, the others stand."""
    STOPPED = "STOPPED"
    """SEQUENTIAL, or ATOMIC without rollback: nothing was sent after the part `stopped_at`; what was done stands."""
    REFUSED = "REFUSED"
    """Nothing was sent, because not every part can be carried out; each says why."""
    ABORTED_CLEAN = "ABORTED_CLEAN"
    """What rested was cancelled before anything was filled, closed or cancelled: as if it had never been."""
    ROLLED_BACK = "ROLLED_BACK"
    """What it opened is closed again to the last digit, at the cost that is stated; its cancels and closes stand."""
    COMPENSATED_WITH_RESIDUAL = "COMPENSATED_WITH_RESIDUAL"
    """Not all of what it opened could be closed, or not every stop moved back: `residuals` and the parts say what."""


class LegStatus(Word):
    """Where one part of a batch stands."""

    WAITING = "WAITING"
    WORKING = "WORKING"
    DONE = "DONE"
    NOOP = "NOOP"
    """There was nothing left to cancel or to close."""
    FAILED = "FAILED"
    SKIPPED = "SKIPPED"
    """It was never sent."""


class TradeLevels(Contract):
    """Stop and target of a trade before a part of a batch moved them; quote per base."""

    trade_id: TradeIdField
    stop_loss_price: Decimal | None = None
    take_profit_price: Decimal | None = None


class LegTotals(Contract):
    """What the orders of a part executed. Quantities in base units, values without fees and fees in quote."""

    entered_quantity: Decimal = ZERO
    entered_value: Decimal = ZERO
    left_quantity: Decimal = ZERO
    """Closed by this part; of one that opened something, closed again while the batch ran."""
    left_value: Decimal = ZERO
    fees: Decimal = ZERO


class BatchLeg(Contract):
    """One part of a batch: compiled before anything is sent, and what became of it."""

    directive_id: Annotated[ExecutionDirectiveId, StringConstraints(pattern=id_pattern(EXECUTION))]
    kind: LegKind
    compensation: Compensation
    group_id: GroupIdField
    """Under which its own orders go."""
    symbol: Symbol | None = None
    """Of a part that may raise risk."""
    direction: Direction | None = None
    min_fill_ratio: Fraction | None = None
    trades: tuple[TradeIdField, ...] = ()
    groups: tuple[GroupIdField, ...] = ()
    """Trades and groups that it is about."""
    levels_before: tuple[TradeLevels, ...] = ()
    status: LegStatus = LegStatus.WAITING
    opened: tuple[TradeIdField, ...] = ()
    closing: tuple[TradeIdField, ...] = ()
    places_orders: bool = False
    totals: LegTotals = LegTotals()
    dust: Decimal = ZERO
    """What is left because it is too small to be sold, base units."""
    text: str = ""


class Residual(Contract):
    """What compensation could not close of what the batch opened: base units, positive long."""

    symbol: Symbol
    quantity: Decimal


class BatchReport(Contract):
    """How a batch stands. Every version is written down, the first before its first request."""

    batch_id: Annotated[BatchId, StringConstraints(pattern=id_pattern(BATCH))]
    mode: ExecutionMode
    rollback_on_failure: bool
    guarantee: Guarantee
    phase: BatchPhase
    status: BatchStatus
    legs: tuple[BatchLeg, ...]
    stopped_at: Annotated[int, Field(ge=1)] | None = None
    """STOPPED: the number of the part that failed first, as given."""
    residuals: tuple[Residual, ...] = ()
    residual_cost: Decimal = ZERO
    """What taking back cost after fees, in quote (positive is a loss)."""
    is_compensating: bool = False
    created_at: UtcDatetime
    updated_at: UtcDatetime
    text: str = ""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will be sent for it."""
        return self.phase is BatchPhase.REPORT

    @property
    def executed_quantity(self) -> Decimal:
        """All that its orders executed, either way, base units: equal to the venue's executions of them."""
        return sum((leg.totals.entered_quantity + leg.totals.left_quantity for leg in self.legs), ZERO)

    @property
    def fees(self) -> Decimal:
        """What its executions cost in fees, in quote."""
        return sum((leg.totals.fees for leg in self.legs), ZERO)
