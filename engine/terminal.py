"""What the command line shows in a terminal: errors, progress, how a session stands, and what it came to."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.status import Status

from engine.contracts.context import AssessedContext
from engine.contracts.flows import FlowRecord
from engine.contracts.orders import AccountSnapshot
from engine.ports.ledger import LedgerChange
from engine.ports.session import SessionStatus, TradingSession
from engine.primitives.errors import ConfigError, DataError, EngineError, WiringError

EXIT_FAILED: Final = 1
EXIT_CONFIGURATION: Final = 3
EXIT_DATA: Final = 4
EXIT_INTERRUPTED: Final = 130

_FOLDER_ADVICE: Final = (
    "Check that the folder exists and that you may write there; S1MPLETRADER_HOME names another place for your files."
)

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


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
        err.print(f"[bold red]Error[/] {error.strerror or type(error).__name__}: ", end="")
        err.print(f"{error.filename or error}. {_FOLDER_ADVICE}", markup=False, soft_wrap=True)
        raise typer.Exit(EXIT_FAILED) from error
    except KeyboardInterrupt as error:
        err.print("Interrupted; what was known is on disk.")
        raise typer.Exit(EXIT_INTERRUPTED) from error


def _say_error(error: EngineError) -> None:
    # One line stays one line: a path that is broken in two can be neither clicked nor copied.
    err.print(f"[bold red]Error[/] {type(error).__name__}: ", end="")
    err.print(str(error), markup=False, soft_wrap=True)


@contextmanager
def interruptible(on_progress: Callable[[int, int], None]) -> Iterator[Callable[[int, int], None]]:
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
def progress(what: str, unit: str = "bars") -> Iterator[Callable[[int, int], None]]:
    """Show a progress bar while something that can be counted lasts; gives the function that moves it on (done, total)."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(unit),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


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
def telling_how_it_goes(session: TradingSession) -> Iterator[None]:
    """Keep one line up to date while a session runs."""
    status = session.status
    err.print(f"{status.operation} · {status.mode} · {status.label}: running, Ctrl-C stops it orderly.", markup=False)
    with err.status("") as line:
        session.watch(_StatusLine(line))
        yield


def say_summary(session: TradingSession) -> None:
    """Print what a session came to."""
    status = session.status
    account = session.ledger.get_account()
    out.print(f"[bold]{status.operation}[/] · {status.mode} · {status.label} · {status.state}")
    out.print("Flows: " + (", ".join(f"{kind} {count:,}" for kind, count in status.flows.items()) or "none"))
    out.print(
        f"Equity {account.equity:,.2f} {account.currency} (cash {account.cash:,.2f}, "
        f"positions {account.positions_value:,.2f}, fees {account.fees_paid:,.2f})"
    )
    for position in session.ledger.get_open_positions():
        out.print(f"Open: {position.quantity} {position.symbol}, open P&L {position.open_pnl:,.2f}")
    for strategy in status.strategies:
        if strategy.is_paused:
            out.print(f"Paused: {strategy.name}: {strategy.pause_reason}", markup=False, soft_wrap=True)
    if status.message:
        out.print(status.message, markup=False)
    out.print(f"Journal: {status.journal_path}", soft_wrap=True)
