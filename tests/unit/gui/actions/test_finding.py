"""Letters in their order find a text; beginnings of words count more than letters in the middle."""

import pytest

from gui.actions.finding import ranked, score

pytestmark = pytest.mark.unit


def test_letters_must_come_in_their_order() -> None:
    assert score("fla", "Flatten all…") is not None
    assert score("alf", "Flatten") is None
    assert score("flz", "Flatten all…") is None


def test_case_and_spaces_do_not_count() -> None:
    assert score("FLATTEN ALL", "flatten all") == score("flattenall", "flatten all")


@pytest.mark.parametrize(
    ("query", "better", "worse"),
    [
        ("or", "Orders", "Keyboard for"),
        ("eg", "Execution groups", "Regime"),
        ("fil", "Fills", "Find a call"),
        ("tr", "Trades", "Stress"),
        ("pos", "Positions", "Positions that were closed last week"),
    ],
)
def test_beginnings_runs_and_short_names_win(query: str, better: str, worse: str) -> None:
    assert ranked(query, [worse, better], str)[0] == better


def test_the_best_of_all_ways_to_place_the_letters_counts() -> None:
    one_way = score("ab", "a xx ab")

    assert one_way is not None
    assert one_way > (score("ab", "a xx xb") or 0), "the run at the end, not the first letter that fits"


def test_without_letters_everything_is_listed_in_its_order() -> None:
    assert ranked("", ["one", "two", "three"], str) == ["one", "two", "three"]


def test_equals_keep_their_order() -> None:
    assert ranked("x", ["ax", "bx", "cx"], str) == ["ax", "bx", "cx"]
