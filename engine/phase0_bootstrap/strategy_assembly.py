"""One strategy of an operation: checked as a whole, then built and wired."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from engine.config.blueprint import StrategyBlueprint, StrategyMarket
from engine.config.findings import ConfigFinding, ConfigRefused
from engine.config.loading import LinkedStrategy
from engine.config.operation import resolve_symbol
from engine.config.reading import ConfigFile
from engine.contracts.events import CONTEXT_ASSESSMENT_READY, CONTEXT_READY, TICK_RECEIVED
from engine.contracts.market import BookSnapshot, Instrument
from engine.contracts.worker_state import SavedState
from engine.phase0_bootstrap.ahead import Ahead, Pace, Playlist, candidates_of, columns_ahead
from engine.phase0_bootstrap.catalogue import Catalogue
from engine.phase0_bootstrap.factory import Services, WorkerFactory
from engine.phase1_context.aggregator import ContextAggregator
from engine.phase1_context.chain import ColumnLayout, ContextChain
from engine.phase1_context.tick_cache import TickCache
from engine.phase3_strategy.direct import DirectPlanner
from engine.phase4_planning.aggregator import PlanningAggregator
from engine.phase4_planning.translation.translator import ExecutionTranslatorFactory
from engine.phase5_execution.handler import ExecutionHandler
from engine.phase6_finale.terminator import FlowTerminator
from engine.ports.clock import Clock
from engine.ports.journal import JournalWriter
from engine.ports.ledger import LedgerReader
from engine.ports.worker import MarketReader, Worker, WorkerConfig
from engine.primitives.errors import ConfigError, WiringError
from engine.primitives.event_type import EventType
from engine.primitives.ids import IdSource
from engine.primitives.timeframes import NS_PER_MS, Timeframe
from engine.runtime.bars import BarBuilder
from engine.runtime.scheduler import Scheduler
from engine.runtime.strategy import StrategyRun, WiderView
from engine.runtime.supervision import Supervisor
from engine.wiring.bus import CompiledWiring, FlowBus, WorkerBinding, compile_wiring
from engine.wiring.findings import WiringFinding, errors_of
from engine.wiring.flow import DIRECT_PLANNER, PLATFORM_WORKERS, Phase
from engine.wiring.planning import generate, load_base_wiring
from engine.wiring.render import describe
from engine.wiring.roster import contracts_of, roster_of
from engine.wiring.state_book import StateBook
from engine.wiring.validation import validate
from engine.wiring.wiring_map import LoadedWiring, WiringMap, load_wiring_map, wiring_hash

_OF_EVERY_BAR: Final[tuple[EventType[Any], ...]] = (TICK_RECEIVED, CONTEXT_READY, CONTEXT_ASSESSMENT_READY)


@dataclass(frozen=True, slots=True)
class PlannedStrategy:
    """A strategy whose files have been read and held against each other; nothing is built yet."""

    linked: LinkedStrategy
    factory: WorkerFactory
    wiring: WiringMap
    source: str
    """What its wiring is called in messages: the file, or that it was generated."""
    findings: tuple[WiringFinding, ...]
    states: tuple[SavedState, ...] = ()
    """What its workers go on with, in the formats of their plugins."""


@dataclass(frozen=True, slots=True)
class House:
    """What all strategies of an operation share."""

    instruments: Mapping[str, Instrument]
    ids: IdSource
    clock: Clock
    market: MarketReader
    last_book: Callable[[str], BookSnapshot | None]
    """The last order book of a symbol."""
    ledger: LedgerReader
    journal: JournalWriter
    handler: ExecutionHandler
    translator: ExecutionTranslatorFactory
    supervisor: Supervisor
    max_failures: int
    bars_to_warm: Callable[[StrategyMarket], int]
    time_budget_ns: int | None
    """How long one handler may take before it is reported; None where nobody waits for it (backtest)."""
    monotonic_ns: Callable[[], int]
    playlist: Playlist
    outside: Callable[[object], object] | None = None
    """Wraps a worker so that the books are let go while its code runs; None where nobody else ever wants them."""


def plan_strategy(linked: LinkedStrategy, catalogue: Catalogue) -> PlannedStrategy:
    """Read a strategy's wiring, or generate it, and find everything that is wrong with it. Builds nothing.

    Raises:
        ConfigError: the blueprint names or sets workers wrongly, or the wiring map is no wiring map.
        PluginError: a plugin cannot be imported.
    """
    factory = WorkerFactory(linked.blueprint, catalogue)
    blueprint = linked.blueprint.model
    manifests = catalogue.manifests
    loaded: LoadedWiring | None = load_wiring_map(linked.wiring_path) if linked.wiring_path else None
    wiring = loaded.wiring if loaded else generate(load_base_wiring(), blueprint, manifests)
    roster, before = roster_of(blueprint, manifests)
    findings = validate(wiring, roster, lines=loaded.lines if loaded else None, columns=factory.columns, before=before)
    source = str(loaded.path) if loaded else f"{blueprint.strategy_id} (generated)"
    return PlannedStrategy(linked, factory, wiring, source, findings)


def plan_strategies(links: Sequence[LinkedStrategy], catalogue: Catalogue) -> Sequence[PlannedStrategy]:
    """Plan all strategies of an operation.

    Raises:
        ConfigRefused: lists what is wrong in the files of all of them.
        ConfigError: a wiring map is no wiring map.
        PluginError: a plugin cannot be imported.
    """
    planned: list[PlannedStrategy] = []
    wrong: list[ConfigFinding] = []
    for linked in links:
        try:
            planned.append(plan_strategy(linked, catalogue))
        except ConfigRefused as refused:
            wrong += refused.findings
    if wrong:
        raise ConfigRefused(wrong)
    return planned


def refuse_errors(planned: Sequence[PlannedStrategy]) -> None:
    """Refuse to start when the wiring of any strategy has errors.

    Raises:
        WiringError: lists the errors of all strategies.
    """
    texts = [
        describe(errors, source=strategy.source) for strategy in planned if (errors := errors_of(strategy.findings))
    ]
    if texts:
        raise WiringError("The wiring has errors:\n" + "\n".join(texts))


def build_strategy(planned: PlannedStrategy, house: House) -> StrategyRun:
    """Build the workers of a strategy, wire them, and hand over the running strategy.

    Raises:
        ConfigError: its symbol is not traded, or a trigger is unknown.
        PluginError: a worker cannot be built.
        WiringError: the workers do not fit their contracts.
    """
    blueprint = planned.linked.blueprint.model
    symbol = symbol_of(planned.linked.blueprint, list(house.instruments))
    manifests = {post.worker_id: post.plugin.manifest for post in planned.factory.posts}
    chain_ids = [
        subscriber.worker
        for wiring in planned.wiring.event_wirings
        if wiring.event == TICK_RECEIVED.name
        for subscriber in wiring.subscribers
        if subscriber.worker in manifests
    ]
    provides = {name: planned.factory.columns[name].provides for name in chain_ids}
    layout = planned.factory.layout([name for name in chain_ids if provides[name]])
    buses: list[FlowBus] = []

    def remember(worker: str, topic: str, text: str) -> None:
        buses[0].remember(worker, topic, text)

    states = StateBook(blueprint.strategy_id, now_ns=house.clock.now_ns, restored=planned.states)
    matchers = planned.factory.matchers()
    aggregator = ContextAggregator(planned.linked.aggregation.model, layout.specs)
    services = Services(
        house.ids,
        house.clock,
        house.market,
        house.ledger,
        symbol,
        states,
        remember,
        context=lambda: aggregator.last_context,
        book=lambda: house.last_book(symbol),
    )
    workers = planned.factory.build(services, matchers, layout)
    states.open()
    platform: dict[str, object] = {
        "context_chain": ContextChain(),
        "context_aggregator": aggregator,
        "planning_aggregator": PlanningAggregator(
            matchers,
            ids=house.ids,
            clock=house.clock,
            ledger=house.ledger,
            remember=lambda topic, text: remember("planning_aggregator", topic, text),
        ),
        "execution_translator_factory": house.translator,
        "execution_handler": house.handler,
        "flow_terminator": FlowTerminator(),
    }
    if blueprint.direct_planning is not None:
        platform[DIRECT_PLANNER] = DirectPlanner(
            blueprint.direct_planning,
            strategy_id=blueprint.strategy_id,
            ids=house.ids,
            clock=house.clock,
            market=house.market,
            ledger=house.ledger,
            remember=lambda topic, text: remember(DIRECT_PLANNER, topic, text),
        )
    outside = house.outside
    bindings = [
        *(
            WorkerBinding(name, worker if outside is None else outside(worker), contracts_of(manifests[name], name))
            for name, worker in workers.items()
        ),
        *(WorkerBinding(name, worker, PLATFORM_WORKERS[name]) for name, worker in platform.items()),
    ]
    compiled = compile_wiring(planned.wiring, bindings)
    warming = compile_wiring(_looking_only(planned.wiring, bindings), bindings)
    ahead = _ahead(planned, symbol, house, layout, workers, compiled)
    if ahead is not None:
        compiled = compiled.sparing(TICK_RECEIVED, ahead.spared)
        warming = warming.sparing(TICK_RECEIVED, ahead.spared)
    buses.append(_bus(compiled, states, blueprint.strategy_id, house))
    columns = layout.specs
    views = _views(planned, symbol, house)
    house.journal.open_strategy(
        blueprint.strategy_id,
        symbol=symbol,
        timeframe=blueprint.market.timeframe,
        columns=columns,
        wiring_hash=wiring_hash(planned.wiring),
    )
    return StrategyRun(
        blueprint=blueprint,
        symbol=symbol,
        columns=columns,
        written_by={spec.name: worker for worker, specs in provides.items() for spec in specs},
        blueprint_path=planned.linked.blueprint.path,
        cache=TickCache(
            symbol,
            blueprint.market.timeframe,
            blueprint.market.window,
            columns,
            house.ids,
            higher={name: view.cache for name, view in views.items()},
            recorded=ahead.rows if ahead is not None else None,
        ),
        views=tuple(views.values()),
        aggregator=aggregator,
        bus=buses[0],
        warming_bus=_bus(warming, states, blueprint.strategy_id, house),
        states=states,
        builder=BarBuilder(Timeframe.parse(blueprint.market.timeframe)),
        ids=house.ids,
        journal=house.journal,
        max_failures=house.max_failures,
        warmup_bars=house.bars_to_warm(blueprint.market),
        scheduler=Scheduler(blueprint.schedules, start_ns=house.clock.now_ns()),
        candidates=ahead.candidates if ahead is not None else None,
    )


def _ahead(
    planned: PlannedStrategy,
    symbol: str,
    house: House,
    layout: ColumnLayout,
    workers: Mapping[str, Worker[WorkerConfig]],
    compiled: CompiledWiring,
) -> Ahead | None:
    """Compute what can be computed before the run, as far as the pace asks for it."""
    playlist = house.playlist
    if playlist.pace is Pace.EVERY_BAR or symbol not in playlist.recordings:
        return None
    market = planned.linked.blueprint.model.market
    ahead = columns_ahead(
        playlist.recordings[symbol],
        timeframe=market.timeframe,
        window=market.window,
        layout=layout,
        chain=list(layout.first_column),
        requires={name: columns.requires for name, columns in planned.factory.columns.items()},
        workers=workers,
    )
    if playlist.pace is not Pace.CANDIDATES:
        return ahead
    listeners = {
        name
        for event in _OF_EVERY_BAR
        for name in compiled.listeners(event)
        if name not in PLATFORM_WORKERS and name not in ahead.spared
    }
    return replace(ahead, candidates=candidates_of(ahead, {name: workers[name] for name in sorted(listeners)}))


def _views(planned: PlannedStrategy, symbol: str, house: House) -> Mapping[str, WiderView]:
    """Return the higher timeframes by name and the companions by unified symbol."""
    market = planned.linked.blueprint.model.market

    def view(of: str, timeframe: str) -> WiderView:
        cache = TickCache(of, timeframe, market.window, (), house.ids)
        return WiderView(of, BarBuilder(Timeframe.parse(timeframe)), cache)

    companions = companions_of(planned.linked.blueprint, list(house.instruments))
    return {
        **{name: view(symbol, name) for name in market.higher_timeframes},
        **{name: view(name, market.timeframe) for name in companions},
    }


def companions_of(file: ConfigFile[StrategyBlueprint], known: Sequence[str]) -> Sequence[str]:
    """Return the unified symbols of the markets that a strategy looks at beside its own.

    Raises:
        ConfigError: none of the known markets is meant; says the line.
    """
    found = []
    for place, written in enumerate(file.model.market.companions):
        try:
            found.append(resolve_symbol(written, known))
        except ConfigError as error:
            at = ("market", "companions", place)
            raise file.refusal(at, str(error).rstrip("."), written=written) from error
    return found


def _looking_only(wiring: WiringMap, bindings: Sequence[WorkerBinding]) -> WiringMap:
    """Return the part of a map in which workers look and nobody decides: phases 1 and 2, for the warm-up."""
    looking = {
        (binding.worker_id, method)
        for binding in bindings
        for method, contract in binding.contracts.items()
        if contract.phase <= Phase.DETECTION
    }
    return WiringMap(
        event_wirings=tuple(
            entry.model_copy(update={"subscribers": kept})
            for entry in wiring.event_wirings
            if (kept := tuple(one for one in entry.subscribers if (one.worker, one.method) in looking))
        )
    )


def _bus(compiled: CompiledWiring, states: StateBook, strategy_id: str, house: House) -> FlowBus:
    def on_slow(worker: str, method: str, took_ns: int) -> None:
        text = f"{worker}.{method} took {took_ns / NS_PER_MS:.1f} ms, more than its time budget"
        house.journal.note(at_ns=house.clock.now_ns(), level="WARNING", source=strategy_id, text=text)

    return FlowBus(
        compiled,
        strategy_id=strategy_id,
        now_ns=house.clock.now_ns,
        states=states,
        time_budget_ns=house.time_budget_ns,
        monotonic_ns=house.monotonic_ns,
        on_slow=on_slow,
        on_fault=partial(house.supervisor.on_fault, strategy_id),
    )


def symbol_of(file: ConfigFile[StrategyBlueprint], known: Sequence[str]) -> str:
    """Return the unified symbol of the market that a strategy trades.

    Raises:
        ConfigError: none of the known markets is meant; says the line.
    """
    written = file.model.market.symbol
    try:
        return resolve_symbol(written, known)
    except ConfigError as error:
        raise file.refusal(("market", "symbol"), str(error).rstrip("."), written=written) from error
