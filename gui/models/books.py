"""The books as lists: positions, orders, groups, trades and fills, each with its columns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, TypeVar

from engine.contracts.base import Direction
from engine.contracts.execution import ExecutionGroup, ExecutionGroupStatus
from engine.contracts.orders import Fill, Order, OrderRole, OrderStatus, Position, Trade, TradeStatus
from engine.contracts.schedules import GroupPlan, GroupProgress
from gui.models.table import Column
from gui.theme import formats
from gui.theme.tokens import Tone
from gui.translation import translate

TickSizeOf = Callable[[str], Decimal]
"""The price step of a symbol, quote per base."""

NameOf = Callable[[str], str]
"""The name of a strategy by its id."""

_INSTANT = "2026-01-05 12:00:00"
_ID = "ORD_20260105_120000_00000"


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group together with its orders, as far as the window has seen them."""

    group: ExecutionGroup
    orders: tuple[Order, ...]
    plan: GroupPlan | None = None
    fills: tuple[Fill, ...] = ()

    @property
    def progress(self) -> GroupProgress | None:
        """Planned against done; None for a group that brought no entry."""
        return None if self.plan is None else GroupProgress(self.plan, orders=self.orders, fills=self.fills)

    @property
    def is_paused(self) -> bool:
        """Whether its slices wait for a person."""
        return self.may_be_cancelled and self.plan is not None and self.plan.pause is not None

    @property
    def may_be_paused(self) -> bool:
        """Whether slices of it are still to be sent, and nobody has paused it."""
        progress = self.progress
        return self.may_be_cancelled and not self.is_paused and progress is not None and progress.unsent > 0

    @property
    def leading(self) -> tuple[Order, ...]:
        """The orders that the group is there for: entries or closes, not what protects them."""
        main = tuple(order for order in self.orders if order.role in (OrderRole.ENTRY, OrderRole.CLOSE))
        return main or self.orders

    @property
    def quantity(self) -> Decimal:
        """What is to be filled, base units: of a plan what was asked, for its orders may have been planned again."""
        return (
            self.plan.quantity if self.plan is not None else sum((order.quantity for order in self.leading), Decimal(0))
        )

    @property
    def filled(self) -> Decimal:
        """What has been filled of it, base units."""
        return sum((order.filled_quantity for order in self.leading), Decimal(0))

    @property
    def working(self) -> int:
        """How many of its orders are not done."""
        return sum(not order.is_terminal for order in self.orders)

    @property
    def may_be_cancelled(self) -> bool:
        """Whether something is still to come of it. Stop and target of a completed entry are not cancelled with it."""
        return not self.group.status.is_terminal and self.group.status is not ExecutionGroupStatus.CANCELLING


def position_columns(name_of: NameOf, tick_of: TickSizeOf) -> Sequence[Column[Position]]:
    """Return the columns of what is held."""
    return (
        Column(translate("Positions", "Strategy"), lambda row: name_of(row.strategy_id), sample="Demo momentum BTC"),
        Column(translate("Positions", "Symbol"), lambda row: row.symbol, sample="BTC/USDT"),
        Column(
            translate("Positions", "Side"),
            lambda row: formats.position_side_text(row.quantity),
            tone=lambda row: _sign_tone(row.quantity),
            sample="▼ Short",
        ),
        _number(translate("Positions", "Quantity"), lambda row: row.quantity, formats.quantity_text, sample="-0.00000"),
        _price(translate("Positions", "Average price"), lambda row: row.average_price, tick_of),
        _price(translate("Positions", "Mark"), lambda row: row.mark_price, tick_of),
        _result(translate("Positions", "Open P&L"), lambda row: row.open_pnl),
        _result(translate("Positions", "Realised P&L"), lambda row: row.realised_pnl),
        _number(translate("Positions", "Fees"), lambda row: row.fees_paid, formats.money_text, sample="1,000.00"),
        Column(
            translate("Positions", "Updated (UTC)"), lambda row: formats.instant_text(row.updated_at), sample=_INSTANT
        ),
    )


