"""What closed trades came to together: the figures of reports, sweeps and the window, reckoned once."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from engine.contracts.orders import Trade
from engine.primitives.money import ZERO


@dataclass(frozen=True, slots=True)
class TradeFigures:
    """Results of closed trades, after fees, in quote. A trade that came to nothing is neither won nor lost."""

    closed: int
    won: int
    lost: int
    gained: Decimal
    """All that was won."""
    given: Decimal
    """All that was lost, above zero."""
    fees: Decimal
    best: Decimal | None
    worst: Decimal | None

    @property
    def result(self) -> Decimal:
        """What all of them brought."""
        return self.gained - self.given

    @property
    def hit_rate(self) -> Decimal | None:
        """The won part of all, from 0 to 1; None without trades."""
        return Decimal(self.won) / self.closed if self.closed else None

    @property
    def expectancy(self) -> Decimal | None:
        """What a trade brought on average; None without trades."""
        return self.result / self.closed if self.closed else None

    @property
    def profit_factor(self) -> Decimal | None:
        """What was won for each unit that was lost; None where nothing was lost."""
        return self.gained / self.given if self.given else None


def figures_of(trades: Iterable[Trade]) -> TradeFigures:
    """Return the figures of those trades that are closed; the others count for nothing."""
    closed = [trade for trade in trades if trade.realised_pnl is not None]
    results = [trade.realised_pnl or ZERO for trade in closed]
    return TradeFigures(
        closed=len(results),
        won=sum(result > ZERO for result in results),
        lost=sum(result < ZERO for result in results),
        gained=sum((result for result in results if result > ZERO), ZERO),
        given=-sum((result for result in results if result < ZERO), ZERO),
        fees=sum((trade.fees for trade in closed), ZERO),
        best=max(results, default=None),
        worst=min(results, default=None),
    )
