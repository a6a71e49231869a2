"""Imports and builds foreign code; what fails behind the fence is named and kept out."""

import importlib
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from engine.phase0_bootstrap.catalogue import FoundPlugin
from engine.phase0_bootstrap.plugin_check import Origin
from engine.phase0_bootstrap.source_check import BASES
from engine.ports.market_data import MarketFeed
from engine.ports.worker import Worker, WorkerConfig, WorkerTools
from engine.primitives.errors import EngineError, PluginError
from engine.sdk.plugin_folder import import_folder

T = TypeVar("T")


def behind_fence(what: str, call: Callable[[], T], *, folder: Path | None = None) -> T:
    """Run foreign code and return what it returns.

    Args:
        what: What is being done, like ``Importing MyDetector``.
        call: The foreign code.
        folder: Of the plugin: the line in it where things went wrong is named.

    Raises:
        EngineError: the foreign code raised it; it is passed on.
        PluginError: it raised anything else.
    """
    try:
        return call()
    except EngineError:
        raise
    except Exception as error:  # the fence: foreign code may fail in any way
        problem = "it asked for more memory than there is" if isinstance(error, MemoryError) else str(error)
        fix = ". Install it into the Python that runs S1mpleTrader" if isinstance(error, ModuleNotFoundError) else ""
        raise PluginError(f"{what} failed: {type(error).__name__}: {problem}{_place(error, folder)}{fix}") from error


def _place(error: Exception, folder: Path | None) -> str:
    """Return the deepest line of the plugin's own that an error passed through."""
    if folder is None:
        return ""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(folder)]
    if isinstance(error, SyntaxError) and error.filename and Path(error.filename).is_relative_to(folder):
        return f" ({Path(error.filename).name}:{error.lineno})"
    return f" ({Path(own[-1].filename).name}:{own[-1].lineno}, in {own[-1].name})" if own else ""


def load_class(entry_point: str) -> object:
    """Import ``package.module:Class`` behind the fence.

    Raises:
        PluginError: the module cannot be imported or has no such name.
    """
    module_name, _, class_name = entry_point.partition(":")
    module = behind_fence(f"Importing {module_name}", lambda: importlib.import_module(module_name))
    if not hasattr(module, class_name):
        raise PluginError("The entry point names nothing in its module.", module=module_name, name=class_name)
    found: object = getattr(module, class_name)
    return found


def load_worker_class(plugin: FoundPlugin) -> type[Worker[WorkerConfig]]:
    """Import a plugin's worker class.

    Raises:
        PluginError: it cannot be imported, or is no worker of the type that its manifest says.
    """
    who = plugin.manifest.identification
    if plugin.origin is Origin.USER:
        behind_fence(f"Importing {who.name}", lambda: import_folder(plugin.folder), folder=plugin.folder)
    module_name, _, class_name = who.entry_point.partition(":")
    module = behind_fence(
        f"Importing {who.name}",
        lambda: importlib.import_module(f"{plugin.package}.{module_name}"),
        folder=plugin.folder,
    )
    found = getattr(module, class_name, None)
    if not (isinstance(found, type) and issubclass(found, BASES[who.type])):
        base = BASES[who.type].__name__
        raise PluginError(f"{who.name} is no {who.type}: {who.entry_point} must be a class derived from {base}.")
    if not issubclass(found, Worker):  # every base is one: for the type checker
        raise PluginError("The entry point is no worker class.", plugin=who.name)
    return found


def build_worker(
    plugin: FoundPlugin, worker_class: type[Worker[WorkerConfig]], config: WorkerConfig, tools: WorkerTools
) -> Worker[WorkerConfig]:
    """Build a worker behind the fence.

    Raises:
        PluginError: its constructor failed.
    """
    return behind_fence(
        f"Building {plugin.manifest.identification.name}", lambda: worker_class(config, tools), folder=plugin.folder
    )


def build_feed(entry_point: str, *arguments: object, **named: object) -> MarketFeed:
    """Import a connector's feed and build it, behind the fence.

    A feed that makes or fetches its market is built from its settings; one that plays recordings from the recorded
    series, `instruments` and `settings`.

    Raises:
        PluginError: it cannot be imported or built, or lacks something that a feed must have.
    """
    kind = load_class(entry_point)
    if not isinstance(kind, type):
        raise PluginError("The entry point is no class.", entry_point=entry_point)
    feed = behind_fence(f"Building {entry_point}", lambda: kind(*arguments, **named))
    missing = [name for name in ("label", "timeframe", "instruments", "history", "events") if not hasattr(feed, name)]
    if missing:
        raise PluginError("The feed lacks what a feed must have.", entry_point=entry_point, missing=", ".join(missing))
    made: MarketFeed = feed
    return made
