"""Say which system libraries Qt would miss on this machine, before Qt is imported.

PySide6 brings Qt itself, but not what Qt stands on: the machine's OpenGL, fonts, keyboard and X11 libraries. Without one
of them Qt aborts the process, or fails to import with a name that tells a trader nothing. This module imports neither Qt
nor anything of ours, so it runs on a bare Python: ``python -m gui.system_libraries offscreen``.
"""

import argparse
import ctypes
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

Platform = Literal["offscreen", "xcb"]
"""How Qt draws: into memory, or onto an X11 screen (a Wayland desktop offers one too)."""


@dataclass(frozen=True, slots=True)
class MissingLibrary:
    """A shared library that Qt needs on Linux, and the packages that bring it."""

    soname: str
    debian_package: str
    fedora_package: str


# Read off PySide6-Essentials 6.11.2 with `readelf -d`: what QtCore, QtGui, QtWidgets, QtSvg, QtTest, their own libraries
# and the two platform plug-ins name as NEEDED and do not bring, less libc, libgcc, libstdc++ and zlib, which every
# desktop and server has.
_ALWAYS: Final = (
    MissingLibrary("libEGL.so.1", "libegl1", "libglvnd-egl"),
    MissingLibrary("libGL.so.1", "libgl1", "libglvnd-glx"),
    MissingLibrary("libxkbcommon.so.0", "libxkbcommon0", "libxkbcommon"),
    MissingLibrary("libfontconfig.so.1", "libfontconfig1", "fontconfig"),
    MissingLibrary("libfreetype.so.6", "libfreetype6", "freetype"),
    MissingLibrary("libdbus-1.so.3", "libdbus-1-3", "dbus-libs"),
    MissingLibrary("libglib-2.0.so.0", "libglib2.0-0", "glib2"),
    MissingLibrary("libgthread-2.0.so.0", "libglib2.0-0", "glib2"),
    MissingLibrary("libX11.so.6", "libx11-6", "libX11"),
    MissingLibrary("libzstd.so.1", "libzstd1", "libzstd"),
)
_ON_X11: Final = (
    MissingLibrary("libX11-xcb.so.1", "libx11-xcb1", "libX11-xcb"),
    MissingLibrary("libxcb.so.1", "libxcb1", "libxcb"),
    MissingLibrary("libxcb-cursor.so.0", "libxcb-cursor0", "xcb-util-cursor"),
    MissingLibrary("libxcb-glx.so.0", "libxcb-glx0", "libxcb"),
    MissingLibrary("libxcb-icccm.so.4", "libxcb-icccm4", "xcb-util-wm"),
    MissingLibrary("libxcb-image.so.0", "libxcb-image0", "xcb-util-image"),
    MissingLibrary("libxcb-keysyms.so.1", "libxcb-keysyms1", "xcb-util-keysyms"),
    MissingLibrary("libxcb-randr.so.0", "libxcb-randr0", "libxcb"),
    MissingLibrary("libxcb-render.so.0", "libxcb-render0", "libxcb"),
    MissingLibrary("libxcb-render-util.so.0", "libxcb-render-util0", "xcb-util-renderutil"),
    MissingLibrary("libxcb-shape.so.0", "libxcb-shape0", "libxcb"),
    MissingLibrary("libxcb-shm.so.0", "libxcb-shm0", "libxcb"),
    MissingLibrary("libxcb-sync.so.1", "libxcb-sync1", "libxcb"),
    MissingLibrary("libxcb-util.so.1", "libxcb-util1", "xcb-util"),
    MissingLibrary("libxcb-xfixes.so.0", "libxcb-xfixes0", "libxcb"),
    MissingLibrary("libxcb-xkb.so.1", "libxcb-xkb1", "libxcb"),
    MissingLibrary("libxkbcommon-x11.so.0", "libxkbcommon-x11-0", "libxkbcommon-x11"),
)


def libraries_of(platform: Platform) -> tuple[MissingLibrary, ...]:
    """Return every system library that Qt needs to draw in this way on Linux."""
    return _ALWAYS if platform == "offscreen" else _ALWAYS + _ON_X11


def is_loadable(soname: str) -> bool:
    """Tell whether the machine's loader finds a library, by loading it into this process."""
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def missing_qt_libraries(
    platform: Platform, *, may_load: Callable[[str], bool] = is_loadable, system: str = sys.platform
) -> list[MissingLibrary]:
    """Return the libraries that this machine lacks; none on macOS and Windows, whose wheels are complete.

    Args:
        platform: How Qt is going to draw.
        may_load: Tells whether a soname can be loaded.
        system: The operating system, as `sys.platform` names it.
    """
    if not system.startswith("linux"):
        return []
    return [library for library in libraries_of(platform) if not may_load(library.soname)]


def debian_packages(missing: Sequence[MissingLibrary]) -> list[str]:
    """Return the names to give to apt-get, each once, in the order of the libraries."""
    return list(dict.fromkeys(library.debian_package for library in missing))


def explain_missing(missing: Sequence[MissingLibrary]) -> str:
    """Return what to tell the user: what is missing and the one line that installs it; empty if nothing is."""
    if not missing:
        return ""
    fedora = dict.fromkeys(library.fedora_package for library in missing)
    return "\n".join(
        (
            f"Qt cannot start: this machine lacks {', '.join(library.soname for library in missing)}.",
            "Install what is missing, then run the same command again:",
            f"    Debian, Ubuntu:  sudo apt-get install {' '.join(debian_packages(missing))}",
            f"    Fedora:          sudo dnf install {' '.join(fedora)}",
        )
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Write what is missing and return 1, or return 0 if Qt has all it needs; for make and CI."""
    parser = argparse.ArgumentParser(prog="python -m gui.system_libraries", description="What does Qt miss here?")
    parser.add_argument("platform", choices=["offscreen", "xcb"], help="how Qt is going to draw")
    parser.add_argument("--packages", action="store_true", help="write only the Debian packages, on one line")
    chosen = parser.parse_args(arguments)
    missing = missing_qt_libraries(chosen.platform)
    if chosen.packages:
        sys.stdout.write(" ".join(debian_packages(missing)) + "\n")
    elif missing:
        sys.stderr.write(explain_missing(missing) + "\n")
    return 1 if missing else 0


if __name__ == "__main__":
    raise SystemExit(main())
