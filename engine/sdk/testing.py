"""What the test of a plugin may import: markets drawn by hand, a worker employed to look at them, and a rehearsal.

`employ(folder, settings)` builds the worker of a plugin's folder; `enriched(worker, bars)` lets a context worker see bars
and returns its columns; `contexts(...)` and `assessed(...)` make what detectors hear; `swot`, `directive` and `request`
make what planners hear; `rehearse(folder)` lets the plugin hear everything that its manifest lists.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

from engine.config.manifest import PluginManifest, columns_of, load_manifest
from engine.contracts.base import Direction
from engine.contracts.context import (
    AggregatedContextAssessment,
    AssessedContext,
    ColumnKind,
    ColumnSpec,
    GivenScores,
    TradingContext,
)
from engine.contracts.market import BAR_COLUMNS, BookLevel, BookSnapshot, Instrument, MarketBar
from engine.phase1_context.tick_cache import TickCache
from engine.ports.clock import Clock
from engine.ports.ledger import LedgerReader
from engine.ports.worker import PlannerMatch, Worker, WorkerConfig, WorkerTools
from engine.primitives.errors import PluginError
from engine.primitives.ids import IdSource
from engine.primitives.ratios import score_from_float
from engine.primitives.timeframes import NS_PER_MINUTE, ns_from_datetime
from engine.sdk.plugin_folder import import_folder, neighbours_of
from engine.sdk.rehearsal import Rehearsal, rehearse_worker
from engine.sdk.sample_notes import (
    AT,
    SampleWorld,
    StandingClock,
    an_assessment_of,
    sample_directive,
    sample_instrument,
    sample_request,
    sample_swot,
)
from engine.sdk.standing_state import StandingState, hire

__all__ = [
    "AT",
    "START_NS",
    "Direction",
    "Drawn",
    "DrawnSide",
    "Rehearsal",
    "StandingClock",
    "StandingMarket",
    "StandingState",
    "a_drawn_bar",
    "a_drawn_book",
    "assess",
    "assessed",
    "columns_named",
    "contexts",
    "directive",
    "employ",
    "enriched",
    "rehearse",
    "request",
    "swot",
    "tools",
    "worker_class_of",
]

START_NS = ns_from_datetime(AT) // NS_PER_MINUTE * NS_PER_MINUTE
"""When the first drawn bar opens, UTC nanoseconds."""

Drawn = float | tuple[float, float, float, float] | tuple[float, float, float, float, float]
"""A bar as (open, high, low, close), with or without its volume, or one price for all four."""

DrawnSide = Sequence[tuple[str, str]]
"""A side of an order book as (price, quantity), best first."""

swot, directive, request = sample_swot, sample_directive, sample_request


@dataclass(frozen=True, slots=True)
class StandingMarket:
    """One market at one price (quote per base)."""

    listing: Instrument
    price: Decimal

    def instrument(self, symbol: str) -> Instrument:
        """Return the one market that there is."""
        if symbol != self.listing.symbol:
            raise KeyError(symbol)
        return self.listing

    def last_price(self, symbol: str) -> Decimal:
        """Return the one price that there is."""
        if symbol != self.listing.symbol:
            raise KeyError(symbol)
        return self.price


def tools(
    worker_id: str = "worker",
    *,
    strategy_id: str = "demo",
    clock: Clock | None = None,
    ids: IdSource | None = None,
    ledger: LedgerReader | None = None,
    matcher: PlannerMatch | None = None,
    columns: tuple[ColumnSpec, ...] = (),
    listing: Instrument | None = None,
    price: str = "50000",
    **more: Any,
) -> WorkerTools:
    """Return the tools of a worker in a world of its own: one market, one price, a clock that stands.

    Further words are fields of `WorkerTools`.
    """
    clock = clock or StandingClock()
    listing = listing or sample_instrument()
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
        **more,
    )


def worker_class_of(folder: Path) -> type[Worker[Any]]:
    """Import the worker class of a plugin's folder.

    Raises:
        ConfigRefused: its manifest is broken.
        PluginError: its entry point names no worker.
    """
    module, _, name = load_manifest(folder).identification.entry_point.partition(":")
    found = getattr(import_module(f"{import_folder(folder).__name__}.{module}"), name, None)
    if not (isinstance(found, type) and issubclass(found, Worker)):
        raise PluginError("The entry point is no worker class.", folder=folder.name, entry_point=f"{module}:{name}")
    return found


def employ(folder: Path, settings: Mapping[str, object] | None = None, **kit: Any) -> Any:
    """Return the worker of a plugin's folder, built from its settings (as in YAML) and `tools(**kit)`.

    A worker whose manifest asks for `ledger_reading` is given an empty account with 100,000 USDT unless `ledger` is said;
    one that asks for `context_reading` sees no bar yet unless `context` is said, one that asks for `depth` no order book
    unless `book` is said; one that asks for `state` has kept nothing yet unless `state=StandingState({...})` is said.
    """
    manifest, worker_class = load_manifest(folder), worker_class_of(folder)
    config: WorkerConfig = worker_class.config_model.model_validate(settings or {})
    if manifest.capabilities.ledger_reading and "ledger" not in kit:
        kit["ledger"] = SampleWorld().ledger
    if manifest.capabilities.journaling and "remember" not in kit:
        kit["remember"] = lambda _topic, _text: None
    if manifest.capabilities.context_reading and "context" not in kit:
        kit["context"] = lambda: None
    if manifest.capabilities.depth and "book" not in kit:
        kit["book"] = lambda: None
    if manifest.capabilities.state is not None and "state" not in kit:
        kit["state"] = StandingState()
    columns = columns_of(manifest, config.model_dump())
    return hire(worker_class, config, tools(manifest.identification.worker_id, columns=columns, **kit))


def rehearse(folder: Path, settings: Mapping[str, object] | None = None) -> Rehearsal:
    """Let the worker of a plugin's folder hear all that its manifest lists, over some hundred made-up bars.

    Whatever it raises comes through, and an answer that its manifest does not list is an `OutputContractBroken`.
    """
    manifest: PluginManifest = load_manifest(folder)
    worker_class = worker_class_of(folder)
    return rehearse_worker(manifest, worker_class, settings=settings, neighbours=neighbours_of(folder))


def a_drawn_bar(drawn: Drawn, at: int, *, minutes: int = 1, timeframe: str = "1m") -> MarketBar:
    """Return the bar of BTC/USDT that opens `at` bars after the start; its volume is one if none is drawn."""
    opened, high, low, close, *rest = drawn if isinstance(drawn, tuple) else (drawn, drawn, drawn, drawn)
    volume = rest[0] if rest else 1.0
    opened_ns = START_NS + at * minutes * NS_PER_MINUTE
    return MarketBar(
        "BTC/USDT", timeframe, opened_ns, opened_ns + minutes * NS_PER_MINUTE, opened, high, low, close, volume
    )


def a_drawn_book(bids: DrawnSide, asks: DrawnSide, at: int) -> BookSnapshot:
    """Return the order book of BTC/USDT at the close of the one-minute bar that opens `at` bars after the start."""
    sides = [tuple(BookLevel(Decimal(price), Decimal(quantity)) for price, quantity in side) for side in (bids, asks)]
    return BookSnapshot("BTC/USDT", START_NS + (at + 1) * NS_PER_MINUTE, *sides)


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
        context.row[len(BAR_COLUMNS) :] = [values[at] for values in written.values()]
        made.append(context)
    return made


def enriched(
    worker: Any, bars: Sequence[Drawn], *, companions: Mapping[str, Sequence[Drawn]] | None = None
) -> list[dict[str, float]]:
    """Let a context worker see bars; return its columns at each of them.

    Args:
        worker: As `employ` returns it.
        bars: Of BTC/USDT, one a minute.
        companions: Of other markets by their unified symbols, each closing together with the bar at its place; a market
            with fewer bars has stopped.
    """
    specs = worker.tools.columns
    ids = IdSource(StandingClock().now_ns)
    others = companions or {}
    views = {symbol: TickCache(symbol, "1m", 50, (), ids) for symbol in others}
    cache = TickCache("BTC/USDT", "1m", 50, specs, ids, views)
    rows = []
    for at, drawn in enumerate(bars):
        for symbol, view in views.items():
            if at < len(others[symbol]):
                view.push(a_drawn_bar(others[symbol][at], at)._replace(symbol=symbol))
        context = cache.push(a_drawn_bar(drawn, at))
        worker.on_tick(context)
        rows.append({spec.name: context.value(spec.name) for spec in specs})
    return rows


def assess(context: TradingContext, *, strength: float = 0.8, weakness: float = 0.1) -> AssessedContext:
    """Return a context with these scores."""

    def write(context: TradingContext) -> AggregatedContextAssessment:
        return an_assessment_of(context, strength=score_from_float(strength), weakness=score_from_float(weakness))

    return AssessedContext(context, GivenScores(strength, weakness, write))


def assessed(
    bars: Sequence[Drawn],
    columns: Mapping[str, Sequence[float]] | None = None,
    *,
    categories: Mapping[str, tuple[str, ...]] | None = None,
) -> list[AssessedContext]:
    """Return `contexts(...)` with scores: a strength of 0.8 and a weakness of 0.1."""
    return [assess(context) for context in contexts(bars, columns, categories=categories)]
