"""What is committed holds on every machine: no path of ours, no registry's address, no second lock."""

import re

import pytest

from tests.support.tree import name_of, text_of, tracked_files

# Written with character classes, so that this file does not find itself.
FORBIDDEN = {
    "a path of one machine": re.compile(r"(?<![\w.\-/}~:])/(?:wor[k]|roo[t]|home/[a-z]\w*|Users/[A-Za-z]\w*)/"),
    "the address of a registry": re.compile(r"pyp[i]\.org|pythonhoste[d]|npmj[s]\.|file:[/]{3}", re.IGNORECASE),
    "a conflict marker": re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_tracked_file_holds(what: str) -> None:
    if not tracked_files():
        pytest.skip("this is not a git checkout, so there is no list of tracked files")
    found = [
        f"{name_of(file)}:{text.count(chr(10), 0, hit.start()) + 1} {hit.group().strip()}"
        for file in tracked_files()
        if (text := text_of(file)) is not None
        for hit in FORBIDDEN[what].finditer(text)
    ]

    assert found == []


def test_there_is_one_pair_of_locks() -> None:
    others = {"uv.lock", "poetry.lock", "Pipfile.lock", "pdm.lock", "pylock.toml"}

    assert [name_of(file) for file in tracked_files() if file.name in others] == []


def test_no_market_data_is_committed() -> None:
    found = [name_of(file) for file in tracked_files() if file.suffix in {".parquet", ".sqlite", ".db", ".feather"}]

    assert found == [], "real data stays in shared/data; small samples are made by code"
