import subprocess
import sys
from collections.abc import Callable

import pytest

from gui.system_libraries import debian_packages, explain_missing, libraries_of, main, missing_qt_libraries

pytestmark = pytest.mark.unit


def a_machine_without(*sonames: str) -> Callable[[str], bool]:
    return lambda soname: soname not in sonames


def test_a_missing_library_is_named_with_its_package() -> None:
    missing = missing_qt_libraries("offscreen", may_load=a_machine_without("libEGL.so.1"), system="linux")

    assert [(library.soname, library.debian_package) for library in missing] == [("libEGL.so.1", "libegl1")]


def test_x11_libraries_are_asked_for_only_when_there_is_a_screen() -> None:
    no_cursor = a_machine_without("libxcb-cursor.so.0")

    assert missing_qt_libraries("offscreen", may_load=no_cursor, system="linux") == []
    assert debian_packages(missing_qt_libraries("xcb", may_load=no_cursor, system="linux")) == ["libxcb-cursor0"]


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_other_systems_miss_nothing_because_their_wheels_are_complete(system: str) -> None:
    assert missing_qt_libraries("xcb", may_load=lambda _: False, system=system) == []


def test_the_explanation_gives_one_line_to_copy_with_each_package_once() -> None:
    missing = missing_qt_libraries(
        "offscreen", may_load=a_machine_without("libglib-2.0.so.0", "libgthread-2.0.so.0", "libGL.so.1"), system="linux"
    )

    text = explain_missing(missing)

    assert "sudo apt-get install libgl1 libglib2.0-0\n" in text
    assert "sudo dnf install libglvnd-glx glib2" in text
    assert "libgthread-2.0.so.0" in text


def test_nothing_missing_needs_no_words() -> None:
    assert explain_missing([]) == ""


def test_no_library_is_listed_twice() -> None:
    sonames = [library.soname for library in libraries_of("xcb")]

    assert len(sonames) == len(set(sonames))


def test_the_command_names_packages_on_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("gui.system_libraries.missing_qt_libraries", lambda _: list(libraries_of("offscreen")[:2]))

    assert main(["offscreen", "--packages"]) == 1
    assert capsys.readouterr().out == "libegl1 libgl1\n"


def test_the_check_runs_before_qt_is_imported() -> None:
    probe = "import sys, gui.system_libraries; print(any(name.startswith('PySide6') for name in sys.modules))"

    assert subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True).stdout == "False\n"
