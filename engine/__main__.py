"""The engine from a terminal: run, backtest, why, wiring check, drill into a journal.

Exit codes: 0 all went well; 1 the run ended because something failed; 2 the command line is wrong; 3 a file of
configuration or wiring cannot be used; 4 the market data cannot be used; 130 interrupted (what was known is on disk).
"""

import asyncio
import logging
import math
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final, Literal

import typer
from rich.console import Console
from rich.logging import RichHandler
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.status import Status

from engine.config.places import Places
from engine.contracts.context import AssessedContext
from engine.contracts.flows import FlowRecord
from engine.contracts.orders import AccountSnapshot
from engine.phase0_bootstrap.plugin_commands import plugin_app
from engine.ports.ledger import LedgerChange
from engine.ports.session import SessionState, SessionStatus, TradingSession
from engine.primitives.errors import ConfigError, DataError, EngineError, WiringError
from engine.primitives.timeframes import ns_from_datetime
from engine.wiring.tracebacks import traceback_text

EXIT_FAILED: Final = 1
EXIT_CONFIGURATION: Final = 3
EXIT_DATA: Final = 4
EXIT_INTERRUPTED: Final = 130

_FOLDER_ADVICE: Final = (
    "Check that the folder exists and that you may write there; S1MPLETRADER_HOME names another place for your files."
)

app = typer.Typer(
    name="s1mpletrader",
    help="S1mpleTrader: trade your own strategies, and see every decision.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
wiring_app = typer.Typer(help="Look at who hears whom.", no_args_is_help=True)
app.add_typer(wiring_app, name="wiring")

_out = Console(highlight=False)
_err = Console(stderr=True, highlight=False)

OperationArgument = Annotated[
    str, typer.Argument(help="An operation: its name (demo-paper) or the path of its operation.yaml.")
]


@contextmanager
def telling_errors() -> Iterator[None]:
    """Turn errors of ours into a sentence on standard error and the exit code that belongs to it."""
    try:
        yield
    except (ConfigError, WiringError) as error:
        _say_error(error)
        raise typer.Exit(EXIT_CONFIGURATION) from error
    except DataError as error:
        _say_error(error)
        raise typer.Exit(EXIT_DATA) from error
    except EngineError as error:
        _say_error(error)
        raise typer.Exit(EXIT_FAILED) from error
    except OSError as error:
        _err.print(f"[bold red]Error[/] {error.strerror or type(error).__name__}: ", end="")
        _err.print(f"{error.filename or error}. {_FOLDER_ADVICE}", markup=False, soft_wrap=True)
        raise typer.Exit(EXIT_FAILED) from error
    except KeyboardInterrupt as error:
        _err.print("Interrupted; what was known is on disk.")
        raise typer.Exit(EXIT_INTERRUPTED) from error


def _say_error(error: EngineError) -> None:
    # One line stays one line: a path that is broken in two can be neither clicked nor copied.
    _err.print(f"[bold red]Error[/] {type(error).__name__}: ", end="")
    _err.print(str(error), markup=False, soft_wrap=True)


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


@contextmanager
def _interruptible(on_progress: Callable[[int, int], None]) -> Iterator[Callable[[int, int], None]]:
    """Put Ctrl-C off to the next sign of progress: in the middle of a bar it could end as anything."""
    asked: list[int] = []

    def when_it_may(done: int, total: int) -> None:
        if asked:
            raise KeyboardInterrupt
        on_progress(done, total)

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda number, _: asked.append(number)) for number in numbers]
    try:
        yield when_it_may
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


@contextmanager
def _progress(what: str) -> Iterator[Callable[[int, int], None]]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("bars"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=_err, transient=True) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


