"""The door to configuration: one file, or an operation with everything that it refers to."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from os.path import normpath
from pathlib import Path
from typing import Final, TypeVar

from pydantic import BaseModel

from engine.config.base import KeyPath, at_key
from engine.config.blueprint import StrategyBlueprint
from engine.config.findings import ConfigFinding, ConfigRefused
from engine.config.operation import OperationSettings
from engine.config.platform_settings import PlatformSettings
from engine.config.policies import AggregationPolicy
from engine.config.reading import ConfigFile, Reading, read
from engine.config.source import SourceFile, missing_file
from resources import path_of

ModelT = TypeVar("ModelT", bound=BaseModel)

SHIPPED: Final = "shipped:"
"""Begins a path in the configuration folder that comes with the program, like ``shipped:aggregation_policy.yaml``."""


@dataclass(frozen=True)
class LinkedStrategy:
    """An enabled strategy of an operation, with the files that it stands on.

    `wiring_path` is the hand-made wiring map, or None when the wiring is generated; it exists, and is not read here.
    """

    blueprint: ConfigFile[StrategyBlueprint]
    aggregation: ConfigFile[AggregationPolicy]
    wiring_path: Path | None


@dataclass(frozen=True)
class OperationBundle:
    """An operation and all files that it refers to, each valid and all fitting together."""

    operation: ConfigFile[OperationSettings]
    platform: ConfigFile[PlatformSettings]
    strategies: Sequence[LinkedStrategy]

    @property
    def starting_cash(self) -> Decimal:
        """Cash of a backtest or paper session, in the account's currency."""
        own = self.operation.model.account.starting_cash
        return self.platform.model.account.starting_cash if own is None else own

    @property
    def recordings(self) -> dict[str, Path]:
        """The files of recorded bars, by symbol as the operation writes it."""
        return {symbol: followed(self.operation.path, text) for symbol, text in self.operation.model.data.files.items()}


def load(path: Path, model: type[ModelT]) -> ModelT:
    """Return a file as its model. Blocks on the disk.

    Raises:
        ConfigRefused: a ConfigError that lists every mistake in the file, each with its line.
    """
    return load_file(path, model).model


def load_file(path: Path, model: type[ModelT]) -> ConfigFile[ModelT]:
    """Return a file as its model together with its lines, for what is found out later. Blocks on the disk.

    Raises:
        ConfigRefused: a ConfigError that lists every mistake in the file, each with its line.
    """
    return read(path, model).complete()


def load_all(path: Path) -> OperationBundle:
    """Return an operation with its platform, blueprints, aggregation policies and paths of wirings. Blocks on the disk.

    Args:
        path: An operation.yaml, or the folder that it lies in.

    Raises:
        ConfigRefused: a ConfigError that lists every mistake in all of these files.
    """
    return _Bundling(path / "operation.yaml" if (path / "operation.yaml").is_file() else path).bundle()


def followed(file: Path, text: str) -> Path:
    """Return where a path leads that is written in a file: relative to that file, or ``shipped:``."""
    if text.startswith(SHIPPED):
        return path_of("config") / text.removeprefix(SHIPPED)
    return Path(normpath(file.parent / text))


class _Bundling:
    """Follows the links of one operation and collects what is wrong on the way, however broken each file is."""

    def __init__(self, path: Path) -> None:
        self._findings: list[ConfigFinding] = []
        self._policies: dict[Path, Reading[AggregationPolicy]] = {}
        self._operation = self._read(path, OperationSettings)

    def bundle(self) -> OperationBundle:
        """Return the bundle, or raise everything that was found."""
        source = self._operation.source
        platform = self._followed(source, ("platform",)) or path_of("config", "platform.yaml")
        read_platform = self._read(platform, PlatformSettings)
        linked = [self._linked(path) for path in self._blueprints()]
        self._name_doubles([blueprint for blueprint, _, _ in linked])
        self._name_foreign_money([blueprint for blueprint, _, _ in linked])
        self._check_recordings()
        if self._findings:
            raise ConfigRefused(self._findings)
        return OperationBundle(
            operation=self._operation.complete(),
            platform=read_platform.complete(),
            strategies=tuple(
                LinkedStrategy(blueprint.complete(), policy.complete(), wiring)
                for blueprint, policy, wiring in linked
                if policy is not None
            ),
        )

    def _read(self, path: Path, model: type[ModelT]) -> Reading[ModelT]:
        reading = read(path, model)
        self._findings += reading.findings
        return reading

    def _blueprints(self) -> list[Path]:
        source = self._operation.source
        links = source.part(("strategy_links",)) if source else None
        if not isinstance(links, list):
            return []
        wanted = [place for place, link in enumerate(links) if at_key(link, "enabled") is not False]
        paths = [self._followed(source, ("strategy_links", place, "blueprint")) for place in wanted]
        return [path for path in paths if path is not None]

    def _linked(self, path: Path) -> tuple[Reading[StrategyBlueprint], Reading[AggregationPolicy] | None, Path | None]:
        blueprint = self._read(path, StrategyBlueprint)
        policy_path = self._followed(blueprint.source, ("aggregation_policy",))
        if policy_path is not None and policy_path not in self._policies:
            self._policies[policy_path] = self._read(policy_path, AggregationPolicy)
        policy = None if policy_path is None else self._policies[policy_path]
        return blueprint, policy, self._followed(blueprint.source, ("wiring",))

    def _followed(self, source: SourceFile | None, at: KeyPath) -> Path | None:
        """Return the file that a link leads to; a link to nowhere is found where it is written."""
        text = source.part(at) if source else None
        if source is None or not isinstance(text, str):
            return None
        target = followed(source.path, text)
        if target.is_file():
            return target
        missing = missing_file(target)
        near = text.removesuffix(target.name) + missing.nearest if missing.nearest else ""
        problem = f"there is no file {text}" if target.parent.is_dir() else f"there is no folder for {text}"
        self._findings.append(
            source.finding(at, problem, expected=missing.expected, written=near, known=[near] if near else [])
        )
        return None

    def _name_doubles(self, blueprints: Sequence[Reading[StrategyBlueprint]]) -> None:
        first: dict[str, Path] = {}
        for reading in blueprints:
            name = reading.source.part(("strategy_id",)) if reading.source else None
            if reading.source is None or not isinstance(name, str):
                continue
            if name in first:
                self._findings.append(
                    reading.source.finding(
                        ("strategy_id",),
                        f"two enabled strategies are called '{name}'",
                        expected=f"another id than in {first[name]}",
                    )
                )
            first.setdefault(name, reading.source.path)

    def _name_foreign_money(self, blueprints: Sequence[Reading[StrategyBlueprint]]) -> None:
        """Name markets that are quoted in other money than the account's: profit and fees would be added wrongly."""
        operation = self._operation.source
        currency = operation.part(("account", "currency")) if operation else None
        for reading in blueprints:
            symbol = reading.source.part(("market", "symbol")) if reading.source else None
            if reading.source is None or operation is None or not isinstance(symbol, str):
                continue
            quote = symbol.partition("/")[2].partition(":")[0]
            if quote and isinstance(currency, str) and quote != currency:
                problem = f"{symbol} is quoted in {quote}, and the account of {operation.path} in {currency}"
                self._findings.append(
                    reading.source.finding(("market", "symbol"), problem, expected=f"a market quoted in {currency}")
                )

    def _check_recordings(self) -> None:
        source = self._operation.source
        files = source.part(("data", "files")) if source else None
        for symbol in files if isinstance(files, dict) else ():
            self._followed(source, ("data", "files", symbol))
