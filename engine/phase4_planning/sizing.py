"""How much a trade may be, given what it may lose: one arithmetic for all sizers that think in risk."""

from abc import abstractmethod
from decimal import Decimal
from typing import Final, TypeVar

from pydantic import Field

from engine.contracts.base import Direction, trusted
from engine.contracts.directives import EntryDirective, SizeDirective, StrategyDirective
from engine.contracts.market import Instrument, InstrumentKind
from engine.contracts.orders import OrderRole
from engine.contracts.plans import SizePlan
from engine.phase4_planning.planners import BaseSizePlanner
from engine.phase4_planning.stops import planned_stop_price
from engine.ports.ledger import LedgerReader
from engine.ports.worker import WorkerConfig, WorkerTools
from engine.primitives.errors import PlanError, PluginError
from engine.primitives.ids import SIZE
from engine.primitives.money import ZERO, round_down_to_step

_size_plan: Final = trusted(SizePlan)


class RiskSizeConfig(WorkerConfig):
    """What every sizer that thinks in risk can be told."""

    cash_buffer_pct: Decimal = Field(
        default=Decimal("0.005"), ge=0, lt=1, description="Buying power kept back for slippage, as a ratio of it."
    )


RiskConfigT = TypeVar("RiskConfigT", bound=RiskSizeConfig)


class BaseRiskSizer(BaseSizePlanner[RiskConfigT]):
    """Buys as much as loses a share of equity when the stop is hit, fees of both sides included.

    A plugin says the share in `risk_pct`. The directive's hard limits hold it, the size is rounded down to the lot, and
    all positions and working entries together, long and short, never cost more than the equity: there is no leverage.
    The proceeds of a short sale are in the cash, and are owed. Slippage beyond the stop is not included.

    Raises:
        PluginError: the manifest does not ask for ledger_reading.
    """

    def __init__(self, config: RiskConfigT, tools: WorkerTools) -> None:
        super().__init__(config, tools)
        if tools.ledger is None:
            raise PluginError(f"{type(self).__name__} reads the ledger: its manifest asks for ledger_reading")
        self.ledger: LedgerReader = tools.ledger

    @abstractmethod
    def risk_pct(self, directive: StrategyDirective) -> Decimal:
        """Return what a trade may lose, as a ratio of equity (0.01 = 1 %).

        Raises:
            PlanError: nothing may be risked.
        """

    def plan(self, directive: StrategyDirective) -> SizePlan:
        """Return the size.

        Raises:
            PlanError: the size would be below what the market takes, or the market cannot be sold short.
        """
        entry, wanted = directive.entry_directive, directive.size_directive
        if entry is None or wanted is None:
            raise PlanError("a new trade needs an entry and a size directive", directive=directive.directive_id)
        market = self.tools.market.instrument(entry.symbol)
        _require_short_selling(entry, market)
        price, stop = entry.reference_price, planned_stop_price(directive, market)
        loss_per_unit = abs(price - stop) + (price + stop) * market.taker_fee
        affordable = self._buying_power() * (1 - self.config.cash_buffer_pct) / (price * (1 + market.taker_fee))
        risk = self._risk_quote(wanted, self.risk_pct(directive))
        size = round_down_to_step(min(risk / loss_per_unit, affordable), market.lot_step)
        if size < market.least_quantity(price):
            raise PlanError(
                "the size is below what the market takes",
                size=size,
                value=size * price,
                min_quantity=market.min_quantity,
                min_notional=market.min_notional,
            )
        return _size_plan(
            plan_id=self.tools.ids.next(SIZE),
            position_size=size,
            position_value=size * price,
            risk_amount=size * loss_per_unit,
        )

    def _buying_power(self) -> Decimal:
        """Return the equity that is not at work yet, in quote, and never more than the free cash."""
        ledger = self.ledger
        at_work = sum((abs(held.quantity) * (held.mark_price or ZERO) for held in ledger.get_open_positions()), ZERO)
        for order in ledger.get_open_orders():
            if order.role is OrderRole.ENTRY:
                price = order.limit_price or order.stop_price or self.tools.market.last_price(order.symbol)
                at_work += order.remaining_quantity * price
        return min(ledger.get_balance().free, ledger.get_account().equity - at_work)

    def _risk_quote(self, wanted: SizeDirective, risk_pct: Decimal) -> Decimal:
        """Return what may be lost, in quote: the share of equity, or less where the directive says so."""
        equity = self.ledger.get_account().equity
        risk = equity * risk_pct
        if wanted.account_risk_pct is not None:
            risk = min(risk, equity * wanted.account_risk_pct)
        return risk if wanted.max_risk_amount is None else min(risk, wanted.max_risk_amount)


def _require_short_selling(entry: EntryDirective, market: Instrument) -> None:
    may_sell = market.may_short or market.kind is InstrumentKind.PERPETUAL
    if entry.direction is Direction.SELL and not may_sell:
        raise PlanError("this market cannot be sold short", symbol=market.symbol)
