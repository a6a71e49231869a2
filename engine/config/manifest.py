"""manifest.yaml of a plugin or a connector: what it is, needs, may say. Read before anything is imported."""

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from pydantic import AfterValidator, Field, StringConstraints

from engine.config.base import SNAKE, ConfigModel, FileModel, Misfit, at_key
from engine.config.loading import load
from engine.contracts.context import ColumnKind, ColumnSpec
from engine.primitives.timeframes import Timeframe


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


def _is_a_host_range(text: str) -> str:
    try:
        SpecifierSet(text)
    except InvalidSpecifier as error:
        raise ValueError(f"'{text}' is not a range of versions: expected one like >=0.1,<0.2") from error
    return text


Version = Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
"""Three numbers, like 1.0.0."""

HostRange = Annotated[str, AfterValidator(_is_a_host_range)]
"""Which versions of S1mpleTrader it runs on, like ``>=0.1,<0.2``."""


def host_fits(host: str, version: str) -> bool:
    """Tell whether a version of S1mpleTrader is in a manifest's host range; pre-releases count as their version."""
    return SpecifierSet(host).contains(version, prereleases=True)


class Identification(ConfigModel):
    """Who the plugin is. `entry_point` is ``module:Class`` inside the plugin's folder."""

    name: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z0-9]*$")]
    """The name that blueprints use, like AggressiveMarketEntryPlanner."""
    worker_id: Annotated[str, StringConstraints(pattern=SNAKE)]
    """The name that wirings use unless the blueprint gives another."""
    type: WorkerType
    subtype: str = ""
    version: Version
    host: HostRange
    """Which versions of S1mpleTrader it runs on, like ``>=0.1,<0.2``."""
    entry_point: Annotated[str, StringConstraints(pattern=r"^[a-z_][a-z0-9_]*:[A-Z][A-Za-z0-9]*$")]
    grade: Grade = Grade.BRONZE
    description: str


class KeptState(ConfigModel):
    """That a worker keeps something over a restart, and in which format."""

    version: Annotated[int, Field(ge=1)]
    """Counts up whenever what is saved gets another meaning or shape; older states then need `migrate_state`."""


