"""The markets of an operation: its feed, what is known of them, and the bars before the first live one."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from pydantic import BaseModel

from engine.config.loading import OperationBundle
from engine.config.manifest import ConnectorManifest
from engine.config.operation import resolve_symbol
from engine.contracts.market import BarSeries, Instrument, InstrumentKind, MarketBar
from engine.phase0_bootstrap.fence import build_feed, load_class
from engine.phase0_bootstrap.shelves import shipped_catalogue
from engine.phase0_bootstrap.strategy_assembly import companions_of, symbol_of
from engine.phase0_bootstrap.warmup import bars_to_warm, require_buildable, short_bars_needed
from engine.ports.market_data import MarketFeed
from engine.primitives.errors import ConfigError, PluginError
from engine.runtime.bar_feeding import bars_of


def feed_of(bundle: OperationBundle, wishes: Mapping[str, object], recordings: Sequence[BarSeries] = ()) -> MarketFeed:
    """Return the operation's feed, set as its file says, with the wishes of the command line laid over.

    Args:
        bundle: The operation.
        wishes: Settings by name; None stands for no wish.
        recordings: What a feed of recorded markets plays.

    Raises:
        ConfigError: the settings do not fit the connector.
        PluginError: the connector cannot be imported or built.
    """
    manifest = feed_manifest_of(bundle)
    if manifest.settings_model is None:
        raise PluginError("The connector says no model for its settings.", connector=manifest.id)
    model = load_class(manifest.settings_model)
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        raise PluginError("The settings model of the connector is no pydantic model.", connector=manifest.id)
    settings = bundle.operation.section(("connectors", _feed_place(bundle), "settings"), model)
    asked = {name: value for name, value in wishes.items() if value is not None}
    unknown = sorted(set(asked) - set(model.model_fields))
    if unknown:
        raise ConfigError(f"The connector {manifest.id} has no setting {', '.join(unknown)}.")
    chosen = model.model_validate({**settings.model_dump(), **asked})
    if not manifest.plays_recordings:
        return build_feed(manifest.entry_point, chosen)
    markets = [recorded_market(series.symbol) for series in recordings]
    return build_feed(manifest.entry_point, recordings, instruments=markets, settings=chosen)


def feed_manifest_of(bundle: OperationBundle) -> ConnectorManifest:
    """Return the manifest of the connector that the operation takes its market from.

    Raises:
        ConfigError: there is no such connector.
    """
    return shipped_catalogue().connector(bundle.operation.model.connectors[_feed_place(bundle)].connector)


def _feed_place(bundle: OperationBundle) -> int:
    settings = bundle.operation.model
    return next(place for place, link in enumerate(settings.connectors) if link.id == settings.data.feed)


def past_of(bundle: OperationBundle, feed: MarketFeed) -> Mapping[str, Sequence[MarketBar]]:
    """Return the warm-up bars of every market that a strategy needs, by symbol, of the feed's timeframe.

    Raises:
        ConfigError: a strategy's bars cannot be built from the feed's.
        DataError: the feed has not so many bars.
    """
    known = [instrument.symbol for instrument in feed.instruments()]
    require_buildable([linked.blueprint for linked in bundle.strategies], dict.fromkeys(known, feed.timeframe))
    needed = dict.fromkeys(known, 0)
    for linked in bundle.strategies:
        market = linked.blueprint.model.market
        bars = short_bars_needed(
            timeframe=market.timeframe,
            feed_timeframe=feed.timeframe,
            bars=bars_to_warm(market, bundle.operation.model.data.warmup_bars),
        )
        for symbol in (symbol_of(linked.blueprint, known), *companions_of(linked.blueprint, known)):
            needed[symbol] = max(needed[symbol], bars)
    return {
        symbol: tuple(bars_of(feed.history(symbol=symbol, timeframe=feed.timeframe, bars=bars)))
        for symbol, bars in needed.items()
        if bars
    }


def start_ns_of(past: Mapping[str, Sequence[MarketBar]], begins_ns: int) -> int:
    """Return where the clock of a session stands before its first live bar, UTC nanoseconds."""
    return max((bar.closed_ns for bars in past.values() for bar in bars[-1:]), default=begins_ns)


def markets_by_symbol(bundle: OperationBundle, instruments: Sequence[Instrument]) -> Mapping[str, Instrument]:
    """Return the markets by symbol, with what operation.yaml says otherwise laid over.

    Raises:
        ConfigError: operation.yaml speaks of a market that is not among them.
    """
    by_symbol = {instrument.symbol: instrument for instrument in instruments}
    for written, overrides in bundle.operation.model.instruments.items():
        try:
            symbol = resolve_symbol(written, list(by_symbol))
        except ConfigError as error:
            raise bundle.operation.refusal(("instruments", written), str(error).rstrip("."), written=written) from error
        by_symbol[symbol] = overrides.over(by_symbol[symbol])
    return by_symbol


def recorded_market(symbol: str) -> Instrument:
    """Return a market that is known by its bars alone; operation.yaml says what is otherwise."""
    base, _, rest = symbol.partition("/")
    quote = rest.partition(":")[0]
    return Instrument(
        symbol=symbol,
        base=base,
        quote=quote,
        kind=InstrumentKind.PERPETUAL if ":" in rest else InstrumentKind.SPOT,
        tick_size=Decimal("0.01"),
        lot_step=Decimal("0.00001"),
    )
