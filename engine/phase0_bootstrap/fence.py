"""Imports and builds foreign code; what fails behind the fence is named and kept out."""

import importlib
from collections.abc import Callable
from typing import TypeVar

from pydantic import BaseModel

from engine.phase0_bootstrap.catalogue import FoundPlugin
from engine.ports.market_data import MarketFeed
from engine.ports.worker import Worker, WorkerConfig, WorkerTools
from engine.primitives.errors import EngineError, PluginError

T = TypeVar("T")


def _behind_fence(what: str, call: Callable[[], T]) -> T:
    try:
        return call()
    except EngineError:
        raise
    except Exception as error:  # the fence: foreign code may fail in any way
        raise PluginError(f"{what} failed: {type(error).__name__}: {error}") from error


def load_class(entry_point: str) -> object:
    """Import ``package.module:Class`` behind the fence.

    Raises:
        PluginError: the module cannot be imported or has no such name.
    """
    module_name, _, class_name = entry_point.partition(":")
    module = _behind_fence(f"Importing {module_name}", lambda: importlib.import_module(module_name))
    if not hasattr(module, class_name):
        raise PluginError("The entry point names nothing in its module.", module=module_name, name=class_name)
    found: object = getattr(module, class_name)
    return found


def load_worker_class(plugin: FoundPlugin) -> type[Worker[WorkerConfig]]:
    """Import a plugin's worker class.

    Raises:
        PluginError: it cannot be imported, or is no worker.
    """
    found = load_class(f"{plugin.package}.{plugin.manifest.identification.entry_point}")
    if not (isinstance(found, type) and issubclass(found, Worker)):
        raise PluginError("The entry point is no worker class.", plugin=plugin.manifest.identification.name)
    return found


def build_worker(
    plugin: FoundPlugin, worker_class: type[Worker[WorkerConfig]], config: WorkerConfig, tools: WorkerTools
) -> Worker[WorkerConfig]:
    """Build a worker behind the fence.

    Raises:
        PluginError: its constructor failed.
    """
    return _behind_fence(f"Building {plugin.manifest.identification.name}", lambda: worker_class(config, tools))


def build_feed(entry_point: str, settings: BaseModel) -> MarketFeed:
    """Import a connector's feed and build it from its settings, behind the fence.

    Raises:
        PluginError: it cannot be imported or built, or lacks something that a feed must have.
    """
    kind = load_class(entry_point)
    if not isinstance(kind, type):
        raise PluginError("The entry point is no class.", entry_point=entry_point)
    feed = _behind_fence(f"Building {entry_point}", lambda: kind(settings))
    missing = [name for name in ("label", "timeframe", "instruments", "history", "events") if not hasattr(feed, name)]
    if missing:
        raise PluginError("The feed lacks what a feed must have.", entry_point=entry_point, missing=", ".join(missing))
    made: MarketFeed = feed
    return made
