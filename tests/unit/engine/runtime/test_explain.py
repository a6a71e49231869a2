"""Which journal is asked when nobody names one."""

from pathlib import Path

import pytest

from engine.config.places import Places
from engine.primitives.errors import ConfigError
from engine.runtime.explain import newest_journal
from tests.support.journals import a_journal

pytestmark = pytest.mark.unit


@pytest.fixture
def places(tmp_path: Path) -> Places:
    (tmp_path / "journals" / "demo" / "paper").mkdir(parents=True)
    return Places(data=tmp_path, config=tmp_path, state=tmp_path)


def test_a_journal_that_was_never_begun_is_not_the_newest(places: Places) -> None:
    folder = places.data / "journals" / "demo" / "paper"
    written = folder / "JRN_1.sqlite"
    a_journal(written).close()
    (folder / "JRN_2.sqlite").touch()

    assert newest_journal(places) == written


def test_without_any_journal_it_says_what_to_do(places: Places) -> None:
    with pytest.raises(ConfigError, match="Run a session or a backtest first"):
        newest_journal(places)
