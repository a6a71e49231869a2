"""What a person or a scheduler may ask, and the answer that each gets."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from engine.contracts.base import Contract, Symbol, UtcDatetime, Word
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


class _Command(Contract):
    command_id: Annotated[UserCommandId, StringConstraints(pattern=id_pattern(USER_COMMAND))]
    asked_at: UtcDatetime
    asked_by: str = "user"


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


class FlattenAll(_Command):
    """Latch against new risk, cancel everything, close everything, verify."""

    kind: Literal["FLATTEN_ALL"] = "FLATTEN_ALL"
    symbols: tuple[Symbol, ...] = ()
    """Only these; all when empty."""


class ClearLatch(_Command):
    """Allow new risk again after a flatten. Only a person does this, with a reason."""

    kind: Literal["CLEAR_LATCH"] = "CLEAR_LATCH"
    reason: Annotated[str, StringConstraints(min_length=3)]


Command = Annotated[
    PauseStrategy
    | ResumeStrategy
    | PauseGroupKeepOrders
    | PauseGroupCancelOrders
    | ResumeGroup
    | CancelGroup
    | CancelOrder
    | CloseTrade
    | FlattenAll
    | ClearLatch,
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


class TradingState(Word):
    """What the engine allows."""

    ACTIVE = "ACTIVE"
    REDUCING = "REDUCING"
    """Nothing that could raise any position."""
    HALTED = "HALTED"
    """The books are in doubt: no new risk until a person has looked. Reductions pass here too."""
