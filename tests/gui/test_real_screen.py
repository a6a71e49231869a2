"""What gui/system_libraries.py lists for X11 is what Qt truly needs to open a window there."""

import subprocess
import sys

import pytest

from tests.support.screen import skip_without_a_screen, virtual_screen

pytestmark = pytest.mark.gui

OPEN_A_WINDOW = """
from PySide6.QtWidgets import QApplication, QLabel
application = QApplication([])
label = QLabel("quote")
label.show()
application.processEvents()
print(application.platformName(), label.grab().width() > 0)
"""


def test_a_window_opens_on_an_x11_screen_when_no_library_is_missing() -> None:
    skip_without_a_screen()

    with virtual_screen() as environment:
        run = subprocess.run(
            [sys.executable, "-c", OPEN_A_WINDOW],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    assert run.stdout == "xcb True\n", run.stderr
