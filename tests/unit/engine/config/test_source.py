"""A YAML file as plain content that knows its lines."""

from pathlib import Path

import pytest

from engine.config.findings import ConfigRefused
from engine.config.source import SourceFile, read_text
from tests.support.config import a_file

pytestmark = pytest.mark.unit

HERE = Path("file.yaml")


def refusal(text: str) -> str:
    with pytest.raises(ConfigRefused) as refused:
        SourceFile(HERE, text)
    return str(refused.value)


def test_content_is_plain_and_typed_as_yaml_1_2_says() -> None:
    source = SourceFile(HERE, "a: 1\nb: 0.5\nc: on\nd: true\ne:\nf: [x, '1']\n1: {g: 1_000}\n")

    assert source.content == {
        "a": 1,
        "b": 0.5,
        "c": "on",
        "d": True,
        "e": None,
        "f": ["x", "1"],
        "1": {"g": 1000},
    }


def test_a_time_stays_the_text_that_was_written() -> None:
    assert SourceFile(HERE, "start: 2026-01-05T00:00:00Z").content == {"start": "2026-01-05T00:00:00Z"}


def test_a_line_is_that_of_the_key_or_of_the_items_first_word() -> None:
    source = SourceFile(HERE, "# a comment\na:\n  b: 1\n  c:\n    - x\n    - y: 2\n")

    places = [("a",), ("a", "b"), ("a", "c"), ("a", "c", 0), ("a", "c", 1), ("a", "c", 1, "y")]
    assert [source.line_of(place) for place in places] == [2, 3, 4, 5, 6, 6]


def test_a_place_that_is_not_there_has_the_line_of_what_is_around_it() -> None:
    source = SourceFile(HERE, "a: 1\nb:\n  c: {}\n")

    assert source.line_of(("b", "c", "nowhere", 3)) == 3
    assert source.line_of(("nowhere",)) == 1


def test_a_key_written_twice_is_found_with_both_lines() -> None:
    source = SourceFile(HERE, "a:\n  b: 1\n  c: 2\n  b: 3\n")

    assert [str(finding) for finding in source.findings] == [
        "file.yaml:4: a.b: 'b' is written twice, in line 2 and in line 4. Keep one of the two."
    ]


def test_each_line_that_is_indented_with_a_tab_is_named() -> None:
    text = refusal("a:\n\tb: 1\n\tc: 2\n")

    assert "file.yaml:2: the line is indented with a tab. Expected spaces." in text
    assert "file.yaml:3: the line is indented with a tab." in text


def test_a_tab_inside_a_text_is_no_mistake() -> None:
    assert SourceFile(HERE, "a: |\n  one\n  \ttwo\n").content == {"a": "one\n\ttwo\n"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: a: b\n", "file.yaml:1: this is not YAML, at column 8: mapping values are not allowed here."),
        ("a: [1, 2\nb: 3\n", "file.yaml:2: this is not YAML"),
        ("a: 'open\n", "this is not YAML"),
        ("a: *nobody\n", "file.yaml:1: this is not YAML, at column 4: found undefined alias 'nobody'."),
        ("a: 1\n---\nb: 2\n", "expected a single document"),
        ("a: \x07\n", "it is not YAML"),
        ("", "the file is empty. Expected a mapping"),
        ("# only a comment\n", "the file is empty"),
        ("- a\n- b\n", "file.yaml:1: the file is a list. Expected a mapping"),
        ("just words\n", "the file is a single value"),
    ],
)
def test_what_is_no_mapping_of_yaml_is_refused_with_its_place(text: str, said: str) -> None:
    assert said in refusal(text)


def test_foreign_tags_are_never_acted_on() -> None:
    source = SourceFile(HERE, "a: !!python/object/apply:os.system [ls]\nb: !own x\nc: !!int word\n")

    assert source.content == {"a": None, "b": None, "c": None}
    assert [finding.line for finding in source.findings] == [1, 2, 3]
    assert "cannot be read as int" in source.findings[2].problem


def test_aliases_and_merges_give_what_they_stand_for_and_keep_their_lines() -> None:
    source = SourceFile(HERE, "a: &x {k: 1, l: 2}\nb: *x\nc:\n  <<: *x\n  l: 3\n")

    assert source.content == {"a": {"k": 1, "l": 2}, "b": {"k": 1, "l": 2}, "c": {"l": 3, "k": 1}}
    assert source.line_of(("c", "k")) == 1
    assert source.line_of(("c", "l")) == 5


@pytest.mark.parametrize("text", ["&r\na: *r\n", "a: &r\n  <<: *r\n  b: 1\n", "a: &r {b: {<<: *r}}\n", "a: {<<: 5}\n"])
def test_what_contains_itself_is_found_and_not_followed_forever(text: str) -> None:
    assert SourceFile(HERE, text).findings


def test_aliases_of_aliases_cost_no_time() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)]

    assert len(SourceFile(HERE, "\n".join(lines)).content) == 60


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(tmp_path: Path) -> None:
    path = a_file(tmp_path, b"\xef\xbb\xbfa: 1\r\nb:\r\n  c: 2\r\n")
    source = SourceFile(path, read_text(path))

    assert source.content == {"a": 1, "b": {"c": 2}}
    assert source.line_of(("b", "c")) == 3


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"a: 1\nb: \xe9\n", ":2: the byte 0xe9 is not UTF-8 text"),
        ("a: 1\n".encode("utf-16"), "the text is UTF-16. Expected UTF-8."),
    ],
)
def test_another_encoding_is_refused_and_named(tmp_path: Path, raw: bytes, said: str) -> None:
    with pytest.raises(ConfigRefused) as refused:
        read_text(a_file(tmp_path, raw))

    assert said in str(refused.value)


def test_a_missing_file_is_told_with_the_nearest_name_beside_it(tmp_path: Path) -> None:
    a_file(tmp_path, "a: 1", "operation.yaml")
    a_file(tmp_path, "a: 1", "zebra.yaml")

    with pytest.raises(ConfigRefused) as refused:
        read_text(tmp_path / "operatoin.yaml")

    assert "there is no such file. Expected one of operation.yaml, zebra.yaml. Did you mean 'operation.yaml'?" in str(
        refused.value
    )


def test_a_missing_folder_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(ConfigRefused, match="not even its folder"):
        read_text(tmp_path / "nowhere" / "operation.yaml")


def test_a_folder_in_place_of_a_file_names_the_files_in_it(tmp_path: Path) -> None:
    a_file(tmp_path, "a: 1", "operation.yaml")

    with pytest.raises(ConfigRefused, match=r"this is a folder. Expected a file, like operation.yaml in it"):
        read_text(tmp_path)


def test_another_value_at_a_place_leaves_the_file_and_its_lines_as_they_are(tmp_path: Path) -> None:
    source = SourceFile(tmp_path / "a.yaml", "a: 1\nb:\n  - c: 2\n  - d: 3\n")

    other = source.with_part(("b", 1, "e", "f"), [4])

    assert other.content == {"a": 1, "b": [{"c": 2}, {"d": 3, "e": {"f": [4]}}]}
    assert source.content == {"a": 1, "b": [{"c": 2}, {"d": 3}]}
    assert other.line_of(("b", 1, "e", "f")) == 4
