"""The commands for bad days: flatten, and the drill that shows that it works."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated, Final

import typer

from engine.config.places import Places
from engine.contracts.flatten import FlattenJob
from engine.terminal import EXIT_FAILED, err, out

EXIT_NOT_FLAT: Final = 6
_WAIT_S: Final = 300.0

OperationOption = Annotated[
    str, typer.Option("--operation", help="An operation: its name (demo-paper) or the path of its operation.yaml.")
]


def add_emergency_commands(
    app: typer.Typer,
    *,
    telling_errors: Callable[[], AbstractContextManager[None]],
    find_operation: Callable[[str], Path],
) -> None:
    """Add `flatten` and `drill` to the command line."""

    @app.command()
    def flatten(
        operation: OperationOption = "demo-paper",
        symbol: Annotated[list[str] | None, typer.Option(help="Only this market; may be given again.")] = None,
        yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask first.")] = False,
        wait: Annotated[float, typer.Option(min=1, help="Seconds to wait for the proof.")] = _WAIT_S,
    ) -> None:
        """Cancel and close everything of an operation, also when its window hangs or is gone, and prove it.

        Exit code 0: flat. 6: not yet flat when the time was up; a session that runs goes on trying.
        """
        from engine.backtest.recordings import recordings_of  # noqa: PLC0415  # help stays quick
        from engine.phase0_bootstrap.flattening import flatten_operation, is_flat  # noqa: PLC0415  # loaded when it is needed: the program has to start fast

        what = ", ".join(symbol) if symbol else "everything"
        if not yes and not typer.confirm(f"Cancel and close {what} of {operation}?", err=True):
            raise typer.Exit(EXIT_FAILED)
        with telling_errors():
            outcome = flatten_operation(
                find_operation(operation),
                places=Places.of_user(),
                symbols=symbol or (),
                wait_s=wait,
                on_progress=_say,
                recordings=recordings_of,
            )
        if outcome.taken_over:
            out.print(outcome.taken_over, markup=False, soft_wrap=True)
        by = "by the session that runs" if outcome.was_running else "without a window"
        out.print(f"{outcome.job.result} {by}: {outcome.job.text}", markup=False, soft_wrap=True)
        out.print("No new trade is opened until a person clears the latch (Resume trading), with a reason.")
        if not is_flat(outcome.job):
            raise typer.Exit(EXIT_NOT_FLAT)

    @app.command()
    def drill(
        seed: Annotated[int, typer.Option(help="Another seed, other faults.")] = 1,
        faults: Annotated[float, typer.Option(min=0, max=0.5, help="Share of requests that go wrong.")] = 0.1,
    ) -> None:
        """Flatten 20 positions and 5 groups in a scripted flash crash on a bad line, and hold it to its promises.

        It trades with nothing of yours: the market, the account and the venue are made up, and so are the faults.
        """
        from engine.phase0_bootstrap.drill import run_drill  # noqa: PLC0415  # help stays quick

        with telling_errors():
            result = run_drill(seed=seed, fault_share=faults)
        for line in result.lines:
            out.print(line, markup=False, soft_wrap=True)
        if not result.is_passed:
            raise typer.Exit(EXIT_NOT_FLAT)


def _say(job: FlattenJob) -> None:
    err.print(f"{job.updated_at:%H:%M:%S} {job.stage} {job.result}: {job.text}", markup=False, soft_wrap=True)
