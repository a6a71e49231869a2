"""The process entry: what nobody expected ends in a sentence."""

from pathlib import Path
from typing import Any

import pytest

from engine.__main__ import run_guarded
from engine.config.places import HOME_VARIABLE

pytestmark = pytest.mark.unit


def stumble() -> None:
    raise ZeroDivisionError("division by zero")


def test_a_fault_that_nobody_expected_is_said_and_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    command_line: Any = stumble

    with pytest.raises(SystemExit) as ended:
        run_guarded(command_line)

    assert ended.value.code == 1
    told = capsys.readouterr().err
    assert "ZeroDivisionError: division by zero" in told
    assert "Traceback" not in told
    assert "stumble" in (tmp_path / "state" / "faults.log").read_text(encoding="utf-8")
