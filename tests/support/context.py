"""Shipped plugins employed to look at markets drawn by hand: `employ("phase1_context/…")`; the rest is the sdk's own."""

import importlib
from collections.abc import Mapping
from functools import cache
from typing import Any

from ruamel.yaml import YAML

from engine.config.manifest import PluginManifest, columns_of
from engine.sdk.standing_state import hire
from engine.sdk.testing import (
    START_NS,
    Drawn,
    StandingMarket,
    StandingState,
    a_drawn_bar,
    assess,
    assessed,
    columns_named,
    contexts,
    enriched,
)
from engine.sdk.testing import tools as sdk_tools
from tests.support.notes import an_instrument
from tests.support.tree import ROOT

__all__ = [
    "START_NS",
    "Drawn",
    "StandingMarket",
    "StandingState",
    "a_drawn_bar",
    "assess",
    "assessed",
    "class_of",
    "columns_named",
    "contexts",
    "employ",
    "enriched",
    "manifest_of",
    "tools",
]


def tools(worker_id: str = "worker", **kit: Any) -> Any:
    """Return the tools of a worker in a world of its own, in a market that cannot be sold short unless `listing` says so."""
    return sdk_tools(worker_id, **{"listing": an_instrument()} | kit)


@cache
def manifest_of(folder: str) -> PluginManifest:
    """Return the manifest of a shipped plugin, named like ``phase1_context/ema_detector``."""
    text = (ROOT / "plugins" / folder / "manifest.yaml").read_text(encoding="utf-8")
    return PluginManifest.model_validate(YAML(typ="safe").load(text))


def class_of(folder: str) -> Any:
    """Return the worker class of a shipped plugin."""
    module, _, name = manifest_of(folder).identification.entry_point.partition(":")
    return getattr(importlib.import_module(f"plugins.{folder.replace('/', '.')}.{module}"), name)


def employ(folder: str, config: Mapping[str, object] | None = None, **kit: Any) -> Any:
    """Return a shipped plugin's worker, built from its configuration (as in YAML) and `tools(**kit)`."""
    manifest, worker = manifest_of(folder), class_of(folder)
    settings = worker.config_model.model_validate(config or {})
    if manifest.capabilities.state is not None:
        kit.setdefault("state", StandingState())
    columns = columns_of(manifest, settings.model_dump())
    return hire(worker, settings, tools(manifest.identification.worker_id, columns=columns, **kit))
