"""Two markets drawn by hand, one of which is looked at beside the other: `paired(own, other)`."""

from collections.abc import Container, Sequence

from engine.contracts.context import AssessedContext
from engine.contracts.market import MarketBar
from engine.phase1_context.tick_cache import TickCache
from engine.primitives.ids import IdSource
from tests.support.context import a_drawn_bar, assess
from tests.support.ledger import StandingClock

COMPANION = "ETH/USDT"


def paired(
    own: Sequence[float],
    other: Sequence[float],
    *,
    lag: int = 0,
    missing: Container[int] = (),
    window: int = 100,
) -> list[AssessedContext]:
    """Return the assessed context of each close of BTC/USDT with ETH/USDT as its companion.

    Args:
        own: Closes of BTC/USDT.
        other: Closes of ETH/USDT.
        lag: So many bars later the companion's bars come in.
        missing: Places at which the companion has no bar.
        window: Bars that both contexts keep.
    """
    clock = StandingClock()
    ids = IdSource(clock.now_ns)
    companion = TickCache(COMPANION, "1m", window, (), ids)
    cache = TickCache("BTC/USDT", "1m", window, (), ids, {COMPANION: companion})
    seen = []
    for at, close in enumerate(own):
        theirs = at - lag
        if theirs >= 0 and theirs not in missing:
            bar, price = a_drawn_bar(close, theirs), other[theirs]
            companion.push(MarketBar(COMPANION, "1m", bar.opened_ns, bar.closed_ns, price, price, price, price, 1.0))
        seen.append(assess(cache.push(a_drawn_bar(close, at))))
    return seen
