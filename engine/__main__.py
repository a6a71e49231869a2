"""The engine from a terminal: run, backtest, sweep, why, wiring check, drill into a journal.

Exit codes: 0 all went well; 1 the run ended because something failed; 2 the command line is wrong; 3 a file of
configuration or wiring cannot be used; 4 the market data cannot be used; 6 not flat yet; 7 refused; 130 interrupted (what was known is on disk).
"""

import asyncio
import logging
import math
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.logging import RichHandler

from engine.config.places import Places
from engine.emergency_commands import add_emergency_commands
from engine.phase0_bootstrap.plugin_commands import plugin_app
from engine.ports.session import SessionState, TradingSession
from engine.primitives.timeframes import ns_from_datetime
from engine.terminal import (
    EXIT_CONFIGURATION,
    EXIT_FAILED,
    EXIT_INTERRUPTED,
    err,
    interruptible,
    out,
    progress,
    say_summary,
    telling_errors,
    telling_how_it_goes,
)
from engine.wiring.tracebacks import traceback_text

app = typer.Typer(
    name="s1mpletrader",
    help="S1mpleTrader: trade your own strategies, and see every decision.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
wiring_app = typer.Typer(help="Look at who hears whom.", no_args_is_help=True)
app.add_typer(wiring_app, name="wiring")
journal_app = typer.Typer(help="Look at journals as files.", no_args_is_help=True)
app.add_typer(journal_app, name="journal")

_GENTLE = 10
"""How much a process that can wait steps back: half of the scale of `nice`."""

OperationArgument = Annotated[
    str, typer.Argument(help="An operation: its name (demo-paper) or the path of its operation.yaml.")
]


def _read_day(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
        return ns_from_datetime(at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC))
    except (ValueError, OverflowError) as error:
        raise typer.BadParameter(f"{text!r} is no date: write 2023-01-31 or 2023-01-31T12:00, in UTC") from error


def _finite(speed: float | None) -> float | None:
    if speed is not None and not math.isfinite(speed):
        raise typer.BadParameter("the speed must be a number; 0 is as fast as it goes")
    return speed


def _writable(file: Path | None) -> Path | None:
    """Refuse at once what could only be refused after the whole run."""
    if file is not None and (file.is_dir() or not file.resolve().parent.is_dir()):
        raise typer.BadParameter(f"{file} cannot be written: name a file in a folder that exists")
    return file


@app.callback()
def _set_up(
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log what a developer wants to know.")] = False,
) -> None:
    logging.basicConfig(
        level=logging.DEBUG if verbose else logging.WARNING,
        format="%(name)s: %(message)s",
        handlers=[RichHandler(console=err, show_path=False)],
    )


@app.command()
def run(
    operation: OperationArgument = "demo-paper",
    bars: Annotated[int | None, typer.Option(min=1, help="End after so many bars of each market.")] = None,
    speed: Annotated[
        float | None,
        typer.Option(min=0, callback=_finite, help="Market seconds per second; 0 is as fast as it goes."),
    ] = None,
    is_fresh: Annotated[
        bool, typer.Option("--fresh", help="Begin with an empty account, and without what workers kept.")
    ] = False,
) -> None:
    """Run an operation without a window, until it ends or Ctrl-C. Everything it does is in its journal."""
    from engine.alerts.outside import addresses_in  # noqa: PLC0415  # help and errors of usage stay quick
    from engine.alerts.unattended import telling_people  # noqa: PLC0415  # help and errors of usage stay quick
    from engine.backtest.recordings import recordings_of  # noqa: PLC0415  # help and errors of usage stay quick
    from engine.phase0_bootstrap.assembly import open_session  # noqa: PLC0415  # loaded when it is needed: the program has to start fast

    with telling_errors():
        session = open_session(
            find_operation(operation),
            places=Places.of_user(),
            recordings=recordings_of,
            bars=bars,
            speed=speed,
            is_fresh=is_fresh,
        )
        with telling_how_it_goes(session), telling_people(session, addresses_in(os.environ), say=err.print):
            was_interrupted = asyncio.run(run_until_stopped(session))
        say_summary(session)
    if was_interrupted:
        raise typer.Exit(EXIT_INTERRUPTED)
    if session.status.state is SessionState.FAILED:
        raise typer.Exit(EXIT_FAILED)


async def run_until_stopped(session: TradingSession) -> bool:
    """Run a session; the first Ctrl-C or termination stops it orderly. Return whether that happened."""
    was_interrupted = False

    def stop() -> None:
        nonlocal was_interrupted
        was_interrupted = True
        err.print("Stopping: writing everything down ...")
        session.stop()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        if sys.platform == "win32":
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop))
        else:
            loop.add_signal_handler(number, stop)
    await session.run()
    return was_interrupted


