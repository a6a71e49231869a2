"""When everything must go: a severe threat closes all trades of the strategy, and keeps new ones away for a while."""

from datetime import datetime
from decimal import Decimal

from pydantic import Field

from engine.contracts.directives import ExecutionIntentDirective
from engine.contracts.execution import ExecutionGroup, ExecutionGroupStatus
from engine.contracts.orders import OrderRole, Trade
from engine.contracts.signals import ThreatSignal
from engine.phase3_strategy.rules.cooldown import Cooldown
from engine.phase3_strategy.rules.decisions import CloseTrades, Declined
from engine.ports.ledger import LedgerReader
from engine.ports.worker import WorkerConfig
from engine.primitives.money import ONE
from engine.primitives.ratios import Fraction


class RiskControlTerms(WorkerConfig):
    """From when on a threat is an emergency, and what follows."""

    emergency_severity: Fraction = Field(
        default=Decimal("0.9"), description="Threats from this severity on close everything and block new trades."
    )
    emergency_slippage_pct: Decimal = Field(
        default=Decimal("0.05"),
        ge=0,
        lt=1,
        description="Largest slippage of an emergency exit, as a ratio of the price.",
    )


class RiskControlRule:
    """Tells an emergency, and knows what is still open of one strategy.

    Args:
        terms: When and how.
        strategy_id: Whose trades and groups; those of other strategies are never touched.
        ledger: For what is open.
        cooldown: For how long `refusal` says no after an emergency; None for a strategy that opens no trades.
    """

    def __init__(
        self, terms: RiskControlTerms, *, strategy_id: str, ledger: LedgerReader, cooldown: Cooldown | None = None
    ) -> None:
        self._terms = terms
        self._cooldown = cooldown
        self._strategy_id = strategy_id
        self._ledger = ledger

    def decide(self, threat: ThreatSignal | None, now: datetime) -> CloseTrades | None:
        """Return the order to close all that is open and not being closed already; None when there is no need.

        Every emergency starts the cool-down anew, also when all is flat.
        """
        if not self.is_emergency(threat) or threat is None:
            return None
        if self._cooldown is not None:
            self._cooldown.begin(now)
        trades, groups = self._still_open()
        if not trades and not groups:
            return None
        return CloseTrades(
            confidence=threat.severity,
            trades=[trade.trade_id for trade in trades],
            groups=[group.group_id for group in groups],
            execution_intent=ExecutionIntentDirective(
                execution_urgency=ONE, max_total_slippage_pct=self._terms.emergency_slippage_pct
            ),
            rationale=f"{threat.threat_type} with a severity of {threat.severity}",
            is_emergency=True,
        )

    def is_emergency(self, threat: ThreatSignal | None) -> bool:
        """Tell whether a threat is severe enough."""
        return threat is not None and threat.severity >= self._terms.emergency_severity

    def refusal(self, threat: ThreatSignal | None, now: datetime) -> Declined | None:
        """Return why no trade may be opened now, or None."""
        if threat is not None and self.is_emergency(threat):
            return Declined(
                "threat too severe",
                f"{threat.threat_type} has a severity of {threat.severity}; from {self._terms.emergency_severity} on no trade is opened",
            )
        calm_from = self._cooldown.ends_at if self._cooldown is not None else None
        if calm_from is not None and now < calm_from:
            return Declined(
                "cooling down", f"after an emergency no trade is opened before {calm_from:%Y-%m-%d %H:%M} UTC"
            )
        return None

    def _still_open(self) -> tuple[list[Trade], list[ExecutionGroup]]:
        strategy = self._strategy_id
        closing = [order for order in self._ledger.get_open_orders(strategy) if order.role is OrderRole.CLOSE]
        closing_trades = {order.trade_id for order in closing}
        # A group that works on an exit must go on: cancelling it would keep the position.
        closing_groups = {order.group_id for order in closing}
        trades = [trade for trade in self._ledger.get_open_trades(strategy) if trade.trade_id not in closing_trades]
        groups = [
            group
            for group in self._ledger.get_execution_groups(strategy_id=strategy)
            if not group.status.is_terminal
            and group.status is not ExecutionGroupStatus.CANCELLING
            and group.group_id not in closing_groups
        ]
        return trades, groups
