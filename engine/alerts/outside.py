"""Sends alerts to where a person is, on a thread of its own: a slow network holds nobody up."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

ADDRESSES_VARIABLE: Final = "S1MPLETRADER_ALERT_URLS"
"""The environment variable that holds the addresses, as Apprise writes them, with blanks between. They are secrets."""
WAITING_MAX: Final = 50
"""So many messages may wait for the network; the oldest go first."""
WAITS_S: Final = (5.0, 30.0, 120.0)
"""How long is waited before a message is tried again; after the last it is given up, and a person is told."""
logger: Final = logging.getLogger("engine.alerts")


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent. No secret and no amount belongs in it: it passes through other people's machines."""

    title: str
    body: str


Deliver = Callable[[Message], bool]
"""Sends a message and waits for the answer; False when nobody took it."""


class Outside:
    """Delivers messages one after the other. What cannot be delivered is told, never dropped in silence.

    Args:
        open_line: Returns what delivers; called once, on the thread of this object, and so is what it returns.
        on_failure: Called, on whatever thread, with the title of a message that nobody got.
        waits_s: Before each further try.
    """

    def __init__(
        self, open_line: Callable[[], Deliver], *, on_failure: Callable[[str], None], waits_s: Sequence[float] = WAITS_S
    ) -> None:
        self._open_line = open_line
        self._on_failure = on_failure
        self._waits_s = tuple(waits_s)
        self._waiting: deque[Message] = deque()
        self._changed = threading.Condition()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="alerts outside", daemon=True)

    def start(self) -> None:
        """Begin to deliver."""
        self._thread.start()

    def send(self, message: Message) -> None:
        """Deliver a message soon; returns at once."""
        if self._ended.is_set() or not self._thread.is_alive():
            self._on_failure(message.title)
            return
        lost = None
        with self._changed:
            if len(self._waiting) == WAITING_MAX:
                lost = self._waiting.popleft()
            self._waiting.append(message)
            self._changed.notify()
        if lost is not None:
            self._on_failure(lost.title)

    def stop(self, *, patience_s: float = 2.0) -> None:
        """Take nothing more. What waits is tried once, for so long; what is left then is told as not delivered."""
        self._ended.set()
        with self._changed:
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join(patience_s)
        with self._changed:
            left = tuple(self._waiting)
            self._waiting.clear()
        for message in left:
            self._on_failure(message.title)

    def _run(self) -> None:
        deliver = self._open_line()
        while True:
            with self._changed:
                while not self._waiting and not self._ended.is_set():
                    self._changed.wait()
                if not self._waiting:
                    return
                message = self._waiting.popleft()
            if not self._try(deliver, message):
                logger.warning("An alert reached nobody outside.", extra={"alert": message.title})
                self._on_failure(message.title)

    def _try(self, deliver: Deliver, message: Message) -> bool:
        for wait_s in (*self._waits_s, None):
            if deliver(message):
                return True
            if wait_s is not None and self._ended.wait(wait_s):
                return False
        return False


def addresses_in(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the addresses that the environment names; they are secrets, and stand nowhere else."""
    return tuple(environment.get(ADDRESSES_VARIABLE, "").split())


def by_apprise(addresses: Sequence[str], *, on_bad: Callable[[int], None]) -> Deliver:
    """Return what delivers to all addresses; one that gets a message is enough. Blocks while Apprise is imported.

    Args:
        addresses: As Apprise writes them.
        on_bad: Called with how many of them cannot be read, if there are any; they are secrets, so none is named.
    """
    from apprise import Apprise  # noqa: PLC0415  # a sixth of a second, and most people send nothing

    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)  # what it says of a failure names the address
    # Each service by itself: `Apprise.notify` has a pool of threads that nobody can end.
    services = [service for address in addresses if (service := Apprise.instantiate(address)) is not None]
    if len(services) < len(addresses):
        on_bad(len(addresses) - len(services))

    def deliver(message: Message) -> bool:
        taken = sum(bool(service.notify(title=message.title, body=message.body)) for service in services)
        if 0 < taken < len(services):
            logger.warning("Some addresses took no alert.", extra={"taken": taken, "addresses": len(services)})
        return taken > 0

    return deliver