@app.command()
def backtest(
    operation: OperationArgument = "backtest-btc",
    data: Annotated[
        list[str] | None,
        typer.Option("--data", help="A Parquet or CSV file of bars; SYMBOL=FILE when there are several."),
    ] = None,
    from_day: Annotated[str | None, typer.Option("--from", help="First day, UTC (included).")] = None,
    to_day: Annotated[str | None, typer.Option("--to", help="Last day, UTC (excluded).")] = None,
    report: Annotated[Path | None, typer.Option(callback=_writable, help="Write the report as an HTML page.")] = None,
    journal: Annotated[
        Path | None, typer.Option(help="Where the journal goes; the user's data folder if not given.")
    ] = None,
    repair: Annotated[bool, typer.Option("--repair", help="Drop or mend bars that cannot be, and say which.")] = False,
    keep: Annotated[
        Literal["first", "last"] | None,
        typer.Option(help="Which of several rows of one time wins; refused if not given."),
    ] = None,
) -> None:
    """Run an operation's strategies over history and sum up what came of it."""
    from engine.backtest.describe import describe  # noqa: PLC0415  # help and errors of usage stay quick
    from engine.backtest.report import write_html  # noqa: PLC0415  # loaded when it is needed: the program has to start fast
    from engine.backtest.runner import BacktestRequest, run_backtest  # noqa: PLC0415  # loaded when it is needed: the program has to start fast

    with telling_errors():
        request = BacktestRequest(
            operation=find_operation(operation),
            data=tuple(data or ()),
            from_ns=_read_day(from_day),
            to_ns=_read_day(to_day),
            journal=journal,
            repair=repair,
            keep=keep,
            places=Places.of_user(),
        )
        with progress("Backtest") as bar, interruptible(bar) as on_progress:
            result = run_backtest(request, on_progress=on_progress)
        for line in describe(result):
            out.print(line, markup=False, soft_wrap=True)
        if report is not None:
            write_html(result.report, report)
            out.print(f"Report: {report}", soft_wrap=True)


@app.command()
def sweep(
    operation: OperationArgument = "backtest-btc",
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set", help="Values to try: WORKER.SETTING=1,2,3, or STRATEGY.WORKER.SETTING=...; given once per setting."
        ),
    ] = None,
    data: Annotated[
        list[str] | None,
        typer.Option("--data", help="A Parquet or CSV file of bars; SYMBOL=FILE when there are several."),
    ] = None,
    from_day: Annotated[str | None, typer.Option("--from", help="First day, UTC (included).")] = None,
    to_day: Annotated[str | None, typer.Option("--to", help="Last day, UTC (excluded).")] = None,
    processes: Annotated[
        int | None, typer.Option(min=1, help="How many runs at once; one for each processor if not given.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option(callback=_writable, help="Write one line for each run, as a CSV file.")
    ] = None,
    journals: Annotated[
        Path | None,
        typer.Option(file_okay=False, help="An empty folder for the journals; a new one of yours if not given."),
    ] = None,
    repair: Annotated[bool, typer.Option("--repair", help="Drop or mend bars that cannot be, and say which.")] = False,
    keep: Annotated[
        Literal["first", "last"] | None,
        typer.Option(help="Which of several rows of one time wins; refused if not given."),
    ] = None,
) -> None:
    """Run a backtest for each combination of settings, on all processors, and compare what came of them."""
    from engine.backtest.runner import BacktestRequest  # noqa: PLC0415  # help and errors of usage stay quick
    from engine.backtest.sweep import run_sweep  # noqa: PLC0415  # loaded when it is needed: the program has to start fast
    from engine.backtest.sweep_table import describe_sweep, write_csv  # noqa: PLC0415  # loaded when it is needed: the program has to start fast
    from engine.backtest.variations import Variation  # noqa: PLC0415  # loaded when it is needed: the program has to start fast

    if not settings:
        raise typer.BadParameter("say what to try, like --set fixed_risk_sizer.risk_pct=0.002,0.004")
    with telling_errors():
        request = BacktestRequest(
            operation=find_operation(operation),
            data=tuple(data or ()),
            from_ns=_read_day(from_day),
            to_ns=_read_day(to_day),
            journal=None,
            repair=repair,
            keep=keep,
            places=Places.of_user(),
        )
        variations = [Variation.parse(text) for text in settings]
        with progress("Sweep", "runs") as bar, interruptible(bar) as on_progress:
            result = run_sweep(request, variations, journals=journals, processes=processes, on_progress=on_progress)
        for line in describe_sweep(result):
            out.print(line, markup=False, soft_wrap=True)
        if report is not None:
            write_csv(result, report)
            out.print(f"Report: {report}", soft_wrap=True)
    if result.was_interrupted:
        err.print("Interrupted; what was done is shown.")
        raise typer.Exit(EXIT_INTERRUPTED)
    if not result.best:
        raise typer.Exit(EXIT_FAILED)


