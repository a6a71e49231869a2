"""What is installed is written down, file by file, and nothing else is fetched."""

import re
import tomllib

import pytest

from tests.support.tree import ROOT

LOCKS = {"requirements.txt": ["build"], "requirements-dev.txt": ["dev"], "requirements-bench.txt": ["bench"]}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def requirements(groups: list[str]) -> set[str]:
    texts, left = list(PROJECT["project"]["dependencies"]), list(groups)
    while left:
        for entry in PROJECT["dependency-groups"][left.pop()]:
            if isinstance(entry, str):
                texts.append(entry)
            else:
                left.append(entry["include-group"])
    return {plain(re.split(r"[^\w.-]", text, maxsplit=1)[0]) for text in texts}


def locked(lock: str) -> dict[tuple[str, str], str]:
    """Return the text of each entry, by name and the rest of its first line (version and marker)."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[A-Za-z0-9])", text)
    found = {}
    for entry in entries:
        if match := re.match(r"([A-Za-z0-9][\w.-]*)==([^\\]+?) *\\\n", entry):
            found[plain(match[1]), match[2]] = entry
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_every_dependency_is_locked(lock: str) -> None:
    names = {name for name, _ in locked(lock)}

    assert requirements(LOCKS[lock]) - names == set(), "run make lock"


@pytest.mark.parametrize("lock", LOCKS)
def test_every_file_is_known_by_its_hash(lock: str) -> None:
    assert [key for key, entry in locked(lock).items() if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_place_to_fetch_from(lock: str) -> None:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    foreign = [
        line
        for line in lines
        if re.match(r"--|-[ifre] |https?:|git\+|file:", line.strip().removeprefix("# "))
        and not line.strip().startswith("--hash=")
    ]

    assert foreign == []


def test_tests_and_benchmarks_run_on_the_versions_that_the_program_runs_on() -> None:
    program, tests, benchmarks = (locked(lock).keys() for lock in LOCKS)

    assert program <= tests, "run make lock"
    assert tests <= benchmarks, "run make lock"


def test_the_lock_serves_the_pythons_that_we_name() -> None:
    assert PROJECT["project"]["requires-python"] == ">=3.11,<3.14"
    script = (ROOT / "tools/set_up.sh").read_text(encoding="utf-8")
    assert "(3, 11) <= sys.version_info[:2] < (3, 14)" in script