class _StatusLine:
    """A session observer that keeps one line of a terminal up to date; elsewhere it shows nothing."""

    def __init__(self, line: Status) -> None:
        self._line = line

    def on_status(self, status: SessionStatus) -> None:
        """Show the market's time and the flows so far."""
        at = f"{status.now:%Y-%m-%d %H:%M} UTC" if status.now else "before the first bar"
        flows = ", ".join(f"{kind} {count:,}" for kind, count in status.flows.items())
        self._line.update(f"{at} · {flows or 'no flows yet'}")

    def on_tick(self, strategy_id: str, assessed: AssessedContext) -> None:
        """Show nothing: the status says enough."""

    def on_flow(self, record: FlowRecord) -> None:
        """Show nothing: the status counts it."""

    def on_ledger(self, change: LedgerChange) -> None:
        """Show nothing: the summary at the end says what came of it."""

    def on_equity(self, account: AccountSnapshot) -> None:
        """Show nothing: the summary at the end says what came of it."""


@contextmanager
def _telling_how_it_goes(session: TradingSession) -> Iterator[None]:
    status = session.status
    _err.print(f"{status.operation} · {status.mode} · {status.label}: running, Ctrl-C stops it orderly.", markup=False)
    with _err.status("") as line:
        session.watch(_StatusLine(line))
        yield


@app.callback()
def _set_up(
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log what a developer wants to know.")] = False,
) -> None:
    logging.basicConfig(
        level=logging.DEBUG if verbose else logging.WARNING,
        format="%(name)s: %(message)s",
        handlers=[RichHandler(console=_err, show_path=False)],
    )


@app.command()
def run(
    operation: OperationArgument = "demo-paper",
    bars: Annotated[int | None, typer.Option(min=1, help="End after so many bars of each market.")] = None,
    speed: Annotated[
        float | None,
        typer.Option(min=0, callback=_finite, help="Market seconds per second; 0 is as fast as it goes."),
    ] = None,
) -> None:
    """Run an operation without a window, until it ends or Ctrl-C. Everything it does is in its journal."""
    from engine.phase0_bootstrap.assembly import open_session  # noqa: PLC0415  # help and errors of usage stay quick

    with telling_errors():
        session = open_session(find_operation(operation), places=Places.of_user(), bars=bars, speed=speed)
        with _telling_how_it_goes(session):
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
        _err.print("Stopping: writing everything down ...")
        session.stop()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        if sys.platform == "win32":
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop))
        else:
            loop.add_signal_handler(number, stop)
    await session.run()
    return was_interrupted


def say_summary(session: TradingSession) -> None:
    """Print what a session came to."""
    status = session.status
    account = session.ledger.get_account()
    _out.print(f"[bold]{status.operation}[/] · {status.mode} · {status.label} · {status.state}")
    _out.print("Flows: " + (", ".join(f"{kind} {count:,}" for kind, count in status.flows.items()) or "none"))
    _out.print(
        f"Equity {account.equity:,.2f} {account.currency} (cash {account.cash:,.2f}, "
        f"positions {account.positions_value:,.2f}, fees {account.fees_paid:,.2f})"
    )
    for position in session.ledger.get_open_positions():
        _out.print(f"Open: {position.quantity} {position.symbol}, open P&L {position.open_pnl:,.2f}")
    for strategy in status.strategies:
        if strategy.is_paused:
            _out.print(f"Paused: {strategy.name}: {strategy.pause_reason}", markup=False, soft_wrap=True)
    if status.message:
        _out.print(status.message, markup=False)
    _out.print(f"Journal: {status.journal_path}", soft_wrap=True)


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
    from engine.backtest.report import write_html  # noqa: PLC0415
    from engine.backtest.runner import BacktestRequest, run_backtest  # noqa: PLC0415

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
        with _progress("Backtest") as bar, _interruptible(bar) as on_progress:
            result = run_backtest(request, on_progress=on_progress)
        for line in describe(result):
            _out.print(line, markup=False, soft_wrap=True)
        if report is not None:
            write_html(result.report, report)
            _out.print(f"Report: {report}", soft_wrap=True)


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
        _err.print(f"Journal: {path}", style="dim", soft_wrap=True)
        for line in explain_id(path, asked):
            _out.print(line, markup=False, soft_wrap=True)


