"""The door for quants: everything it offers is there, and it opens without the rest of the house."""

import subprocess
import sys

import pytest

from engine.sdk import plugin
from tests.support.tree import ROOT

pytestmark = pytest.mark.unit


def test_everything_on_offer_is_there_and_listed_once() -> None:
    assert len(plugin.__all__) == len(set(plugin.__all__))
    assert [name for name in plugin.__all__ if not hasattr(plugin, name)] == []


def test_a_quant_who_imports_the_door_starts_neither_window_nor_database() -> None:
    look = (
        "import sys, engine.sdk.plugin; print([m for m in ('PySide6', 'sqlite3', 'ruamel.yaml') if m in sys.modules])"
    )
    seen = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True)

    assert seen.stdout.strip() == "[]"
