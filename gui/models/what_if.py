"""What other settings would have decided, as lines of a table and sentences above it. It knows no widgets."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from engine.contracts.flows import FlowOutcome
from engine.contracts.what_if import ChangeKind, FlowChange, WhatIf
from gui.models.reasoning import TableLine
from gui.theme import formats
from gui.translation import translate

LINES_MAX: Final = 200
"""More differences than this nobody reads in a row; the counts above them are of all."""


def what_if_columns() -> Sequence[str]:
    """Return the titles of the table of differences."""
    return translate("WhatIf", "When"), translate("WhatIf", "Was"), translate("WhatIf", "Would be")


def what_if_lines(result: WhatIf, name_of: Callable[[str], str]) -> tuple[TableLine, ...]:
    """Return the differences, oldest first, each with what was said otherwise below it."""
    return tuple(_line(change, name_of) for change in result.changes[:LINES_MAX])


def summary_text(result: WhatIf) -> str:
    """Return how many decisions come out otherwise, and what the session would have come to."""
    counts = Counter(change.kind for change in result.changes)
    words = {
        ChangeKind.NEW: translate("WhatIf", "{count} new"),
        ChangeKind.GONE: translate("WhatIf", "{count} gone"),
        ChangeKind.OUTCOME: translate("WhatIf", "{count} with another outcome"),
        ChangeKind.VALUES: translate("WhatIf", "{count} with other values"),
    }
    listed = [word.format(count=formats.count_text(counts[kind])) for kind, word in words.items() if counts[kind]]
    before, after = result.before, result.after
    lines = [
        translate("WhatIf", "Decisions: {changes}").format(
            changes=", ".join(listed) or translate("WhatIf", "all as they were")
        ),
        translate("WhatIf", "Trades: {before}, would be {after}").format(
            before=formats.count_text(before.trades), after=formats.count_text(after.trades)
        ),
        translate("WhatIf", "Equity: {before}, would be {after}").format(
            before=formats.money_text(before.equity, result.currency),
            after=formats.money_text(after.equity, result.currency),
        ),
    ]
    if len(result.changes) > LINES_MAX:
        lines.append(translate("WhatIf", "The first {count} are listed.").format(count=formats.count_text(LINES_MAX)))
    if not result.is_as_recorded:
        lines.append(
            translate(
                "WhatIf", "The plugins or the program have changed since: even without that it is not as recorded."
            )
        )
    return "\n".join(lines)


def fate_text(result: WhatIf, flow_id: str) -> str:
    """Return what would have become of one flow."""
    change = next((each for each in result.changes if each.flow_id == flow_id), None)
    if change is None:
        return translate("WhatIf", "This decision would be the same.")
    return translate("WhatIf", "This decision would be: {outcome}").format(outcome=_outcome_text(change.after))


def _line(change: FlowChange, name_of: Callable[[str], str]) -> TableLine:
    when = f"{formats.instant_ns_text(change.born_ns)} · {name_of(change.strategy_id)}"
    below = tuple(TableLine((line,)) for line in change.difference)
    return TableLine((when, _outcome_text(change.before), _outcome_text(change.after)), below, change.flow_id or "")


def _outcome_text(outcome: FlowOutcome | None) -> str:
    if outcome is None:
        return translate("WhatIf", "Nothing was decided")
    words = [formats.state_text(outcome.kind), *([formats.words_text(outcome.rule)] if outcome.rule else [])]
    said = " · ".join(words)
    return f"{said}: {outcome.reason}" if outcome.reason else said
