"""Looks at a plugin's source without importing it: does it parse, is its class there, what does it import."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from engine.config.findings import nearest
from engine.config.manifest import PluginManifest, WorkerType
from engine.phase0_bootstrap.plugin_findings import PluginFinding, advice, fault
from engine.ports.worker import Worker
from engine.sdk import plugin as sdk
from engine.sdk.plugin_folder import USER_PACKAGES, files_of, is_test

BASES: Final[Mapping[WorkerType, type]] = {
    WorkerType.CONTEXT_WORKER: sdk.ContextWorker,
    WorkerType.OPPORTUNITY_WORKER: sdk.OpportunityWorker,
    WorkerType.THREAT_WORKER: sdk.ThreatWorker,
    WorkerType.STRATEGY_PLANNER: sdk.BaseStrategyPlanner,
    WorkerType.ENTRY_PLANNER: sdk.BaseEntryPlanner,
    WorkerType.SIZE_PLANNER: sdk.BaseSizePlanner,
    WorkerType.EXIT_PLANNER: sdk.BaseExitPlanner,
    WorkerType.EXECUTION_INTENT_PLANNER: sdk.BaseExecutionIntentPlanner,
}
"""The class of the sdk that a worker of each type is made of."""

DOORS: Final = ("engine.sdk.plugin", "engine.sdk.indicators")
"""The modules of ours that a plugin may import."""

_TEST_DOOR: Final = "engine.sdk.testing"
_OURS: Final = {"engine", "gui", "connectors", "plugins", "resources", "tests"}
_WINDOW: Final = {"PySide2", "PySide6", "PyQt5", "PyQt6", "shiboken6", "pyqtgraph", "qasync"}
_VENUES: Final = {"ccxt", "web3"}
_UNREPEATABLE: Final = {
    "random": "A number that is drawn anew makes a replay decide otherwise: take a numpy Generator with a seed of the config.",
    "secrets": "A number that is drawn anew makes a replay decide otherwise.",
    "uuid": "An id that is drawn anew makes a replay differ: take self.tools.ids.",
    "time": "The clock of the machine is not that of the market: take self.tools.clock.",
    "socket": "What comes over a network cannot be replayed, and a slow answer stops the whole engine.",
    "requests": "What comes over a network cannot be replayed, and a slow answer stops the whole engine.",
    "urllib": "What comes over a network cannot be replayed, and a slow answer stops the whole engine.",
    "httpx": "What comes over a network cannot be replayed, and a slow answer stops the whole engine.",
}


@dataclass(frozen=True, slots=True)
class _Imported:
    module: str
    line: int
    level: int


def source_findings(folder: Path, manifest: PluginManifest | None) -> Iterator[PluginFinding]:
    """Give everything that can be seen in the source alone. Imports nothing of the plugin; blocks on the disk.

    Args:
        folder: Of the plugin.
        manifest: What its entry point is held against; None when it could not be read.
    """
    trees: dict[Path, ast.Module] = {}
    for file in files_of(folder):
        if file.suffix == ".py":
            try:
                trees[file] = ast.parse(file.read_bytes(), str(file))
            except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
                yield _unreadable(file, error)
    for file, tree in trees.items():
        yield from _import_findings(folder, file, tree)
    if manifest is not None:
        yield from _entry_findings(folder, manifest, trees)
        if manifest.capabilities.state is None:
            yield from _stateless_findings(trees)
        yield from _view_findings(trees, manifest)


def _unreadable(file: Path, error: Exception) -> PluginFinding:
    if isinstance(error, SyntaxError):
        return fault(f"Python cannot read this: {error.msg}.", file=file, line=error.lineno)
    return fault(f"Python cannot read this: {str(error) or type(error).__name__}.", file=file)


def _imports_of(tree: ast.Module) -> Iterator[_Imported]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (_Imported(alias.name, node.lineno, 0) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if module == "engine.sdk":
                yield from (_Imported(f"{module}.{alias.name}", node.lineno, 0) for alias in node.names)
            else:
                yield _Imported(module, node.lineno, node.level)


def _import_findings(folder: Path, file: Path, tree: ast.Module) -> Iterator[PluginFinding]:
    depth = len(file.relative_to(folder).parts)
    for found in _imports_of(tree):
        top = found.module.partition(".")[0]
        if found.level > depth:
            yield fault("An import leads out of the plugin's own folder.", file=file, line=found.line)
        elif found.level:
            continue
        elif top in _OURS and not _is_door(found.module, is_in_test=is_test(file)):
            fix = f"A plugin imports only {' and '.join(DOORS)}; its test may import {_TEST_DOOR} too."
            yield fault(f"The import of {found.module} is not allowed.", fix, file=file, line=found.line)
        elif top == USER_PACKAGES:
            fix = "Write `from . import …` for the plugin's own modules; one plugin never imports another."
            yield fault(f"The import of {found.module} is not allowed.", fix, file=file, line=found.line)
        elif top in _WINDOW:
            yield fault(f"A worker draws nothing: the import of {top} is not allowed.", file=file, line=found.line)
        elif top in _VENUES:
            fix = "Orders leave through the execution handler alone; market data comes in by a connector."
            yield fault(
                f"A worker meets no venue: the import of {top} is not allowed.", fix, file=file, line=found.line
            )
        elif top in _UNREPEATABLE and not is_test(file):
            yield advice(f"It imports {top}.", _UNREPEATABLE[top], file=file, line=found.line)


def _is_door(module: str, *, is_in_test: bool) -> bool:
    doors = (*DOORS, _TEST_DOOR) if is_in_test else DOORS
    return any(module == door or module.startswith(f"{door}.") for door in doors)


def _entry_findings(
    folder: Path, manifest: PluginManifest, trees: Mapping[Path, ast.Module]
) -> Iterator[PluginFinding]:
    module, _, name = manifest.identification.entry_point.partition(":")
    file = next((path for path in (folder / f"{module}.py", folder / module / "__init__.py") if path.is_file()), None)
    if file is None:
        modules = [path.stem for path in folder.glob("*.py")]
        yield fault(
            f"The entry point {manifest.identification.entry_point} names the module {module}, and there is no {module}.py.",
            _near(module, modules),
            file=folder / "manifest.yaml",
        )
        return
    if file not in trees:
        return
    tree = trees[file]
    for wanted in filter(None, (name, manifest.config_schema)):
        if wanted not in _names_of(tree):
            classes = [node.name for node in tree.body if isinstance(node, ast.ClassDef)]
            yield fault(f"There is no class {wanted}, which the manifest names.", _near(wanted, classes), file=file)
    classes_by_name = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    if name in classes_by_name:
        yield from _class_findings(file, manifest, name, classes_by_name)


def _stateless_findings(trees: Mapping[Path, ast.Module]) -> Iterator[PluginFinding]:
    """Find `tools.state` in a plugin that did not ask for it, and would be given None."""
    for file, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr == "state" and _base_name(node.value) == "tools":
                yield fault(
                    "It uses tools.state, and its manifest does not ask for it.",
                    "Write `state: {version: 1}` under `capabilities`.",
                    file=file,
                    line=node.lineno,
                )


def _view_findings(trees: Mapping[Path, ast.Module], manifest: PluginManifest) -> Iterator[PluginFinding]:
    """Find looks at other markets and timeframes of which the manifest says nothing."""
    needs = manifest.dependencies
    for file, tree in trees.items():
        if is_test(file):
            continue
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            called = _base_name(node.func)
            if called in {"companion", "PairedCloses"} and not needs.requires_companions:
                looked, key, example = "another market", "requires_companions", '["{companion}"]'
            elif called == "higher" and not needs.requires_timeframes:
                looked, key, example = "a higher timeframe", "requires_timeframes", "[1h]"
            else:
                continue
            yield advice(
                f"It looks at {looked}, and its manifest does not say which: a strategy without it fails at its first bar.",
                f"Write `{key}: {example}` under `dependencies`, and it is refused at the start.",
                file=file,
                line=node.lineno,
            )


def _names_of(tree: ast.Module) -> set[str]:
    """Return every name that stands at the top of a module once it is imported, as far as can be seen."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names.update(alias.asname or alias.name for alias in node.names)
        elif isinstance(node, ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names


def _class_findings(
    file: Path, manifest: PluginManifest, name: str, classes: Mapping[str, ast.ClassDef]
) -> Iterator[PluginFinding]:
    ancestry, platform = _ancestry(name, classes)
    line = classes[name].lineno
    if platform is None:
        return
    kind = manifest.identification.type
    if not issubclass(platform, BASES[kind]):
        yield fault(
            f"{name} derives from {platform.__name__}, but the manifest says that it is of type {kind}.",
            f"Derive it from {BASES[kind].__name__}, or correct `type`.",
            file=file,
            line=line,
        )
        return
    own = {node.name for each in ancestry for node in each.body if isinstance(node, ast.FunctionDef)}
    if "candidates" in own and manifest.capabilities.state is not None:
        yield fault(
            f"{name} names its candidate bars and keeps a state: on the bars between, nobody would ask it.",
            "Leave out `candidates`, or `state` under `capabilities`.",
            file=file,
            line=line,
        )
    waiting = {node.name: node for each in ancestry for node in each.body if isinstance(node, ast.AsyncFunctionDef)}
    for handler in manifest.handlers:
        if handler.method in waiting:
            yield fault(
                f"{handler.method} is written with `async def`, and a handler never waits.",
                "Write `def`: what must be waited for comes in by a connector.",
                file=file,
                line=waiting[handler.method].lineno,
            )
        elif handler.method not in own and not hasattr(platform, handler.method):
            handed_down = {method for method in dir(platform) if method.startswith("on_")}
            yield fault(
                f"{name} has no method {handler.method}, which the manifest lists as a handler.",
                _near(handler.method, own | handed_down),
                file=file,
                line=line,
            )


def _ancestry(name: str, classes: Mapping[str, ast.ClassDef]) -> tuple[Sequence[ast.ClassDef], type | None]:
    """Return a class and its ancestors in the same module, and the class of the sdk that they lead to, if they do."""
    seen: list[ast.ClassDef] = []
    platform: type | None = None
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current in classes and classes[current] not in seen:
            seen.append(classes[current])
            waiting += [_base_name(base) for base in classes[current].bases]
        elif current in sdk.__all__:
            found = getattr(sdk, current)
            if isinstance(found, type) and issubclass(found, Worker):
                platform = found
    return seen, platform


def _base_name(base: ast.expr) -> str:
    if isinstance(base, ast.Subscript):
        return _base_name(base.value)
    if isinstance(base, ast.Attribute):
        return base.attr
    return base.id if isinstance(base, ast.Name) else ""


def _near(written: str, known: Sequence[str] | set[str]) -> str:
    close = nearest(written, sorted(known))
    if close:
        return f"Did you mean {close}?"
    return f"There are: {', '.join(sorted(known))}." if known else ""
