"""The books as lists: positions, orders, trades, fills and balances, each with its columns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, TypeVar

from engine.contracts.base import Direction
from engine.contracts.fees import quote_of
from engine.contracts.orders import (
    AccountSnapshot,
    Balance,
    Fill,
    Order,
    OrderStatus,
    Position,
    Trade,
    TradeStatus,
)
from gui.models.column import Column, greyed
from gui.theme import formats
from gui.theme.tokens import Tone
from gui.translation import translate

TickSizeOf = Callable[[str], Decimal]
"""The price step of a symbol, quote per base."""

NameOf = Callable[[str], str]
"""The name of a strategy by its id."""

PendingOf = Callable[[str], str]
"""What is waited for with an order or a group, by its id; nothing if nothing is."""

_INSTANT = "2026-01-05 12:00:00"
_ID = "ORD_20260105_120000_00000"


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
            translate("Positions", "Updated (UTC)"),
            lambda row: formats.instant_text(row.updated_at),
            sample=_INSTANT,
            exact=lambda row: row.updated_at,
        ),
    )


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """What one account has, all in its quote currency. `funding` is below zero when more was paid than received."""

    balance: Balance
    account: AccountSnapshot
    funding: Decimal


def balance_columns() -> Sequence[Column[BalanceRow]]:
    """Return the columns of balances."""
    return (
        Column(translate("Balances", "Currency"), lambda row: row.balance.currency, sample="USDT"),
        _money(translate("Balances", "Equity"), lambda row: row.account.equity),
        _money(translate("Balances", "Cash"), lambda row: row.balance.cash),
        _money(translate("Balances", "Reserved for orders"), lambda row: row.balance.reserved),
        _money(translate("Balances", "Free"), lambda row: row.balance.free),
        _money(translate("Balances", "Positions"), lambda row: row.account.positions_value),
        _result(translate("Balances", "Realised P&L"), lambda row: row.account.realised_pnl),
        _money(translate("Balances", "Fees"), lambda row: row.account.fees_paid),
        _result(translate("Balances", "Funding"), lambda row: row.funding),
        Column(
            translate("Balances", "Updated (UTC)"),
            lambda row: formats.instant_text(row.account.at),
            sample=_INSTANT,
            exact=lambda row: row.account.at,
        ),
    )


def order_columns(name_of: NameOf, tick_of: TickSizeOf, pending_of: PendingOf) -> Sequence[Column[Order]]:
    """Return the columns of orders."""
    columns: Sequence[Column[Order]] = (
        Column(
            translate("Orders", "Created (UTC)"),
            lambda row: formats.instant_text(row.created_at),
            sample=_INSTANT,
            exact=lambda row: row.created_at,
        ),
        Column(
            translate("Orders", "Status"),
            lambda row: pending_of(row.order_id) or formats.state_text(row.status),
            sort_key=lambda row: formats.state_text(row.status),
            tone=order_tone,
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
    return greyed(columns, lambda row: bool(pending_of(row.order_id)))


def trade_columns(name_of: NameOf, tick_of: TickSizeOf) -> Sequence[Column[Trade]]:
    """Return the columns of trades."""
    return (
        Column(
            translate("Trades", "Opened (UTC)"),
            lambda row: formats.instant_text(row.opened_at),
            sample=_INSTANT,
            exact=lambda row: row.opened_at,
        ),
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
        Column(
            translate("Fills", "Time (UTC)"),
            lambda row: formats.instant_text(row.filled_at),
            sample=_INSTANT,
            exact=lambda row: row.filled_at,
        ),
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
        Column(translate("Fills", "Paid in"), lambda row: row.fee_currency or quote_of(row.symbol), sample="USDT"),
        Column(translate("Fills", "Liquidity"), lambda row: formats.state_text(row.liquidity), sample="Maker"),
        Column(translate("Fills", "Order"), lambda row: row.order_id, sample=_ID),
    )


def average_entry(trade: Trade) -> Decimal | None:
    """Return what a trade was entered at on average (quote per base), or None before its first fill."""
    return trade.entry_value / trade.entry_quantity if trade.entry_quantity else None


def order_tone(order: Order) -> Tone | None:
    """Return the tone in which the status of an order is written."""
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
    return Column(header, lambda row: text(get(row)), sort_key=get, is_number=True, sample=sample, exact=get)


def _money(header: str, get: Callable[[R], Decimal | None]) -> Column[R]:
    return _number(header, get, formats.money_text, sample="10,000,000.00")


def _price(header: str, get: Callable[[S], Decimal | None], tick_of: TickSizeOf) -> Column[S]:
    return Column(
        header,
        lambda row: formats.price_text(get(row), tick_of(row.symbol)),
        sort_key=get,
        is_number=True,
        sample="60,000.00",
        exact=get,
    )


def _result(header: str, get: Callable[[R], Decimal | None]) -> Column[R]:
    return Column(
        header,
        lambda row: formats.signed_money_text(get(row)),
        sort_key=get,
        is_number=True,
        tone=lambda row: _sign_tone(get(row)),
        sample="+10,000.00",
        exact=get,
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
