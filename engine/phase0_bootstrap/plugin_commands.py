"""`s1mpletrader plugin …`: write a plugin, check one, list them all, show what one can be set to."""

import importlib.util
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console

from engine.config.places import Places

if TYPE_CHECKING:
    from engine.phase0_bootstrap.plugin_check import Examination

EXIT_FAULTY: Final = 3
"""As for a file of configuration that cannot be used."""

_out = Console(highlight=False)
_err = Console(stderr=True, highlight=False)

PluginArgument = Annotated[str, typer.Argument(help="A plugin: its name (EMADetector) or the path of its folder.")]


def plugin_app(telling_errors: Callable[[], AbstractContextManager[None]]) -> typer.Typer:
    """Return the group of commands.

    Args:
        telling_errors: Turns an error of ours into a sentence and an exit code.
    """
    app = typer.Typer(help="Your own specialists: write, check and list them.", no_args_is_help=True)

    @app.command("new")
    def new(
        type_: Annotated[
            str,
            typer.Argument(metavar="TYPE", help="context, opportunity, threat, planner, entry, size, exit or intent."),
        ],
        name: Annotated[str, typer.Argument(help="How it is to be called, like MyAverage.")],
        folder: Annotated[
            Path | None, typer.Option(help="Where its folder is made; your plugins' folder if not given.")
        ] = None,
    ) -> None:
        """Write a new plugin: manifest, worker, card, and a test that passes."""
        with telling_errors():
            _new(type_, name, folder)

    @app.command("check")
    def check(plugin: PluginArgument) -> None:
        """Say everything that is wrong with a plugin; it is imported and tried in a process of its own."""
        with telling_errors():
            is_sound = _check(plugin)
        if not is_sound:
            raise typer.Exit(EXIT_FAULTY)

    @app.command("list")
    def list_all() -> None:
        """List every plugin: shipped, yours and installed ones; what is quarantined says why."""
        with telling_errors():
            _list()

    @app.command("schema")
    def schema(plugin: PluginArgument) -> None:
        """Print the JSON Schema of a plugin's configuration, for editors."""
        with telling_errors():
            _schema(plugin)

    return app


def _new(type_: str, name: str, shelf: Path | None) -> None:
    from engine.phase0_bootstrap.scaffold import scaffold, type_named  # noqa: PLC0415  # help stays quick

    places = Places.of_user()
    folder = scaffold(type_named(type_), name, places=places, shelf=shelf)
    _say(f"Written: {folder}")
    for file in sorted(folder.iterdir()):
        _say(f"  {file.name}")
    _say(f"Try it:   {sys.executable} -m pytest {folder}")
    if importlib.util.find_spec("pytest") is None:
        _say("          (pytest is not installed here; `plugin check` tries the plugin without it)")
    _say(f"Check it: s1mpletrader plugin check {folder if shelf else folder.name}")
    _say("Use it:   the lines for a blueprint are in its README.md")


def _check(asked: str) -> bool:
    from engine.phase0_bootstrap.lookup import asked_plugin, column_rivals  # noqa: PLC0415  # help stays quick
    from engine.phase0_bootstrap.plugin_check import Origin  # noqa: PLC0415  # likewise
    from engine.phase0_bootstrap.probe import probe  # noqa: PLC0415  # likewise
    from engine.phase0_bootstrap.probe_memory import ProbeMemory  # noqa: PLC0415  # likewise

    places = Places.of_user()
    memory = ProbeMemory(places)
    examined = asked_plugin(asked, places)
    examined = examined.with_findings(*column_rivals(examined, places))
    if not examined.faults:
        trial = probe(examined)
        if examined.origin is not Origin.SHIPPED:
            memory.learn([(examined, trial)])
        examined = examined.with_findings(*trial.findings)
    for remark in memory.remarks:
        _say(remark)
    for finding in examined.findings:
        _say(f"{finding.severity:<8} {finding}")
    advice = len(examined.findings) - len(examined.faults)
    if examined.faults:
        _say(f"{examined.name} cannot be used: {len(examined.faults)} error(s), {advice} warning(s).")
    else:
        _say(
            f"{examined.name} can be used ({advice} warning(s)): tried in a process of its own, over a made-up market."
        )
    return not examined.faults


def _list() -> None:
    from engine.phase0_bootstrap.shelves import full_catalogue  # noqa: PLC0415  # help stays quick

    with _err.status("Trying plugins that are new here"):
        catalogue = full_catalogue(Places.of_user())
    rows = [("NAME", "TYPE", "VERSION", "GRADE", "FROM", "STATE"), *map(_row, catalogue.examined)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        _say("  ".join(f"{text:<{width}}" for text, width in zip(row, widths, strict=True)).rstrip())
    for remark in catalogue.remarks:
        _say(f"\n{remark}")
    bad = [each for each in catalogue.examined if each.faults]
    for each in bad:
        _say(f"\n{each.name} is quarantined:\n{each.reason}")


def _row(examined: "Examination") -> tuple[str, ...]:
    who = examined.manifest.identification if examined.manifest is not None else None
    facts = (who.type, who.version, who.grade) if who is not None else ("?", "?", "?")
    state = "quarantined" if examined.faults else "ready"
    return examined.name, *map(str, facts), str(examined.origin), state


def _schema(asked: str) -> None:
    from engine.config.schemas import schema_text  # noqa: PLC0415  # help stays quick
    from engine.phase0_bootstrap.catalogue import found_in  # noqa: PLC0415  # likewise
    from engine.phase0_bootstrap.fence import load_worker_class  # noqa: PLC0415  # likewise
    from engine.phase0_bootstrap.lookup import asked_plugin  # noqa: PLC0415  # likewise
    from engine.phase0_bootstrap.plugin_check import Origin  # noqa: PLC0415  # likewise
    from engine.phase0_bootstrap.probe import probe  # noqa: PLC0415  # likewise
    from engine.primitives.errors import ConfigError  # noqa: PLC0415  # likewise

    examined = asked_plugin(asked, Places.of_user())
    if not examined.faults and examined.origin is not Origin.SHIPPED:
        examined = examined.with_findings(*probe(examined).findings)
    plugin = found_in(examined)
    if plugin is None:
        raise ConfigError(f"The plugin {examined.name} is quarantined: {examined.reason}")
    print(schema_text(load_worker_class(plugin).config_model), end="")  # noqa: T201  # JSON is not to be wrapped


def _say(text: str) -> None:
    _out.print(text, markup=False, soft_wrap=True)
