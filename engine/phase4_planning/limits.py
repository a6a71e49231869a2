"""The directive's constraints, checked against the plans; a breach says its numbers (decisions 4.2)."""

from dataclasses import dataclass
from decimal import Decimal

from engine.contracts.directives import ExitDirective, StrategyDirective
from engine.contracts.intents import ExecutionIntent
from engine.contracts.orders import Trade
from engine.contracts.plans import EntryPlan, ExitPlan, SizePlan, exit_mistake


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that a plan breaks, and the full sentence with the numbers."""

    rule: str
    reason: str


def new_trade_breach(
    directive: StrategyDirective, *, entry: EntryPlan, size: SizePlan, exit_: ExitPlan, equity: Decimal
) -> Breach | None:
    """Return the first constraint of a NEW_TRADE directive that its plans break, or None.

    Args:
        directive: With its entry, size and exit parts.
        entry: What and where.
        size: How much.
        exit_: Where out.
        equity: Of the account, in quote.
    """
    wanted = directive.entry_directive
    if wanted is not None and (entry.symbol, entry.direction) != (wanted.symbol, wanted.direction):
        return Breach(
            "entry differs from directive",
            f"the entry plan is a {entry.direction} of {entry.symbol}, the directive wants a {wanted.direction} of {wanted.symbol}",
        )
    price = entry.expected_price
    # The risk is counted at the worst layer; the stop must be beyond the best one too, or it would be hit on the way in.
    for at in dict.fromkeys((price, entry.best_price)):
        mistake = exit_mistake(direction=entry.direction, entry_price=at, exit_plan=exit_)
        if mistake is not None:
            return Breach("exit on the wrong side", mistake)
    return _stop_breach(directive.exit_directive, price, exit_) or _risk_breach(directive, price, size, exit_, equity)


def _stop_breach(wanted: ExitDirective | None, price: Decimal, exit_: ExitPlan) -> Breach | None:
    if wanted is None:
        return None
    distance = abs(price - exit_.stop_loss_price) / price
    if distance <= wanted.stop_loss_tolerance:
        return None
    return Breach(
        "stop_loss_tolerance",
        f"the stop {exit_.stop_loss_price} is {distance:.4%} away from the entry at {price}; "
        f"at most {wanted.stop_loss_tolerance:.4%} is allowed",
    )


def _risk_breach(
    directive: StrategyDirective, price: Decimal, size: SizePlan, exit_: ExitPlan, equity: Decimal
) -> Breach | None:
    wanted = directive.size_directive
    if wanted is None:
        return None
    # The plan may count fees in, but it may not count less than the way to the stop.
    risk = max(size.risk_amount, size.position_size * abs(price - exit_.stop_loss_price))
    if wanted.max_risk_amount is not None and risk > wanted.max_risk_amount:
        return Breach(
            "max_risk_amount",
            f"{size.position_size} from {price} to the stop {exit_.stop_loss_price} risks {risk}; at most {wanted.max_risk_amount} is allowed",
        )
    if wanted.account_risk_pct is not None and risk > wanted.account_risk_pct * equity:
        return Breach(
            "account_risk_pct",
            f"{size.position_size} from {price} to the stop {exit_.stop_loss_price} risks {risk}; at most {wanted.account_risk_pct:.4%} "
            f"of the equity of {equity} is allowed, which is {wanted.account_risk_pct * equity}",
        )
    return None


def moved_exit_breach(wanted: ExitDirective, trade: Trade, exit_: ExitPlan) -> Breach | None:
    """Return why a trade's stop and target cannot move there, or None.

    The stop may stand on the winning side of the entry; on the losing side it stays within the tolerance.
    """
    stop, target, sign = exit_.stop_loss_price, exit_.take_profit_price, trade.direction.sign
    if target is not None and (target - stop) * sign <= 0:
        return Breach(
            "exit on the wrong side",
            f"the target {target} is not beyond the stop {stop} of the {trade.direction} {trade.trade_id}",
        )
    if not trade.entry_quantity:
        return None
    price = trade.entry_value / trade.entry_quantity
    return None if (price - stop) * sign <= 0 else _stop_breach(wanted, price, exit_)


def slippage_breach(directive: StrategyDirective, intent: ExecutionIntent) -> Breach | None:
    """Return why an intent may not be carried out at its price, or None."""
    wanted = directive.execution_intent_directive
    if wanted is None or intent.max_slippage_pct <= wanted.max_total_slippage_pct:
        return None
    return Breach(
        "max_total_slippage_pct",
        f"the intent allows a slippage of {intent.max_slippage_pct:.4%}; at most {wanted.max_total_slippage_pct:.4%} is allowed",
    )
