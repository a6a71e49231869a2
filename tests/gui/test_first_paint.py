"""What is on the screen first does not wait for what is heavy."""

from pathlib import Path

import pytest

from tests.support.first_paint import paint_of

pytestmark = pytest.mark.gui


def test_nothing_heavy_is_imported_before_the_first_paint(tmp_path: Path) -> None:
    assert paint_of("ours", home=tmp_path).loaded == ()
