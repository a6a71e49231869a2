"""The market of a rehearsal: its bars, what stands beside them, and who writes the columns that a worker reads."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np

from engine.config.manifest import PluginManifest, columns_of, load_manifest, required_columns_of
from engine.config.reading import read
from engine.contracts.market import BAR_COLUMNS, BookLevel, BookSnapshot, MarketBar
from engine.phase1_context.tick_cache import TickCache
from engine.ports.worker import Worker
from engine.primitives.money import from_float
from engine.primitives.timeframes import NS_PER_MINUTE, Timeframe
from engine.sdk.plugin_folder import MANIFEST, import_folder
from engine.sdk.sample_notes import SYMBOL, SampleWorld

BARS: Final = 400
"""How many bars a rehearsal has: enough for a 200-bar average to be written."""

_CRASH: Final = range(300, 304)
WINDOW: Final = 500
"""How many bars a worker can look back on in it."""

_BOOKLESS: Final = (range(5), range(200, 220))
_BOOK_LEVELS: Final = 10
_TICK: Final = Decimal("0.01")
_LOT: Final = Decimal("0.001")

_HIGHER: Final = ("5m", "15m", "30m", "1h", "2h", "4h", "1d")
_COMPANIONS: Final = ("ETH/USDT",)
_COMPANION_SHARE: Final = 0.05  # one ETH is worth about so many BTC


def rough_market(start_ns: int, bars: int = BARS) -> Iterator[MarketBar]:
    """Give one-minute bars of a heavy-tailed walk around 50,000 with one crash; the same ones always.

    Args:
        start_ns: When the first one opens, UTC nanoseconds.
        bars: How many.
    """
    dice = np.random.default_rng(11)
    close = 50000.0
    for at in range(bars):
        opened = close
        close *= 1.0 + float(dice.standard_t(3)) * 0.0008 - (0.02 if at in _CRASH else 0.0)
        reach = abs(float(dice.normal())) * 4.0
        opened_ns = start_ns + at * NS_PER_MINUTE
        yield MarketBar(
            SYMBOL,
            "1m",
            opened_ns,
            opened_ns + NS_PER_MINUTE,
            opened,
            max(opened, close) + reach,
            min(opened, close) - reach,
            close,
            1.0 + abs(float(dice.normal())),
        )


def rough_book(bar: MarketBar, at: int) -> BookSnapshot | None:
    """Return the order book at the close of the bar in this place; the same one always.

    None comes with the first bars and during a silence of twenty bars; in the crash nobody bids.
    """
    if any(at in silence for silence in _BOOKLESS):
        return None
    dice = np.random.default_rng((11, at))
    last = from_float(bar.close, _TICK)
    spread = 1 + int(dice.integers(4))
    lots = [[1 + int(lots) for lots in dice.lognormal(6.0, 1.0, _BOOK_LEVELS)] for _ in range(2)]
    bids = tuple(BookLevel(last - _TICK * place, _LOT * size) for place, size in enumerate(lots[0]))
    asks = tuple(BookLevel(last + _TICK * (spread + place), _LOT * size) for place, size in enumerate(lots[1]))
    return BookSnapshot(bar.symbol, bar.closed_ns, () if at in _CRASH else bids, asks)


class MarketViews:
    """What the context shows beside its own bars: higher timeframes of the market, and other markets.

    Args:
        world: Where it happens.
        timeframes: Asked for beside the usual ones.
        companions: Likewise, unified symbols.
    """

    def __init__(self, world: SampleWorld, *, timeframes: Sequence[str] = (), companions: Sequence[str] = ()) -> None:
        higher = dict.fromkeys((*_HIGHER, *timeframes))
        self._companions = tuple(dict.fromkeys((*_COMPANIONS, *companions)))
        self._lengths = {name: Timeframe.parse(name).length_ns for name in higher}
        self._waiting: dict[str, list[MarketBar]] = {name: [] for name in higher}
        self.caches = {name: TickCache(SYMBOL, name, WINDOW, (), world.ids) for name in higher}
        self.caches |= {name: TickCache(name, "1m", WINDOW, (), world.ids) for name in self._companions}

    def see(self, bar: MarketBar) -> None:
        """Let every bar close that closes with this one."""
        for name, length_ns in self._lengths.items():
            bars = self._waiting[name]
            bars.append(bar)
            if bar.closed_ns % length_ns == 0:
                self.caches[name].push(_joined(bars, name, bar.closed_ns - length_ns))
                bars.clear()
        share = _COMPANION_SHARE
        for name in self._companions:
            prices = (bar.open * share, bar.high * share, bar.low * share, bar.close * share)
            self.caches[name].push(MarketBar(name, "1m", bar.opened_ns, bar.closed_ns, *prices, bar.volume))


def _joined(bars: Sequence[MarketBar], timeframe: str, opened_ns: int) -> MarketBar:
    return MarketBar(
        SYMBOL,
        timeframe,
        opened_ns,
        bars[-1].closed_ns,
        bars[0].open,
        max(bar.high for bar in bars),
        min(bar.low for bar in bars),
        bars[-1].close,
        sum(bar.volume for bar in bars),
    )


Provider = tuple[PluginManifest, type[Worker[Any]]]


def providers_of(required: Sequence[str], neighbours: Sequence[Path]) -> tuple[list[Provider], list[str]]:
    """Return the context workers that write these columns, in the order of a chain, and what none writes.

    A shipped one is taken first.
    """
    chain: list[Provider] = []
    have: set[str] = set(BAR_COLUMNS)
    missing: list[str] = []

    def provide(column: str) -> None:
        if column in have:
            return
        for manifest, worker_class in (*_shipped_context_workers(), *_writers_of(column, neighbours)):
            values = worker_class.config_model().model_dump()
            columns = [spec.name for spec in columns_of(manifest, values)]
            if column in columns:
                have.update(columns)
                for needed in required_columns_of(manifest, values):
                    provide(needed)
                chain.append((manifest, worker_class))
                return
        have.add(column)
        missing.append(column)

    for column in required:
        provide(column)
    return chain, missing


def _writers_of(column: str, folders: Sequence[Path]) -> Iterator[Provider]:
    """Give the plugins of these folders that may write a column; only those are imported."""
    for folder in folders:
        manifest = read(folder / MANIFEST, PluginManifest).model
        patterns = [re.sub(r"\\{.*?\\}", ".+", re.escape(each.name)) for each in manifest.columns] if manifest else []
        if manifest is not None and any(re.fullmatch(pattern, column) for pattern in patterns):
            module, _, name = manifest.identification.entry_point.partition(":")
            yield manifest, getattr(import_module(f"{import_folder(folder).__name__}.{module}"), name)


@cache
def _shipped_context_workers() -> Sequence[Provider]:
    found = find_spec("plugins")
    shelves = [Path(place) for place in found.submodule_search_locations or ()] if found else []
    made = []
    for shelf in shelves:
        for folder in sorted(path.parent for path in shelf.glob("phase1_context/*/manifest.yaml")):
            manifest = load_manifest(folder)
            module, _, name = manifest.identification.entry_point.partition(":")
            package = import_module(f"plugins.phase1_context.{folder.name}.{module}")
            made.append((manifest, getattr(package, name)))
    return made
