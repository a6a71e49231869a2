"""What a person or a scheduler may ask, and the answer that each gets."""

from decimal import Decimal
from typing import Annotated, Final, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from engine.contracts.base import Contract, Price, UtcDatetime, Word
from engine.contracts.execution import ExecutionMode
from engine.contracts.flatten import FlattenPart, FlattenRequest
from engine.primitives.ids import (
    GROUP,
    ORDER,
    TRADE,
    USER_COMMAND,
    GroupId,
    OrderId,
    TradeId,
    UserCommandId,
    id_pattern,
)

FROM_TERMINAL: Final = "the command line"
"""Who asks, when it comes from a terminal."""
Reason = Annotated[str, StringConstraints(min_length=3, strip_whitespace=True)]
"""Why a person does it, for the journal."""


PAUSED_BY_USER: Final = "paused by the user"
"""Why a strategy is paused that a person has paused."""


class TradingState(Word):
    """What the engine allows."""

    ACTIVE = "ACTIVE"
    REDUCING = "REDUCING"
    """Nothing that could raise any position."""
    HALTED = "HALTED"
    """The books are in doubt: no new risk until a person has looked. Reductions pass here too."""


class _Command(Contract):
    command_id: Annotated[UserCommandId, StringConstraints(pattern=id_pattern(USER_COMMAND))]
    asked_at: UtcDatetime
    asked_by: str = "user"


class _Request(Contract):
    asked_by: str


class PauseStrategy(_Command):
    """Open no new trades; everything that reduces risk goes on."""

    kind: Literal["PAUSE_STRATEGY"] = "PAUSE_STRATEGY"
    strategy_id: str


class ResumeStrategy(_Command):
    """Trade again."""

    kind: Literal["RESUME_STRATEGY"] = "RESUME_STRATEGY"
    strategy_id: str


class CancelGroup(_Command):
    """Cancel all working orders of a group."""

    kind: Literal["CANCEL_GROUP"] = "CANCEL_GROUP"
    group_id: Annotated[GroupId, StringConstraints(pattern=id_pattern(GROUP))]


class PauseGroupKeepOrders(_Command):
    """Send no more slices of a group; the orders that work at the venue go on working."""

    kind: Literal["PAUSE_GROUP_KEEP_ORDERS"] = "PAUSE_GROUP_KEEP_ORDERS"
    group_id: Annotated[GroupId, StringConstraints(pattern=id_pattern(GROUP))]


class PauseGroupCancelOrders(_Command):
    """Send no more slices of a group, and cancel its entries that work at the venue; the rest is kept for later."""

    kind: Literal["PAUSE_GROUP_CANCEL_ORDERS"] = "PAUSE_GROUP_CANCEL_ORDERS"
    group_id: Annotated[GroupId, StringConstraints(pattern=id_pattern(GROUP))]


class ResumeGroup(_Command):
    """Send what is left of a paused group, as the platform's schedule rules say; what was missed is never burst."""

    kind: Literal["RESUME_GROUP"] = "RESUME_GROUP"
    group_id: Annotated[GroupId, StringConstraints(pattern=id_pattern(GROUP))]


class CancelOrder(_Command):
    """Cancel one working order."""

    kind: Literal["CANCEL_ORDER"] = "CANCEL_ORDER"
    order_id: Annotated[OrderId, StringConstraints(pattern=id_pattern(ORDER))]


class CloseTrade(_Command):
    """Cancel a trade's orders and close what is held of it."""

    kind: Literal["CLOSE_TRADE"] = "CLOSE_TRADE"
    trade_id: Annotated[TradeId, StringConstraints(pattern=id_pattern(TRADE))]


class CancelAllOrders(_Command, FlattenPart):
    """Cancel every entry of a part of the account, and what its schedules have still to send. Stops and targets stay."""

    kind: Literal["CANCEL_ALL_ORDERS"] = "CANCEL_ALL_ORDERS"


