"""A batch before anything is sent: what each part does to risk, what would undo it, and in which order they go."""

from collections.abc import Sequence
from typing import Final

from engine.contracts.base import trusted
from engine.contracts.batches import BatchLeg, Compensation, Guarantee, LegKind, TradeLevels
from engine.contracts.directives import DirectiveScope
from engine.contracts.execution import ExecutionDirective, ExecutionDirectiveBatch, ExecutionMode
from engine.contracts.orders import Trade
from engine.contracts.specs import Translation
from engine.phase5_execution.carrier import CANCELS
from engine.ports.ledger import LedgerReader
from engine.primitives.errors import LedgerMismatch

_LEG: Final = trusted(BatchLeg)
_RANK: Final = {LegKind.CANCEL: 0, LegKind.REDUCE: 1, LegKind.OPEN: 2, LegKind.MODIFY: 2}


def compiled(translation: Translation, ledger: LedgerReader) -> BatchLeg:
    """Return a part of a batch with what undoes it. Nothing is checked: a trade that is not in the books is left out."""
    directive = translation.directive
    kind = _kind_of(directive)
    trades = _known(directive, ledger) if kind is LegKind.MODIFY else []
    entry = directive.entry_plan
    size = directive.size_plan
    is_smaller = size is not None and any(trade.open_quantity > size.position_size for trade in trades)
    takes_back = kind.may_raise_risk and not is_smaller
    return _LEG(
        directive_id=directive.directive_id,
        kind=kind,
        compensation=Compensation.TAKE_BACK if takes_back else Compensation.STANDS,
        group_id=translation.group.group_id,
        symbol=entry.symbol if entry is not None else next((trade.symbol for trade in trades), None),
        direction=entry.direction if entry is not None else next((trade.direction for trade in trades), None),
        min_fill_ratio=directive.execution_intent.min_fill_ratio,
        trades=directive.target_trade_ids,
        groups=directive.target_group_ids,
        levels_before=tuple(
            TradeLevels(
                trade_id=trade.trade_id,
                stop_loss_price=trade.stop_loss_price,
                take_profit_price=trade.take_profit_price,
            )
            for trade in trades
            if directive.exit_plan is not None
        ),
    )


def _known(directive: ExecutionDirective, ledger: LedgerReader) -> list[Trade]:
    found = []
    for trade_id in directive.target_trade_ids:
        try:
            found.append(ledger.get_trade(trade_id))
        except LedgerMismatch:
            continue  # the admission refuses it, and says so
    return found


def _kind_of(directive: ExecutionDirective) -> LegKind:
    match directive.scope:
        case DirectiveScope.NEW_TRADE:
            return LegKind.OPEN
        case DirectiveScope.MODIFY_EXISTING:
            only_sheds = directive.entry_plan is None and directive.exit_plan is None
            return LegKind.REDUCE if only_sheds else LegKind.MODIFY
        case DirectiveScope.CLOSE_EXISTING:
            is_cancel = directive.execution_intent.action in CANCELS or not directive.target_trade_ids
            return LegKind.CANCEL if is_cancel else LegKind.REDUCE


def guarantee_of(legs: Sequence[BatchLeg]) -> Guarantee:
    """Return what all-or-nothing can mean for these parts together."""
    can_undo = all(leg.compensation is Compensation.TAKE_BACK for leg in legs)
    return Guarantee.COMPENSABLE if can_undo else Guarantee.ADMISSION_ONLY


def is_exit(batch: ExecutionDirectiveBatch) -> bool:
    """Tell whether a batch only reduces risk, each part for itself: then no part may hold up the others."""
    return batch.execution_mode is ExecutionMode.PARALLEL and all(
        not _kind_of(directive).may_raise_risk for directive in batch.directives
    )


def sending_order(mode: ExecutionMode, legs: Sequence[BatchLeg]) -> list[int]:
    """Return the positions in sending order: as given for SEQUENTIAL; else cancels, then closes, then the rest."""
    positions = list(range(len(legs)))
    return positions if mode is ExecutionMode.SEQUENTIAL else sorted(positions, key=lambda at: _RANK[legs[at].kind])
