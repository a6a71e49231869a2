"""What tools/set_up.sh says on a machine that lacks something; the interpreters here are small scripts."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.support.tree import ROOT

pytestmark = [pytest.mark.unit, pytest.mark.skipif(os.name == "nt", reason="Windows sets up with uv, not with sh")]


class Machine:
    """A PATH with nothing on it but the interpreters that a test puts there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def has(self, name: str, version: str, *, is_in_range: bool = True, has_venv: bool = True) -> None:
        script = self._folder / name
        script.write_text(
            "#!/bin/sh\n"
            'case "$2" in\n'
            f"*ensurepip*) exit {0 if has_venv else 1} ;;\n"
            f"*raise*) exit {0 if is_in_range else 1} ;;\n"
            f"*) echo {version} ;;\n"
            "esac\n",
            encoding="utf-8",
        )
        script.chmod(0o755)

    def asks(self, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["/bin/sh", str(ROOT / "tools/set_up.sh"), "which"],
            env={"PATH": str(self._folder), **environment},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_the_newest_interpreter_in_range_is_taken(machine: Machine) -> None:
    machine.has("python3.11", "3.11")
    machine.has("python3.13", "3.13")

    assert machine.asks().stdout == "python3.13\n"


def test_an_interpreter_that_cannot_make_environments_is_passed_over(machine: Machine) -> None:
    machine.has("python3.13", "3.13", has_venv=False)
    machine.has("python3.12", "3.12")

    assert machine.asks().stdout == "python3.12\n"


def test_a_missing_venv_module_is_named_with_its_package(machine: Machine) -> None:
    machine.has("python3", "3.12", has_venv=False)

    answer = machine.asks()

    assert answer.returncode == 1
    assert "sudo apt-get install python3.12-venv" in answer.stderr


def test_an_interpreter_out_of_range_is_named_with_what_to_install(machine: Machine) -> None:
    machine.has("python3", "3.10", is_in_range=False)

    answer = machine.asks()

    assert answer.returncode == 1
    assert "needs Python 3.11, 3.12 or 3.13; python3 here is 3.10." in answer.stderr
    assert "sudo apt-get install python3 python3-venv" in answer.stderr


def test_a_machine_without_python_is_told_so(machine: Machine) -> None:
    assert "python3 here is none that runs." in machine.asks().stderr


def test_the_interpreter_that_the_user_names_is_not_replaced_by_another(machine: Machine) -> None:
    machine.has("python3.13", "3.13")
    machine.has("mine", "3.14", is_in_range=False)

    answer = machine.asks(PYTHON="mine")

    assert answer.returncode == 1
    assert "mine here is 3.14." in answer.stderr
