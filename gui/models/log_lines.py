"""The log as a list: its columns, its levels, and what a line is about. It knows no widgets."""

import logging
from collections.abc import Callable, Sequence
from typing import Final

from gui.bridge.focus import Chosen
from gui.log.lines import LogLine
from gui.models.column import Column
from gui.theme import formats
from gui.theme.tokens import Tone
from gui.translation import translate

_FLOWS: Final = ("TCK_", "SCH_", "NWS_", "USR_", "LDG_")
"""How the ids of flows begin: the births of a flow (decisions 1.1)."""


def at_least(level: int) -> Callable[[LogLine], bool]:
    """Return a test for lines of this level or above."""
    return lambda line: line.level >= level


def about(line: LogLine) -> Chosen | None:
    """Return the order, or else the flow, that a line names first; None when it names neither."""
    order = next((each for each in line.ids if each.startswith("ORD_")), "")
    flow = next((each for each in line.ids if each.startswith(_FLOWS)), "")
    return Chosen(order_id=order, flow_id="" if order else flow) if order or flow else None


def facts_text(line: LogLine) -> str:
    """Return the facts of a line in one line."""
    return ", ".join(f"{name} {value}" for name, value in line.facts.items() if value)


def log_columns() -> Sequence[Column[LogLine]]:
    """Return the columns of the log."""
    return (
        Column(
            translate("Log", "Time (UTC)"),
            lambda row: formats.time_ns_text(row.at_ns),
            sort_key=lambda row: row.at_ns,
            tooltip=lambda row: formats.instant_ns_text(row.at_ns),
            exact=lambda row: formats.instant_ns_text(row.at_ns),
            sample="12:00:00",
        ),
        Column(
            translate("Log", "Level"),
            lambda row: _level_text(row.level),
            sort_key=lambda row: row.level,
            tone=lambda row: _level_tone(row.level),
            sample="▲ Warning",
        ),
        Column(translate("Log", "Source"), lambda row: row.source, sample="engine.phase5_execution"),
        Column(translate("Log", "Text"), lambda row: row.text, sample="Nobody knows whether an order is at the venue."),
        Column(
            translate("Log", "Facts"), facts_text, tooltip=_whole_text, sample="order ORD_20260105_120000_00000, open"
        ),
    )


def _whole_text(line: LogLine) -> str:
    lines = [f"{name}: {value}" for name, value in line.facts.items() if value]
    return "\n".join((*lines, line.details)).strip()


def _level_text(level: int) -> str:
    if level >= logging.ERROR:
        return translate("Log", "■ Error")
    if level >= logging.WARNING:
        return translate("Log", "▲ Warning")
    return translate("Log", "○ Info") if level >= logging.INFO else translate("Log", "· Detail")


def _level_tone(level: int) -> Tone | None:
    if level >= logging.ERROR:
        return Tone.FALL
    if level >= logging.WARNING:
        return Tone.WARNING
    return None if level >= logging.INFO else Tone.MUTED
