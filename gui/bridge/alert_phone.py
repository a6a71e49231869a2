"""Tells a person who is not at the desk: critical alerts leave by the addresses that the environment names."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from engine.alerts.alert import Alert, AlertLevel
from engine.alerts.outside import ADDRESSES_VARIABLE, Message, Outside, by_apprise
from engine.ports.session import Mode
from gui.bridge.alerts import Alerts
from gui.bridge.host import SessionHost
from gui.models.alerts import about_text, advice_text, kind_text
from gui.theme import formats

REMIND_MS: Final = 300_000
"""After five minutes a critical alert that nobody has acknowledged is sent once more."""


class AlertPhone(QObject):
    """Sends each critical alert of a paper or live session once, and once more if nobody acknowledges it.

    Args:
        addresses: Where to, as Apprise writes them; none sends nothing. They are secrets.
        parent: Qt parent.
        outside: Makes what delivers, from whom to tell of a message that nobody got; Apprise where it is None.
    """

    told = Signal(str)  # what a person should know, from whatever thread

    def __init__(
        self,
        addresses: Sequence[str],
        parent: QObject | None = None,
        *,
        outside: Callable[[Callable[[str], None]], Outside] | None = None,
    ) -> None:
        super().__init__(parent)
        self._addresses = tuple(addresses)
        self._outside = (outside or self._by_apprise)(self._on_failure) if self._addresses else None
        self._alerts: Alerts | None = None
        self._host: SessionHost | None = None
        self._sent: set[int] = set()
        self._reminded: set[int] = set()
        self._remind = QTimer(self)
        self._remind.setSingleShot(True)
        self._remind.setInterval(REMIND_MS)
        self._remind.timeout.connect(self.remind)

    def start(self) -> None:
        """Begin to deliver, if there is anywhere to."""
        if self._outside is not None:
            self._outside.start()

    async def close(self) -> None:
        """End; what waits is told as not delivered."""
        self._remind.stop()
        if self._outside is not None:
            await asyncio.to_thread(self._outside.stop)

    def watch(self, alerts: Alerts, host: SessionHost) -> None:
        """Send what is raised from now on in a session; the one before ended with its desk."""
        self._alerts, self._host = alerts, host
        self._sent.clear()
        self._reminded.clear()
        alerts.raised.connect(self._on_raised)

    def test(self) -> None:
        """Send a message that says that it is a test, or tell how to name an address."""
        if self._outside is None:
            text = self.tr(
                "No address is named. Put one or more, as Apprise writes them, into the environment variable"
                " {variable} and start anew; they are secrets, so they stand in no file."
            )
            self.told.emit(text.format(variable=ADDRESSES_VARIABLE))
            return
        self._outside.send(
            Message(self.tr("S1mpleTrader: a test"), self.tr("Alerts reach you here. Nothing happened."))
        )
        self.told.emit(self.tr("A test was handed over to be sent. You are told here if nobody takes it."))

    def remind(self) -> None:
        """Send once more what was sent and nobody has acknowledged."""
        if self._alerts is None:
            return
        for alert in self._alerts.unacknowledged:
            if alert.number in self._sent and alert.number not in self._reminded:
                self._reminded.add(alert.number)
                self._send(alert, self.tr("Still not acknowledged"))

    def _on_raised(self, alert: Alert) -> None:
        if alert.level is not AlertLevel.CRITICAL or alert.number in self._sent:
            return
        self._sent.add(alert.number)
        self._send(alert, "")
        if not self._remind.isActive():
            self._remind.start()

    def _send(self, alert: Alert, more: str) -> None:
        if self._outside is None or self._host is None:
            return
        status = self._host.status
        if status.mode not in (Mode.PAPER, Mode.LIVE):
            return
        since = self.tr("since {time} UTC").format(time=formats.instant_text(alert.first_at))
        facts = (more, f"{status.operation} · {since}", about_text(alert), advice_text(alert.kind))
        title = f"{status.mode.value} · {kind_text(alert.kind)}"
        self._outside.send(Message(title, "\n".join(fact for fact in facts if fact)))

    def _by_apprise(self, on_failure: Callable[[str], None]) -> Outside:
        return Outside(lambda: by_apprise(self._addresses, on_bad=self._on_bad), on_failure=on_failure)

    def _on_failure(self, title: str) -> None:
        self.told.emit(self.tr("This alert reached nobody outside: {title}").format(title=title))

    def _on_bad(self, count: int) -> None:
        text = self.tr("{count} of the addresses in {variable} cannot be read: nothing is sent there.")
        self.told.emit(text.format(count=count, variable=ADDRESSES_VARIABLE))
