"""Alerts of a session that nobody looks at: what is critical leaves at once, for there is no window to show it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from engine.alerts.alert import Alert, AlertLevel
from engine.alerts.book import AlertBook
from engine.alerts.outside import Message, Outside, by_apprise
from engine.alerts.watch import SessionAlerts
from engine.contracts.context import AssessedContext
from engine.contracts.flows import FlowRecord
from engine.contracts.orders import AccountSnapshot
from engine.ports.ledger import LedgerChange
from engine.ports.session import Mode, SessionStatus, TradingSession

_PATIENCE_S: Final = 10.0
"""So long may the last message take when a session has ended: it may be the one that says why."""


class UnattendedAlerts:
    """Watches a session and sends what is critical; implements `SessionObserver`.

    What stands already as it is made, such as an order that an earlier session left in doubt, is sent too.

    Args:
        session: Who is watched.
        send: Takes a message, and returns at once.
    """

    def __init__(self, session: TradingSession, *, send: Callable[[Message], None]) -> None:
        status = session.status
        self._session = session
        self._mode = status.mode.value
        self._operation = status.operation
        self._send = send
        self._watch = SessionAlerts(AlertBook(on_change=self._on_change))
        self.on_status(status)
        for order in session.ledger.get_open_orders():
            self._watch.on_order(order)

    def on_status(self, status: SessionStatus) -> None:
        """Look at what can be written and heard, and at a flatten."""
        self._watch.on_status(status)
        self._watch.on_flatten(self._session.flatten_job)

    def on_tick(self, strategy_id: str, assessed: AssessedContext) -> None:
        """Nothing in a bar is an alert."""

    def on_flow(self, record: FlowRecord) -> None:
        """Look for the guard's word."""
        self._watch.on_flow(record)

    def on_ledger(self, change: LedgerChange) -> None:
        """Look for an order in doubt."""
        if change.order is not None:
            self._watch.on_order(change.order)

    def on_equity(self, account: AccountSnapshot) -> None:
        """Nothing in an account is an alert by itself."""

    def _on_change(self, alert: Alert, is_raised: bool) -> None:
        if not is_raised or alert.times > 1 or alert.level is not AlertLevel.CRITICAL:
            return
        facts = (self._operation, f"{alert.at:%Y-%m-%d %H:%M:%S} UTC" if alert.at else "", alert.subject, alert.detail)
        what = alert.kind.value.replace("_", " ").capitalize()
        self._send(Message(f"{self._mode} · {what}", "\n".join(fact for fact in facts if fact)))


@contextmanager
def telling_people(session: TradingSession, addresses: Sequence[str], *, say: Callable[[str], None]) -> Iterator[None]:
    """Send critical alerts of a paper or live session while this lasts; nothing happens without an address.

    Args:
        session: Not begun yet.
        addresses: Where to, as Apprise writes them.
        say: Called, on whatever thread, with what a person at the terminal should know.
    """
    if not addresses or session.status.mode not in (Mode.PAPER, Mode.LIVE):
        yield
        return
    outside = Outside(
        lambda: by_apprise(addresses, on_bad=lambda bad: say(f"{bad} of the addresses for alerts cannot be read.")),
        on_failure=lambda title: say(f"This alert reached nobody: {title}"),
    )
    outside.start()
    try:
        session.watch(UnattendedAlerts(session, send=outside.send))
        yield
    finally:
        outside.stop(patience_s=_PATIENCE_S)