def order_columns(name_of: NameOf, tick_of: TickSizeOf) -> Sequence[Column[Order]]:
    """Return the columns of orders."""
    return (
        Column(translate("Orders", "Created (UTC)"), lambda row: formats.instant_text(row.created_at), sample=_INSTANT),
        Column(
            translate("Orders", "Status"),
            lambda row: formats.state_text(row.status),
            tone=_order_tone,
            sample="Partially filled",
        ),
        Column(translate("Orders", "Symbol"), lambda row: row.symbol, sample="BTC/USDT"),
        _side_column(translate("Orders", "Side"), lambda row: row.direction),
        Column(translate("Orders", "Role"), lambda row: formats.state_text(row.role), sample="Take profit"),
        Column(translate("Orders", "Type"), lambda row: formats.state_text(row.order_type), sample="Stop market"),
        _number(translate("Orders", "Quantity"), lambda row: row.quantity, formats.quantity_text, sample="0.00000"),
        _number(
            translate("Orders", "Filled"), lambda row: row.filled_quantity, formats.quantity_text, sample="0.00000"
        ),
        _price(translate("Orders", "Limit"), lambda row: row.limit_price, tick_of),
        _price(translate("Orders", "Stop"), lambda row: row.stop_price, tick_of),
        _price(translate("Orders", "Average fill"), lambda row: row.average_fill_price, tick_of),
        Column(translate("Orders", "Strategy"), lambda row: name_of(row.strategy_id), sample="Demo momentum BTC"),
        Column(translate("Orders", "Reason"), lambda row: row.reason, sample="cancelled with its group"),
        Column(translate("Orders", "Order"), lambda row: row.order_id, sample=_ID),
    )


def group_columns(name_of: NameOf) -> Sequence[Column[GroupRow]]:
    """Return the columns of execution groups."""
    return (
        Column(
            translate("Groups", "Created (UTC)"),
            lambda row: formats.instant_text(row.group.created_at),
            sample=_INSTANT,
        ),
        Column(translate("Groups", "Strategy"), lambda row: name_of(row.group.strategy_id), sample="Demo momentum BTC"),
        Column(
            translate("Groups", "Status"),
            _group_state,
            tone=lambda row: Tone.WARNING if row.is_paused else _GROUP_TONES.get(row.group.status),
            sample="Partially filled",
        ),
        Column(
            translate("Groups", "Style"),
            lambda row: formats.state_text(row.group.execution_strategy),
            sample="Single order",
        ),
        Column(
            translate("Groups", "Filled / quantity"),
            lambda row: f"{formats.quantity_text(row.filled)} / {formats.quantity_text(row.quantity)}",
            sort_key=lambda row: row.filled,
            is_number=True,
            sample="0.00000 / 0.00000",
        ),
        Column(
            translate("Groups", "Average price"),
            lambda row: formats.price_text(_average_of(row)),
            sort_key=lambda row: _average_of(row) or Decimal(0),
            is_number=True,
            sample="100,000.00",
        ),
        Column(
            translate("Groups", "Shortfall (bps)"),
            lambda row: formats.decimal_text(_shortfall_of(row), 1),
            sort_key=lambda row: _shortfall_of(row) or Decimal(0),
            is_number=True,
            tooltip=lambda _row: translate(
                "Groups", "What was paid more than the price the entry was planned against; below zero it was cheaper"
            ),
        ),
        Column(translate("Groups", "Next slice (UTC)"), _next_slice, sample=_INSTANT),
        Column(
            translate("Groups", "Working orders"),
            lambda row: f"{row.working} of {len(row.orders)}",
            sort_key=lambda row: row.working,
            is_number=True,
        ),
        Column(translate("Groups", "Group"), lambda row: row.group.group_id, sample=_ID),
    )


def _group_state(row: GroupRow) -> str:
    return translate("Groups", "Paused") if row.is_paused else formats.state_text(row.group.status)


def _average_of(row: GroupRow) -> Decimal | None:
    average = None if row.progress is None else row.progress.average_price
    return None if average is None else average.quantize(Decimal("0.01"))


def _shortfall_of(row: GroupRow) -> Decimal | None:
    return None if row.progress is None else row.progress.shortfall_bps


def _next_slice(row: GroupRow) -> str:
    if row.is_paused:
        return translate("Groups", "when resumed")
    progress = row.progress
    return "" if progress is None or progress.next_due_at is None else formats.instant_text(progress.next_due_at)


def trade_columns(name_of: NameOf, tick_of: TickSizeOf) -> Sequence[Column[Trade]]:
    """Return the columns of trades."""
    return (
        Column(translate("Trades", "Opened (UTC)"), lambda row: formats.instant_text(row.opened_at), sample=_INSTANT),
        Column(
            translate("Trades", "Status"),
            lambda row: formats.state_text(row.status),
            tone=lambda row: Tone.RISE if row.status is TradeStatus.OPEN else None,
            sample="Abandoned",
        ),
        Column(translate("Trades", "Symbol"), lambda row: row.symbol, sample="BTC/USDT"),
        _side_column(translate("Trades", "Side"), lambda row: row.direction),
        _number(
            translate("Trades", "Quantity"), lambda row: row.entry_quantity, formats.quantity_text, sample="0.00000"
        ),
        _price(translate("Trades", "Entry"), average_entry, tick_of),
        _price(translate("Trades", "Stop"), lambda row: row.stop_loss_price, tick_of),
        _price(translate("Trades", "Target"), lambda row: row.take_profit_price, tick_of),
        _result(translate("Trades", "Result"), lambda row: row.realised_pnl),
        Column(translate("Trades", "Exit"), lambda row: formats.state_text(row.exit_reason), sample="Take profit"),
        Column(translate("Trades", "Strategy"), lambda row: name_of(row.strategy_id), sample="Demo momentum BTC"),
        Column(translate("Trades", "Trade"), lambda row: row.trade_id, sample=_ID),
    )


