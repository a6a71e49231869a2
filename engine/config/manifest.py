"""plugin_manifest.yaml: what a worker is, what it needs, what it may say. Read before anything is imported."""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from engine.config.base import SNAKE, ConfigModel
from engine.contracts.context import ColumnKind, ColumnSpec


class WorkerType(StrEnum):
    """The eight kinds of plugin; the platform enforces what each may publish (decisions 2.6)."""

    CONTEXT_WORKER = "ContextWorker"
    OPPORTUNITY_WORKER = "OpportunityWorker"
    THREAT_WORKER = "ThreatWorker"
    STRATEGY_PLANNER = "StrategyPlanner"
    ENTRY_PLANNER = "EntryPlanner"
    SIZE_PLANNER = "SizePlanner"
    EXIT_PLANNER = "ExitPlanner"
    EXECUTION_INTENT_PLANNER = "ExecutionIntentPlanner"


class Grade(StrEnum):
    """How far a plugin has been proven: bronze conforms, silver recovers and reports, gold is property-tested."""

    BRONZE = "bronze"
    SILVER = "silver"
    GOLD = "gold"


class Identification(ConfigModel):
    """Who the plugin is. `entry_point` is ``module:Class`` inside the plugin's folder."""

    name: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z0-9]*$")]
    """The name that blueprints use, like AggressiveMarketEntryPlanner."""
    worker_id: Annotated[str, StringConstraints(pattern=SNAKE)]
    """The name that wirings use unless the blueprint gives another."""
    type: WorkerType
    subtype: str = ""
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
    host: str
    """Which versions of S1mpleTrader it runs on, like ``>=0.1,<0.2``."""
    entry_point: Annotated[str, StringConstraints(pattern=r"^[a-z_][a-z0-9_]*:[A-Z][A-Za-z0-9]*$")]
    grade: Grade = Grade.BRONZE
    description: str


class Capabilities(ConfigModel):
    """What the platform is to inject."""

    ledger_reading: bool = False
    journaling: bool = False
    state: bool = False


class PublishedEvent(ConfigModel):
    """An event that a handler may publish, with its payload's type."""

    event: str
    payload: str


class Handler(ConfigModel):
    """One method that hears events: the DTO it takes, and everything it may publish."""

    method: Annotated[str, StringConstraints(pattern=SNAKE)]
    input: str
    triggers: tuple[str, ...] = ()
    """Events that the generated wiring gives to this method; those of the worker's type if none is named."""
    publishes: tuple[PublishedEvent, ...] = ()


class ManifestColumn(ConfigModel):
    """A column that a context worker writes. ``{periods}`` in the name stands for that configuration value.

    A list value gives one column for each of its items, in order.
    """

    name: str
    kind: ColumnKind
    unit: str = ""
    description: str = ""
    categories: tuple[str, ...] = ()
    band: str | None = None


class Dependencies(ConfigModel):
    """What must be there before this worker can do its work."""

    requires_dtos: tuple[str, ...] = ()
    provides_dtos: tuple[str, ...] = ()
    requires_columns: tuple[str, ...] = ()
    """Columns of other context workers; ``{name}`` as in `ManifestColumn`."""


class PluginManifest(ConfigModel):
    """The whole of plugin_manifest.yaml (in the plugin's folder: manifest.yaml)."""

    schema_version: int = 1
    identification: Identification
    capabilities: Capabilities = Capabilities()
    handlers: Annotated[tuple[Handler, ...], Field(min_length=1)]
    columns: tuple[ManifestColumn, ...] = ()
    dependencies: Dependencies = Dependencies()
    config_schema: str = ""
    """Name of the pydantic model of the configuration in the entry point's module; empty for none."""

    @model_validator(mode="after")
    def _only_context_workers_write_columns(self) -> "PluginManifest":
        if self.columns and self.identification.type is not WorkerType.CONTEXT_WORKER:
            raise ValueError("only a ContextWorker writes columns")
        return self


def _expand(template: str, config: Mapping[str, object]) -> list[str]:
    match = re.search(r"\{([a-z0-9_]+)\}", template)
    if match is None:
        return [template]
    key = match.group(1)
    if key not in config:
        raise KeyError(key)
    value = config[key]
    values = value if isinstance(value, list | tuple) else [value]
    return [name for item in values for name in _expand(template.replace(match.group(0), str(item)), config)]


def columns_of(manifest: PluginManifest, config: Mapping[str, object]) -> tuple[ColumnSpec, ...]:
    """Return the columns of a worker with its configuration filled in, in the order in which it writes them.

    Raises:
        KeyError: a name refers to a configuration value that is not there.
    """
    return tuple(
        ColumnSpec(
            name=name,
            kind=column.kind,
            unit=column.unit,
            description=column.description,
            categories=column.categories,
            band=column.band,
        )
        for column in manifest.columns
        for name in _expand(column.name, config)
    )


def required_columns_of(manifest: PluginManifest, config: Mapping[str, object]) -> Sequence[str]:
    """Return the columns that a worker reads of others, with its configuration filled in.

    Raises:
        KeyError: a name refers to a configuration value that is not there.
    """
    return [name for template in manifest.dependencies.requires_columns for name in _expand(template, config)]
