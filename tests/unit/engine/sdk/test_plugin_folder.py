"""A folder's fingerprint changes with what counts, and with nothing else."""

import sys
from pathlib import Path

import pytest

from engine.sdk.plugin_folder import digest_of, files_of, import_folder
from tests.support.strangers import a_writer

pytestmark = pytest.mark.unit


def test_a_change_in_any_file_changes_the_fingerprint(tmp_path: Path) -> None:
    folder = a_writer(tmp_path, "mean")
    before = digest_of(folder)

    (folder / "worker.py").write_bytes((folder / "worker.py").read_bytes() + b"\n")
    assert digest_of(folder) != before


def test_what_tools_leave_behind_does_not(tmp_path: Path) -> None:
    folder = a_writer(tmp_path, "mean")
    before = digest_of(folder)
    for cache in ("__pycache__", ".pytest_cache"):
        (folder / cache).mkdir()
        (folder / cache / "left.pyc").write_bytes(b"x")

    assert digest_of(folder) == before
    assert [file.name for file in files_of(folder)] == ["__init__.py", "manifest.yaml", "worker.py"]


def test_a_package_that_fails_leaves_nothing_half_imported(tmp_path: Path) -> None:
    folder = a_writer(tmp_path, "half")
    (folder / "__init__.py").write_text("raise ValueError('half way')\n", encoding="utf-8")

    with pytest.raises(ValueError, match="half way"):
        import_folder(folder)
    assert "s1mpletrader_user_plugins.half" not in sys.modules


def test_a_module_of_its_own_is_imported_relatively(tmp_path: Path) -> None:
    folder = a_writer(tmp_path, "parts")
    (folder / "maths.py").write_text("HALF = 0.5\n", encoding="utf-8")
    (folder / "__init__.py").write_text("from .maths import HALF\n", encoding="utf-8")

    assert import_folder(folder).HALF == 0.5