def fill_columns(tick_of: TickSizeOf) -> Sequence[Column[Fill]]:
    """Return the columns of executions."""
    return (
        Column(translate("Fills", "Time (UTC)"), lambda row: formats.instant_text(row.filled_at), sample=_INSTANT),
        Column(translate("Fills", "Symbol"), lambda row: row.symbol, sample="BTC/USDT"),
        _side_column(translate("Fills", "Side"), lambda row: row.direction),
        Column(translate("Fills", "Role"), lambda row: formats.state_text(row.role), sample="Take profit"),
        _price(translate("Fills", "Price"), lambda row: row.price, tick_of),
        _number(translate("Fills", "Quantity"), lambda row: row.quantity, formats.quantity_text, sample="0.00000"),
        _number(
            translate("Fills", "Value"), lambda row: row.price * row.quantity, formats.money_text, sample="10,000.00"
        ),
        _number(
            translate("Fills", "Fee"), lambda row: row.fee, lambda fee: formats.decimal_text(fee, 4), sample="10.0000"
        ),
        Column(translate("Fills", "Liquidity"), lambda row: formats.state_text(row.liquidity), sample="Maker"),
        Column(translate("Fills", "Order"), lambda row: row.order_id, sample=_ID),
    )


def average_entry(trade: Trade) -> Decimal | None:
    """Return what a trade was entered at on average (quote per base), or None before its first fill."""
    return trade.entry_value / trade.entry_quantity if trade.entry_quantity else None


_GROUP_TONES = {
    ExecutionGroupStatus.ACTIVE: Tone.ACCENT,
    ExecutionGroupStatus.PARTIALLY_FILLED: Tone.ACCENT,
    ExecutionGroupStatus.COMPLETED: Tone.RISE,
    ExecutionGroupStatus.CANCELLING: Tone.WARNING,
    ExecutionGroupStatus.FAILED: Tone.FALL,
    ExecutionGroupStatus.CANCELLED: Tone.MUTED,
}


def _order_tone(order: Order) -> Tone | None:
    match order.status:
        case OrderStatus.FILLED:
            return Tone.RISE
        case OrderStatus.REJECTED | OrderStatus.UNKNOWN:
            return Tone.FALL
        case OrderStatus.CANCEL_PENDING:
            return Tone.WARNING
        case OrderStatus.CANCELLED | OrderStatus.EXPIRED:
            return Tone.MUTED
        case _:
            return Tone.ACCENT


class _HasSymbol(Protocol):
    @property
    def symbol(self) -> str: ...


R = TypeVar("R")
S = TypeVar("S", bound=_HasSymbol)


def _number(
    header: str, get: Callable[[R], Decimal | None], text: Callable[[Decimal | None], str], *, sample: str
) -> Column[R]:
    return Column(header, lambda row: text(get(row)), sort_key=get, is_number=True, sample=sample)


def _price(header: str, get: Callable[[S], Decimal | None], tick_of: TickSizeOf) -> Column[S]:
    return Column(
        header,
        lambda row: formats.price_text(get(row), tick_of(row.symbol)),
        sort_key=get,
        is_number=True,
        sample="60,000.00",
    )


def _result(header: str, get: Callable[[R], Decimal | None]) -> Column[R]:
    return Column(
        header,
        lambda row: formats.signed_money_text(get(row)),
        sort_key=get,
        is_number=True,
        tone=lambda row: _sign_tone(get(row)),
        sample="+10,000.00",
    )


def _side_column(header: str, get: Callable[[R], Direction]) -> Column[R]:
    return Column(
        header,
        lambda row: formats.side_text(get(row)),
        tone=lambda row: Tone.RISE if get(row) is Direction.BUY else Tone.FALL,
        sample="▼ Sell",
    )


def _sign_tone(amount: Decimal | None) -> Tone | None:
    if not amount:
        return None
    return Tone.RISE if amount > 0 else Tone.FALL
