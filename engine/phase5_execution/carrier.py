"""One translated directive, carried out to the letter: a new trade, a change of trades, or their end."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, assert_never

from engine.contracts.base import trusted
from engine.contracts.directives import DirectiveScope
from engine.contracts.execution import ExecutionDirective
from engine.contracts.intents import ExecutionAction
from engine.contracts.orders import OrderRole, Trade, TradeStatus
from engine.contracts.plans import EntryPlan, ExitPlan, SizePlan
from engine.contracts.specs import Translation
from engine.phase5_execution.closing import Closing, reduce
from engine.phase5_execution.entries import EntryChildren
from engine.phase5_execution.order_desk import OrderDesk
from engine.phase5_execution.protection import Protection
from engine.phase5_execution.working import WorkingEntries
from engine.primitives.errors import InvariantBroken, LedgerMismatch, VenueRejected
from engine.primitives.ids import GroupId, TradeId
from engine.primitives.money import ZERO

_TRADE: Final = trusted(Trade)
CANCELS: Final = (ExecutionAction.CANCEL_ORDER, ExecutionAction.CANCEL_GROUP)


@dataclass(frozen=True, slots=True)
class Carried:
    """What was set in motion, in words, and what to watch. `opened` are new trades; `group_id` was used for orders."""

    text: str
    opened: Sequence[TradeId] = ()
    closing: Sequence[TradeId] = ()
    stopped: Sequence[GroupId] = ()
    group_id: GroupId | None = None


class DirectiveCarrier:
    """Checks a directive against the books and the guard, and carries it out."""

    def __init__(self, desk: OrderDesk, entries: WorkingEntries, protection: Protection, closing: Closing) -> None:
        self._desk = desk
        self._entries = entries
        self._protection = protection
        self._closing = closing

    def check(self, translation: Translation) -> None:
        """Refuse what could not be carried out; nothing is changed.

        Raises:
            VenueRejected: with `rule` and the numbers as facts.
        """
        directive = translation.directive
        match directive.scope:
            case DirectiveScope.NEW_TRADE:
                self._plan(translation)
            case DirectiveScope.MODIFY_EXISTING:
                for trade in self._targets(directive):
                    self._check_change(translation, trade)
            case DirectiveScope.CLOSE_EXISTING:
                self._targets(directive)
                self._check_groups(directive)
            case _:
                assert_never(directive.scope)

    def carry(self, translation: Translation) -> Carried:
        """Carry a directive out and return what was set in motion.

        Raises:
            VenueRejected: as in `check`; nothing has been changed then.
        """
        directive = translation.directive
        match directive.scope:
            case DirectiveScope.NEW_TRADE:
                return self._open(translation, self._plan(translation))
            case DirectiveScope.MODIFY_EXISTING:
                self.check(translation)
                return self._change(translation)
            case DirectiveScope.CLOSE_EXISTING:
                self.check(translation)
                return self._end(translation)
            case _:
                assert_never(directive.scope)

    def _plan(self, translation: Translation) -> EntryChildren:
        entry, size, _ = _plans(translation.directive)
        strategy_id = translation.directive.strategy_id
        return self._entries.plan(translation.spec, entry=entry, quantity=size.position_size, strategy_id=strategy_id)

    def _open(self, translation: Translation, children: EntryChildren) -> Carried:
        entry, size, exit_plan = _plans(translation.directive)
        trade = _TRADE(
            trade_id=self._desk.next_trade_id(),
            strategy_id=translation.directive.strategy_id,
            symbol=entry.symbol,
            direction=entry.direction,
            status=TradeStatus.PENDING,
            opened_at=self._desk.now,
            stop_loss_price=exit_plan.stop_loss_price,
            take_profit_price=exit_plan.take_profit_price,
        )
        group_id = translation.group.group_id
        self._desk.open_trade(trade, translation.group)
        self._entries.start(children, spec=translation.spec, trade=trade, group_id=group_id)
        count = len(children.drafts)
        how = children.drafts[0].order_type if count == 1 else f"{count} {children.drafts[0].order_type} orders"
        return Carried(
            f"{entry.direction} {size.position_size} {entry.symbol} as {how} in {group_id}",
            opened=(trade.trade_id,),
            group_id=group_id,
        )

    def _targets(self, directive: ExecutionDirective) -> list[Trade]:
        try:
            return [self._desk.ledger.get_trade(trade_id) for trade_id in directive.target_trade_ids]
        except LedgerMismatch as e:
            raise VenueRejected("a target trade is not in the books", rule="unknown trade", **e.facts) from e

    def _check_groups(self, directive: ExecutionDirective) -> None:
        try:
            for group_id in directive.target_group_ids:
                self._desk.ledger.get_group(group_id)
        except LedgerMismatch as e:
            raise VenueRejected("a target group is not in the books", rule="unknown group", **e.facts) from e

    def _check_change(self, translation: Translation, trade: Trade) -> None:
        directive = translation.directive
        if trade.status in (TradeStatus.CLOSED, TradeStatus.ABANDONED) or self._closing.is_closing(trade.trade_id):
            raise VenueRejected(
                "the trade is over or on its way out",
                rule="trade is over",
                trade_id=trade.trade_id,
                status=trade.status,
            )
        entry = directive.entry_plan
        if entry is not None and (entry.symbol != trade.symbol or entry.direction is not trade.direction):
            raise VenueRejected(
                "a change may not turn a trade over or move it to another market",
                rule="no flips",
                trade_id=trade.trade_id,
                trade=f"{trade.direction} {trade.symbol}",
                plan=f"{entry.direction} {entry.symbol}",
            )
        delta = self._delta(directive.size_plan, trade)
        if delta <= ZERO:
            return
        if entry is None:
            raise VenueRejected(
                "scaling in needs an entry plan", rule="no entry plan", trade_id=trade.trade_id, by=delta
            )
        self._entries.plan(translation.spec, entry=entry, quantity=delta, strategy_id=trade.strategy_id)

    def _delta(self, size: SizePlan | None, trade: Trade) -> Decimal:
        """Return target - current in base units: sizes in a change are absolute (decisions 4.4).

        What entries still may bring in counts as there.
        """
        if size is None:
            return ZERO
        coming = self._desk.working(trade.trade_id, role=OrderRole.ENTRY)
        return size.position_size - trade.open_quantity - sum((order.remaining_quantity for order in coming), ZERO)

    def _change(self, translation: Translation) -> Carried:
        said = [self._change_one(translation, trade) for trade in self._targets(translation.directive)]
        group_id = translation.group.group_id
        return Carried("; ".join(said), group_id=group_id if self._desk.is_recorded(group_id) else None)

    def _change_one(self, translation: Translation, trade: Trade) -> str:
        directive, desk = translation.directive, self._desk
        said = []
        exit_plan = directive.exit_plan
        if exit_plan is not None:
            stop, target = exit_plan.stop_loss_price, exit_plan.take_profit_price
            desk.note(desk.ledger.move_stop(trade.trade_id, stop_loss_price=stop, take_profit_price=target))
            said.append(f"moves the stop to {stop}" + (f" and the target to {target}" if target is not None else ""))
        delta = self._delta(directive.size_plan, trade)
        if delta > ZERO and directive.entry_plan is not None:
            children = self._entries.plan(
                translation.spec, entry=directive.entry_plan, quantity=delta, strategy_id=trade.strategy_id
            )
            group_id = desk.ensure_group(translation.group)
            self._entries.start(children, spec=translation.spec, trade=trade, group_id=group_id)
            said.append(f"adds {delta}")
        elif delta < ZERO:
            # What has not come in yet is given up first; only the rest has to be sold again.
            self._entries.stop_trade(trade.trade_id, reason="the trade is made smaller")
            surplus = trade.open_quantity - (directive.size_plan.position_size if directive.size_plan else ZERO)
            if reduce(desk, trade, surplus, group=translation.group) is not None:
                said.append(f"sheds {surplus}")
        self._protection.attend(desk.ledger.get_trade(trade.trade_id))
        return f"{trade.trade_id}: {', '.join(said) or 'nothing to change'}"

    def _end(self, translation: Translation) -> Carried:
        directive = translation.directive
        reason = f"{directive.execution_intent.action} of {directive.directive_id}"
        said = []
        for group_id in directive.target_group_ids:
            stopped = self._entries.stop_group(group_id, reason=reason)
            said.append(f"cancels {len(stopped)} entries of {group_id}")
        closing = []
        for trade in self._targets(directive):
            stopped = self._entries.stop_trade(trade.trade_id, reason=reason)
            if directive.execution_intent.action in CANCELS:
                said.append(f"cancels {len(stopped)} entries of {trade.trade_id}")
                continue
            self._closing.begin(trade, reason=reason, group=translation.group)
            if self._closing.is_closing(trade.trade_id):
                self._closing.attend(self._desk.ledger.get_trade(trade.trade_id))
                closing.append(trade.trade_id)
            said.append(f"closes {trade.open_quantity} of {trade.trade_id}")
        return Carried("; ".join(said), closing=closing, stopped=directive.target_group_ids)


def _plans(directive: ExecutionDirective) -> tuple[EntryPlan, SizePlan, ExitPlan]:
    if directive.entry_plan is None or directive.size_plan is None or directive.exit_plan is None:
        raise InvariantBroken("a new trade came without its plans", directive_id=directive.directive_id)
    return directive.entry_plan, directive.size_plan, directive.exit_plan
