"""Small files of the window: what cannot be read is set aside and told, never a crash."""

from pathlib import Path

import pytest

from gui.kept_file import KeptFile
from gui.preferences.settings import Settings, ThemeChoice

pytestmark = pytest.mark.unit


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    kept = KeptFile(tmp_path / "new" / "window.json", Settings)
    chosen = Settings(theme=ThemeChoice.LIGHT, keys={"stop": ("F9",)})

    assert kept.write(chosen) == ""
    assert kept.read() == (chosen, "")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["window.json"]


def test_before_the_first_write_the_defaults_hold_and_nobody_is_told(tmp_path: Path) -> None:
    assert KeptFile(tmp_path / "window.json", Settings).read() == (Settings(), "")


@pytest.mark.parametrize("text", ["", "{", '{"theme": "pink"}', '{"scale_percent": 500}', '{"version": 2}', "\udcff"])
def test_a_file_that_cannot_be_read_is_set_aside_and_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "window.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    kept = KeptFile(path, Settings)

    settings, problem = kept.read()

    assert settings == Settings()
    assert str(path) in problem
    assert "window.json.broken" in problem
    assert not path.exists()
    assert (tmp_path / "window.json.broken").exists()
    assert kept.read() == (Settings(), "")


def test_what_a_newer_version_wrote_besides_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "window.json"
    path.write_text('{"theme": "light", "density": "compact"}')

    assert KeptFile(path, Settings).read() == (Settings(theme=ThemeChoice.LIGHT), "")


def test_a_disk_that_refuses_is_told_and_the_window_goes_on(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")

    assert "could not be written" in KeptFile(tmp_path / "state" / "window.json", Settings).write(Settings())


def test_without_a_place_nothing_is_kept() -> None:
    kept = KeptFile(None, Settings)

    assert kept.write(Settings(theme=ThemeChoice.LIGHT)) == ""
    assert kept.read() == (Settings(), "")
