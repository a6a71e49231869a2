"""An X11 screen in memory, for the tests that open a real window."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from gui.system_libraries import debian_packages, missing_qt_libraries


def skip_without_a_screen() -> None:
    """Skip the test, with the reason, where no virtual X11 screen can be made."""
    if shutil.which("Xvfb") is None:
        pytest.skip("no virtual screen here: Xvfb is missing (Debian: apt-get install xvfb)")
    if missing := missing_qt_libraries("xcb"):
        pytest.skip(f"Qt cannot draw on X11 here (Debian: apt-get install {' '.join(debian_packages(missing))})")


@contextmanager
def virtual_screen(*, size: str = "1600x1000x24") -> Iterator[dict[str, str]]:
    """Start a screen and give the environment in which a program opens its windows on it; end it afterwards."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp"],  # noqa: S607  # from the PATH
        pass_fds=[writing],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as answer:
            number = answer.readline().strip()  # Xvfb writes it when the screen can be used
        if not number:
            pytest.fail("Xvfb ended before its screen could be used")
        environment = {name: value for name, value in os.environ.items() if name != "WAYLAND_DISPLAY"}
        yield environment | {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
    finally:
        server.terminate()
        server.wait(timeout=10)
