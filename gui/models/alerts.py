"""Alerts in words: what each kind is called, where it comes from, and what to do about it. It knows no widgets."""

from collections.abc import Sequence
from typing import Final

from engine.alerts.alert import Alert, AlertKind, AlertLevel
from gui.models.column import Column
from gui.theme import formats
from gui.theme.tokens import Tone
from gui.translation import translate

_SHAPES: Final = {AlertLevel.CRITICAL: "■", AlertLevel.WARNING: "▲", AlertLevel.NOTICE: "○"}
_TONES: Final = {AlertLevel.CRITICAL: Tone.FALL, AlertLevel.WARNING: Tone.WARNING, AlertLevel.NOTICE: Tone.MUTED}


def level_tone(level: AlertLevel) -> Tone:
    """Return the tone of a level; its shape says the same."""
    return _TONES[level]


def level_text(level: AlertLevel) -> str:
    """Return a level as a shape and a word."""
    words = {
        AlertLevel.CRITICAL: translate("Alerts", "Critical"),
        AlertLevel.WARNING: translate("Alerts", "Warning"),
        AlertLevel.NOTICE: translate("Alerts", "Notice"),
    }
    return f"{_SHAPES[level]} {words[level]}"


def kind_text(kind: AlertKind) -> str:
    """Return what happened, in a few words."""
    return {
        AlertKind.FLATTEN_INCOMPLETE: translate("Alerts", "Flatten incomplete"),
        AlertKind.ORDER_UNKNOWN: translate("Alerts", "Order in doubt"),
        AlertKind.JOURNAL_UNAVAILABLE: translate("Alerts", "Journal cannot be written"),
        AlertKind.SESSION_FAILED: translate("Alerts", "Session failed"),
        AlertKind.VENUE_SILENT: translate("Alerts", "Venue not heard"),
        AlertKind.DAILY_LOSS: translate("Alerts", "Daily loss reached"),
        AlertKind.MARKET_STALE: translate("Alerts", "Market is stale"),
        AlertKind.PLUGIN_QUARANTINED: translate("Alerts", "Plugin in quarantine"),
        AlertKind.STRATEGY_PAUSED: translate("Alerts", "Strategy was paused"),
        AlertKind.ENGINE_BEHIND: translate("Alerts", "Window lags behind"),
        AlertKind.WINDOW_HUNG: translate("Alerts", "Window did not answer"),
        AlertKind.TRADING_HALTED: translate("Alerts", "Trading is halted"),
    }[kind]


def source_text(kind: AlertKind) -> str:
    """Return the part of the program, or of the world, that an alert comes from."""
    match kind:
        case AlertKind.FLATTEN_INCOMPLETE:
            return translate("Alerts", "Flatten")
        case AlertKind.ORDER_UNKNOWN | AlertKind.VENUE_SILENT:
            return translate("Alerts", "Venue")
        case AlertKind.JOURNAL_UNAVAILABLE:
            return translate("Alerts", "Journal")
        case AlertKind.SESSION_FAILED:
            return translate("Alerts", "Session")
        case AlertKind.DAILY_LOSS | AlertKind.TRADING_HALTED:
            return translate("Alerts", "Guard")
        case AlertKind.MARKET_STALE:
            return translate("Alerts", "Market")
        case AlertKind.PLUGIN_QUARANTINED | AlertKind.STRATEGY_PAUSED:
            return translate("Alerts", "Strategies")
        case AlertKind.ENGINE_BEHIND | AlertKind.WINDOW_HUNG:
            return translate("Alerts", "Window")


