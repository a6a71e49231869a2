"""Each name means our own tree, and nobody undeclared comes to the door."""

import importlib
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.support.tree import PACKAGES, ROOT, imported_modules, name_of, python_files

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
# The lower half of a library, pinned by it to one release: it cannot be declared, or left, on its own.
COMES_WITH = {"pyside6-essentials": {"shiboken6"}, "pydantic": {"pydantic-core"}}
# Its wheel does not say what it brings.
BRINGS = {"PySide6QtAds": "pyside6-qtads"}
# finplot drags a second Qt: tests/benchmarks/finplot.txt locks what this one file finds there.
HAS_AN_ENVIRONMENT_OF_ITS_OWN = {"finplot_child.py"}


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(requirements: list[object]) -> set[str]:
    names = {plain(re.split(r"[^\w.-]", text, maxsplit=1)[0]) for text in requirements if isinstance(text, str)}
    return names.union(*(COMES_WITH.get(name, set()) for name in names))


RUNTIME = declared(PROJECT["project"]["dependencies"]).union(
    *(declared(group) for group in PROJECT["project"].get("optional-dependencies", {}).values())
)
DEVELOPMENT = RUNTIME | declared(PROJECT["dependency-groups"]["dev"])
BENCHMARKS = DEVELOPMENT | declared(PROJECT["dependency-groups"]["bench"])


def strangers(file: Path, *, ours: set[str], allowed: set[str]) -> list[str]:
    brought_by = packages_distributions()
    found = []
    for line, module in imported_modules(file):
        top = module.partition(".")[0]
        if top in ours or top in sys.stdlib_module_names:
            continue
        if not {plain(name) for name in brought_by.get(top, [BRINGS.get(top, top)])} & allowed:
            found.append(f"{name_of(file)}:{line} imports {module}")
    return found


@pytest.mark.parametrize("package", PACKAGES)
def test_the_name_resolves_to_our_own_tree(package: str) -> None:
    module = importlib.import_module(package)

    assert module.__file__ is not None
    assert Path(module.__file__).resolve() == ROOT / package / "__init__.py"


def test_the_program_imports_only_what_it_declares() -> None:
    found = [text for file in python_files(*PACKAGES) for text in strangers(file, ours=set(PACKAGES), allowed=RUNTIME)]

    assert found == [], "not in [project] dependencies of pyproject.toml"


def test_the_tests_import_only_what_is_declared() -> None:
    ours = {*PACKAGES, "tests", "tools"}
    found = [
        text
        for file in python_files("tests", "tools")
        if file.name not in HAS_AN_ENVIRONMENT_OF_ITS_OWN
        for text in strangers(file, ours=ours, allowed=BENCHMARKS if "benchmarks" in file.parts else DEVELOPMENT)
    ]

    assert found == [], "in no dependency group of pyproject.toml"


def test_the_program_never_imports_its_tests() -> None:
    found = [
        f"{name_of(file)}:{line} imports {module}"
        for file in python_files(*PACKAGES)
        for line, module in imported_modules(file)
        if module.partition(".")[0] in {"tests", "tools"}
    ]

    assert found == []


def test_every_folder_of_code_is_a_package() -> None:
    folders = {file.parent for file in python_files(*PACKAGES)}

    assert sorted(name_of(folder) for folder in folders if not (folder / "__init__.py").is_file()) == []
