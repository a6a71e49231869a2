"""The commands for bad days: flatten, abort it, resume trading, say how an order ended, and the drill of it all."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer
from pydantic import ValidationError

from engine.config.places import Places
from engine.contracts.commands import FROM_TERMINAL, OrderClaim, ResolveOrderRequest
from engine.contracts.flatten import FlattenJob, FlattenPart
from engine.primitives.ids import GROUP, ORDER, GroupId, OrderId, id_pattern
from engine.terminal import EXIT_FAILED, err, out

if TYPE_CHECKING:
    from engine.phase0_bootstrap.asking import Outcome

EXIT_NOT_FLAT: Final = 6
EXIT_REFUSED: Final = 7
_WAIT_S: Final = 300.0
_REASON_MIN: Final = 3

OperationOption = Annotated[
    str, typer.Option("--operation", help="An operation: its name (demo-paper) or the path of its operation.yaml.")
]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why, in at least three characters, for the journal.")]


def add_emergency_commands(
    app: typer.Typer,
    *,
    telling_errors: Callable[[], AbstractContextManager[None]],
    find_operation: Callable[[str], Path],
) -> None:
    """Add the commands to the command line."""

    @app.command()
    def flatten(
        operation: OperationOption = "demo-paper",
        symbol: Annotated[list[str] | None, typer.Option(help="Only this market; may be given again.")] = None,
        strategy: Annotated[
            list[str] | None, typer.Option(help="Only this strategy, by its id; may be given again.")
        ] = None,
        group: Annotated[
            list[str] | None, typer.Option(help="Only this group of orders, EXG_...; may be given again.")
        ] = None,
        yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask first.")] = False,
        wait: Annotated[float, typer.Option(min=1, help="Seconds to wait for the proof.")] = _WAIT_S,
    ) -> None:
        """Cancel and close everything of an operation, also when its window hangs or is gone, and prove it.

        With --symbol, --strategy and --group only what fits all that are given; the latch is for the whole account.

        Exit code 0: flat. 6: not yet flat when the time was up; a session that runs goes on trying.
        """
        from engine.backtest.recordings import recordings_of  # noqa: PLC0415  # help stays quick
        from engine.phase0_bootstrap.flattening import flatten_operation, is_flat  # noqa: PLC0415  # loaded when it is needed: the program has to start fast

        part = _part(symbol, strategy, group)
        if not yes and not typer.confirm(f"Cancel and close {part.words} of {operation}?", err=True):
            raise typer.Exit(EXIT_FAILED)
        with telling_errors():
            outcome = flatten_operation(
                find_operation(operation),
                places=Places.of_user(),
                part=part,
                wait_s=wait,
                on_progress=_say,
                recordings=recordings_of,
            )
        if outcome.taken_over:
            out.print(outcome.taken_over, markup=False, soft_wrap=True)
        by = "by the session that runs" if outcome.was_running else "without a window"
        out.print(f"{outcome.job.result} {by}: {outcome.job.text}", markup=False, soft_wrap=True)
        out.print("No new trade is opened until a person clears the latch (`resume-trading`), with a reason.")
        if not is_flat(outcome.job):
            raise typer.Exit(EXIT_NOT_FLAT)

    @app.command("abort-flatten")
    def abort_flatten(operation: OperationOption = "demo-paper", reason: ReasonOption = "") -> None:
        """End a flatten before it is through: what was cancelled stays cancelled, and the latch stays.

        Exit code 0: aborted. 7: none was under way.
        """
        from engine.phase0_bootstrap import asking  # noqa: PLC0415  # help stays quick

        _require(reason)
        with telling_errors():
            _tell(asking.abort_flatten(find_operation(operation), places=Places.of_user(), reason=reason))

    @app.command("resume-trading")
    def resume_trading(operation: OperationOption = "demo-paper", reason: ReasonOption = "") -> None:
        """Clear the latch: strategies may open trades again. Refused while a flatten runs.

        Exit code 0: new risk is allowed again. 7: refused, and nothing was changed.
        """
        from engine.backtest.recordings import recordings_of  # noqa: PLC0415  # help stays quick
        from engine.phase0_bootstrap import asking  # noqa: PLC0415  # help stays quick

        _require(reason)
        with telling_errors():
            _tell(
                asking.resume_trading(
                    find_operation(operation), places=Places.of_user(), reason=reason, recordings=recordings_of
                )
            )

    @app.command()
    def resolve(
        order: Annotated[str, typer.Argument(help="The order, ORD_..., that a note calls NEEDS_OPERATOR.")],
        claim: Annotated[
            Literal["rejected", "cancelled", "expired", "filled"],
            typer.Option("--as", help="What the venue's own pages show of it."),
        ],
        operation: OperationOption = "demo-paper",
        reason: ReasonOption = "",
        trade_id: Annotated[str | None, typer.Option(help="filled: the venue's id of the execution.")] = None,
        price: Annotated[str | None, typer.Option(help="filled: its price, quote per base.")] = None,
        wait: Annotated[
            float, typer.Option(min=1, help="Seconds to ask the venue first, when no session runs.")
        ] = 30.0,
    ) -> None:
        """Say how an order ended that the venue's books do not settle; they are read again after it.

        rejected: it never arrived. cancelled, expired: what was left of it is gone. filled: all that was left executed.
        What works at the venue all the same is cancelled there, and what executed is booked, whatever was claimed.

        Exit code 0: taken. 7: refused, and nothing was changed.
        """
        from engine.backtest.recordings import recordings_of  # noqa: PLC0415  # help stays quick
        from engine.phase0_bootstrap import asking  # noqa: PLC0415  # help stays quick

        _require(reason)
        request = _request(order, claim, reason, trade_id, price)
        with telling_errors():
            _tell(
                asking.resolve_order(
                    find_operation(operation), request, places=Places.of_user(), wait_s=wait, recordings=recordings_of
                )
            )

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


def _part(symbol: list[str] | None, strategy: list[str] | None, group: list[str] | None) -> FlattenPart:
    wrong = [name for name in group or () if re.match(id_pattern(GROUP), name) is None]
    if wrong:
        raise typer.BadParameter(f"{wrong[0]!r} is no group: write its id, EXG_20260105_093000_00001")
    return FlattenPart(
        symbols=tuple(symbol or ()),
        strategies=tuple(strategy or ()),
        groups=tuple(GroupId(name) for name in group or ()),
    )


def _require(reason: str) -> None:
    if len(reason.strip()) < _REASON_MIN:
        raise typer.BadParameter(f'a reason of at least {_REASON_MIN} characters is needed: --reason "..."')


def _request(order: str, claim: str, reason: str, trade_id: str | None, price: str | None) -> ResolveOrderRequest:
    if re.match(id_pattern(ORDER), order) is None:
        raise typer.BadParameter(f"{order!r} is no order: write its id, ORD_20260105_093000_00001")
    said = OrderClaim(claim.upper())
    if said is OrderClaim.FILLED and (trade_id is None or price is None):
        raise typer.BadParameter("filled needs --trade-id and --price of the execution, as the venue shows them")
    if said is not OrderClaim.FILLED and (trade_id is not None or price is not None):
        raise typer.BadParameter(f"--trade-id and --price belong to filled, not to {claim}")
    try:
        return ResolveOrderRequest(
            asked_by=FROM_TERMINAL,
            order_id=OrderId(order),
            claim=said,
            reason=reason,
            venue_trade_id=trade_id,
            price=None if price is None else Decimal(price),
        )
    except (InvalidOperation, ValidationError) as error:
        raise typer.BadParameter(f"{price!r} is no price: write a number above 0, such as 50000.5") from error


def _tell(outcome: "Outcome") -> None:
    out.print(outcome.text, markup=False, soft_wrap=True)
    if not outcome.is_accepted:
        raise typer.Exit(EXIT_REFUSED)


def _say(job: FlattenJob) -> None:
    err.print(f"{job.updated_at:%H:%M:%S} {job.stage} {job.result}: {job.text}", markup=False, soft_wrap=True)
