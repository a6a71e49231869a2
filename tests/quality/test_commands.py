"""What README and handbook tell people to type exists: every command, option and make target."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from engine.config.blueprint import StrategyBlueprint, StrategyMarket
from engine.config.operation import OperationSettings
from engine.config.platform_settings import ExecutionSettings, PlatformSettings
from engine.storage.schema import TABLES
from engine.wiring.findings import Rule
from gui.__main__ import app
from tests.support.tree import ROOT, name_of

pytestmark = pytest.mark.quality

HANDBOOK = ROOT / "resources" / "handbook"
PAGES = [ROOT / "README.md", *sorted(HANDBOOK.glob("*.md"))]
PROGRAM = ".venv/bin/s1mpletrader"
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)


def lines_of(page: Path) -> Iterator[str]:
    for block in BLOCK.findall(page.read_text(encoding="utf-8")):
        yield from block.replace("\\\n", " ").splitlines()


def understood(words: list[str]) -> bool:
    """Let the program's own parser read words without doing anything; whatever it does not know, it raises."""
    command, name = get_command(app), "s1mpletrader"
    while True:
        context = command.make_context(name, words, resilient_parsing=False)
        if not hasattr(command, "resolve_command"):
            return True
        words = [*context._protected_args, *context.args]
        name, command, words = command.resolve_command(context, words)


COMMANDS = [
    pytest.param(line, id=f"{name_of(page)}: {line}")
    for page in PAGES
    for line in dict.fromkeys(lines_of(page))
    if line.startswith(PROGRAM)
]


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_that_is_told_to_people_is_understood_by_the_program(line: str) -> None:
    words = shlex.split(line.partition(">")[0], comments=True)[1:]

    assert not words or understood(words)


@pytest.mark.parametrize(
    "wrong", ["fly", "run --velocity 3", "wiring look", "backtest --keep both", "plugin new", "why a b"]
)
def test_a_command_that_does_not_exist_would_be_noticed(wrong: str) -> None:
    with pytest.raises(Exception, match=r"No such|Missing|not one of|unexpected extra"):
        understood(wrong.split())


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_make_target_that_is_told_to_people_exists(page: Path) -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    told = [line.split()[1] for line in lines_of(page) if line.startswith("make ")]

    assert [target for target in told if target not in targets] == []


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("configuration.md", [*OperationSettings.model_fields, *StrategyBlueprint.model_fields]),
        ("configuration.md", [*StrategyMarket.model_fields, *PlatformSettings.model_fields]),
        ("configuration.md", list(ExecutionSettings.model_fields)),
        ("files.md", [table.name for table in TABLES]),
        ("wiring.md", [rule.value for rule in Rule]),
    ],
    ids=[
        "operation and blueprint",
        "market and platform",
        "execution",
        "tables of a journal",
        "findings of wiring check",
    ],
)
def test_the_handbook_leaves_nothing_out(page: str, words: list[str]) -> None:
    text = (HANDBOOK / page).read_text(encoding="utf-8")
    missing = [word for word in words if word != "schema_version" and not re.search(rf"\b{word}\b", text)]

    assert missing == []
