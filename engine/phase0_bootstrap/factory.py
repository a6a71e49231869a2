"""Builds the specialists of a strategy and hands each what it asked for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from engine.config.base import KeyPath
from engine.config.blueprint import PlannerEntry, StrategyBlueprint, WorkerEntry
from engine.config.findings import ConfigFinding, ConfigRefused
from engine.config.manifest import (
    WorkerType,
    columns_of,
    required_columns_of,
    required_companions_of,
    required_timeframes_of,
)
from engine.config.operation import resolve_symbol
from engine.config.reading import ConfigFile
from engine.contracts.context import ColumnSpec, TradingContext
from engine.contracts.market import BookSnapshot
from engine.phase0_bootstrap.catalogue import Catalogue, FoundPlugin
from engine.phase0_bootstrap.fence import build_worker, load_worker_class
from engine.phase1_context.chain import ChainLink, ColumnLayout, assign_columns
from engine.phase4_planning.matcher import PlannerMatcher, facts_of
from engine.ports.clock import Clock
from engine.ports.ledger import LedgerReader
from engine.ports.worker import MarketReader, PlannerMatch, Worker, WorkerConfig, WorkerTools
from engine.ports.worker_state import WorkerState
from engine.primitives.errors import ConfigError
from engine.primitives.ids import IdSource
from engine.wiring.columns import WorkerColumns
from engine.wiring.state_book import StateBook

SLOTS: Mapping[str, WorkerType] = {
    "entry": WorkerType.ENTRY_PLANNER,
    "size": WorkerType.SIZE_PLANNER,
    "exit": WorkerType.EXIT_PLANNER,
    "execution_intent": WorkerType.EXECUTION_INTENT_PLANNER,
}
"""The slots of phase 4a and the kind of planner that each takes."""


@dataclass(frozen=True, slots=True)
class Post:
    """One specialist before it is built: everything about it is checked."""

    worker_id: str
    at: KeyPath
    """Where the blueprint employs it."""
    plugin: FoundPlugin
    worker_class: type[Worker[WorkerConfig]]
    config: WorkerConfig
    columns: tuple[ColumnSpec, ...]
    requires: tuple[str, ...]
    companions: tuple[str, ...]
    """Other markets that it looks at, unified symbols."""
    timeframes: tuple[str, ...]
    """Higher timeframes that it looks at."""


@dataclass(frozen=True, slots=True)
class Services:
    """What the platform has to hand out to the workers of one strategy."""

    ids: IdSource
    clock: Clock
    market: MarketReader
    ledger: LedgerReader
    symbol: str
    states: StateBook
    remember: Callable[[str, str, str], None]
    """Worker, topic, text: one remark beside the current flow."""
    context: Callable[[], TradingContext | None]
    """The enriched context of the strategy's last closed bar."""
    book: Callable[[], BookSnapshot | None]
    """The last order book of the strategy's market."""


