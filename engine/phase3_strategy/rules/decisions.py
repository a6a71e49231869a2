"""What a rule may come to: open, close, move a stop, or say no. The planner makes the directive of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from engine.contracts.directives import EntryDirective, ExecutionIntentDirective, ExitDirective, SizeDirective
from engine.primitives.ids import GroupId, TradeId


@dataclass(frozen=True, slots=True)
class OpenTrade:
    """A new trade is wanted; the confidence is between 0 and 1."""

    confidence: Decimal
    entry: EntryDirective
    size: SizeDirective
    exit_: ExitDirective
    execution_intent: ExecutionIntentDirective
    rationale: str


@dataclass(frozen=True, slots=True)
class CloseTrades:
    """These groups are to be cancelled and these trades closed, exactly these; in an emergency all of the strategy."""

    confidence: Decimal
    trades: Sequence[TradeId]
    groups: Sequence[GroupId]
    execution_intent: ExecutionIntentDirective
    rationale: str
    is_emergency: bool = False


@dataclass(frozen=True, slots=True)
class MoveStop:
    """The stop of one trade is to stand elsewhere; `exit_` names it, and the target that stays."""

    trade_id: TradeId
    exit_: ExitDirective
    rationale: str


@dataclass(frozen=True, slots=True)
class Declined:
    """The strategy does not want it: the rule's short name, and the full sentence with the numbers."""

    rule: str
    reason: str


Decision = OpenTrade | CloseTrades | MoveStop | Declined