class Capabilities(ConfigModel):
    """What the platform is to inject."""

    ledger_reading: bool = False
    journaling: bool = False
    state: KeptState | None = None
    """A memory that outlives the session: `tools.state`."""
    context_reading: bool = False
    """The enriched context of the strategy's last closed bar, for planners that are handed a directive alone."""
    depth: bool = False
    """The last order book of the strategy's market, where the feed delivers books."""


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
    """A column that a context worker writes. ``{periods}`` in name and band stands for that configuration value.

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
    requires_companions: tuple[str, ...] = ()
    """Other markets that it looks at, unified symbols; ``{name}`` as in `ManifestColumn`, a setting that is None is none."""
    requires_timeframes: tuple[str, ...] = ()
    """Higher timeframes that it looks at, like ``1h``; ``{name}`` likewise."""
    requires_depth: bool = False
    """Whether it can do nothing without order books; with the capability alone it bears that there are none."""


class PluginManifest(FileModel):
    """The whole of plugin_manifest.yaml (in the plugin's folder: manifest.yaml)."""

    identification: Identification
    capabilities: Capabilities = Capabilities()
    handlers: Annotated[tuple[Handler, ...], Field(min_length=1)]
    columns: tuple[ManifestColumn, ...] = ()
    dependencies: Dependencies = Dependencies()
    config_schema: str = ""
    """Name of the pydantic model of the configuration in the entry point's module; empty for none."""

    @classmethod
    def misfits(cls, raw: Mapping[str, object]) -> Iterator[Misfit]:
        """Name columns of a worker that is no context worker, what is no timeframe, and books that are not asked for."""
        kind = at_key(raw, "identification", "type")
        if raw.get("columns") and kind != WorkerType.CONTEXT_WORKER:
            yield Misfit(("columns",), f"only a ContextWorker writes columns, and this is a {kind}")
        timeframes = at_key(raw, "dependencies", "requires_timeframes")
        for place, name in enumerate(timeframes if isinstance(timeframes, list | tuple) else ()):
            if isinstance(name, str) and "{" not in name and not _is_a_timeframe(name):
                problem = f"'{name}' is no timeframe: expected one like 15m, 1h or 1d"
                yield Misfit(("dependencies", "requires_timeframes", place), problem)
        if at_key(raw, "dependencies", "requires_depth") is True and not at_key(raw, "capabilities", "depth"):
            problem = "what requires order books must also be given them: write `depth: true` under capabilities"
            yield Misfit(("dependencies", "requires_depth"), problem)


class ConnectorCapability(StrEnum):
    """What a connector can do: market data as it happens, order books in it, the playing of recorded bars, past bars, orders."""

    MARKET_FEED = "market_feed"
    DEPTH = "depth"
    RECORDINGS = "recordings"
    HISTORY = "history"
    EXECUTION = "execution"


class SettingNote(ConfigModel):
    """One setting of a connector, for people and forms; it is checked by the connector's own settings model."""

    default: object
    unit: str
    range: str
    reason: str


EntryPoint = Annotated[str, StringConstraints(pattern=r"^[a-z_][a-z0-9_.]*:[A-Z][A-Za-z0-9]*$")]
"""``package.module:Class``."""


class ConnectorManifest(FileModel):
    """The whole of a connector's manifest.yaml."""

    id: Annotated[str, StringConstraints(pattern=SNAKE)]
    """The name that operations use."""
    kind: Literal["connector"]
    name: str
    version: Version
    host: HostRange
    """Which versions of S1mpleTrader it runs on, like ``>=0.1,<0.2``."""
    entry_point: EntryPoint
    """The feed, like ``connectors.demo_market.feed:DemoFeed``."""
    history_entry_point: EntryPoint | None = None
    """The source of past bars, when it is another class than the feed."""
    settings_model: EntryPoint | None = None
    """The pydantic model of its settings."""
    capabilities: Annotated[tuple[ConnectorCapability, ...], Field(min_length=1)]
    label: str
    """What stands wherever its data is shown, like DEMO."""
    grade: Grade = Grade.BRONZE
    description: str
    settings: Mapping[str, SettingNote] = Field(default_factory=dict)

    @property
    def plays_recordings(self) -> bool:
        """Whether its feed is built from recorded bars (`data.files` of the operation), and not from settings alone."""
        return ConnectorCapability.RECORDINGS in self.capabilities


def load_manifest(path: Path) -> PluginManifest:
    """Read a plugin's manifest, given the file or the plugin's folder. Imports nothing of the plugin.

    Raises:
        ConfigRefused: it is not there or broken; every mistake with its line.
    """
    return load(path / "manifest.yaml" if path.is_dir() else path, PluginManifest)


def _is_a_timeframe(name: str) -> bool:
    try:
        Timeframe.parse(name)
    except ValueError:
        return False
    return True


def _expand(template: str, config: Mapping[str, object]) -> list[str]:
    match = re.search(r"\{([a-z0-9_]+)\}", template)
    if match is None:
        return [template]
    key = match.group(1)
    if key not in config:
        raise KeyError(key)
    value = config[key]
    values = value if isinstance(value, list | tuple) else [] if value is None else [value]
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
            band=band or None,
        )
        for column in manifest.columns
        # Together, so that each name gets the band of its own item.
        for name, _, band in (text.partition("\n") for text in _expand(f"{column.name}\n{column.band or ''}", config))
    )


def required_columns_of(manifest: PluginManifest, config: Mapping[str, object]) -> Sequence[str]:
    """Return the columns that a worker reads of others, with its configuration filled in.

    Raises:
        KeyError: a name refers to a configuration value that is not there.
    """
    return _filled(manifest.dependencies.requires_columns, config)


def required_companions_of(manifest: PluginManifest, config: Mapping[str, object]) -> Sequence[str]:
    """Return the other markets that a worker looks at, unified symbols, with its configuration filled in.

    Raises:
        KeyError: a name refers to a configuration value that is not there.
    """
    return _filled(manifest.dependencies.requires_companions, config)


def required_timeframes_of(manifest: PluginManifest, config: Mapping[str, object]) -> Sequence[str]:
    """Return the higher timeframes that a worker looks at, with its configuration filled in.

    Raises:
        KeyError: a name refers to a configuration value that is not there.
    """
    return _filled(manifest.dependencies.requires_timeframes, config)


def _filled(templates: Sequence[str], config: Mapping[str, object]) -> Sequence[str]:
    return [name for template in templates for name in _expand(template, config)]
