"""The Dutch of the window: no text is missing, none lost a placeholder, and the compiled file is that of the texts."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QTranslator

from engine.contracts.execution import ExecutionGroupStatus
from engine.contracts.flows import OutcomeKind
from engine.contracts.orders import OrderRole, OrderStatus, TradeStatus
from engine.contracts.plans import OrderType
from engine.ports.session import SessionState
from gui.theme.formats import state_text
from gui.theme.state_words import STATE_WORDS
from resources import path_of
from tests.support.tree import ROOT, name_of, python_files

pytestmark = pytest.mark.unit

TEXTS = path_of("translations", "s1mpletrader_nl.ts")
PLACEHOLDER = re.compile(r"\{\w+\}")
Texts = dict[tuple[str, str], str]


def texts_of(path: Path) -> Texts:
    """Translations by context and source text; empty where there is none."""
    found: Texts = {}
    for context in ElementTree.parse(path).getroot().iter("context"):  # noqa: S314  # our own file
        for message in context.iter("message"):
            translation = message.find("translation")
            assert translation is not None
            is_done = translation.get("type") is None
            text = (translation.text or "") if is_done else ""
            found[context.findtext("name", ""), message.findtext("source", "")] = text
    return found


def text_asked_for(call: ast.Call) -> str | None:
    """The literal that a call of `tr` or `translate` asks for; None for other calls."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    place = {"tr": 0, "translate": 1}.get(name)
    if place is None or len(call.args) <= place:
        return None
    argument = call.args[place]
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else None


def sources() -> list[str]:
    return [str(path) for path in sorted((ROOT / "gui").rglob("*.py"))]


def test_no_text_of_the_window_is_missing(tmp_path: Path) -> None:
    lupdate = shutil.which("pyside6-lupdate", path=str(Path(sys.executable).parent))
    assert lupdate is not None
    fresh = tmp_path / "fresh.ts"
    subprocess.run([lupdate, *sources(), "-ts", str(fresh)], check=True, capture_output=True, timeout=120)

    missing = texts_of(fresh).keys() - texts_of(TEXTS).keys()

    assert not missing, "run `make translations` and translate them"


def test_no_call_hides_its_text_from_the_translators() -> None:
    known = {source for _, source in texts_of(TEXTS)}

    hidden = [
        f"{name_of(path)}:{call.lineno}"
        for path in python_files("gui")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and (text := text_asked_for(call)) is not None and text not in known
    ]

    assert not hidden, "write it outside of an f-string, as a literal"


def test_every_state_that_is_shown_has_its_word() -> None:
    shown = (OrderStatus, OrderRole, OrderType, TradeStatus, ExecutionGroupStatus, OutcomeKind, SessionState)

    assert {state_text(state) for kind in shown for state in kind} <= set(STATE_WORDS)


def test_every_text_has_its_dutch() -> None:
    untranslated = [key for key, text in texts_of(TEXTS).items() if not text]

    assert not untranslated


def test_placeholders_agree() -> None:
    for (context, source), text in texts_of(TEXTS).items():
        assert sorted(PLACEHOLDER.findall(text)) == sorted(PLACEHOLDER.findall(source)), (context, source)


def test_the_compiled_file_speaks_what_the_texts_say() -> None:
    translator = QTranslator()
    assert translator.load(str(path_of("translations", "s1mpletrader_nl.qm")))

    for (context, source), text in texts_of(TEXTS).items():
        assert translator.translate(context, source) == text, "run `make translations`"
