"""JSON Schemas of the configuration files, for editors that complete and check while a person types."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic import BaseModel

from engine.config.blueprint import StrategyBlueprint
from engine.config.manifest import ConnectorManifest, PluginManifest
from engine.config.operation import OperationSettings
from engine.config.platform_settings import PlatformSettings
from engine.config.policies import AggregationPolicy
from engine.config.shape import schema_of

FILE_MODELS: Final[Mapping[str, type[BaseModel]]] = {
    "platform": PlatformSettings,
    "operation": OperationSettings,
    "strategy_blueprint": StrategyBlueprint,
    "aggregation_policy": AggregationPolicy,
    "plugin_manifest": PluginManifest,
    "connector_manifest": ConnectorManifest,
}
"""The model of each kind of file, by the name of its schema."""

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def schema_text(model: type[BaseModel]) -> str:
    """Return a model's JSON Schema as text: the same for the same model, byte for byte."""
    return json.dumps({"$schema": _DIALECT, **schema_of(model)}, indent=2, ensure_ascii=False) + "\n"


def write_schemas(folder: Path, models: Mapping[str, type[BaseModel]] = FILE_MODELS) -> list[Path]:
    """Write ``name.schema.json`` for each model into a folder, and return the paths. Blocks on the disk.

    Args:
        folder: Made if it is not there.
        models: By name; the files that are read here if not given.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = [folder / f"{name}.schema.json" for name in models]
    for path, model in zip(written, models.values(), strict=True):
        path.write_text(schema_text(model), encoding="utf-8", newline="\n")
    return written
