"""The Dutch of the window: no text is missing, none lost a placeholder, and the compiled file is that of the texts."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QTranslator

from resources import path_of
from tests.support.tree import ROOT

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


def sources() -> list[str]:
    return [str(path) for path in sorted((ROOT / "gui").rglob("*.py"))]


def test_no_text_of_the_window_is_missing(tmp_path: Path) -> None:
    lupdate = shutil.which("pyside6-lupdate", path=str(Path(sys.executable).parent))
    assert lupdate is not None
    fresh = tmp_path / "fresh.ts"
    subprocess.run([lupdate, *sources(), "-ts", str(fresh)], check=True, capture_output=True, timeout=120)

    missing = texts_of(fresh).keys() - texts_of(TEXTS).keys()

    assert not missing, "run `make translations` and translate them"


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
