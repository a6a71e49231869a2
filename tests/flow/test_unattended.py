"""The demo session without a window: the order that gets lost in it reaches a person by way of Apprise."""

import json
from pathlib import Path

import pytest

from engine.alerts.unattended import telling_people
from tests.support.posting import a_post_box
from tests.support.sessions import a_demo_session, run_to_the_end

pytestmark = [
    pytest.mark.flow,
    # Apprise looks for it on Python 3.11 and 3.12, where it still is.
    pytest.mark.filterwarnings("ignore:.*imghdr.* is deprecated:DeprecationWarning"),
]

BARS = 1_000
"""The demo's venue falls silent for a while before this."""


def test_an_order_that_is_lost_reaches_a_person(tmp_path: Path) -> None:
    said: list[str] = []
    session = a_demo_session(tmp_path, bars=BARS)
    with a_post_box() as box, telling_people(session, [box.address], say=said.append):
        run_to_the_end(session)

    assert said == []
    titles = [json.loads(content)["title"] for content in box.posted]
    assert titles
    assert set(titles) == {"PAPER · Order unknown"}
