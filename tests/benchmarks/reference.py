"""The reference work: a strategy that every engine can be asked for, over a market that anybody can make again."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.config.loading import OperationBundle, load_all
from engine.config.places import Places
from engine.contracts.market import BarSeries
from engine.phase0_bootstrap.discovery import user_shelf
from engine.primitives.timeframes import NS_PER_MINUTE

HERE = Path(__file__).parent
START_NS = 1_704_067_200 * 10**9
"""2024-01-01, UTC."""
FIRST_PRICE = 40_000.0
STEP = 0.0006
"""Standard deviation of the return of a minute: that of BTC/USDT in a lively month."""


def a_market(bars: int, *, seed: int = 7) -> BarSeries:
    """Return a driftless random walk in minutes; a shorter one is the beginning of a longer one of the same seed."""
    steps, reach = np.random.default_rng([seed, 0]), np.random.default_rng([seed, 1])
    # Pulled back softly to the first price: in a million bars a free walk would end at prices that nobody trades.
    level, closes = 0.0, np.empty(bars)
    for bar, step in enumerate(steps.normal(0.0, STEP, bars).tolist()):
        level = 0.99999 * level + step
        closes[bar] = level
    close = np.round(FIRST_PRICE * np.exp(closes), 2)
    open_ = np.concatenate([[FIRST_PRICE], close[:-1]])
    beyond = np.abs(reach.normal(0.0, STEP / 2, (bars, 2)))
    high = np.round(np.maximum(open_, close) * (1 + beyond[:, 0]), 2)
    low = np.round(np.minimum(open_, close) * (1 - beyond[:, 1]), 2)
    opened_ns = START_NS + np.arange(bars, dtype=np.int64) * NS_PER_MINUTE
    return BarSeries("BTC/USDT", "1m", opened_ns, open_, high, low, close, np.full(bars, 1_000.0))


@dataclass(frozen=True, slots=True)
class ReferenceWork:
    """The operation in a home of its own, with the plugins on the user's shelf."""

    bundle: OperationBundle
    places: Places

    @classmethod
    def at_home(cls, home: Path) -> "ReferenceWork":
        """Put plugins and operation where a user's would lie."""
        places = Places(data=home / "data", config=home / "config", state=home / "state")
        shutil.copytree(HERE / "plugins", user_shelf(places), ignore=shutil.ignore_patterns("__pycache__"))
        places.data.mkdir(parents=True)
        operation = places.config / "operations" / "reference-work"
        shutil.copytree(HERE / "operation", operation)
        return cls(load_all(operation / "operation.yaml"), places)
