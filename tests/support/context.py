"""Markets drawn by hand, and plugins employed to look at them: `assessed(bars, columns)` and `employ("phase1_context/…")`."""

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ruamel.yaml import YAML

from engine.config.manifest import PluginManifest, columns_of
from engine.contracts.context import (
    AggregatedContextAssessment,
    AssessedContext,
    ColumnKind,
    ColumnSpec,
    TradingContext,
)
from engine.contracts.market import BAR_COLUMNS, Instrument, MarketBar
from engine.phase1_context.tick_cache import TickCache
from engine.ports.ledger import LedgerReader
from engine.ports.worker import PlannerMatch, WorkerTools
from engine.primitives.ids import ASSESSMENT, IdSource
from engine.primitives.ratios import score_from_float
from engine.primitives.timeframes import NS_PER_MINUTE, ns_from_datetime
from tests.support.ledger import StandingClock
from tests.support.notes import AT, an_assessment, an_instrument
from tests.support.tree import ROOT

START_NS = ns_from_datetime(AT) // NS_PER_MINUTE * NS_PER_MINUTE
Drawn = float | tuple[float, float, float, float] | tuple[float, float, float, float, float]
"""A bar as (open, high, low, close), with or without its volume, or one price for all four; the volume is 1 unless given."""


@dataclass(frozen=True, slots=True)
class StandingMarket:
    """One market at one price."""

    listing: Instrument
    price: Decimal

    def instrument(self, symbol: str) -> Instrument:
        assert symbol == self.listing.symbol
        return self.listing

    def last_price(self, symbol: str) -> Decimal:
        assert symbol == self.listing.symbol
        return self.price


def tools(
    worker_id: str = "worker",
    *,
    strategy_id: str = "demo",
    clock: StandingClock | None = None,
    ids: IdSource | None = None,
    ledger: LedgerReader | None = None,
    matcher: PlannerMatch | None = None,
    columns: tuple[ColumnSpec, ...] = (),
    listing: Instrument | None = None,
    price: str = "50000",
) -> WorkerTools:
    """Return the tools of a worker in a world of its own."""
    clock = clock or StandingClock()
    listing = listing or an_instrument()
    return WorkerTools(
        worker_id=worker_id,
        strategy_id=strategy_id,
        ids=ids or IdSource(clock.now_ns),
        clock=clock,
        market=StandingMarket(listing, Decimal(price)),
        symbols=(listing.symbol,),
        ledger=ledger,
        matcher=matcher,
        columns=columns,
        first_column=len(BAR_COLUMNS) if columns else -1,
    )


def manifest_of(folder: str) -> PluginManifest:
    """Return the manifest of a shipped plugin, named like ``phase1_context/ema_detector``."""
    text = (ROOT / "plugins" / folder / "manifest.yaml").read_text(encoding="utf-8")
    return PluginManifest.model_validate(YAML(typ="safe").load(text))


def class_of(folder: str) -> Any:
    """Return the worker class of a shipped plugin."""
    module, _, name = manifest_of(folder).identification.entry_point.partition(":")
    return getattr(importlib.import_module(f"plugins.{folder.replace('/', '.')}.{module}"), name)


def employ(folder: str, config: Mapping[str, object] | None = None, **kit: Any) -> Any:
    """Return a shipped plugin's worker, built from its configuration (as in YAML) and `tools(**kit)`."""
    manifest, worker = manifest_of(folder), class_of(folder)
    settings = worker.config_model.model_validate(config or {})
    columns = columns_of(manifest, settings.model_dump())
    return worker(settings, tools(manifest.identification.worker_id, columns=columns, **kit))


def a_drawn_bar(drawn: Drawn, at: int, *, minutes: int = 1, timeframe: str = "1m") -> MarketBar:
    """Return the bar that opens `at` bars after the start."""
    opened, high, low, close, *rest = drawn if isinstance(drawn, tuple) else (drawn, drawn, drawn, drawn)
    volume = rest[0] if rest else 1.0
    opened_ns = START_NS + at * minutes * NS_PER_MINUTE
    return MarketBar(
        "BTC/USDT", timeframe, opened_ns, opened_ns + minutes * NS_PER_MINUTE, opened, high, low, close, volume
    )


def columns_named(names: Sequence[str], categories: Mapping[str, tuple[str, ...]] | None = None) -> list[ColumnSpec]:
    """Return columns: categories where labels are given, oscillators elsewhere."""
    labels = categories or {}
    return [
        ColumnSpec(
            name=name,
            kind=ColumnKind.CATEGORY if name in labels else ColumnKind.OSCILLATOR,
            categories=labels.get(name, ()),
        )
        for name in names
    ]


def contexts(
    bars: Sequence[Drawn],
    columns: Mapping[str, Sequence[float]] | None = None,
    *,
    categories: Mapping[str, tuple[str, ...]] | None = None,
    window: int = 50,
) -> list[TradingContext]:
    """Return the context of each bar, with hand-written values in its enriched columns."""
    written = columns or {}
    clock = StandingClock()
    cache = TickCache("BTC/USDT", "1m", window, columns_named(list(written), categories), IdSource(clock.now_ns))
    made = []
    for at, drawn in enumerate(bars):
        context = cache.push(a_drawn_bar(drawn, at))
        context.enrich(len(BAR_COLUMNS), [values[at] for values in written.values()])
        made.append(context)
    return made


def enriched(worker: Any, bars: Sequence[Drawn]) -> list[dict[str, float]]:
    """Let a context worker see bars; return its columns at each of them."""
    specs = worker.tools.columns
    clock = StandingClock()
    cache = TickCache("BTC/USDT", "1m", 50, specs, IdSource(clock.now_ns))
    rows = []
    for at, drawn in enumerate(bars):
        context = cache.push(a_drawn_bar(drawn, at))
        worker.on_tick(context)
        rows.append({spec.name: context.value(spec.name) for spec in specs})
    return rows


def assess(context: TradingContext, *, strength: float = 0.8, weakness: float = 0.1) -> AssessedContext:
    """Return a context with these scores."""

    def write() -> AggregatedContextAssessment:
        return an_assessment(
            assessment_id=context.slot.write(ASSESSMENT),
            timestamp=context.timestamp,
            strength=score_from_float(strength),
            weakness=score_from_float(weakness),
        )

    return AssessedContext(context=context, strength=strength, weakness=weakness, write=write)


def assessed(
    bars: Sequence[Drawn],
    columns: Mapping[str, Sequence[float]] | None = None,
    *,
    categories: Mapping[str, tuple[str, ...]] | None = None,
) -> list[AssessedContext]:
    """Return `contexts(...)` with scores."""
    return [assess(context) for context in contexts(bars, columns, categories=categories)]
