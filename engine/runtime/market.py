"""The last known market of every symbol, in money terms."""

from collections.abc import Mapping
from decimal import Decimal

from engine.contracts.market import Instrument, MarketBar
from engine.primitives.errors import PlanError
from engine.primitives.money import from_float


class LastPrices:
    """Keeps the last close of each symbol; crosses into Decimal only when somebody asks.

    Args:
        instruments: The markets of the operation, by unified symbol.
    """

    def __init__(self, instruments: Mapping[str, Instrument]) -> None:
        self._instruments = instruments
        self._closes: dict[str, float] = {}

    def see(self, bar: MarketBar) -> None:
        """Take a closed bar."""
        self._closes[bar.symbol] = bar.close

    def instrument(self, symbol: str) -> Instrument:
        """Return the market of a symbol.

        Raises:
            PlanError: the operation does not trade it.
        """
        if symbol not in self._instruments:
            raise PlanError(
                "The operation does not trade this symbol.", symbol=symbol, known=", ".join(sorted(self._instruments))
            )
        return self._instruments[symbol]

    def last_price(self, symbol: str) -> Decimal:
        """Return the last close, quote per base, on the instrument's tick.

        Raises:
            PlanError: no bar has come in yet.
        """
        tick_size = self.instrument(symbol).tick_size
        if symbol not in self._closes:
            raise PlanError("No bar has come in yet.", symbol=symbol)
        return from_float(self._closes[symbol], tick_size)

    def last_price_or_none(self, symbol: str) -> Decimal | None:
        """Return the last close like `last_price`, or None before the first bar."""
        return self.last_price(symbol) if symbol in self._closes else None
