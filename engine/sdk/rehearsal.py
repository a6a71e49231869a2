"""A dress rehearsal: a worker hears all that its manifest lists, on a made-up market, before it may hear a real one."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from engine.config.manifest import (
    PluginManifest,
    WorkerType,
    columns_of,
    required_columns_of,
    required_companions_of,
    required_timeframes_of,
)
from engine.contracts.base import Direction
from engine.contracts.context import (
    AggregatedContextAssessment,
    AssessedContext,
    ColumnKind,
    ColumnSpec,
    GivenScores,
    TradingContext,
)
from engine.contracts.directives import DirectiveScope
from engine.contracts.disposition import Disposition
from engine.contracts.market import BAR_COLUMNS
from engine.contracts.swot import Situation
from engine.phase1_context.tick_cache import TickCache
from engine.ports.worker import Worker, WorkerConfig, WorkerTools
from engine.primitives.errors import OutputContractBroken, PlanError
from engine.primitives.kept import Keepable
from engine.primitives.money import from_float
from engine.primitives.ratios import score_from_float
from engine.primitives.timeframes import NS_PER_MINUTE
from engine.sdk.made_up_market import WINDOW, MarketViews, providers_of, rough_book, rough_market
from engine.sdk.sample_notes import (
    SYMBOL,
    SampleWorld,
    an_assessment_of,
    sample_directive,
    sample_request,
    sample_swot,
)
from engine.sdk.standing_state import StandingState, hire
from engine.wiring.adapter import EventAdapter
from engine.wiring.roster import contracts_of

_QUIET_BARS: Final = 50
_PLANNERS: Final = {
    WorkerType.STRATEGY_PLANNER,
    WorkerType.ENTRY_PLANNER,
    WorkerType.SIZE_PLANNER,
    WorkerType.EXIT_PLANNER,
    WorkerType.EXECUTION_INTENT_PLANNER,
}


@dataclass
class Rehearsal:
    """What a rehearsal came to.

    `calls` counts notes by handler, `said` is what was published as text in order, `unheard` are the handlers whose note
    cannot be made up, `empty` the own columns that were never written, `made_up` the columns of others that no shipped
    worker writes, which held the close instead; `kept` is what it kept at the end.
    """

    calls: dict[str, int] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    columns: list[tuple[float, ...]] = field(default_factory=list)
    unheard: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    made_up: list[str] = field(default_factory=list)
    kept: Mapping[str, Keepable] | None = None

    def same_as(self, other: "Rehearsal") -> bool:
        """Tell whether another run of the same market said, kept and wrote the same."""
        return (self.said, self.kept) == (other.said, other.kept) and np.array_equal(
            np.array(self.columns, dtype=float), np.array(other.columns, dtype=float), equal_nan=True
        )


def rehearse_worker(
    manifest: PluginManifest,
    worker_class: type[Worker[Any]],
    *,
    settings: Mapping[str, object] | None = None,
    neighbours: Sequence[Path] = (),
    kept: Mapping[str, Keepable] | None = None,
) -> Rehearsal:
    """Build a worker with made-up tools and let it hear some hundred bars and one of every other note.

    Args:
        manifest: What it promises.
        worker_class: Imported.
        settings: Its configuration as in YAML; its defaults if not given.
        neighbours: Folders of other plugins of the user's; one of them is employed when it writes a column that is read.
        kept: What it goes on with, as after a restart.

    Raises:
        OutputContractBroken: it says or writes what its manifest does not list, or an unlawful value.
        Exception: whatever the worker raises; a planner's PlanError is no fault.
    """
    return _Stage(manifest, worker_class, settings or {}, neighbours, kept).run()


class _Stage:
    def __init__(
        self,
        manifest: PluginManifest,
        worker_class: type[Worker[Any]],
        settings: Mapping[str, object],
        neighbours: Sequence[Path],
        kept: Mapping[str, Keepable] | None,
    ) -> None:
        config: WorkerConfig = worker_class.config_model.model_validate(settings)
        values = config.model_dump()
        self._manifest = manifest
        self._world = SampleWorld()
        self._state = StandingState(kept)
        self._result = Rehearsal()
        self._bars = 0
        self._last: TradingContext | None = None
        chain, self._result.made_up = providers_of(required_columns_of(manifest, values), neighbours)
        self._specs: list[ColumnSpec] = [
            ColumnSpec(name=name, kind=ColumnKind.PRICE_OVERLAY) for name in self._result.made_up
        ]
        self._before = [self._hired(cls.config_model(), cls, given) for given, cls in chain]
        self._timeframes = required_timeframes_of(manifest, values)
        self._companions = required_companions_of(manifest, values)
        self._first_own = len(BAR_COLUMNS) + len(self._specs)
        self._own = columns_of(manifest, values)
        self._worker = self._hired(config, worker_class, manifest, self._state)
        contracts = contracts_of(manifest)
        self._adapters = [
            EventAdapter(contracts[handler.method], getattr(self._worker, handler.method))
            for handler in manifest.handlers
        ]

    def _hired(
        self,
        config: WorkerConfig,
        worker_class: type[Worker[Any]],
        manifest: PluginManifest,
        state: StandingState | None = None,
    ) -> Worker[Any]:
        columns = columns_of(manifest, config.model_dump())
        asks, world = manifest.capabilities, self._world
        kit = WorkerTools(
            worker_id=manifest.identification.worker_id,
            strategy_id="demo",
            ids=world.ids,
            clock=world.clock,
            market=world,
            symbols=(SYMBOL,),
            ledger=world.ledger if asks.ledger_reading else None,
            remember=_unread if asks.journaling else None,
            state=(state or StandingState()) if asks.state is not None else None,
            context=(lambda: self._last) if asks.context_reading else None,
            book=(lambda: world.book) if asks.depth else None,
            columns=columns,
            first_column=len(BAR_COLUMNS) + len(self._specs) if columns else -1,
        )
        self._specs += columns
        return hire(worker_class, config, kit)

    def run(self) -> Rehearsal:
        """Let the worker hear everything."""
        heard = {"TradingContext", "AssessedContext", "Situation"}
        by_input = {name: self._hearing(name) for name in heard | set(_OTHER_NOTES)}
        self._result.unheard = [
            f"{handler.method} takes {handler.input}"
            for handler in self._manifest.handlers
            if handler.input not in by_input
        ]
        is_written = np.zeros(len(self._own), dtype=bool)
        for context in self._market():
            for adapter in by_input["TradingContext"]:
                self._tell(adapter, context)
            if self._own:
                is_written |= ~np.isnan(self._written(context))
            assessed = _assess(context)
            for adapter in by_input["AssessedContext"]:
                self._tell(adapter, assessed)
            for adapter in by_input["Situation"]:
                self._tell(adapter, self._situation(assessed))
        self._result.empty = [spec.name for spec, found in zip(self._own, is_written, strict=True) if not found]
        for name, notes in _OTHER_NOTES.items():
            for adapter in by_input[name]:
                for note in notes(self._world):
                    self._tell(adapter, note)
        if self._manifest.capabilities.state is not None:
            self._result.kept = self._state.load()
        return self._result

    def _hearing(self, note: str) -> list[EventAdapter]:
        methods = {handler.method for handler in self._manifest.handlers if handler.input == note}
        return [adapter for adapter in self._adapters if adapter.contract.method in methods]

    def _market(self) -> Iterator[TradingContext]:
        """Give the context of each bar, its required columns written by those who would write them."""
        world = self._world
        views = MarketViews(world, timeframes=self._timeframes, companions=self._companions)
        cache_ = TickCache(SYMBOL, "1m", WINDOW, self._specs, world.ids, views.caches)
        for at, bar in enumerate(rough_market(world.clock.now_ns() // NS_PER_MINUTE * NS_PER_MINUTE)):
            world.clock.set_ns(bar.closed_ns)
            world.book = rough_book(bar, at) or world.book
            world.price = from_float(bar.close, world.listing.tick_size)
            views.see(bar)
            context = cache_.push(bar)
            if self._result.made_up:
                context.row[len(BAR_COLUMNS) : len(BAR_COLUMNS) + len(self._result.made_up)] = [bar.close] * len(
                    self._result.made_up
                )
            for worker in self._before:
                worker.on_tick(context)  # type: ignore[attr-defined]  # only context workers write columns
            self._last = context
            yield context

    def _situation(self, assessed: AssessedContext) -> Situation:
        """Return a bar as a planner sees it that is asked at every one: most are quiet."""
        self._bars += 1
        if self._bars % _QUIET_BARS:
            return Situation(assessed=assessed)
        swot = sample_swot(severity="0.5", world=self._world)
        return Situation(assessed=assessed, opportunities=swot.opportunities, threats=swot.threats)

    def _tell(self, adapter: EventAdapter, note: object) -> None:
        method = adapter.contract.method
        self._result.calls[method] = self._result.calls.get(method, 0) + 1
        try:
            answer = getattr(self._worker, method)(note)
        except PlanError as error:
            if self._manifest.identification.type not in _PLANNERS:
                raise
            self._result.said.append(f"{method}: no plan: {error}")
            return
        for envelope in adapter.accept(answer):
            if envelope.disposition is not Disposition.CONTINUE:
                self._result.said.append(f"{method}: {envelope}")

    def _written(self, context: TradingContext) -> Sequence[float]:
        """Return the own columns of the current bar.

        Raises:
            OutputContractBroken: a value is none that a column of its kind can hold.
        """
        values = tuple(context.row[self._first_own : self._first_own + len(self._own)])
        for spec, value in zip(self._own, values, strict=True):
            if not isinstance(value, float | int | np.number | np.bool_):
                raise OutputContractBroken(
                    "A column holds numbers: return a list with one float for each column, in the order of the manifest "
                    "(a category as the number of its word).",
                    worker=self._manifest.identification.worker_id,
                    column=spec.name,
                    got=type(value).__name__,
                    value=repr(value)[:40],
                )
            allowed = _lawful(spec)
            if value == value and allowed is not None and value not in allowed:  # noqa: PLR0124  # NaN warms up
                raise OutputContractBroken(
                    f"A {spec.kind} column cannot hold this value.", column=spec.name, value=value, expected=allowed
                )
        self._result.columns.append(values)
        return values


def _lawful(spec: ColumnSpec) -> tuple[float, ...] | None:
    match spec.kind:
        case ColumnKind.FLAG:
            return (0.0, 1.0)
        case ColumnKind.CATEGORY:
            return tuple(float(place) for place in range(len(spec.categories)))
        case _:
            return None


def _unread(_topic: str, _text: str) -> None:
    """Nobody reads the remarks of a rehearsal."""


def _assess(context: TradingContext) -> AssessedContext:
    return AssessedContext(context, GivenScores(0.8, 0.1, _assessment_of))


def _assessment_of(context: TradingContext) -> AggregatedContextAssessment:
    return an_assessment_of(context, strength=score_from_float(0.8), weakness=score_from_float(0.1))


def _confrontations(world: SampleWorld) -> Iterator[object]:
    yield sample_swot(world=world)
    yield sample_swot(direction=Direction.SELL, severity="0.5", world=world)
    yield sample_swot(confidence="0.1", strength="0.1", weakness="0.9", world=world)
    yield sample_swot(direction=None, severity="1.0", world=world)


def _directives(world: SampleWorld) -> Iterator[object]:
    for direction in Direction:
        yield sample_directive(direction, world=world)
    yield sample_directive(scope=DirectiveScope.MODIFY_EXISTING, world=world)
    yield sample_directive(scope=DirectiveScope.CLOSE_EXISTING, world=world)


def _requests(world: SampleWorld) -> Iterator[object]:
    for direction in Direction:
        yield sample_request(direction, world=world)
    yield sample_request(scope=DirectiveScope.MODIFY_EXISTING, world=world)
    yield sample_request(scope=DirectiveScope.CLOSE_EXISTING, world=world)


_OTHER_NOTES: Final[Mapping[str, Callable[[SampleWorld], Iterator[object]]]] = {
    "SWOTInputs": _confrontations,
    "StrategyDirective": _directives,
    "ExecutionRequest": _requests,
    "OpportunitySignal": lambda world: iter(sample_swot(world=world).opportunities),
    "ThreatSignal": lambda world: iter(sample_swot(severity="0.9", world=world).threats),
    "ScheduleTick": lambda world: iter([world.schedule_tick()]),
    "LedgerUpdate": lambda world: iter([world.ledger_update()]),
    "PositionUpdate": lambda world: iter([world.position_update()]),
}
"""What can be made up besides bars, by the name of the note."""
