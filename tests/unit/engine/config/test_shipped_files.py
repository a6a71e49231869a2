"""Every file that comes with the program loads, fits the plugins, and survives being written and read again."""

import importlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from engine.config.base import KeyPath
from engine.config.blueprint import PlannerEntry, WorkerEntry
from engine.config.loading import LinkedStrategy, OperationBundle, load, load_all
from engine.config.manifest import ConnectorManifest, PluginManifest, columns_of, load_manifest, required_columns_of
from engine.config.platform_settings import PlatformSettings
from engine.config.policies import AggregationPolicy
from engine.contracts.context import FactorSide
from engine.contracts.market import BAR_COLUMNS
from engine.phase4_planning.coverage import cells_of
from resources import path_of
from tests.support.config import written_again
from tests.support.tree import ROOT

pytestmark = pytest.mark.unit

OPERATIONS = sorted(path.parent.name for path in path_of("config", "operations").glob("*/operation.yaml"))
PLUGINS = {
    manifest.identification.name: (manifest, path.parent)
    for path in sorted(ROOT.glob("plugins/*/*/manifest.yaml"))
    for manifest in [load_manifest(path)]
}
STRATEGIES = [
    (name, place)
    for name in OPERATIONS
    for place, _ in enumerate(load_all(path_of("config", "operations", name)).strategies)
]


def bundle_of(name: str) -> OperationBundle:
    return load_all(path_of("config", "operations", name))


@pytest.fixture(params=STRATEGIES, ids=lambda case: f"{case[0]}-{case[1]}")
def strategy(request: pytest.FixtureRequest) -> LinkedStrategy:
    name, place = request.param
    return bundle_of(name).strategies[place]


def entries_of(strategy: LinkedStrategy) -> Iterator[tuple[KeyPath, WorkerEntry]]:
    """Give every specialist of a strategy with the place where it stands in the blueprint."""
    workforce = strategy.blueprint.model.workforce
    for group in ("context_workers", "opportunity_workers", "threat_workers"):
        yield from ((("workforce", group, place), entry) for place, entry in enumerate(getattr(workforce, group)))
    if workforce.strategy_planner is not None:
        yield ("workforce", "strategy_planner"), workforce.strategy_planner
    for slot in ("entry", "size", "exit", "execution_intent"):
        planners: tuple[PlannerEntry, ...] = getattr(workforce.planning_workers, slot)
        yield from ((("workforce", "planning_workers", slot, place), entry) for place, entry in enumerate(planners))


def config_of(strategy: LinkedStrategy, at: KeyPath, entry: WorkerEntry) -> tuple[PluginManifest, dict[str, Any]]:
    manifest, folder = PLUGINS[entry.plugin]
    if not manifest.config_schema:
        assert not entry.config
        return manifest, {}
    module = importlib.import_module(".".join((*folder.relative_to(ROOT).parts, "worker")))
    model: type[BaseModel] = getattr(module, manifest.config_schema)
    return manifest, strategy.blueprint.section((*at, "config"), model).model_dump()


def test_the_demo_and_the_backtest_are_there() -> None:
    assert OPERATIONS == ["backtest-btc", "demo-composed", "demo-dca", "demo-many", "demo-paper"]


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_loads_and_is_called_as_its_folder(name: str) -> None:
    assert bundle_of(name).operation.model.operation.id == name


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_loads_at_once(name: str) -> None:
    bundle_of(name)
    started = time.perf_counter()
    bundle_of(name)

    assert time.perf_counter() - started < 0.1 * 5, "five times the promised 100 ms, for a busy machine"


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_connectors_exist_and_can_feed(name: str) -> None:
    operation = bundle_of(name).operation.model
    for link in operation.connectors:
        manifest = load(ROOT / "connectors" / link.connector / "manifest.yaml", ConnectorManifest)
        assert "market_feed" in manifest.capabilities
        assert set(link.settings) <= set(manifest.settings)


def test_every_specialist_exists_and_takes_its_configuration(strategy: LinkedStrategy) -> None:
    for at, entry in entries_of(strategy):
        assert entry.plugin in PLUGINS
        config_of(strategy, at, entry)


def test_every_column_that_somebody_reads_is_written_by_somebody(strategy: LinkedStrategy) -> None:
    written, read = set(BAR_COLUMNS), set[str]()
    for at, entry in entries_of(strategy):
        manifest, config = config_of(strategy, at, entry)
        written |= {column.name for column in columns_of(manifest, config)}
        read |= set(required_columns_of(manifest, config))
    for factor in strategy.aggregation.model.aggregation.factors.values():
        read |= {factor.column, factor.relative_to or factor.column}

    assert read <= written


def test_categories_of_factors_are_those_of_their_columns(strategy: LinkedStrategy) -> None:
    columns = {}
    for at, entry in entries_of(strategy):
        manifest, config = config_of(strategy, at, entry)
        columns |= {column.name: column for column in columns_of(manifest, config)}

    for factor in strategy.aggregation.model.aggregation.factors.values():
        if factor.categories:
            assert set(factor.categories) == set(columns[factor.column].categories)


def test_every_confidence_and_timing_finds_an_entry_planner(strategy: LinkedStrategy) -> None:
    entries = strategy.blueprint.model.workforce.planning_workers.entry

    cells = cells_of([(entry.plugin, entry.triggers) for entry in entries])

    assert not [cell.box for cell in cells if cell.is_gap]


def test_the_shipped_platform_file_says_the_defaults_and_all_of_them() -> None:
    shipped = load(path_of("config", "platform.yaml"), PlatformSettings)

    assert shipped == PlatformSettings()
    assert shipped.model_dump(exclude_unset=True) == shipped.model_dump()


def test_the_shipped_policy_has_the_documents_weights_for_strength() -> None:
    aggregation = load(path_of("config", "aggregation_policy.yaml"), AggregationPolicy).aggregation
    strength = {
        name: aggregation.weights[name]
        for name, factor in aggregation.factors.items()
        if factor.side is FactorSide.STRENGTH
    }

    assert strength == {"trend_strength": 0.4, "regime_clarity": 0.3, "structure_quality": 0.3}
    assert len(aggregation.factors) > len(strength), "something must count as weakness"


def test_every_shipped_file_is_the_same_after_being_written_and_read_again(tmp_path: Path) -> None:
    for name in OPERATIONS:
        bundle = bundle_of(name)
        files = [bundle.operation, bundle.platform]
        files += [file for strategy in bundle.strategies for file in (strategy.blueprint, strategy.aggregation)]
        for file in files:
            assert load(written_again(file.model, tmp_path / "again.yaml"), type(file.model)) == file.model


@pytest.mark.parametrize("path", sorted(path_of("config").rglob("*.yaml")), ids=lambda path: path.name)
def test_a_shipped_file_names_a_schema_that_is_there(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    if "$schema=" not in first:
        pytest.skip("this file names no schema")

    assert (path.parent / first.partition("$schema=")[2]).is_file()