def advice_text(kind: AlertKind) -> str:
    """Return what to do about it."""
    return {
        AlertKind.FLATTEN_INCOMPLETE: translate(
            "Alerts",
            "Something is still open. The emergency window says what and why: close it at the venue if it does not"
            " become flat.",
        ),
        AlertKind.ORDER_UNKNOWN: translate(
            "Alerts",
            "It is looked up at the venue and never sent again. If it stays in doubt, look in the venue's own books and"
            " say with Resolve order how it ended.",
        ),
        AlertKind.JOURNAL_UNAVAILABLE: translate(
            "Alerts",
            "No new risk is taken; closing goes on. Free some space or mend the disk, then start the program anew.",
        ),
        AlertKind.SESSION_FAILED: translate(
            "Alerts",
            "Nothing is watched any more: look at the venue what is open. The notes say why; start anew or flatten.",
        ),
        AlertKind.VENUE_SILENT: translate(
            "Alerts",
            "No new risk is taken until it is heard and its books were read. Look at the network and the venue's status.",
        ),
        AlertKind.DAILY_LOSS: translate(
            "Alerts",
            "No new trades today. What is open is looked after. The limit is max_daily_loss in operation.yaml.",
        ),
        AlertKind.MARKET_STALE: translate(
            "Alerts", "Decisions wait for bars. Look at the network and at the venue's status; prices may have moved."
        ),
        AlertKind.PLUGIN_QUARANTINED: translate(
            "Alerts", "It is not used. Run `s1mpletrader plugin list`: it says why. Mend it or take it out."
        ),
        AlertKind.STRATEGY_PAUSED: translate(
            "Alerts",
            "It opens no new trades; its stops stay. The decisions say what failed. Resume it when it is mended.",
        ),
        AlertKind.ENGINE_BEHIND: translate(
            "Alerts",
            "Trading goes on; what you see is late. Close panels that you do not need, or slow the session down.",
        ),
        AlertKind.WINDOW_HUNG: translate(
            "Alerts",
            "Look at the venue whether all is as it should be. If it comes again, keep the log: it says what hung.",
        ),
        AlertKind.TRADING_HALTED: translate(
            "Alerts", "No new risk is taken. When you have looked, allow it again with Resume in the status bar."
        ),
    }[kind]


def state_text(alert: Alert) -> str:
    """Return whether it still stands, and whether somebody has seen it."""
    if alert.is_acknowledged:
        return translate("Alerts", "✓ acknowledged")
    return translate("Alerts", "▲ stands") if alert.stands else translate("Alerts", "○ over, not seen")


def about_text(alert: Alert) -> str:
    """Return the subject and the detail in one line."""
    return " · ".join(part for part in (alert.subject, alert.detail) if part)


def alert_columns() -> Sequence[Column[Alert]]:
    """Return the columns of the list of alerts."""
    return (
        Column(
            translate("Alerts", "Time (UTC)"),
            lambda row: formats.instant_text(row.at),
            sort_key=lambda row: row.at,
            tooltip=_times_text,
            exact=lambda row: row.at,
            sample="2026-01-05 12:00:00",
        ),
        Column(
            translate("Alerts", "Level"),
            lambda row: level_text(row.level),
            sort_key=lambda row: row.level.rank,
            tone=lambda row: Tone.MUTED if row.is_acknowledged else level_tone(row.level),
            sample="▲ Warning",
        ),
        Column(
            translate("Alerts", "State"),
            state_text,
            tone=lambda row: Tone.MUTED if row.is_acknowledged else None,
            sample="○ over, not seen",
        ),
        Column(translate("Alerts", "What"), lambda row: kind_text(row.kind), sample="Journal cannot be written"),
        Column(
            translate("Alerts", "Times"),
            lambda row: formats.count_text(row.times),
            sort_key=lambda row: row.times,
            is_number=True,
        ),
        Column(translate("Alerts", "Source"), lambda row: source_text(row.kind), sample="Strategies"),
        Column(translate("Alerts", "About"), about_text, sample="ORD_20260105_120000_00000"),
        Column(translate("Alerts", "What to do"), lambda row: advice_text(row.kind), sample="a sentence"),
    )


def _times_text(alert: Alert) -> str:
    lines = [translate("Alerts", "First: {time} UTC").format(time=formats.instant_text(alert.first_at))]
    lines.append(translate("Alerts", "Newest: {time} UTC").format(time=formats.instant_text(alert.at)))
    if alert.ended_at is not None:
        lines.append(translate("Alerts", "Over: {time} UTC").format(time=formats.instant_text(alert.ended_at)))
    return "\n".join(lines)
