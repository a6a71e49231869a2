"""The reference work: a strategy that every engine can be asked for, over a market that anybody can make again."""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from engine.backtest.variations import with_settings
from engine.config.loading import OperationBundle, load_all
from engine.config.places import Places
from engine.contracts.market import BarSeries
from engine.phase0_bootstrap.discovery import user_shelf
from engine.phase0_bootstrap.shelves import full_catalogue
from engine.primitives.timeframes import NS_PER_MINUTE

HERE = Path(__file__).parent
_NAME = "reference-work"
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
        work_home = cls.places_in(home)
        work_home.data.mkdir(parents=True)
        shutil.copytree(HERE / "plugins", user_shelf(work_home), ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(HERE / "operation", work_home.config / "operations" / _NAME)
        return cls.found_in(home)

    @classmethod
    def found_in(cls, home: Path) -> "ReferenceWork":
        """Return what `at_home` has put there."""
        places = cls.places_in(home)
        return cls(load_all(places.config / "operations" / _NAME), places)

    @staticmethod
    def places_in(home: Path) -> Places:
        """Return the user's folders in a home."""
        return Places(data=home / "data", config=home / "config", state=home / "state")

    @property
    def quiet(self) -> "ReferenceWork":
        """The same work with nobody ever saying anything: no average crosses itself, and no edge is ever reached."""
        settings = (
            ("ema_cross.fast", "ema_50"),
            ("momentum_extreme.extreme", "99.9999"),
            ("wild_market.wild_from", "1000"),
        )
        return replace(self, bundle=with_settings(self.bundle, settings, full_catalogue(self.places)))

    def with_another_scout(self) -> "ReferenceWork":
        """Return the same work with one more subscriber on the event that opportunity workers hear: one that is silent."""
        (linked,) = self.bundle.strategies
        at = ("workforce", "opportunity_workers")
        scouts = linked.blueprint.source.part(at)
        assert isinstance(scouts, list)
        blueprint = linked.blueprint.with_part(at, [*scouts, {"plugin": "SilentScout"}])
        return replace(self, bundle=replace(self.bundle, strategies=(replace(linked, blueprint=blueprint),)))


def saved(series: BarSeries, path: Path) -> Path:
    """Write bars to a file that takes no memory beside them to read back."""
    columns = (series.opened_ns, series.open, series.high, series.low, series.close, series.volume)
    with path.open("wb") as file:
        for column in columns:
            np.save(file, column)
    return path


def series_from(path: Path) -> BarSeries:
    """Return bars that `saved` has written."""
    with path.open("rb") as file:
        return BarSeries("BTC/USDT", "1m", *(np.load(file) for _ in range(6)))
