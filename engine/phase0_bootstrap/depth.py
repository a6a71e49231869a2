"""Who asks for order books, and whether there are any."""

from collections.abc import Sequence

from engine.config.loading import OperationBundle
from engine.config.manifest import ConnectorCapability
from engine.config.operation import Environment
from engine.phase0_bootstrap.factory import Post
from engine.phase0_bootstrap.shelves import shipped_catalogue
from engine.phase0_bootstrap.strategy_assembly import PlannedStrategy
from engine.ports.market_data import DepthFeed, MarketFeed
from engine.wiring.findings import Rule, Severity, WiringFinding


def may_have_depth(bundle: OperationBundle) -> bool:
    """Tell from its files alone whether an operation can see order books: its feed can, and it is no backtest over bars."""
    settings = bundle.operation.model
    if settings.environment is Environment.BACKTEST:
        return False
    connectors = [link.connector for link in settings.connectors if link.id == settings.data.feed]
    catalogue = shipped_catalogue()
    return any(ConnectorCapability.DEPTH in catalogue.connector(name).capabilities for name in connectors)


def has_depth(feed: MarketFeed) -> bool:
    """Tell whether a feed delivers order books, as it is set."""
    return isinstance(feed, DepthFeed) and feed.delivers_books


def without_books(strategy: PlannedStrategy) -> Sequence[WiringFinding]:
    """Return a finding for each worker of a strategy that asks for order books, for a market without any.

    It forbids the start only where the manifest requires depth: bars alone are what most backtests have, and any other
    worker must bear that no book has come in.
    """
    return [_blind(post) for post in strategy.factory.posts if post.plugin.manifest.capabilities.depth]


def _blind(post: Post) -> WiringFinding:
    manifest = post.plugin.manifest
    is_required = manifest.dependencies.requires_depth
    reads = "can do nothing without order books" if is_required else "reads order books"
    fix = "take a feed that delivers books, switch them on in its settings, or leave the worker out."
    return WiringFinding(
        Rule.NO_DEPTH,
        Severity.ERROR if is_required else Severity.WARNING,
        f"{post.worker_id} ({manifest.identification.name}) {reads}, and this market data has none",
        fix=fix.capitalize() if is_required else f"It will see none: {fix}",
        worker=post.worker_id,
    )
