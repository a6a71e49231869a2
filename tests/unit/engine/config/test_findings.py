"""Mistakes as people read them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.config.findings import ConfigFinding, ConfigRefused, nearest, path_text
from engine.primitives.errors import ConfigError

words = st.text(alphabet="abcdefghijklmnopqrstuvwxyz_", min_size=4, max_size=12)


@pytest.mark.unit
def test_a_finding_reads_as_place_problem_expectation_and_near_value() -> None:
    finding = ConfigFinding(
        file=Path("operation.yaml"),
        line=12,
        key_path="data.feed",
        problem="'demoo' is not one of the connectors",
        expected="one of demo",
        nearest="demo",
    )

    assert str(finding) == (
        "operation.yaml:12: data.feed: 'demoo' is not one of the connectors. Expected one of demo. Did you mean 'demo'?"
    )


@pytest.mark.unit
def test_a_place_reads_as_people_write_it() -> None:
    assert path_text(("workforce", "opportunity_workers", 0, "config", "gap_min")) == (
        "workforce.opportunity_workers[0].config.gap_min"
    )
    assert path_text(()) == ""


@pytest.mark.unit
def test_findings_stand_file_by_file_from_top_to_bottom_and_once() -> None:
    def at(file: str, line: int | None) -> ConfigFinding:
        return ConfigFinding(Path(file), line, "", "wrong")

    refused = ConfigRefused([at("b", 9), at("a", 5), at("b", 2), at("a", None), at("b", 2)])

    assert [(finding.file.name, finding.line) for finding in refused.findings] == [
        ("b", 2),
        ("b", 9),
        ("a", None),
        ("a", 5),
    ]
    assert str(refused).splitlines()[0] == "4 mistakes in the configuration:"


@pytest.mark.unit
def test_a_refusal_is_a_config_error() -> None:
    assert isinstance(ConfigRefused([ConfigFinding(Path("a"), 1, "", "wrong")]), ConfigError)


@pytest.mark.property
@given(known=st.sets(words, min_size=1), chosen=st.data())
def test_a_known_word_is_its_own_nearest_whatever_its_case(known: set[str], chosen: st.DataObject) -> None:
    word = chosen.draw(st.sampled_from(sorted(known)))

    assert nearest(word, sorted(known)) == word
    assert nearest(word.upper(), sorted(known)) == word


@pytest.mark.property
@given(word=words, others=st.sets(words), data=st.data())
def test_one_wrong_letter_still_finds_the_word_or_one_that_is_as_near(
    word: str, others: set[str], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(word) - 1))
    misspelt = word[:place] + data.draw(st.sampled_from("0123456789")) + word[place + 1 :]

    found = nearest(misspelt, [word, *sorted(others)])

    assert found in {word, *others}
    assert nearest(misspelt, [word]) == word


@pytest.mark.property
@given(written=st.text(), known=st.lists(st.text()))
def test_the_nearest_is_always_a_known_word_or_nothing(written: str, known: list[str]) -> None:
    assert nearest(written, known) in {*known, ""}


@pytest.mark.unit
def test_nothing_is_near_to_a_word_of_another_kind() -> None:
    assert nearest("xyzzy", ["environment", "account"]) == ""
