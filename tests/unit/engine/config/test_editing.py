"""A file that is changed value by value: that value changes, and not one byte beside it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.config.base import KeyPath
from engine.config.blueprint import StrategyBlueprint
from engine.config.editing import EditedFile
from engine.config.findings import ConfigRefused
from engine.config.settings import settings_of
from engine.config.shape import Shape
from engine.config.source import SourceFile
from engine.primitives.errors import ConfigError
from resources import path_of

pytestmark = pytest.mark.unit

TEXT = """# A file of somebody.
name:   spaced   # why
market:
  window: 500 # bars

  lists: [1, 2,   3] # together
workers:
  - plugin: One # the first
    config:
      limit: 0.10
  - plugin: Two
# The end.
"""
SHIPPED = sorted(path_of("config", "operations").rglob("strategies/*.yaml"))


@pytest.fixture
def file(tmp_path: Path) -> EditedFile:
    return edited(tmp_path, TEXT)


def edited(folder: Path, text: str) -> EditedFile:
    path = folder / "file.yaml"
    path.write_bytes(text.encode())
    return EditedFile(path)


@pytest.mark.parametrize(
    ("at", "written", "before", "after"),
    [
        (("market", "window"), "200", "  window: 500 # bars", "  window: 200 # bars"),
        (("name",), "'a: b'", "name:   spaced   # why", "name:   'a: b'   # why"),
        (("market", "lists"), "[4]", "[1, 2,   3] # together", "[4] # together"),
        (("market", "lists", 1), "9", "[1, 2,   3]", "[1, 9,   3]"),
        (("workers", 0, "config", "limit"), "0.2", "limit: 0.10", "limit: 0.2"),
        (
            ("workers", 1, "config", "limit"),
            "0.2",
            "  - plugin: Two\n",
            "  - plugin: Two\n    config:\n      limit: 0.2\n",
        ),
    ],
)
def test_one_value_is_written_and_nothing_else_moves(
    file: EditedFile, at: KeyPath, written: str, before: str, after: str
) -> None:
    file.put(at, written)

    assert file.text == TEXT.replace(before, after)
    assert file.path.read_text() == TEXT, "nothing is on the disk before it is saved"


def test_a_value_that_is_taken_out_takes_its_comment_along(file: EditedFile) -> None:
    file.take_out(("market", "window"))
    file.take_out(("market", "nothing"))

    assert file.text == TEXT.replace("  window: 500 # bars\n", "")


@pytest.mark.parametrize("written", ["a: b", "[1,", '"x', "x\ny", "", "{a: 1", "- a", "*alias"])
def test_what_is_no_value_on_one_line_is_refused_and_changes_nothing(file: EditedFile, written: str) -> None:
    with pytest.raises(ConfigRefused, match=r"market\.window"):
        file.put(("market", "window"), written)

    assert not file.is_changed


def test_there_is_no_place_in_a_list_that_is_shorter(file: EditedFile) -> None:
    with pytest.raises(ConfigRefused):
        file.put(("workers", 7, "plugin"), "Seven")

    assert file.text == TEXT


def test_changes_are_taken_back_and_made_again(file: EditedFile) -> None:
    file.put(("market", "window"), "200")
    file.put(("name",), "other")
    file.undo()

    assert (file.source.part(("market", "window")), file.source.part(("name",))) == (200, "spaced")
    assert file.may_redo
    file.redo()
    assert file.source.part(("name",)) == "other"
    file.undo()
    file.undo()
    assert (file.text, file.is_changed, file.may_undo) == (TEXT, False, False)


def test_the_diff_shows_what_would_change_on_the_disk(file: EditedFile) -> None:
    file.put(("market", "window"), "200")

    assert [line for line in file.diff() if line[:1] in "+-" and line[:3] not in ("+++", "---")] == [
        "-  window: 500 # bars",
        "+  window: 200 # bars",
    ]


def test_what_is_saved_is_on_the_disk_with_its_rights(file: EditedFile) -> None:
    file.path.chmod(0o640)
    file.put(("market", "window"), "200")
    file.save()

    assert file.path.read_text() == file.text
    assert file.path.stat().st_mode & 0o777 == 0o640
    assert not file.is_changed
    assert [each.name for each in file.path.parent.iterdir()] == ["file.yaml"]


def test_a_file_that_somebody_else_has_changed_is_not_overwritten(file: EditedFile) -> None:
    file.put(("market", "window"), "200")
    file.path.write_text(TEXT + "# mine\n")

    with pytest.raises(ConfigError, match="changed by somebody else"):
        file.save()

    assert file.path.read_text() == TEXT + "# mine\n"
    assert file.is_changed


def test_changes_that_were_not_saved_are_there_again(file: EditedFile) -> None:
    file.put(("market", "window"), "200")
    file.put_aside()

    again = EditedFile(file.path)
    assert (again.text, again.is_changed, again.source.part(("market", "window"))) == (file.text, True, 200)
    assert file.path.read_text() == TEXT
    again.undo()
    again.put_aside()
    assert [each.name for each in file.path.parent.iterdir()] == ["file.yaml"]


def test_saving_leaves_nothing_aside(file: EditedFile) -> None:
    file.put(("market", "window"), "200")
    file.put_aside()
    file.save()

    assert [each.name for each in file.path.parent.iterdir()] == ["file.yaml"]


def test_what_was_put_aside_and_is_no_yaml_any_more_is_left_alone(file: EditedFile) -> None:
    aside = file.path.with_name(file.path.name + ".unsaved")
    aside.write_text("[")

    assert EditedFile(file.path).text == TEXT
    assert aside.read_text() == "["


def test_line_ends_and_a_byte_order_mark_stay(tmp_path: Path) -> None:
    text = "\ufeff" + TEXT.replace("\n", "\r\n")
    file = edited(tmp_path, text)
    file.put(("market", "window"), "200")
    file.save()

    assert file.path.read_bytes() == text.replace("window: 500", "window: 200").encode()


@given(data=st.data())
def test_any_value_of_any_shipped_strategy_can_be_written_alone(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(SHIPPED))
    file = EditedFile(path)
    before = file.text.splitlines()
    setting = data.draw(st.sampled_from(list(settings_of(Shape.of(StrategyBlueprint), file.source.content, ()))))
    written = data.draw(st.sampled_from(["12", "0.5", "true", "word", "'a: b'", "[a, 2, true]", "{a: 1, b: c}"]))

    try:
        file.put(setting.at, written)
    except ConfigRefused as refused:
        assert "comments between" in str(refused)  # noqa: PT017  # most are taken; what is refused changes nothing
        assert not file.is_changed
        return

    meant = SourceFile(path, f"value: {written}\n").content["value"]
    assert file.source.content == EditedFile(path).source.with_part(setting.at, meant).content
    after = file.text.splitlines()
    assert [_comment(line) for line in after if "#" in line] == [_comment(line) for line in before if "#" in line]
    if not isinstance(EditedFile(path).source.part(setting.at), list):
        assert sum(line not in after for line in before) <= 1, "one line at most is another one"


def _comment(line: str) -> str:
    return line[line.index("#") :] if line.lstrip().startswith("#") else line[line.index(" #") :]


def test_a_list_on_several_lines_is_written_on_one_unless_comments_stand_between(tmp_path: Path) -> None:
    plain = edited(tmp_path, "a:\n  - 1\n  - 2\nb: 3\n")
    plain.put(("a",), "[4]")
    assert (plain.source.part(("a",)), plain.source.part(("b",))) == ([4], 3)
    told = edited(tmp_path, "a:\n  - 1 # the first\n  - 2\nb: 3\n")

    with pytest.raises(ConfigRefused, match="comments between"):
        told.put(("a",), "[4]")

    assert not told.is_changed