class ReduceAll(_Command, FlattenPart):
    """Close a share of every trade of a part of the account, as one batch. It never raises any position.

    Entries of those trades that still work are cancelled: what they would bring in is not wanted any more.
    """

    kind: Literal["REDUCE_ALL"] = "REDUCE_ALL"
    share: Annotated[Decimal, Field(gt=0, lt=1)]
    """Of what each trade holds; rounded down to whole lots."""
    mode: ExecutionMode = ExecutionMode.PARALLEL


class RestrictTrading(_Command):
    """Allow less from now on, by hand. Only `ClearLatch`, with a reason, allows more again."""

    kind: Literal["RESTRICT_TRADING"] = "RESTRICT_TRADING"
    state: Literal[TradingState.REDUCING, TradingState.HALTED]
    reason: Reason


class AbortFlattenRequest(_Request):
    """What is asked of a session: to end a flatten before it is through. The latch stays."""

    kind: Literal["ABORT_FLATTEN"] = "ABORT_FLATTEN"
    reason: Reason


class ClearLatchRequest(_Request):
    """What is asked of a session: to allow new risk again after a flatten."""

    kind: Literal["CLEAR_LATCH"] = "CLEAR_LATCH"
    reason: Reason


class OrderClaim(Word):
    """What a person may say became of an order that the venue's books do not settle."""

    REJECTED = "REJECTED"
    """It never arrived, or was refused: nothing of it executed."""
    CANCELLED = "CANCELLED"
    """What was left of it is gone; what our books have of it executed, and nothing else."""
    EXPIRED = "EXPIRED"
    """As CANCELLED, but its time ran out."""
    FILLED = "FILLED"
    """All that was left of it executed, in one execution that the venue shows."""


class ResolveOrderRequest(_Request):
    """What is asked of a session: to take a person's word for how an order ended."""

    kind: Literal["RESOLVE_ORDER"] = "RESOLVE_ORDER"
    order_id: Annotated[OrderId, StringConstraints(pattern=id_pattern(ORDER))]
    claim: OrderClaim
    reason: Reason
    venue_trade_id: str | None = None
    """FILLED: the venue's own id of the execution, by which it is booked once, whoever else tells of it."""
    price: Price | None = None
    """FILLED: at which it executed, quote per base."""

    @model_validator(mode="after")
    def _names_the_execution(self) -> Self:
        named = (self.venue_trade_id, self.price)
        if self.claim is OrderClaim.FILLED and (not self.venue_trade_id or self.price is None):
            raise ValueError("FILLED needs the venue's trade id and the price of the execution")
        if self.claim is not OrderClaim.FILLED and named != (None, None):
            raise ValueError(f"{self.claim} has no execution: a trade id and a price belong to FILLED")
        return self


Request = Annotated[
    FlattenRequest | AbortFlattenRequest | ClearLatchRequest | ResolveOrderRequest, Field(discriminator="kind")
]
"""What another process may ask of a session; it becomes a command there."""


class FlattenAll(_Command, FlattenRequest):
    """Latch against new risk, cancel what is named, close it, verify."""


class AbortFlatten(_Command, AbortFlattenRequest):
    """End a flatten before it is through. Only a person does this, with a reason; the latch stays."""


class ClearLatch(_Command, ClearLatchRequest):
    """Allow new risk again after a flatten. Only a person does this, with a reason."""


class ResolveOrder(_Command, ResolveOrderRequest):
    """Say how an order ended that the venue's books do not settle. Only a person does this, with a reason."""


Command = Annotated[
    PauseStrategy
    | ResumeStrategy
    | PauseGroupKeepOrders
    | PauseGroupCancelOrders
    | ResumeGroup
    | CancelGroup
    | CancelOrder
    | CloseTrade
    | CancelAllOrders
    | ReduceAll
    | RestrictTrading
    | FlattenAll
    | AbortFlatten
    | ClearLatch
    | ResolveOrder,
    Field(discriminator="kind"),
]


class CommandStatus(Word):
    """What became of a command."""

    DONE = "DONE"
    ACCEPTED = "ACCEPTED"
    """Under way: the venue has yet to answer."""
    REFUSED = "REFUSED"


class CommandAnswer(Contract):
    """The answer to one command, in words for people."""

    command_id: UserCommandId
    status: CommandStatus
    text: str
