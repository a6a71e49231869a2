"""The cash of one account, what its positions are worth, and how high it ever stood."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import reduce
from typing import Final

from engine.contracts.base import trusted
from engine.contracts.orders import AccountSnapshot
from engine.ledger.accounting import EXACT, value_of
from engine.ports.ledger import Worth
from engine.primitives.money import ZERO
from engine.primitives.timeframes import datetime_from_ns, ns_from_datetime

_SNAPSHOT: Final = trusted(AccountSnapshot)


class Account:
    """Counts cash from executions and funding payments alone, and values positions at their last marks.

    Fees in other currencies are counted in these. They are worth what their market with the account's currency says
    when the positions are valued; without such a market they are left out of the equity, and named.

    All amounts are in quote, and exact.
    Reading is cheap enough for every bar: nothing is computed again until something changes.

    Args:
        currency: The quote currency of the account.
        starting_cash: What was there at the start.
        at: When that was.
        last_price: Gives the mark of a symbol of which nothing is held, quote per base; None if it knows none.
    """

    def __init__(
        self, *, currency: str, starting_cash: Decimal, at: datetime, last_price: Callable[[str], Decimal | None]
    ) -> None:
        self.currency = currency
        self.cash = starting_cash
        self.peak_equity = starting_cash
        self.funding = ZERO
        self._fees = ZERO
        self._fees_in: dict[str, Decimal] = {}
        self._balances: dict[str, Decimal] = {}
        self._realised = ZERO
        self._value = ZERO
        self._net: dict[str, Decimal] = {}
        self._marks: dict[str, Decimal] = {}
        self._at_ns = ns_from_datetime(at)
        self._last_price = last_price
        self._snapshot: AccountSnapshot | None = None

    def go_on(
        self,
        *,
        cash: Decimal,
        funding: Decimal,
        peak_equity: Decimal,
        fees: Decimal,
        realised: Decimal,
        held: Mapping[str, tuple[Decimal, Decimal]],
        fees_in: Mapping[str, Decimal],
        balances: Mapping[str, Decimal],
        at: datetime,
    ) -> None:
        """Stand as an account stood before: all that was counted so far.

        Args:
            cash: What was there.
            funding: The sum of all funding payments.
            peak_equity: The highest equity that was seen.
            fees: The sum of all fees in quote.
            realised: The sum of all results, before fees.
            held: Net quantity (base units) and last mark (quote per base) of each market that is not flat.
            fees_in: The sums of all fees in other currencies.
            balances: What fees did to balances that are neither cash nor held.
            at: When that was.
        """
        self.cash, self.funding, self.peak_equity = cash, funding, peak_equity
        self._fees, self._realised = fees, realised
        self._fees_in, self._balances = dict(fees_in), dict(balances)
        self._net = {symbol: quantity for symbol, (quantity, _) in held.items()}
        self._marks = {symbol: mark for symbol, (_, mark) in held.items()}
        self._revalue(ns_from_datetime(at))

    def book(
        self,
        *,
        symbol: str,
        signed_quantity: Decimal,
        flow: Decimal,
        fee: Decimal,
        realised: Decimal,
        price: Decimal,
        at: datetime,
    ) -> None:
        """Take in one execution.

        Args:
            symbol: What was traded.
            signed_quantity: Base units, negative for a SELL.
            flow: What it did to the cash before its fee.
            fee: What was paid for it in quote; negative when the venue paid.
            realised: The result that it realised, before fees.
            price: Marks the symbol if nothing was held of it before: its last mark may be from long ago.
            at: When.
        """
        self.cash = EXACT.subtract(EXACT.add(self.cash, flow), fee)
        self._fees = EXACT.add(self._fees, fee)
        self._realised = EXACT.add(self._realised, realised)
        if symbol not in self._net:
            self._marks[symbol] = price
        net = EXACT.add(self._net.pop(symbol, ZERO), signed_quantity)
        if net:
            self._net[symbol] = net
        self._revalue(ns_from_datetime(at))
        if not self._net:
            # Nothing is held, so no mark will come that could see this equity.
            self._see_peak()

    def charge(self, currency: str, fee: Decimal, *, is_held: bool) -> None:
        """Count a fee that is not in quote, before its execution is booked; one out of what is held is no balance."""
        self._fees_in[currency] = EXACT.add(self._fees_in.get(currency, ZERO), fee)
        if not is_held:
            self._balances[currency] = EXACT.subtract(self._balances.get(currency, ZERO), fee)

    def fund(self, amount: Decimal, at: datetime) -> None:
        """Take in one funding payment, in quote: below zero when we paid."""
        self.cash = EXACT.add(self.cash, amount)
        self.funding = EXACT.add(self.funding, amount)
        self._revalue(ns_from_datetime(at))

    def mark(self, symbol: str, price: Decimal, at_ns: int) -> Worth | None:
        """Value what is held of a symbol at a price (quote per base) from an instant on (UTC nanoseconds).

        Return since when all positions together are worth how much; None if a mark changed nothing of that.
        """
        self._marks[symbol] = price
        if symbol not in self._net:
            return None
        before = self._value
        self._revalue(at_ns)
        self._see_peak()
        return None if self._value == before else (self._at_ns, self._value)

    def mark_along(self, symbol: str, prices: Sequence[Decimal], closed_ns: Sequence[int]) -> Sequence[Worth]:
        """Mark what is held of a symbol at one price after the other; return when it was worth something else, and what.

        Args:
            symbol: Something is held of it.
            prices: Quote per base, oldest first.
            closed_ns: When each was the price, UTC nanoseconds, ascending.
        """
        quantity, worth = self._net[symbol], self._value
        others = self._worth_of(other for other in self._net if other != symbol)
        worths: list[Worth] = []
        add, multiply = EXACT.add, EXACT.multiply
        for at_ns, price in zip(closed_ns, prices, strict=True):
            before, worth = worth, add(others, multiply(quantity, price))
            if worth != before:
                worths.append((at_ns, worth))
        if worths:
            self.peak_equity = max(self.peak_equity, add(self.cash, max(each for _, each in worths)))
        if prices:
            self.mark(symbol, prices[-1], closed_ns[-1])
        return worths

    def holds(self, symbol: str) -> bool:
        """Tell whether anything is held of a symbol: whether a mark changes what the account is worth."""
        return symbol in self._net

    def mark_of(self, symbol: str) -> Decimal | None:
        """Return the mark of a symbol, quote per base: the last one it got, or the last price of what is not held."""
        price = None if symbol in self._net else self._last_price(symbol)
        return self._marks.get(symbol) if price is None else price

    def snapshot(self) -> AccountSnapshot:
        """Return how the account stands; `at` is the last execution, or the last mark of something that is held."""
        if self._snapshot is None:
            self._snapshot = _SNAPSHOT(
                at=datetime_from_ns(self._at_ns),
                currency=self.currency,
                cash=self.cash,
                positions_value=self._value,
                fees_paid=self._fees,
                realised_pnl=self._realised,
                fees_in=dict(self._fees_in),
                balances=dict(self._balances),
                left_out=tuple(currency for currency in self._balances if self._rate_of(currency) is None),
            )
        return self._snapshot

    def _revalue(self, at_ns: int) -> None:
        net = self._net
        if len(net) == 1:
            ((symbol, quantity),) = net.items()
            self._value = value_of(quantity, self._marks[symbol])
            if self._balances:
                self._value = EXACT.add(self._value, self._balances_value())
        else:
            self._value = self._worth_of(net)
        # Two markets report one after the other: what is told later may have happened earlier.
        self._at_ns = max(self._at_ns, at_ns)
        self._snapshot = None

    def _rate_of(self, currency: str) -> Decimal | None:
        """Return the last price of a currency in quote; None where no market of it is known."""
        return self._last_price(f"{currency}/{self.currency}")

    def _balances_value(self) -> Decimal:
        rates = ((amount, self._rate_of(currency)) for currency, amount in self._balances.items())
        known = (value_of(amount, rate) for amount, rate in rates if rate is not None)
        return reduce(EXACT.add, known, ZERO)

    def _worth_of(self, symbols: Iterable[str]) -> Decimal:
        value = self._balances_value() if self._balances else ZERO
        for symbol in symbols:
            value = EXACT.add(value, value_of(self._net[symbol], self._marks[symbol]))
        return value

    def _see_peak(self) -> None:
        equity = EXACT.add(self.cash, self._value)
        self.peak_equity = max(self.peak_equity, equity)
