"""Alerts outside: what nobody took is tried again and then told, and a slow network holds nobody up."""

import threading

import pytest

from engine.alerts.outside import WAITING_MAX, Deliver, Message, Outside, addresses_in, by_apprise
from tests.support.posting import a_post_box

pytestmark = [
    pytest.mark.unit,
    pytest.mark.allow_warnings,
    # Apprise looks for it on Python 3.11 and 3.12, where it still is.
    pytest.mark.filterwarnings("ignore:.*imghdr.* is deprecated:DeprecationWarning"),
]

NEWS = Message("PAPER · Order in doubt", "look")


class Failures:
    """Remembers what reached nobody, and tells when there is some."""

    def __init__(self) -> None:
        self.titles: list[str] = []
        self.came = threading.Event()

    def __call__(self, title: str) -> None:
        self.titles.append(title)
        self.came.set()


class Line:
    """Takes messages, after it has failed so many times."""

    def __init__(self, *, fails: int = 0) -> None:
        self.fails = fails
        self.tries = 0
        self.taken: list[Message] = []
        self.threads: set[str] = set()
        self.came = threading.Event()

    def open(self) -> Deliver:
        return self.deliver

    def deliver(self, message: Message) -> bool:
        self.tries += 1
        self.threads.add(threading.current_thread().name)
        if self.tries <= self.fails:
            return False
        self.taken.append(message)
        self.came.set()
        return True


@pytest.fixture
def failures() -> Failures:
    return Failures()


def opened(line: Line, failures: Failures) -> Outside:
    outside = Outside(line.open, on_failure=failures, waits_s=(0.0, 0.0))
    outside.start()
    return outside


def test_a_message_is_delivered_on_a_thread_of_its_own(failures: Failures) -> None:
    line = Line()
    outside = opened(line, failures)
    outside.send(NEWS)
    assert line.came.wait(10)
    outside.stop()

    assert line.taken == [NEWS]
    assert line.threads == {"alerts outside"}
    assert failures.titles == []


def test_it_is_tried_again(failures: Failures) -> None:
    line = Line(fails=2)
    outside = opened(line, failures)
    outside.send(NEWS)
    assert line.came.wait(10)
    outside.stop()

    assert (line.tries, line.taken, failures.titles) == (3, [NEWS], [])


def test_what_nobody_took_after_all_tries_is_told(failures: Failures) -> None:
    line = Line(fails=99)
    outside = opened(line, failures)
    outside.send(NEWS)
    assert failures.came.wait(10)
    outside.stop()

    assert failures.titles == [NEWS.title]
    assert line.tries == 3


def test_a_line_that_hangs_holds_nobody_up_and_what_is_pushed_out_is_told(failures: Failures) -> None:
    begun, held = threading.Event(), threading.Event()

    def hanging(_message: Message) -> bool:
        begun.set()
        return held.wait(30)

    outside = Outside(lambda: hanging, on_failure=failures)
    outside.start()
    outside.send(Message("under way", ""))
    assert begun.wait(10)
    for number in range(WAITING_MAX + 2):
        outside.send(Message(str(number), ""))
    assert failures.titles == ["0", "1"]

    outside.stop(patience_s=0.0)
    held.set()
    assert failures.titles == [str(number) for number in range(WAITING_MAX + 2)]


def test_what_waits_at_the_end_is_tried_once(failures: Failures) -> None:
    begun, held, line = threading.Event(), threading.Event(), Line()

    def slow(message: Message) -> bool:
        begun.set()
        return held.wait(30) and line.deliver(message)

    outside = Outside(lambda: slow, on_failure=failures)
    outside.start()
    for title in ("under way", "the session failed"):
        outside.send(Message(title, ""))
    assert begun.wait(10)
    held.set()
    outside.stop(patience_s=10.0)

    assert [message.title for message in line.taken] == ["under way", "the session failed"]
    assert failures.titles == []


def test_what_cannot_be_sent_any_more_is_told_at_once(failures: Failures) -> None:
    outside = opened(Line(), failures)
    outside.stop()
    outside.send(NEWS)

    assert failures.titles == [NEWS.title]


def test_addresses_come_from_the_environment_alone() -> None:
    assert addresses_in({"S1MPLETRADER_ALERT_URLS": " ntfy://topic  mailto://a:b@c "}) == (
        "ntfy://topic",
        "mailto://a:b@c",
    )
    assert addresses_in({}) == ()


def test_apprise_itself_delivers_to_a_service_and_one_that_takes_it_is_enough() -> None:
    bad: list[int] = []
    nobody = "json://127.0.0.1:1/alerts"
    with a_post_box() as box:
        assert by_apprise([box.address, "nonsense", nobody], on_bad=bad.append)(NEWS)

    (content,) = box.posted
    assert "Order in doubt" in content
    assert bad == [1]


@pytest.mark.parametrize("addresses", [[], ["nonsense"], ["json://127.0.0.1:1/alerts"]])
def test_where_nobody_takes_it_it_is_not_delivered(addresses: list[str]) -> None:
    assert not by_apprise(addresses, on_bad=lambda _count: None)(NEWS)