class WorkerFactory:
    """Plans the posts of a strategy, then fills them.

    Args:
        file: The strategy's blueprint, with its lines.
        catalogue: The plugins that there are.

    Raises:
        ConfigError: a plugin is unknown, of the wrong kind, or wrongly set; two workers share a name. Everything that
            is wrong in the file is listed.
        PluginError: a plugin cannot be imported.
    """

    def __init__(self, file: ConfigFile[StrategyBlueprint], catalogue: Catalogue) -> None:
        self._file = file
        self._blueprint = file.model
        self._catalogue = catalogue
        self._findings: list[ConfigFinding] = []
        force = self._blueprint.workforce
        self._chain = self._posts(("context_workers",), force.context_workers, WorkerType.CONTEXT_WORKER)
        self._others = [
            *self._posts(("opportunity_workers",), force.opportunity_workers, WorkerType.OPPORTUNITY_WORKER),
            *self._posts(("threat_workers",), force.threat_workers, WorkerType.THREAT_WORKER),
        ]
        if force.strategy_planner is not None:
            post = self._post(("strategy_planner",), force.strategy_planner, WorkerType.STRATEGY_PLANNER)
            self._others += [post] if post is not None else []
        self._slots = {
            slot: self._posts(("planning_workers", slot), self._entries(slot), kind) for slot, kind in SLOTS.items()
        }
        self._find_doubles()
        self._find_unknown_triggers()
        self._find_what_is_out_of_view()
        if self._findings:
            raise ConfigRefused(self._findings)

    @property
    def posts(self) -> Sequence[Post]:
        """All specialists, in the order of the house."""
        return [*self._chain, *self._others, *(post for posts in self._slots.values() for post in posts)]

    @property
    def columns(self) -> Mapping[str, WorkerColumns]:
        """What each specialist writes and reads, for the wiring's rules."""
        return {post.worker_id: WorkerColumns(post.columns, post.requires) for post in self.posts}

    def layout(self, chain: Sequence[str]) -> ColumnLayout:
        """Return where each column stands, for context workers in this order (the wiring's).

        Raises:
            WiringError: the context workers do not form a chain.
        """
        by_id = {post.worker_id: post for post in self._chain}
        return assign_columns([ChainLink(name, by_id[name].columns, by_id[name].requires) for name in chain])

    def matchers(self) -> Mapping[str, PlannerMatcher]:
        """Return one matcher for each slot, fresh for one running strategy.

        Raises:
            ConfigError: a trigger is unknown.
        """
        return {
            slot: PlannerMatcher(
                slot,
                [(post.worker_id, entry.triggers) for post, entry in zip(posts, self._entries(slot), strict=True)],
                self._blueprint.match_policy,
            )
            for slot, posts in self._slots.items()
        }

    def build(
        self, services: Services, matchers: Mapping[str, PlannerMatcher], layout: ColumnLayout
    ) -> Mapping[str, Worker[WorkerConfig]]:
        """Return the specialists by name, in the order of the house.

        Raises:
            PluginError: a worker's constructor failed.
        """
        slot_of = {post.worker_id: slot for slot, posts in self._slots.items() for post in posts}
        built: dict[str, Worker[WorkerConfig]] = {}
        for post in self.posts:
            slot = slot_of.get(post.worker_id)
            matcher = matchers[slot].for_worker(post.worker_id) if slot is not None else None
            built[post.worker_id] = build_worker(
                post.plugin, post.worker_class, post.config, self._tools(post, services, matcher, layout)
            )
        return built

    def _tools(self, post: Post, services: Services, matcher: PlannerMatch | None, layout: ColumnLayout) -> WorkerTools:
        asks = post.plugin.manifest.capabilities
        return WorkerTools(
            worker_id=post.worker_id,
            strategy_id=self._blueprint.strategy_id,
            ids=services.ids,
            clock=services.clock,
            market=services.market,
            symbols=(services.symbol,),
            ledger=services.ledger if asks.ledger_reading else None,
            state=self._page(post, services.states),
            matcher=matcher,
            remember=partial(services.remember, post.worker_id) if asks.journaling else None,
            context=services.context if asks.context_reading else None,
            book=services.book if asks.depth else None,
            columns=post.columns,
            first_column=layout.first_column.get(post.worker_id, -1),
        )

    @staticmethod
    def _page(post: Post, states: StateBook) -> WorkerState | None:
        manifest = post.plugin.manifest
        asked = manifest.capabilities.state
        if asked is None:
            return None
        return states.page(post.worker_id, plugin=manifest.identification.name, version=asked.version)

    def _entries(self, slot: str) -> Sequence[PlannerEntry]:
        entries: Sequence[PlannerEntry] = getattr(self._blueprint.workforce.planning_workers, slot)
        return entries

    def _posts(self, at: KeyPath, entries: Sequence[WorkerEntry], kind: WorkerType) -> list[Post]:
        posts = [self._post((*at, place), entry, kind) for place, entry in enumerate(entries)]
        return [post for post in posts if post is not None]

    def _post(self, at: KeyPath, entry: WorkerEntry, kind: WorkerType) -> Post | None:
        where: KeyPath = ("workforce", *at)
        known = [name for name, found in self._catalogue.manifests.items() if found.identification.type is kind]
        if entry.plugin not in known:
            self._findings += self._missing((*where, "plugin"), entry.plugin, kind, known).findings
            return None
        plugin = self._catalogue.plugin(entry.plugin)
        worker_class = load_worker_class(plugin)
        try:
            config = self._file.section((*where, "config"), worker_class.config_model)
        except ConfigRefused as refused:
            self._findings += refused.findings
            return None
        values = config.model_dump()
        return Post(
            worker_id=entry.worker or plugin.manifest.identification.worker_id,
            at=where,
            plugin=plugin,
            worker_class=worker_class,
            config=config,
            columns=columns_of(plugin.manifest, values),
            requires=tuple(required_columns_of(plugin.manifest, values)),
            companions=tuple(required_companions_of(plugin.manifest, values)),
            timeframes=tuple(required_timeframes_of(plugin.manifest, values)),
        )

    def _missing(self, at: KeyPath, name: str, kind: WorkerType, known: Sequence[str]) -> ConfigRefused:
        """Return the refusal of a plugin that there is not, or that must not be used."""
        reason = self._catalogue.quarantined.get(name)
        if reason is None:
            return self._file.refusal(at, f"there is no {kind} called {name}", written=name, known=known)
        return self._file.refusal(
            at,
            f"the plugin {name} is quarantined",
            what_to_do=f"{reason} Look again with `s1mpletrader plugin check {name}`.",
        )

    def _find_unknown_triggers(self) -> None:
        for slot in SLOTS:
            known = facts_of(slot)
            for place, entry in enumerate(self._entries(slot)):
                for name in entry.triggers:
                    if name not in known:
                        at = ("workforce", "planning_workers", slot, place, "triggers", name)
                        problem = f"'{name}' is no trigger of the {slot} slot"
                        self._findings += self._file.refusal(at, problem, written=name, known=known).findings

    def _find_what_is_out_of_view(self) -> None:
        """Find companions and higher timeframes that a worker looks at and the strategy's market does not name."""
        market = self._blueprint.market
        for post in self.posts:
            for symbol in post.companions:
                if not any(_means(written, symbol) for written in market.companions):
                    self._refuse_view(post, "companions", market.companions, symbol)
            for timeframe in post.timeframes:
                if timeframe not in market.higher_timeframes:
                    self._refuse_view(post, "higher_timeframes", market.higher_timeframes, timeframe)

    def _refuse_view(self, post: Post, key: str, there: Sequence[str], missing: str) -> None:
        who = f"{post.worker_id} ({post.plugin.manifest.identification.name})"
        problem = f"{who} looks at {missing}, which is not among them"
        fix = f"Write `{key}: [{', '.join((*there, missing))}]` under `market`, or set the worker otherwise."
        refused = self._file.refusal(("market", key), problem, what_to_do=fix)
        self._findings += refused.findings

    def _find_doubles(self) -> None:
        names = [post.worker_id for post in self.posts]
        for name in sorted({name for name in names if names.count(name) > 1}):
            refused = self._file.refusal(
                ("workforce",),
                f"several workers are called {name}",
                what_to_do="Give each a name of its own with worker:.",
            )
            self._findings += refused.findings


def _means(written: str, symbol: str) -> bool:
    """Tell whether a market's name, as people write it, may mean a unified symbol."""
    try:
        resolve_symbol(written, [symbol])
    except ConfigError:
        return False
    return True
