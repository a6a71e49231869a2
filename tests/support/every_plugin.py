"""Operations made by program: one that employs every shipped plugin, and the parts to make others."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from engine.config.blueprint import (
    DirectPlanning,
    PlannerEntry,
    PlanningWorkers,
    StrategyBlueprint,
    StrategyMarket,
    WorkerEntry,
    Workforce,
)
from engine.config.loading import SHIPPED, load
from engine.config.manifest import PluginManifest, WorkerType
from engine.config.operation import (
    AccountSettings,
    ConnectorLink,
    Environment,
    InstrumentOverrides,
    MarketSource,
    OperationIdentity,
    OperationSettings,
    StrategyLink,
)
from engine.config.schedules import ScheduleSettings
from engine.contracts.market import BAR_COLUMNS, BarSeries
from engine.phase0_bootstrap.shelves import shipped_catalogue
from engine.primitives.timeframes import NS_PER_MS
from resources import path_of
from tests.support.config import written_again

OWN: Final = "BTC/USDT"
OTHER: Final = "ETH/USDT"
STARTING_CASH: Final = Decimal(100_000)
SLOTS: Final = {
    WorkerType.ENTRY_PLANNER: "entry",
    WorkerType.SIZE_PLANNER: "size",
    WorkerType.EXIT_PLANNER: "exit",
    WorkerType.EXECUTION_INTENT_PLANNER: "execution_intent",
}
_LOOKING: Final = {
    WorkerType.CONTEXT_WORKER: "context_workers",
    WorkerType.OPPORTUNITY_WORKER: "opportunity_workers",
    WorkerType.THREAT_WORKER: "threat_workers",
}
_OF_SIGNALS: Final = {"SWOTInputs", "Situation"}
_SURE_FROM: Final = Decimal("0.5")
"""The shipped planners open nothing below this confidence: above it every planner of a slot gets its share."""

Settings = Mapping[str, Mapping[str, object]]


def shipped_blueprints() -> Sequence[StrategyBlueprint]:
    """Return the blueprints of the operations that come with the program."""
    files = sorted(path_of("config").glob("operations/*/strategies/*.yaml"))
    return [load(file, StrategyBlueprint) for file in files]


def shipped_settings() -> Settings:
    """Return how the shipped blueprints set each plugin; one that none of them employs is not in it."""
    found: dict[str, Mapping[str, object]] = {}
    for blueprint in shipped_blueprints():
        force = blueprint.workforce
        slots = force.planning_workers
        for entry in (
            *force.context_workers,
            *force.opportunity_workers,
            *force.threat_workers,
            *((force.strategy_planner,) if force.strategy_planner else ()),
            *(one for slot in SLOTS.values() for one in getattr(slots, slot)),
        ):
            found.setdefault(entry.plugin, entry.config)
    return found


def shipped_plugins_of(kind: WorkerType) -> Sequence[PluginManifest]:
    """Return the shipped plugins of one type, by name."""
    manifests = shipped_catalogue().manifests
    return [each for _, each in sorted(manifests.items()) if each.identification.type is kind]


def a_workforce(planner: str | None, *, turn: int, settings: Settings, with_signals: bool = True) -> Workforce:
    """Return a workforce of every shipped plugin but the other strategy planners.

    Args:
        planner: The strategy planner; None for direct planning.
        turn: Which planner of each slot comes first; the next one comes first in the next turn.
        settings: By plugin; what is not in it stands as its maker left it.
        with_signals: Whether opportunity and threat workers are among them.
    """

    def entries(kind: WorkerType) -> tuple[WorkerEntry, ...]:
        names = [manifest.identification.name for manifest in shipped_plugins_of(kind)]
        return tuple(WorkerEntry(plugin=name, config=settings.get(name, {})) for name in names)

    def slot(kind: WorkerType) -> tuple[PlannerEntry, ...]:
        names = [manifest.identification.name for manifest in shipped_plugins_of(kind)]
        first = turn % len(names)
        ranges = _ranges(len(names))
        return tuple(
            PlannerEntry(plugin=name, config=settings.get(name, {}), triggers={"confidence": bounds})
            for name, bounds in zip([*names[first:], *names[:first]], ranges, strict=True)
        )

    return Workforce(
        strategy_planner=None if planner is None else WorkerEntry(plugin=planner, config=settings.get(planner, {})),
        planning_workers=PlanningWorkers(**{name: slot(kind) for kind, name in SLOTS.items()}),
        **{name: entries(kind) for kind, name in _LOOKING.items() if with_signals or kind is WorkerType.CONTEXT_WORKER},
    )


def _ranges(count: int) -> Sequence[tuple[Decimal, Decimal]]:
    """Return ranges of confidence that meet edge to edge from 0 to 1, the surest first."""
    step = (1 - _SURE_FROM) / count
    edges = [Decimal(0), *(_SURE_FROM + round(step * at, 2) for at in range(1, count)), Decimal(1)]
    return list(pairwise(edges))[::-1]


def strategies_of_every_plugin(
    *, timeframes: Sequence[str] = ("1m", "5m"), window: int = 500, settings: Settings | None = None
) -> Sequence[StrategyBlueprint]:
    """Return one strategy for each shipped strategy planner, and one that plans directly; all employ all others.

    Only a planner that hears signals gets the workers that give them: to the others they would be flows about nothing.

    Args:
        timeframes: Taken in turn.
        window: Bars that each rolling window keeps.
        settings: By plugin; as the shipped blueprints have it if None.
    """
    chosen = shipped_settings() if settings is None else settings
    shipped_schedules = {
        blueprint.workforce.strategy_planner.plugin: blueprint.schedules
        for blueprint in shipped_blueprints()
        if blueprint.workforce.strategy_planner
    }
    planners: list[PluginManifest | None] = [*shipped_plugins_of(WorkerType.STRATEGY_PLANNER), None]
    strategies = []
    for turn, manifest in enumerate(planners):
        name = None if manifest is None else manifest.identification.name
        schedules: Mapping[str, ScheduleSettings] = {}
        if manifest is not None and any(handler.method == "on_schedule" for handler in manifest.handlers):
            schedules = shipped_schedules.get(manifest.identification.name) or {"hourly": ScheduleSettings(every="1h")}
        strategies.append(
            StrategyBlueprint(
                strategy_id="direct" if manifest is None else manifest.identification.worker_id,
                name=name or "Direct planning",
                market=StrategyMarket(
                    symbol=OWN,
                    timeframe=timeframes[turn % len(timeframes)],
                    window=window,
                    higher_timeframes=("15m", "1h"),
                    companions=(OTHER,),
                    wide_warmup_bars=0,
                ),
                workforce=a_workforce(
                    name,
                    turn=turn,
                    settings=chosen,
                    with_signals=manifest is None or any(one.input in _OF_SIGNALS for one in manifest.handlers),
                ),
                schedules=schedules,
                aggregation_policy=f"{SHIPPED}aggregation_policy.yaml",
                direct_planning=None if manifest is not None else a_direct_plan(),
            )
        )
    return strategies


def a_direct_plan() -> DirectPlanning:
    """Return the terms of a strategy that trades two kinds of signals without a planner."""
    return DirectPlanning(minimum_confidence={"breakout": Decimal("0.6"), "fvg_entry": Decimal("0.7")})


def an_operation_of(
    folder: Path,
    strategies: Sequence[StrategyBlueprint],
    recordings: Mapping[str, Path],
    *,
    warmup_bars: int = 300,
    history_bars: int = 0,
) -> Path:
    """Write an operation that plays recordings with these strategies, and return its operation.yaml.

    Args:
        folder: Made if it is not there.
        strategies: In their order.
        recordings: Symbol to file, in the order in which bars of one time come.
        warmup_bars: Bars of its timeframe on which a strategy does not decide.
        history_bars: Bars of the recording that are past when a session begins.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for strategy in strategies:
        written_again(strategy, folder / f"{strategy.strategy_id}.yaml")
    settings = OperationSettings(
        operation=OperationIdentity(id="proof", name="Proof"),
        environment=Environment.BACKTEST,
        account=AccountSettings(currency="USDT", starting_cash=STARTING_CASH),
        connectors=(
            ConnectorLink(id="recording", connector="replay", settings={"speed": 0.0, "warmup_bars": history_bars}),
        ),
        data=MarketSource(
            feed="recording", warmup_bars=warmup_bars, files={symbol: str(file) for symbol, file in recordings.items()}
        ),
        instruments={
            symbol: InstrumentOverrides(
                min_notional=Decimal(5), maker_fee=Decimal("0.0002"), taker_fee=Decimal("0.0005"), may_short=True
            )
            for symbol in recordings
        },
        strategy_links=tuple(StrategyLink(blueprint=f"{strategy.strategy_id}.yaml") for strategy in strategies),
    )
    return written_again(settings, folder / "operation.yaml")


def recorded_in(folder: Path, recordings: Iterable[BarSeries]) -> Mapping[str, Path]:
    """Write each series as a Parquet file and return the files by symbol."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    for series in recordings:
        file = folder / f"{series.symbol.replace('/', '_')}.parquet"
        columns = {"ts": np.asarray(series.opened_ns) // NS_PER_MS} | {
            name: np.asarray(getattr(series, name)) for name in BAR_COLUMNS
        }
        pl.DataFrame(columns).write_parquet(file)
        files[series.symbol] = file
    return files


def employed_in(strategies: Iterable[StrategyBlueprint]) -> frozenset[str]:
    """Return the plugins that strategies employ."""
    found: set[str] = set()
    for strategy in strategies:
        force = strategy.workforce
        found |= {one.plugin for name in _LOOKING.values() for one in getattr(force, name)}
        found |= {one.plugin for slot in SLOTS.values() for one in getattr(force.planning_workers, slot)}
        found |= {force.strategy_planner.plugin} if force.strategy_planner else set()
    return frozenset(found)
