"""A traceback that may be shown to anybody."""

import json
from pathlib import Path

import pydantic
import pytest

import engine
from engine.wiring.tracebacks import short_name, traceback_text

pytestmark = pytest.mark.unit

ROOT = Path(engine.__file__).parents[1]


def read(text: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError("not a note") from error


def caught(text: str) -> Exception:
    with pytest.raises(ValueError, match="not a note") as raised:
        read(text)
    return raised.value


def test_a_traceback_has_lines_of_code_and_the_cause() -> None:
    text = traceback_text(caught("{"))

    assert 'File "tests/unit/engine/wiring/test_tracebacks.py", line ' in text
    assert 'File "json/decoder.py", line ' in text
    assert "return json.loads(text)" in text
    assert text.endswith("ValueError: not a note")
    assert "The above exception was the direct cause" in text


def test_a_traceback_names_no_folder_of_the_machine() -> None:
    text = traceback_text(caught("{"))

    assert str(ROOT) not in text
    assert 'File "/' not in text


def test_an_error_in_an_exception_group_is_shortened_too() -> None:
    text = traceback_text(ExceptionGroup("two", [caught("{")]))

    assert 'File "/' not in text
    assert "json/decoder.py" in text


@pytest.mark.parametrize(
    ("filename", "expected"),
    [
        (str(ROOT / "engine" / "wiring" / "bus.py"), "engine/wiring/bus.py"),
        (pydantic.__file__, "pydantic/__init__.py"),
        ("<string>", "<string>"),
        ("/somewhere/else/my_plugin/worker.py", "my_plugin/worker.py"),
    ],
)
def test_a_file_is_named_below_the_folder_it_was_found_in(filename: str, expected: str) -> None:
    assert short_name(filename) == expected
