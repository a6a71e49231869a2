"""A trader's word, not a programmer's: names that fit everything say nothing."""

import ast
import re

from tests.support.tree import PACKAGES, name_of, python_files, syntax_of

EMPTY_WORDS = {
    "manager",
    "helper",
    "helpers",
    "util",
    "utils",
    "utility",
    "utilities",
    "info",
    "misc",
    "common",
    "stuff",
}


def words(name: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)}


def test_no_module_has_an_empty_name() -> None:
    modules = [file for file in python_files(*PACKAGES) if file.stem not in {"__init__", "__main__"}]

    assert [name_of(file) for file in modules if words(file.stem) & EMPTY_WORDS] == []


def test_no_package_has_an_empty_name() -> None:
    folders = {file.parent for file in python_files(*PACKAGES)}

    assert [name_of(folder) for folder in sorted(folders) if words(folder.name) & EMPTY_WORDS] == []


def test_no_class_has_an_empty_name() -> None:
    found = [
        f"{name_of(file)}:{node.lineno} {node.name}"
        for file in python_files(*PACKAGES)
        for node in ast.walk(syntax_of(file))
        if isinstance(node, ast.ClassDef) and words(node.name) & EMPTY_WORDS
    ]

    assert found == []


def test_words_are_cut_at_capitals_and_underscores() -> None:
    assert words("OrderInfo") == {"order", "info"}
    assert words("information_ratio") == {"information", "ratio"}
    assert words("CEXUtils") == {"cex", "utils"}
