"""The project's own files, for the tests that read the tree."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("gui", "engine", "connectors", "plugins", "resources")


def python_files(*folders: str) -> list[Path]:
    """Return the Python files below folders of the project, in a fixed order."""
    return sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py"))


def name_of(path: Path) -> str:
    """Return a path as it is read from the project's root, for test ids and messages."""
    return path.relative_to(ROOT).as_posix()


@cache
def tracked_files() -> tuple[Path, ...]:
    """Return the files that git keeps; empty outside a checkout."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)  # noqa: S607  # git is where the user's PATH says
    names = listing.stdout.decode().split("\0") if listing.returncode == 0 else []
    return tuple(ROOT / name for name in names if name and (ROOT / name).is_file())


def text_of(path: Path) -> str | None:
    """Return a file's text, or None if it is not text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


@cache
def syntax_of(path: Path) -> ast.Module:
    """Return the parsed module."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imported_modules(path: Path) -> Iterator[tuple[int, str]]:
    """Give line number and full name of each module that a file imports, wherever in the file."""
    for node in ast.walk(syntax_of(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.lineno, node.module
