"""Findings as people read them."""

import pytest

from engine.wiring.findings import Rule, Severity, WiringFinding, errors_of, hint
from engine.wiring.render import describe

pytestmark = pytest.mark.unit

ERROR = WiringFinding(Rule.UNKNOWN_WORKER, Severity.ERROR, "emma hears it.", "Did you mean ema?", line=9)
WARNING = WiringFinding(Rule.DEAD_END, Severity.WARNING, "Nobody hears it.")


def test_no_findings_are_good_news() -> None:
    assert describe([]) == "The wiring is sound: no findings."


def test_a_finding_says_how_bad_where_what_and_what_to_do() -> None:
    assert describe([ERROR, WARNING], source="wiring_map.yaml") == (
        "ERROR    wiring_map.yaml:9: emma hears it.  [unknown-worker]\n"
        "         Did you mean ema?\n"
        "WARNING  Nobody hears it.  [dead-end]\n"
        "\n"
        "1 error, 1 warning"
    )


def test_without_a_file_the_line_stands_alone() -> None:
    assert describe([ERROR, ERROR]).startswith("ERROR    line 9: emma hears it.")
    assert describe([ERROR, ERROR]).endswith("2 errors")


def test_only_errors_forbid_a_start() -> None:
    assert errors_of([ERROR, WARNING]) == (ERROR,)


@pytest.mark.parametrize(
    ("written", "known", "expected"),
    [
        ("on_tik", ["on_tick", "reset"], "Did you mean on_tick?"),
        ("zzz", ["b", "a"], "Known are: a, b."),
        ("zzz", [], "There is none to choose from."),
    ],
)
def test_a_hint_names_the_nearest_or_all(written: str, known: list[str], expected: str) -> None:
    assert hint(written, known) == expected