@app.command()
def why(
    identifier: Annotated[
        str | None, typer.Argument(metavar="ID", help="ORD_…, TRD_…, EXG_…, FIL_…, STR_…, OPP_…")
    ] = None,
    flow: Annotated[
        str | None, typer.Option("--flow", help="A tick's id, TCK_…: why did this bar (not) trade?")
    ] = None,
    journal: Annotated[Path | None, typer.Option(help="A journal; the newest one if not given.")] = None,
) -> None:
    """Explain an order, a trade, a signal or a bar: the whole chain of decisions, from the journal alone."""
    from engine.runtime.explain import explain_id, newest_journal  # noqa: PLC0415  # help stays quick

    asked = identifier or flow
    if asked is None:
        raise typer.BadParameter("give an id like ORD_20260105_001200_00003, or --flow TCK_…")
    with telling_errors():
        path = journal or newest_journal(Places.of_user())
        err.print(f"Journal: {path}", style="dim", soft_wrap=True)
        for line in explain_id(path, asked):
            out.print(line, markup=False, soft_wrap=True)


@app.command()
def replay(
    journal: Annotated[Path | None, typer.Argument(help="A session's journal; the newest one if not given.")] = None,
) -> None:
    """Play a recorded session again from its journal and show the first decision that comes out otherwise, if any."""
    from engine.backtest.replaying import replay as play_again  # noqa: PLC0415  # help stays quick
    from engine.runtime.explain import newest_journal  # noqa: PLC0415  # loaded when it is needed: the program has to start fast

    with telling_errors():
        places = Places.of_user()
        path = journal or newest_journal(places)
        result = play_again(path, places=places)
    out.print(f"Played {result.inputs:,} inputs of {path.name} again: {result.flows:,} flows.", soft_wrap=True)
    for line in result.difference:
        out.print(line, markup=False, soft_wrap=True)
    if result.is_identical:
        out.print("Every decision, order and fill is the same, ids included.")
        return
    if not result.difference:
        out.print("Every decision is the same; the books differ: compare the orders of both journals.")
    raise typer.Exit(EXIT_FAILED)


@app.command("what-if")
def what_if_command(
    journal: Annotated[Path | None, typer.Argument(help="A session's journal; the newest one if not given.")] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            help="What would be otherwise: WORKER.SETTING=VALUE, WORKER.triggers.confidence=[0,1] or platform.…=VALUE.",
        ),
    ] = None,
    flow: Annotated[
        str | None, typer.Option("--flow", metavar="ID", help="Only this decision: TCK_…, or an id that came of it.")
    ] = None,
    rows: Annotated[int, typer.Option(min=0, help="How many later differences are listed.")] = 20,
    is_list: Annotated[bool, typer.Option("--list", help="List the workers' settings as they were.")] = False,
    is_json: Annotated[bool, typer.Option("--json", help="Answer with all differences, as JSON.")] = False,
    is_gentle: Annotated[bool, typer.Option("--gently", help="Leave the processor to those who need it.")] = False,
) -> None:
    """Play a recorded session with other settings: which decisions would have come out otherwise, and what of it?"""
    from engine.backtest.what_if import recorded_flow, settings_in, settings_of, what_if  # noqa: PLC0415  # help stays quick
    from engine.backtest.what_if_text import describe_flow, describe_what_if  # noqa: PLC0415  # loaded when it is needed: the program has to start fast
    from engine.runtime.explain import newest_journal  # noqa: PLC0415  # loaded when it is needed: the program has to start fast

    with telling_errors():
        places = Places.of_user()
        path = journal or newest_journal(places)
        err.print(f"Journal: {path}", style="dim", soft_wrap=True)
        if is_gentle and sys.platform != "win32":
            os.nice(_GENTLE)
        if is_list:
            for name, value in settings_in(path, places=places):
                out.print(f"{name}={value}", markup=False, soft_wrap=True)
            return
        if not settings:
            raise typer.BadParameter(
                "say what would be otherwise, like --set fixed_risk_sizer.risk_pct=0.005; --list lists"
            )
        asked = None if flow is None else recorded_flow(path, flow)
        result = what_if(path, settings_of(settings), places=places)
        if is_json:
            print(result.model_dump_json())  # JSON is not to be wrapped
            return
        lines = describe_what_if(result, rows=rows) if asked is None else describe_flow(result, asked)
        for line in lines:
            out.print(line, markup=False, soft_wrap=True)