@app.command()
def replay(
    journal: Annotated[Path | None, typer.Argument(help="A session's journal; the newest one if not given.")] = None,
) -> None:
    """Play a recorded session again from its journal and show the first decision that comes out otherwise, if any."""
    from engine.backtest.replaying import replay as play_again  # noqa: PLC0415  # help stays quick
    from engine.runtime.explain import newest_journal  # noqa: PLC0415

    with telling_errors():
        places = Places.of_user()
        path = journal or newest_journal(places)
        result = play_again(path, places=places)
    _out.print(f"Played {result.inputs:,} inputs of {path.name} again: {result.flows:,} flows.", soft_wrap=True)
    for line in result.difference:
        _out.print(line, markup=False, soft_wrap=True)
    if result.is_identical:
        _out.print("Every decision, order and fill is the same, ids included.")
        return
    if not result.difference:
        _out.print("Every decision is the same; the books differ: compare the orders of both journals.")
    raise typer.Exit(EXIT_FAILED)


@wiring_app.command("check")
def wiring_check(operation: OperationArgument = "demo-paper") -> None:
    """Check every strategy's wiring: unknown names, wrong types, loops, dead ends, gaps between planners."""
    from engine.phase0_bootstrap.wiring_check import check_operation  # noqa: PLC0415  # help stays quick

    with telling_errors():
        lines, has_errors = check_operation(find_operation(operation))
        for line in lines:
            _out.print(line, markup=False, soft_wrap=True)
    if has_errors:
        raise typer.Exit(EXIT_CONFIGURATION)


@wiring_app.command("show")
def wiring_show(operation: OperationArgument = "demo-paper") -> None:
    """Print the wiring map of every strategy, as it would be generated or as its file says."""
    from engine.phase0_bootstrap.wiring_check import wiring_texts  # noqa: PLC0415  # help stays quick

    with telling_errors():
        for text in wiring_texts(find_operation(operation)):
            _out.print(text, markup=False, soft_wrap=True)


operation_app = typer.Typer(help="Your operations, and those that come with the program.", no_args_is_help=True)
app.add_typer(operation_app, name="operation")


@operation_app.command("list")
def operation_list() -> None:
    """List all operations with their files."""
    from engine.phase0_bootstrap.operations import known_operations  # noqa: PLC0415  # help stays quick

    for name, path in known_operations(Places.of_user()).items():
        _out.print(f"{name:<20} {path}", markup=False, soft_wrap=True)


@operation_app.command("copy")
def operation_copy(
    source: OperationArgument, name: Annotated[str, typer.Argument(help="How yours is to be called.")]
) -> None:
    """Copy an operation with its strategies into your own folder, to be changed there."""
    from engine.phase0_bootstrap.operations import copy_operation  # noqa: PLC0415  # help stays quick

    with telling_errors():
        target = copy_operation(find_operation(source), name, Places.of_user())
    _out.print(f"Yours to change: {target}", soft_wrap=True)


app.add_typer(plugin_app(telling_errors), name="plugin")


@app.command()
def where() -> None:
    """Print the folders where your files live."""
    places = Places.of_user()
    for what, folder in (("configuration", places.config), ("data", places.data), ("state", places.state)):
        _out.print(f"{what:<14} {folder}", markup=False, soft_wrap=True)


def find_operation(name_or_path: str) -> Path:
    """Return an operation's file: a path, one of the user's own, or one that comes with the program.

    Raises:
        ConfigError: there is none; says which there are.
    """
    from engine.phase0_bootstrap.operations import operation_path  # noqa: PLC0415  # help stays quick

    return operation_path(name_or_path, Places.of_user())


def run_guarded(command_line: typer.Typer) -> None:
    """Run a command line; a fault that nobody expected ends it with a sentence, and is kept whole in a file."""
    try:
        command_line()
    except Exception as error:  # noqa: BLE001  # the process entry: a person gets a sentence, never a traceback
        _err.print(f"[bold red]Error[/] Something failed that should not: {type(error).__name__}: ", end="")
        _err.print(str(error), markup=False, soft_wrap=True)
        _err.print(_kept(error), markup=False, soft_wrap=True)
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
