"""What other settings would have changed, in lines for a person."""

from collections import Counter
from collections.abc import Iterator
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from engine.backtest.what_if import change_of
from engine.contracts.flows import FlowOutcome
from engine.contracts.what_if import ChangeKind, FlowChange, SessionFigures, WhatIf
from engine.ports.journal import StoredFlow
from engine.primitives.timeframes import datetime_from_ns

_WORDS: Final = {
    ChangeKind.NEW: "new",
    ChangeKind.GONE: "gone",
    ChangeKind.OUTCOME: "with another outcome",
    ChangeKind.VALUES: "with other values",
}
_CENT: Final = Decimal("0.01")


def describe_what_if(result: WhatIf, *, rows: int) -> Iterator[str]:
    """Give counts and figures, the first difference in full, and as many of the later ones as asked for, one line each."""
    yield from _head(result)
    counts = Counter(change.kind for change in result.changes)
    listed = ", ".join(f"{counts[kind]} {word}" for kind, word in _WORDS.items() if counts[kind])
    before, after = result.before, result.after
    yield f"Decisions: {before.decisions}, would be {after.decisions}: {listed or 'none of them otherwise'}."
    yield f"Trades: {before.trades}, would be {after.trades}."
    yield f"Equity at the end: {_equity(before, result)}, would be {_equity(after, result)}."
    if not result.changes:
        return
    first, *later = result.changes
    yield ""
    yield f"First difference, {_place(first)}:"
    yield from _in_full(first)
    if later:
        yield ""
        yield "Later ones, which may follow from it:"
        yield from (f"  {_place(change)}: {_end(change.before)} → {_end(change.after)}" for change in later[:rows])
    if len(later) > rows:
        yield f"  and {len(later) - rows} more (--rows)"


def describe_flow(result: WhatIf, flow: StoredFlow) -> Iterator[str]:
    """Give what would have become of one decision of the session, and whether the books were others by then."""
    yield from _head(result)
    change = change_of(result, flow)
    if change is None:
        yield f"{flow.flow_id} would come out the same: {_end(flow.outcome)}."
    else:
        yield f"{_place(change)}:"
        yield from _in_full(change)
    earlier = [each for each in result.changes if each.born_ns < flow.born_ns]
    if earlier:
        yield f"{len(earlier)} earlier decisions differ already, so the books may: the first is {_place(earlier[0])}."


def _head(result: WhatIf) -> Iterator[str]:
    words = " ".join(f"--set {each}" for each in result.settings)
    yield f"Played {result.inputs:,} inputs twice: as it was, and with {words}."
    if not result.is_as_recorded:
        yield "The plugins or the program have changed since: even without that it is not as recorded (see `replay`)."


def _in_full(change: FlowChange) -> Iterator[str]:
    yield f"  was:      {_end(change.before)}"
    yield f"  would be: {_end(change.after)}"
    yield from (f"  {line}" for line in change.difference)


def _place(change: FlowChange) -> str:
    where = f"{datetime_from_ns(change.born_ns):%Y-%m-%d %H:%M:%S} UTC {change.strategy_id}"
    return where if change.flow_id is None else f"{where} {change.flow_id}"


def _end(outcome: FlowOutcome | None) -> str:
    if outcome is None:
        return "nothing was decided"
    words = " · ".join(word for word in (outcome.kind, outcome.rule) if word)
    return f"{words}: {outcome.reason}" if outcome.reason else words


def _equity(figures: SessionFigures, result: WhatIf) -> str:
    return (
        "unknown"
        if figures.equity is None
        else f"{figures.equity.quantize(_CENT, rounding=ROUND_HALF_EVEN)} {result.currency}"
    )
