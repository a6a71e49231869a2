"""Which of the things that a session tells are alerts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from engine.alerts.alert import AlertKind
from engine.alerts.book import AlertBook
from engine.contracts.commands import PAUSED_BY_USER, TradingState
from engine.contracts.flatten import FlattenJob, FlattenResult
from engine.contracts.flows import MAXIMUM_DAILY_LOSS, FlowRecord
from engine.contracts.orders import Order, OrderStatus
from engine.ports.session import SessionState, SessionStatus, StrategySummary
from engine.primitives.timeframes import NS_PER_SECOND, Timeframe, datetime_from_ns

STALE_BARS: Final = 1.5
"""A market that says nothing for so many of its bars is stale: one bar and the wait for a late one."""
HANG_MS: Final = 2_000.0
"""A window that does not answer for so long hangs for a person as well."""
BACKLOG_MAX: Final = 2_000
"""So many facts may wait to be shown; it is what the window delivers in a second of its slowest frames."""


_TOLD_ONCE: Final = frozenset({AlertKind.PLUGIN_QUARANTINED})
"""It lasts over many sessions and harms nothing while it does: who has acknowledged it is not told again of the same."""


class SessionAlerts:
    """Raises alerts from what a session tells; most facts raise none.

    A state is an alert when it begins, and ends with it. What already stands when the watch begins counts as begun then:
    a session that wakes up with an order in doubt says so.
    """

    def __init__(self, book: AlertBook) -> None:
        self._book = book
        self._standing: dict[AlertKind, set[str]] = {}
        self._in_doubt: dict[str, str] = {}
        self._now: datetime | None = None
        self._stale_s: float | None = None
        self._was_behind = False

    def on_status(self, status: SessionStatus) -> None:
        """Look at what can be written, heard and used, and at what was stopped."""
        self._now = status.now
        self._stale_s = stale_after_s(status.strategies)
        paused = {
            each.strategy_id: each.pause_reason
            for each in status.strategies
            if each.is_paused and each.pause_reason != PAUSED_BY_USER
        }
        silent = status.venue_silent_since
        self._see(AlertKind.JOURNAL_UNAVAILABLE, _one(status.journal_fault))
        self._see(AlertKind.PLUGIN_QUARANTINED, status.quarantined)
        self._see(AlertKind.STRATEGY_PAUSED, paused)
        self._see(AlertKind.VENUE_SILENT, {} if silent is None else {"": f"since {silent:%Y-%m-%d %H:%M:%S} UTC"})
        self._see(AlertKind.TRADING_HALTED, {"": ""} if status.trading_state is TradingState.HALTED else {})
        self._see(AlertKind.SESSION_FAILED, {"": status.message} if status.state is SessionState.FAILED else {})

    def on_flatten(self, job: FlattenJob | None) -> None:
        """Look for a flatten that is through its ladder while something is still open."""
        is_incomplete = job is not None and job.result is FlattenResult.INCOMPLETE
        self._see(AlertKind.FLATTEN_INCOMPLETE, {job.job_id: job.text} if job is not None and is_incomplete else {})

    def on_order(self, order: Order) -> None:
        """Look for an order of which nobody knows whether it is at the venue."""
        if order.status is OrderStatus.UNKNOWN:
            self._in_doubt[order.order_id] = order.reason
        elif self._in_doubt.pop(order.order_id, None) is None:
            return
        self._see(AlertKind.ORDER_UNKNOWN, self._in_doubt)

    def on_flow(self, record: FlowRecord) -> None:
        """Look for the guard's word that the day's loss is reached; it is told once a day."""
        if record.outcome.rule == MAXIMUM_DAILY_LOSS:
            day = f"{datetime_from_ns(record.born_ns):%Y-%m-%d}"
            self._see(AlertKind.DAILY_LOSS, {day: record.outcome.reason})

    def on_pulse(self, *, market_age_s: float | None, backlog: int, late_ms: float) -> None:
        """Look at how market, engine and window keep up; to be called a few times a second.

        Args:
            market_age_s: Wall seconds since the market moved the session; None while the session does not run.
            backlog: Facts that wait to be shown.
            late_ms: By how many milliseconds the worst beat of the window was late since the last call.
        """
        is_stale = market_age_s is not None and self._stale_s is not None and market_age_s >= self._stale_s
        self._see(AlertKind.MARKET_STALE, {"": f"{market_age_s:.0f} s"} if is_stale else {})
        self._see(AlertKind.WINDOW_HUNG, {"": f"{late_ms / 1000:.1f} s"} if late_ms >= HANG_MS else {})
        is_behind = backlog >= BACKLOG_MAX
        self._see(AlertKind.ENGINE_BEHIND, {"": f"{backlog:,}"} if is_behind and self._was_behind else {})
        self._was_behind = is_behind  # a burst that is gone at the next look is nothing

    def _see(self, kind: AlertKind, standing: Mapping[str, str]) -> None:
        """Raise what stands and did not before, and end what does not stand any more; from subjects to details."""
        before = self._standing.get(kind)
        if not standing and not before:
            return
        for subject in (before or set()).difference(standing):
            self._book.end(kind, self._now, subject=subject)
        for subject, detail in standing.items():
            if before is not None and subject in before:
                continue
            if kind not in _TOLD_ONCE or not self._book.was_acknowledged(kind, subject=subject, detail=detail):
                self._book.add(kind, self._now, subject=subject, detail=detail)
        self._standing[kind] = set(standing)


def stale_after_s(strategies: Sequence[StrategySummary]) -> float | None:
    """Return after how many silent seconds the market of some strategies is stale; None when there is none."""
    lengths = [Timeframe.parse(each.timeframe).length_ns for each in strategies]
    return STALE_BARS * min(lengths) / NS_PER_SECOND if lengths else None


def _one(text: str) -> Mapping[str, str]:
    return {"": text} if text else {}
