"""Everything is caught in four places of the project, and nowhere else."""

import ast
from pathlib import Path

import pytest

from tests.support.tree import PACKAGES, name_of, python_files, syntax_of

# The plugin fence, the adapter call, the task keeper and the process entries (style, section 6).
CATCH_ALL = {
    "engine/phase0_bootstrap/fence.py",
    "engine/wiring/adapter.py",
    "gui/bridge/tasks.py",
    "engine/__main__.py",
    "gui/__main__.py",
}
WIDE = {"Exception", "BaseException"}


def names_caught(handler: ast.ExceptHandler) -> set[str]:
    if handler.type is None:
        return {"BaseException"}
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return {node.id if isinstance(node, ast.Name) else getattr(node, "attr", "") for node in caught}


def handlers_of(path: Path) -> list[ast.ExceptHandler]:
    return [node for node in ast.walk(syntax_of(path)) if isinstance(node, ast.ExceptHandler)]


def says_nothing(handler: ast.ExceptHandler) -> bool:
    return all(
        isinstance(step, ast.Pass) or (isinstance(step, ast.Expr) and isinstance(step.value, ast.Constant))
        for step in handler.body
    )


def test_every_exception_is_caught_in_four_places_only() -> None:
    found = [
        f"{name_of(file)}:{handler.lineno}"
        for file in python_files(*PACKAGES)
        if name_of(file) not in CATCH_ALL
        for handler in handlers_of(file)
        if names_caught(handler) & WIDE
    ]

    assert found == []


def test_no_caught_error_is_dropped_without_a_word() -> None:
    found = [
        f"{name_of(file)}:{handler.lineno}"
        for file in python_files(*PACKAGES)
        for handler in handlers_of(file)
        if says_nothing(handler)
    ]

    assert found == []


@pytest.mark.parametrize("source", ["try: f()\nexcept: g()", "try: f()\nexcept (OSError, Exception): g()"])
def test_the_check_sees_bare_and_grouped_handlers(source: str, tmp_path: Path) -> None:
    sample = tmp_path / "sample.py"
    sample.write_text(source, encoding="utf-8")

    assert names_caught(handlers_of(sample)[0]) & WIDE
