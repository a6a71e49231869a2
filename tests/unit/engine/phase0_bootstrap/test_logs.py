"""The program is as loud as platform.yaml says."""

import logging
from collections.abc import Iterator

import pytest

from engine.config.platform_settings import LoggingSettings, LogLevel
from engine.phase0_bootstrap.logs import apply_logging

pytestmark = pytest.mark.unit
NAMES = ("engine", "gui", "connectors", "plugins", "engine.runtime")


@pytest.fixture(autouse=True)
def _levels_as_before() -> Iterator[None]:
    before = {name: logging.getLogger(name).level for name in (*NAMES, "")}
    for name in NAMES:
        logging.getLogger(name).setLevel(logging.NOTSET)
    yield
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


def test_a_named_package_is_as_loud_as_it_is_told_and_the_others_as_all() -> None:
    logging.getLogger().setLevel(logging.WARNING)
    apply_logging(LoggingSettings(level=LogLevel.ERROR, packages={"engine.runtime": LogLevel.DEBUG}))
    assert not logging.getLogger("engine.journal").isEnabledFor(logging.WARNING)
    assert logging.getLogger("engine.runtime").isEnabledFor(logging.DEBUG)


def test_a_root_that_shows_everything_stays_so() -> None:
    logging.getLogger().setLevel(logging.DEBUG)
    apply_logging(LoggingSettings(level=LogLevel.ERROR))
    assert logging.getLogger("engine.journal").isEnabledFor(logging.DEBUG)
