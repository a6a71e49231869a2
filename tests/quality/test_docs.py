"""Each room has its card on the door, links lead somewhere, and decisions are written in one form."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from tests.support.tree import ROOT, name_of, tracked_files

ROOMS = sorted(init.parent for init in (ROOT / "engine").glob("*/__init__.py"))
DOCUMENTS = sorted({file for file in tracked_files() if file.suffix == ".md"} | set((ROOT / "resources").rglob("*.md")))
DECISIONS = sorted((ROOT / "resources/handbook/adr").glob("*.md"))
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.MULTILINE | re.DOTALL)


def links_of(document: Path) -> list[str]:
    prose = CODE.sub("", document.read_text(encoding="utf-8"))
    return [link for link in LINK.findall(prose) if "://" not in link and not link.startswith(("#", "mailto:"))]


@pytest.mark.parametrize("room", ROOMS, ids=name_of)
def test_an_engine_room_says_what_enters_what_leaves_and_what_it_never_does(room: Path) -> None:
    card = room / "README.md"

    assert card.is_file(), f"{name_of(room)} has no README.md"
    assert len(card.read_text(encoding="utf-8").splitlines()) <= 40, "a card of at most 40 lines"


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_a_relative_link_leads_to_a_file(document: Path) -> None:
    lost = [link for link in links_of(document) if not (document.parent / link.partition("#")[0]).exists()]

    assert lost == []


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.stem[:4])
def test_a_decision_has_status_context_decision_and_consequences_on_one_page(decision: Path) -> None:
    lines = decision.read_text(encoding="utf-8").splitlines()

    assert re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", decision.name)
    assert lines[0].startswith(f"# {int(decision.name[:4])}. ")
    headings = [line.removeprefix("## ") for line in lines if line.startswith("## ")]
    assert headings == ["Status", "Context", "Decision", "Consequences"]
    assert len(lines) <= 60


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(decision.name[:4]) for decision in DECISIONS]

    assert numbers[:1] == [1]
    assert all(after == before + 1 for before, after in pairwise(numbers))


def test_readme_names_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert "make run" in readme
    assert "make test" in readme
