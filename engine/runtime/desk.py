"""What a person may ask of a running engine, carried out one command at a time."""

from engine.contracts.batches import BatchStatus
from engine.contracts.commands import (
    PAUSED_BY_USER,
    CancelAllOrders,
    CommandStatus,
    ReduceAll,
    ResolveOrderRequest,
    TradingState,
)
from engine.contracts.flatten import FlattenPart, FlattenRequest
from engine.contracts.orders import OrderRole, Trade
from engine.phase5_execution.guard import OrderGuard
from engine.phase5_execution.handler import ExecutionAnswer
from engine.primitives.ids import GroupId, OrderId, TradeId
from engine.runtime.engine import Engine
from engine.runtime.reducing import ReductionBatch

Answer = tuple[CommandStatus, str]


class Desk:
    """Turns commands into calls on the engine; each answers in words for people.

    Nothing here looks at a risk rule: whatever reduces risk goes through (decisions 6.5).

    Args:
        engine: The running engine.
        guard: Keeps a paused strategy from new risk, also that of orders which are still to be sent.
    """

    def __init__(self, engine: Engine, guard: OrderGuard) -> None:
        self._engine = engine
        self._guard = guard

    def pause_strategy(self, strategy_id: str) -> Answer:
        """Let a strategy decide nothing; its orders and stops go on working."""
        strategy = self._engine.strategies.get(strategy_id)
        if strategy is None:
            return CommandStatus.REFUSED, f"There is no strategy {strategy_id}. {self._known()}"
        strategy.pause(PAUSED_BY_USER)
        self._guard.pause(strategy_id)
        return CommandStatus.DONE, f"{strategy_id} opens no new trades. Its orders and stops go on working."

    def resume_strategy(self, strategy_id: str) -> Answer:
        """Let a strategy decide again."""
        strategy = self._engine.strategies.get(strategy_id)
        if strategy is None:
            return CommandStatus.REFUSED, f"There is no strategy {strategy_id}. {self._known()}"
        strategy.resume()
        self._guard.resume(strategy_id)
        return CommandStatus.DONE, f"{strategy_id} trades again."

    def cancel_group(self, group_id: GroupId) -> Answer:
        """Cancel what is still to come of a group."""
        return self._answer(self._engine.handler.cancel_group(group_id))

    def pause_group(self, group_id: GroupId, *, cancels: bool) -> Answer:
        """Send no more slices of a group; `cancels` takes back what works of it as well."""
        done = CommandStatus.ACCEPTED if cancels else CommandStatus.DONE
        return self._answer(self._engine.handler.pause_group(group_id, cancels=cancels), done=done)

    def resume_group(self, group_id: GroupId) -> Answer:
        """Go on with a paused group."""
        return self._answer(self._engine.handler.resume_group(group_id))

    def cancel_order(self, order_id: OrderId) -> Answer:
        """Cancel one working entry."""
        return self._answer(self._engine.handler.cancel_order(order_id))

    def close_trade(self, trade_id: TradeId) -> Answer:
        """Cancel a trade's entries and close what is held of it."""
        return self._answer(self._engine.handler.close_trade(trade_id, reason="asked by the user"))

    def flatten(self, asked: FlattenRequest) -> Answer:
        """Latch against new risk, cancel what is named, close it; everything when nothing is named.

        Refused when a strategy or group is not known, because "flat" would be said of the wrong thing.

        Raises:
            PlanError: a symbol is not traded; nothing was done, for the same reason.
        """
        strange = self._strange_in(asked)
        if strange:
            return CommandStatus.REFUSED, strange
        job = self._engine.handler.flatten(
            asked.symbols, strategies=asked.strategies, groups=asked.groups, asked_by=asked.asked_by
        )
        self._engine.settle()
        return CommandStatus.ACCEPTED, (self._engine.handler.flatten_job or job).text

    def cancel_all(self, asked: CancelAllOrders) -> Answer:
        """Cancel the entries of a part of the account and stop their schedules; stops and targets go on working.

        Raises:
            PlanError: a symbol is not traded; nothing was done.
        """
        strange = self._strange_in(asked)
        if strange:
            return CommandStatus.REFUSED, strange
        groups = dict.fromkeys(
            order.group_id
            for order in self._engine.ledger.get_open_orders()
            if order.role is OrderRole.ENTRY
            and asked.covers(symbol=order.symbol, strategy_id=order.strategy_id, group_id=order.group_id)
        )
        answers = [self._engine.handler.cancel_group(group_id) for group_id in groups]
        self._engine.settle()
        if not any(answer.is_accepted for answer in answers):
            return CommandStatus.REFUSED, f"No entry works in {asked.words}: there is nothing to cancel."
        said = "; ".join(answer.text for answer in answers)
        return CommandStatus.ACCEPTED, f"{said}. Strategies may place new orders."

    def reduce_all(self, asked: ReduceAll) -> Answer:
        """Close a share of every trade of a part of the account, as one batch that never raises a position.

        Raises:
            PlanError: a symbol is not traded; nothing was done.
        """
        strange = self._strange_in(asked)
        if strange:
            return CommandStatus.REFUSED, strange
        engine = self._engine
        batch = ReductionBatch(ids=engine.ids, clock=engine.clock, instrument=engine.prices.instrument)
        for trade in self._trades_in(asked):
            batch.shed(trade, share=asked.share, price=self._guard.last_price(trade.symbol))
        made = batch.made(asked.mode)
        if made is None:
            why = "; ".join(batch.left_out) or "nothing is held there"
            return CommandStatus.REFUSED, f"Nothing of {asked.words} was reduced: {why}."
        engine.handler.on_batch_translation_complete(made)
        engine.settle()
        report = engine.handler.batch_progress(made.batch.batch_id)
        said = "; ".join([leg.text for leg in report.legs if leg.text] + batch.left_out)
        status = CommandStatus.REFUSED if report.status is BatchStatus.REFUSED else CommandStatus.ACCEPTED
        return status, f"{report.batch_id} ({report.mode}) is {report.status}: {said}."

    def restrict(self, state: TradingState, reason: str) -> Answer:
        """Latch trading by hand to something more careful than it is."""
        now = self._guard.state
        if now is state or now is TradingState.HALTED:
            text = f"Trading is {now} already: {self._guard.reason}. Only Resume trading allows more, with a reason."
            return CommandStatus.REFUSED, text
        self._guard.latch(state, reason)
        working = sum(order.role is OrderRole.ENTRY for order in self._engine.ledger.get_open_orders())
        still = f" {working} entries are at work and may still fill: cancel them if they shall not." if working else ""
        return CommandStatus.DONE, f"Trading is {state}: no new risk until a person resumes it.{still}"

    def _strange_in(self, asked: FlattenPart) -> str:
        """Return what of a part of the account is not known here, in words; empty when all is.

        Raises:
            PlanError: a symbol is not traded.
        """
        for symbol in asked.symbols:
            self._engine.prices.instrument(symbol)
        unknown = [name for name in asked.strategies if name not in self._engine.strategies]
        if unknown:
            return f"There is no strategy {', '.join(unknown)}. {self._known()}"
        groups = {group.group_id for group in self._engine.ledger.get_execution_groups()}
        strange = [group_id for group_id in asked.groups if group_id not in groups]
        return f"There is no group {', '.join(strange)}: the groups panel lists them." if strange else ""

    def _trades_in(self, asked: FlattenPart) -> list[Trade]:
        ledger = self._engine.ledger
        chosen = {
            ledger.get_order(order_id).trade_id
            for group_id in asked.groups
            for order_id in ledger.get_group(group_id).order_ids
        }
        part = asked.model_copy(update={"groups": ()})
        return [
            trade
            for trade in ledger.get_open_trades()
            if trade.open_quantity
            and (not asked.groups or trade.trade_id in chosen)
            and part.covers(symbol=trade.symbol, strategy_id=trade.strategy_id, group_id=None)
        ]

    def abort_flatten(self, reason: str) -> Answer:
        """End a flatten before it is through; the latch stays."""
        return self._answer(self._engine.handler.abort_flatten(reason), done=CommandStatus.DONE)

    def resolve_order(self, asked: ResolveOrderRequest) -> Answer:
        """Take a person's word for how an order ended that the venue's books do not settle."""
        return self._answer(self._engine.handler.resolve_order(asked), done=CommandStatus.DONE)

    def clear_latch(self, reason: str) -> Answer:
        """Allow new risk again."""
        return self._answer(self._engine.handler.clear_latch(reason), done=CommandStatus.DONE)

    def _answer(self, answer: ExecutionAnswer, *, done: CommandStatus = CommandStatus.ACCEPTED) -> Answer:
        self._engine.settle()
        return (done if answer.is_accepted else CommandStatus.REFUSED), answer.text

    def _known(self) -> str:
        return f"Known: {', '.join(sorted(self._engine.strategies))}."
