"""Intent to simulation: fill model, latency and impact (decisions 5.4)."""

from decimal import Decimal
from typing import Final

from engine.config.policies import BacktestPolicy, CexPolicy
from engine.contracts.base import trusted
from engine.contracts.execution import ExecutionDirective
from engine.contracts.intents import ExecutionStyle
from engine.contracts.market import Instrument
from engine.contracts.specs import BacktestExecutionSpec, FillModel
from engine.phase4_planning.translation.family import ExecutionTranslator, TranslationTools
from engine.phase4_planning.translation.limits import slippage_bps
from engine.phase4_planning.translation.order_terms import terms_of
from engine.phase4_planning.translation.schedules import on_line
from engine.primitives.ids import GroupId
from engine.primitives.money import ONE, round_to_step

_execution_spec: Final = trusted(BacktestExecutionSpec)


class BacktestExecutionTranslator(ExecutionTranslator):
    """Chooses the order that an exchange would get, and how kindly the simulation treats it.

    Args:
        policy: Latency by urgency and impact by visibility, as points joined by straight lines.
        order_policy: The exchange's thresholds: a backtest sends the orders that live trading would send.
        tools: Instruments, ids and time.
    """

    def __init__(self, policy: BacktestPolicy, order_policy: CexPolicy, tools: TranslationTools) -> None:
        super().__init__(tools)
        self._policy = policy
        self._latency_by_urgency = [(at, Decimal(latency_ms)) for at, latency_ms in policy.latency_ms_by_urgency]
        self._order_policy = order_policy

    def _spec(
        self, directive: ExecutionDirective, instrument: Instrument | None, group_id: GroupId
    ) -> tuple[BacktestExecutionSpec, ExecutionStyle]:
        intent, policy = directive.execution_intent, self._policy
        terms = terms_of(
            directive, policy=self._order_policy, instrument=instrument, scheduling=self._scheduling(group_id)
        )
        latency = on_line(intent.execution_urgency, self._latency_by_urgency)
        spec = _execution_spec(
            action=intent.action,
            order_type=terms.order_type,
            time_in_force=terms.time_in_force,
            limit_price=terms.limit_price,
            stop_price=terms.stop_price,
            layers=terms.layers,
            chunk_count=terms.chunk_count,
            chunk_distribution=terms.chunk_distribution,
            chunk_shares=terms.chunk_shares,
            schedule_note=terms.schedule_note,
            fill_model=self._fill_model(intent.execution_urgency),
            latency_ms=int(round_to_step(latency, ONE)),
            impact_multiplier=on_line(intent.visibility_preference, policy.impact_by_visibility),
            max_slippage_bps=slippage_bps(intent.max_slippage_pct),
            price_bound=terms.price_bound,
            window_minutes=terms.window_minutes,
        )
        # Recorded bars show no book to hide from.
        return spec, ExecutionStyle.SINGLE_ORDER if terms.style is ExecutionStyle.ICEBERG else terms.style

    def _fill_model(self, urgency: Decimal) -> FillModel:
        if urgency > self._policy.immediate_above_urgency:
            return FillModel.IMMEDIATE
        if urgency < self._policy.impact_below_urgency:
            return FillModel.MARKET_IMPACT
        return FillModel.BAR_TOUCH
