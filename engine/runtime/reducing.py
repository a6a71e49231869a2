"""The batch that makes trades smaller by a share of what they hold, at a person's word."""

from collections.abc import Callable
from decimal import Decimal

from engine.contracts.causality import CausalityChain
from engine.contracts.directives import DirectiveScope
from engine.contracts.execution import ExecutionDirective, ExecutionDirectiveBatch, ExecutionGroup, ExecutionMode
from engine.contracts.intents import ExecutionAction, ExecutionIntent, ExecutionStyle
from engine.contracts.market import Instrument
from engine.contracts.orders import Trade
from engine.contracts.plans import SizePlan
from engine.contracts.specs import BatchTranslation, CexExecutionSpec, Translation
from engine.ports.clock import Clock
from engine.primitives.ids import BATCH, EXECUTION, GROUP, INTENT, SIZE, TICK, IdSource
from engine.primitives.money import ZERO, round_down_to_step


class ReductionBatch:
    """Gathers one part for each trade. A part names the size that is left, and no entry: it cannot raise anything.

    Args:
        ids: For all notes of the batch.
        clock: Engine time.
        instrument: Finds a market by its symbol.
    """

    def __init__(self, *, ids: IdSource, clock: Clock, instrument: Callable[[str], Instrument]) -> None:
        self._ids = ids
        self._clock = clock
        self._instrument = instrument
        self._cause = CausalityChain(flow_id=ids.next(TICK))
        self._parts: list[Translation] = []
        self.left_out: list[str] = []
        """Which trades are not in it, and why."""

    def shed(self, trade: Trade, *, share: Decimal, price: Decimal | None) -> None:
        """Add the part that closes a share of a trade, rounded down to whole lots.

        Args:
            trade: What holds something.
            share: Of what is held, between 0 and 1.
            price: The last one, quote per base; None when there is none.
        """
        market = self._instrument(trade.symbol)
        cut = round_down_to_step(trade.open_quantity * share, market.lot_step)
        if cut < market.least_quantity(price):
            what = f"{share:%} of {trade.open_quantity} {market.base} of {trade.trade_id}"
            self.left_out.append(f"{what} is less than the venue trades")
            return
        left, each = trade.open_quantity - cut, price or market.tick_size
        directive = ExecutionDirective(
            directive_id=self._ids.next(EXECUTION),
            strategy_id=trade.strategy_id,
            causality=self._cause,
            scope=DirectiveScope.MODIFY_EXISTING,
            size_plan=SizePlan(
                plan_id=self._ids.next(SIZE), position_size=left, position_value=left * each, risk_amount=ZERO
            ),
            execution_intent=ExecutionIntent(
                intent_id=self._ids.next(INTENT),
                action=ExecutionAction.CLOSE_POSITION,
                execution_urgency=Decimal(1),
                visibility_preference=Decimal(1),
                max_slippage_pct=Decimal(1),
            ),
            target_trade_ids=(trade.trade_id,),
        )
        group = ExecutionGroup(
            group_id=self._ids.next(GROUP),
            parent_directive_id=directive.directive_id,
            strategy_id=trade.strategy_id,
            execution_strategy=ExecutionStyle.SINGLE_ORDER,
            created_at=self._clock.now(),
        )
        spec = CexExecutionSpec(action=ExecutionAction.CLOSE_POSITION, max_slippage_bps=10_000)
        self._parts.append(Translation(directive=directive, spec=spec, group=group))

    def made(self, mode: ExecutionMode) -> BatchTranslation | None:
        """Return the batch; None when it has no part."""
        if not self._parts:
            return None
        batch = ExecutionDirectiveBatch(
            batch_id=self._ids.next(BATCH),
            directives=tuple(part.directive for part in self._parts),
            execution_mode=mode,
            rollback_on_failure=False,
            created_at=self._clock.now(),
        )
        return BatchTranslation(batch=batch, translations=tuple(self._parts))
