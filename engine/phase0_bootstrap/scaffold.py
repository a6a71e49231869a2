"""Writes the first version of a plugin: a folder with manifest, worker, card and a test that passes."""

import keyword
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from engine.config.manifest import WorkerType
from engine.config.places import Places
from engine.phase0_bootstrap.discovery import user_plugins, user_shelf
from engine.phase0_bootstrap.shelves import shipped_catalogue
from engine.primitives.errors import ConfigError
from engine.wiring.flow import PLATFORM_WORKERS
from resources import path_of


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of the card's table."""

    name: str
    default: str
    unit: str
    why: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What the first version of a plugin of one type is: an example that trades, small enough to be replaced.

    `slot` is where a blueprint lists it, `short` what a person may call the type.
    """

    short: str
    description: str
    method: str
    input: str
    slot: Sequence[str]
    settings: Sequence[Setting]
    event: str = ""
    payload: str = ""
    ledger_reading: bool = field(default=False)


DRAFTS: Final[Mapping[WorkerType, Draft]] = {
    WorkerType.CONTEXT_WORKER: Draft(
        "context",
        "Plain average of the last closes.",
        "on_tick",
        "TradingContext",
        ("context_workers",),
        (Setting("periods", "20", "bars", "a month of trading days"),),
    ),
    WorkerType.OPPORTUNITY_WORKER: Draft(
        "opportunity",
        "Closes above the highest high of the last bars.",
        "on_context_assessment",
        "AssessedContext",
        ("opportunity_workers",),
        (
            Setting("bars", "20", "bars", "an older high has been forgotten"),
            Setting("confidence", "0.8", "0 to 1", "how sure the pattern is"),
        ),
        "OPPORTUNITY_DETECTED",
        "OpportunitySignal",
    ),
    WorkerType.THREAT_WORKER: Draft(
        "threat",
        "Bars that fall too far.",
        "on_context_assessment",
        "AssessedContext",
        ("threat_workers",),
        (Setting("drop_pct", "0.01", "ratio of the open", "a fall of 1 % in one bar is not ordinary"),),
        "THREAT_DETECTED",
        "ThreatSignal",
    ),
    WorkerType.STRATEGY_PLANNER: Draft(
        "planner",
        "One trade at a time, when the opportunity outweighs the threat.",
        "confront",
        "SWOTInputs",
        ("strategy_planner",),
        (
            Setting("min_confidence", "0.5", "0 to 1", "below it no trade is opened"),
            Setting("account_risk_pct", "0.01", "ratio of equity", "no trade may lose more"),
            Setting("stop_loss_tolerance", "0.015", "ratio of the price", "no stop is farther away"),
            Setting("max_total_slippage_pct", "0.002", "ratio of the price", "no entry is worse"),
        ),
        "STRATEGY_DIRECTIVE_ISSUED",
        "StrategyDirective",
        ledger_reading=True,
    ),
    WorkerType.ENTRY_PLANNER: Draft(
        "entry",
        "In with a limit order a little better than the last price.",
        "on_strategy_directive",
        "StrategyDirective",
        ("planning_workers", "entry"),
        (Setting("offset_pct", "0.0005", "ratio of the price", "the price that is waited for"),),
        "ENTRY_PLAN_CREATED",
        "EntryPlan",
    ),
    WorkerType.SIZE_PLANNER: Draft(
        "size",
        "Positions that are all worth the same.",
        "on_strategy_directive",
        "StrategyDirective",
        ("planning_workers", "size"),
        (Setting("value_quote", "500", "quote", "what a position is worth when it is opened"),),
        "SIZE_PLAN_CREATED",
        "SizePlan",
    ),
    WorkerType.EXIT_PLANNER: Draft(
        "exit",
        "A target at a fixed distance, the stop where the idea is wrong.",
        "on_strategy_directive",
        "StrategyDirective",
        ("planning_workers", "exit"),
        (Setting("target_pct", "0.02", "ratio of the entry price", "where profits are taken"),),
        "EXIT_PLAN_CREATED",
        "ExitPlan",
    ),
    WorkerType.EXECUTION_INTENT_PLANNER: Draft(
        "intent",
        "Every entry with the same patience.",
        "on_execution_request",
        "ExecutionRequest",
        ("planning_workers", "execution_intent"),
        (
            Setting("urgency", "0.5", "0 to 0.8", "0 waits for a price, 0.8 is in a hurry"),
            Setting("window_minutes", "30", "minutes", "what has not been filled by then is given up"),
            Setting("max_slippage_pct", "0.005", "ratio of the price", "a hard limit for every order"),
        ),
        "EXECUTION_INTENT_CREATED",
        "ExecutionIntent",
    ),
}


def type_named(text: str) -> WorkerType:
    """Return the type that a person means: ``ContextWorker`` or ``context``, in any case.

    Raises:
        ConfigError: there is no such type; says which there are.
    """
    names: dict[str, WorkerType] = {}
    for kind, draft in DRAFTS.items():
        names |= {kind.lower(): kind, draft.short: kind}
    if text.lower() in names:
        return names[text.lower()]
    near = get_close_matches(text.lower(), list(names), n=1)
    hint = f" Did you mean {names[near[0]]}?" if near else ""
    known = ", ".join(f"{kind} ({draft.short})" for kind, draft in DRAFTS.items())
    raise ConfigError(f"There is no plugin type {text}.{hint} Known: {known}.")


def names_of(text: str) -> tuple[str, str]:
    """Return the class's name and the folder's name of a plugin: ``MyAverage`` and ``my_average``, from either.

    Raises:
        ConfigError: it is no name, or a word of Python's own.
    """
    folder = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", text).replace("-", "_").lower()
    if re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", folder) is None or keyword.iskeyword(folder):
        raise ConfigError(
            f"{text!r} is no name for a plugin: write one like MyAverage or my_average, in plain letters."
        )
    is_camel = re.fullmatch(r"[A-Z][A-Za-z0-9]*", text) is not None
    return (text if is_camel else "".join(word.capitalize() for word in folder.split("_"))), folder


def scaffold(kind: WorkerType, name: str, *, places: Places, shelf: Path | None = None) -> Path:
    """Write a new plugin and return its folder. Blocks on the disk.

    Args:
        kind: Its type.
        name: Like ``MyAverage``.
        places: Where the user's plugins lie.
        shelf: In which its folder is made; the user's own if not given.

    Raises:
        ConfigError: the name is no name, or is taken, or the folder is there already.
    """
    class_name, folder_name = names_of(name)
    _require_free(class_name, folder_name, places)
    folder = (shelf or user_shelf(places)) / folder_name
    if folder.exists():
        raise ConfigError(f"There is a folder {folder} already. Choose another name, or delete it.")
    draft = DRAFTS[kind]
    facts = {
        "name": class_name,
        "folder": folder_name,
        "type": str(kind),
        "schema": path_of("schemas", "plugin_manifest.schema.json").as_uri(),
        "description": draft.description,
        "method": draft.method,
        "input": draft.input,
        "event": draft.event,
        "payload": draft.payload,
        "ledger_reading": draft.ledger_reading,
        "settings": draft.settings,
        "usage": _usage(class_name, draft),
    }
    templates = Environment(
        loader=FileSystemLoader(path_of("templates", "plugin")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701  # Python and YAML, no HTML; the names in it are checked
    )
    written = {
        "manifest.yaml": "manifest.yaml.j2",
        "__init__.py": "__init__.py.j2",
        "worker.py": f"worker/{kind}.py.j2",
        f"test_{folder_name}.py": f"test/{kind}.py.j2",
        "README.md": "README.md.j2",
    }
    texts = {file: templates.get_template(template).render(facts) for file, template in written.items()}
    folder.mkdir(parents=True)
    for file, text in texts.items():
        (folder / file).write_text(text, encoding="utf-8", newline="\n")
    return folder


def _require_free(class_name: str, folder_name: str, places: Places) -> None:
    taken = {each.name: each.folder for each in (*shipped_catalogue().examined, *user_plugins(places))}
    if class_name in taken:
        raise ConfigError(f"There is a plugin {class_name} already, in {taken[class_name]}. Choose another name.")
    if folder_name in PLATFORM_WORKERS:
        raise ConfigError(f"{folder_name} is the name of a worker of the platform. Choose another name.")


def _usage(class_name: str, draft: Draft) -> str:
    """Return the lines of a blueprint that employ the plugin."""
    lines = ["workforce:"]
    for depth, step in enumerate(draft.slot, start=1):
        lines.append("  " * depth + f"{step}:")
    indent = "  " * (len(draft.slot) + 1)
    first = "" if draft.slot == ("strategy_planner",) else "- "
    lines.append(f"{indent}{first}plugin: {class_name}")
    lines.append(f"{indent}{' ' * len(first)}config:")
    lines += [f"{indent}{' ' * len(first)}  {setting.name}: {setting.default}" for setting in draft.settings]
    return "\n".join(lines)
