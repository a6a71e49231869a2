"""What a person asks of the session: each a typed command, pending until it is answered."""

import asyncio
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from PySide6.QtCore import QObject, Signal

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
    OrderClaim,
    PauseGroupCancelOrders,
    PauseGroupKeepOrders,
    PauseStrategy,
    ReduceAll,
    ResolveOrder,
    RestrictTrading,
    ResumeGroup,
    ResumeStrategy,
    TradingState,
)
from engine.contracts.execution import ExecutionMode
from engine.contracts.flatten import FlattenPart
from engine.ports.session import TradingSession
from engine.primitives.errors import EngineError
from engine.primitives.ids import GroupId, OrderId, TradeId, UserCommandId, instant_of
from gui.bridge.tasks import TaskKeeper


class SessionCommands(QObject):
    """Asks the session and hands on its answers.

    A command is shown as pending (`asked`) before the session sees it, on the next turn of the loop, and each gets
    exactly one answer (`answered`). ACCEPTED means that a venue has yet to answer: the ledger tells how it went on.
    """

    asked = Signal(object)  # Command
    answered = Signal(object, object)  # Command, CommandAnswer

    def __init__(self, session: TradingSession, tasks: TaskKeeper, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._tasks = tasks

    def cancel_group(self, group_id: GroupId) -> Command:
        """Ask to cancel all working orders of a group."""
        command_id, asked_at = self._birth()
        return self._ask(CancelGroup(command_id=command_id, asked_at=asked_at, group_id=group_id))

    def pause_group_keep_orders(self, group_id: GroupId) -> Command:
        """Ask to send no more slices of a group; its orders at the venue go on working."""
        command_id, asked_at = self._birth()
        return self._ask(PauseGroupKeepOrders(command_id=command_id, asked_at=asked_at, group_id=group_id))

    def pause_group_cancel_orders(self, group_id: GroupId) -> Command:
        """Ask to send no more slices of a group, and to cancel its entries at the venue."""
        command_id, asked_at = self._birth()
        return self._ask(PauseGroupCancelOrders(command_id=command_id, asked_at=asked_at, group_id=group_id))

    def resume_group(self, group_id: GroupId) -> Command:
        """Ask to go on with a paused group."""
        command_id, asked_at = self._birth()
        return self._ask(ResumeGroup(command_id=command_id, asked_at=asked_at, group_id=group_id))

    def cancel_order(self, order_id: OrderId) -> Command:
        """Ask to cancel one working order."""
        command_id, asked_at = self._birth()
        return self._ask(CancelOrder(command_id=command_id, asked_at=asked_at, order_id=order_id))

    def close_trade(self, trade_id: TradeId) -> Command:
        """Ask to cancel a trade's orders and close what is held of it."""
        command_id, asked_at = self._birth()
        return self._ask(CloseTrade(command_id=command_id, asked_at=asked_at, trade_id=trade_id))

    def flatten_all(self) -> Command:
        """Ask to latch against new risk, cancel everything, close everything and verify."""
        command_id, asked_at = self._birth()
        return self._ask(FlattenAll(command_id=command_id, asked_at=asked_at))

    def flatten_part(self, part: FlattenPart) -> Command:
        """Ask to latch against new risk, and to cancel, close and verify a part of the account."""
        command_id, asked_at = self._birth()
        return self._ask(FlattenAll(command_id=command_id, asked_at=asked_at, **_fields(part)))

    def cancel_all_orders(self, part: FlattenPart) -> Command:
        """Ask to cancel every entry of a part of the account; stops and targets stay."""
        command_id, asked_at = self._birth()
        return self._ask(CancelAllOrders(command_id=command_id, asked_at=asked_at, **_fields(part)))

    def reduce_all(self, part: FlattenPart, share: Decimal, mode: ExecutionMode) -> Command:
        """Ask to close a share, between 0 and 1, of every trade of a part of the account, as one batch."""
        command_id, asked_at = self._birth()
        asked = ReduceAll(command_id=command_id, asked_at=asked_at, share=share, mode=mode, **_fields(part))
        return self._ask(asked)

    def restrict_trading(self, state: Literal[TradingState.REDUCING, TradingState.HALTED], reason: str) -> Command:
        """Ask to allow less than now, with a reason for the journal."""
        command_id, asked_at = self._birth()
        asked = RestrictTrading(command_id=command_id, asked_at=asked_at, state=state, reason=reason)
        return self._ask(asked)

    def flatten_group(self, group_id: GroupId) -> Command:
        """Ask to latch against new risk, and to cancel and close what came of one group alone."""
        command_id, asked_at = self._birth()
        return self._ask(FlattenAll(command_id=command_id, asked_at=asked_at, groups=(group_id,)))

    def flatten_strategy(self, strategy_id: str) -> Command:
        """Ask to latch against new risk, and to cancel and close what is of one strategy alone."""
        command_id, asked_at = self._birth()
        return self._ask(FlattenAll(command_id=command_id, asked_at=asked_at, strategies=(strategy_id,)))

    def abort_flatten(self, reason: str) -> Command:
        """Ask to end a flatten before it is through; the latch stays.

        Args:
            reason: Why, in at least three characters; it goes into the journal.

        Raises:
            pydantic.ValidationError: the reason is shorter.
        """
        command_id, asked_at = self._birth()
        return self._ask(AbortFlatten(command_id=command_id, asked_at=asked_at, reason=reason))

    def resolve_order(
        self,
        order_id: OrderId,
        claim: OrderClaim,
        reason: str,
        venue_trade_id: str | None = None,
        price: Decimal | None = None,
    ) -> Command:
        """Ask to take a person's word for how an order in doubt ended.

        Args:
            order_id: The order that the venue's books do not settle.
            claim: What the venue's own pages show.
            reason: Why, in at least three characters; it goes into the journal.
            venue_trade_id: With FILLED alone: the venue's id of the execution.
            price: With FILLED alone: at which it executed, quote per base.

        Raises:
            pydantic.ValidationError: the reason is shorter, or the execution does not go with the claim.
        """
        command_id, asked_at = self._birth()
        return self._ask(
            ResolveOrder(
                command_id=command_id,
                asked_at=asked_at,
                order_id=order_id,
                claim=claim,
                reason=reason,
                venue_trade_id=venue_trade_id,
                price=price,
            )
        )

    def clear_latch(self, reason: str) -> Command:
        """Ask to allow new risk again.

        Args:
            reason: Why, in at least three characters; it goes into the journal.

        Raises:
            pydantic.ValidationError: the reason is shorter.
        """
        command_id, asked_at = self._birth()
        return self._ask(ClearLatch(command_id=command_id, asked_at=asked_at, reason=reason))

    def pause_strategy(self, strategy_id: str) -> Command:
        """Ask that a strategy opens no new trades."""
        command_id, asked_at = self._birth()
        return self._ask(PauseStrategy(command_id=command_id, asked_at=asked_at, strategy_id=strategy_id))

    def resume_strategy(self, strategy_id: str) -> Command:
        """Ask that a strategy trades again."""
        command_id, asked_at = self._birth()
        return self._ask(ResumeStrategy(command_id=command_id, asked_at=asked_at, strategy_id=strategy_id))

    def _birth(self) -> tuple[UserCommandId, datetime]:
        command_id = self._session.next_command_id()
        # Before the first tick the session has no market time; the id was given out by the engine's clock as well.
        return command_id, self._session.status.now or instant_of(command_id)

    def _ask(self, command: Command) -> Command:
        self.asked.emit(command)
        self._tasks.start(self._answer(command), name=f"{command.kind} {command.command_id}")
        return command

    async def _answer(self, command: Command) -> None:
        await asyncio.sleep(0)  # one turn of the loop, so that the pending state is on the screen first
        try:
            answer = self._session.ask(command)
        except EngineError as error:
            text = f"{error}: {error.consequence}"
            answer = CommandAnswer(command_id=command.command_id, status=CommandStatus.REFUSED, text=text)
        self.answered.emit(command, answer)


def _fields(part: FlattenPart) -> dict[str, Any]:
    """Return what a part names, for a command of that part."""
    return {"symbols": part.symbols, "strategies": part.strategies, "groups": part.groups}
