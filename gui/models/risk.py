"""The limits of the risk guard and what it refused, as rows of two lists. It knows no widgets."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final

from engine.contracts.flows import FlowRecord
from engine.contracts.limits import LimitUnit, LimitUse
from gui.models.column import Bars
from gui.models.decisions import reason_of
from gui.models.table import Column
from gui.theme import formats
from gui.theme.tokens import Tone
from gui.translation import translate

NEAR: Final = Decimal("0.8")
"""From this share of a limit on it is shown as near."""


def limit_columns(name_of: Callable[[str], str]) -> Sequence[Column[LimitUse]]:
    """Return the columns of the list of limits; `name_of` gives the name of a strategy or a market."""
    return (
        Column(translate("Risk", "Limit"), lambda row: formats.words_text(row.rule), sample="Maximum position value"),
        Column(
            translate("Risk", "Of"),
            lambda row: name_of(row.subject) if row.subject else translate("Risk", "Account"),
            sample="Demo momentum BTC",
        ),
        Column(
            translate("Risk", "Used"),
            lambda row: translate("Risk", "each order") if row.used is None else amount_text(row, row.used),
            sort_key=lambda row: row.used or 0,
            is_number=True,
            exact=lambda row: row.used,
            sample="1,000,000.00",
        ),
        Column(
            translate("Risk", "May be"),
            lambda row: translate("Risk", "no limit") if row.limit is None else amount_text(row, row.limit),
            sort_key=lambda row: row.limit or 0,
            is_number=True,
            exact=lambda row: row.limit,
            sample="1,000,000.00",
        ),
        Column(
            translate("Risk", "Left"),
            lambda row: "" if row.left is None else amount_text(row, row.left),
            sort_key=lambda row: row.left or 0,
            is_number=True,
            exact=lambda row: row.left,
            tone=_tone_of,
            sample="1,000,000.00",
        ),
        Column(
            translate("Risk", "Part used"),
            _share_text,
            sort_key=lambda row: row.share or 0,
            is_number=True,
            bars=lambda row: None if row.share is None else Bars(None, min(float(row.share), 1.0)),
            tone=_tone_of,
            sample="100 % · reached ....",
        ),
    )


def refusal_columns(name_of: Callable[[str], str]) -> Sequence[Column[FlowRecord]]:
    """Return the columns of the list of what was refused."""
    return (
        Column(
            translate("Risk", "Time (UTC)"),
            lambda row: formats.time_ns_text(row.born_ns),
            sort_key=lambda row: row.born_ns,
            sample="00:00:00",
        ),
        Column(translate("Risk", "Strategy"), lambda row: name_of(row.strategy_id), sample="Demo momentum BTC"),
        Column(
            translate("Risk", "Rule"), lambda row: formats.words_text(row.outcome.rule), sample="Maximum order value"
        ),
        Column(translate("Risk", "Why"), reason_of, tooltip=reason_of, sample="with the order, more would be at work"),
    )


def amount_text(row: LimitUse, amount: Decimal) -> str:
    """Return an amount of a limit in its unit."""
    match row.unit:
        case LimitUnit.RATIO:
            return formats.percent_text(amount)
        case LimitUnit.COUNT:
            return formats.count_text(int(amount))
        case LimitUnit.QUOTE:
            return formats.money_text(amount)


def _share_text(row: LimitUse) -> str:
    if row.share is None:
        return ""
    text, reached, near = formats.percent_text(row.share, 0), translate("Risk", "reached"), translate("Risk", "near")
    if row.share >= 1:
        return f"{text} · {reached}"
    return f"{text} · {near}" if row.share >= NEAR else text


def _tone_of(row: LimitUse) -> Tone | None:
    if row.share is None or row.share < NEAR:
        return None
    return Tone.FALL if row.share >= 1 else Tone.WARNING