@wiring_app.command("check")
def wiring_check(operation: OperationArgument = "demo-paper") -> None:
    """Check every strategy's wiring: unknown names, wrong types, loops, dead ends, gaps between planners."""
    from engine.phase0_bootstrap.wiring_check import check_operation  # noqa: PLC0415  # help stays quick

    with telling_errors():
        lines, has_errors = check_operation(find_operation(operation))
        for line in lines:
            out.print(line, markup=False, soft_wrap=True)
    if has_errors:
        raise typer.Exit(EXIT_CONFIGURATION)


@journal_app.command("check")
def journal_check(
    journal: Annotated[Path | None, typer.Argument(help="A session's journal; the newest one if not given.")] = None,
) -> None:
    """Check that a journal is whole, and print how its session ended and what it left open."""
    from engine.journal.checking import check_journal  # noqa: PLC0415  # help stays quick
    from engine.runtime.explain import newest_journal  # noqa: PLC0415  # loaded when it is needed: the program has to start fast

    with telling_errors():
        path = journal or newest_journal(Places.of_user())
        err.print(f"Journal: {path}", style="dim", soft_wrap=True)
        found = check_journal(path)
        for line in found.lines:
            out.print(line, markup=False, soft_wrap=True)
    if not found.is_sound:
        raise typer.Exit(EXIT_FAILED)


@wiring_app.command("show")
def wiring_show(operation: OperationArgument = "demo-paper") -> None:
    """Print the wiring map of every strategy, as it would be generated or as its file says."""
    from engine.phase0_bootstrap.wiring_check import wiring_texts  # noqa: PLC0415  # help stays quick

    with telling_errors():
        for text in wiring_texts(find_operation(operation)):
            out.print(text, markup=False, soft_wrap=True)


operation_app = typer.Typer(help="Your operations, and those that come with the program.", no_args_is_help=True)
app.add_typer(operation_app, name="operation")


@operation_app.command("list")
def operation_list() -> None:
    """List all operations with their files."""
    from engine.phase0_bootstrap.operations import known_operations  # noqa: PLC0415  # help stays quick

    for name, path in known_operations(Places.of_user()).items():
        out.print(f"{name:<20} {path}", markup=False, soft_wrap=True)


@operation_app.command("copy")
def operation_copy(
    source: OperationArgument, name: Annotated[str, typer.Argument(help="How yours is to be called.")]
) -> None:
    """Copy an operation with its strategies into your own folder, to be changed there."""
    from engine.phase0_bootstrap.operations import copy_operation  # noqa: PLC0415  # help stays quick

    with telling_errors():
        target = copy_operation(find_operation(source), name, Places.of_user())
    out.print(f"Yours to change: {target}", soft_wrap=True)


app.add_typer(plugin_app(telling_errors), name="plugin")


@app.command()
def where() -> None:
    """Print the folders where your files live."""
    places = Places.of_user()
    for what, folder in (("configuration", places.config), ("data", places.data), ("state", places.state)):
        out.print(f"{what:<14} {folder}", markup=False, soft_wrap=True)


def find_operation(name_or_path: str) -> Path:
    """Return an operation's file: a path, one of the user's own, or one that comes with the program.

    Raises:
        ConfigError: there is none; says which there are.
    """
    from engine.phase0_bootstrap.operations import operation_path  # noqa: PLC0415  # help stays quick

    return operation_path(name_or_path, Places.of_user())


add_emergency_commands(app, telling_errors=telling_errors, find_operation=find_operation)


def run_guarded(command_line: typer.Typer) -> None:
    """Run a command line; a fault that nobody expected ends it with a sentence, and is kept whole in a file."""
    try:
        command_line()
    except Exception as error:  # noqa: BLE001  # the process entry: a person gets a sentence, never a traceback
        err.print(f"[bold red]Error[/] Something failed that should not: {type(error).__name__}: ", end="")
        err.print(str(error), markup=False, soft_wrap=True)
        err.print(_kept(error), markup=False, soft_wrap=True)
        sys.exit(EXIT_FAILED)


def _kept(error: Exception) -> str:
    log = Places.of_user().state / "faults.log"
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            file.write(f"{traceback_text(error)}\n\n")
    except OSError as refusal:
        return f"This is a fault of the program. Where it happened could not be written down: {refusal}"
    return f"This is a fault of the program; please report it with what stands at the end of {log}"


def main() -> None:
    """Run the command line."""
    run_guarded(app)


if __name__ == "__main__":
    main()
