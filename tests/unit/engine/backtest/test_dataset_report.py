import pytest

from engine.backtest.dataset_report import (
    DatasetFinding,
    DatasetRefused,
    DatasetReport,
    FindingKind,
    Severity,
    instant,
)
from engine.primitives.timeframes import NS_PER_MS, NS_PER_SECOND
from tests.support.market import MONDAY_NS

pytestmark = pytest.mark.unit

NEGATIVE = DatasetFinding(
    kind=FindingKind.NOT_POSITIVE,
    severity=Severity.REFUSED,
    count=1_234,
    examples=("row 7, 2024-03-04 00:06",),
    what_was_done="nothing was loaded",
)
UNSORTED = DatasetFinding(
    kind=FindingKind.UNSORTED, severity=Severity.REPAIRED, count=2, what_was_done="all rows were sorted"
)


def a_report(*findings: DatasetFinding) -> DatasetReport:
    return DatasetReport(
        file="bars.csv", symbol="BTC/USDT", timeframe="1m", rows_read=5_000, rows_kept=0, findings=findings
    )


def test_each_finding_is_one_line_for_a_person() -> None:
    lines = a_report(UNSORTED, NEGATIVE).describe()

    assert lines == [
        "bars.csv: 0 of 5,000 rows kept as BTC/USDT 1m bars",
        "rows out of time order: 2 repaired; all rows were sorted",
        "rows with a price of zero or below: 1,234 refused (for example row 7, 2024-03-04 00:06); nothing was loaded",
    ]


def test_a_report_with_a_refusal_is_not_usable() -> None:
    assert a_report(UNSORTED).is_usable
    assert not a_report(UNSORTED, NEGATIVE).is_usable
    assert a_report(UNSORTED, NEGATIVE).refusals == (NEGATIVE,)


def test_the_error_carries_the_report_and_names_what_stands_in_the_way() -> None:
    report = a_report(UNSORTED, NEGATIVE)

    error = DatasetRefused(report)

    assert error.report is report
    assert "price of zero or below" in str(error)
    assert "out of time order" not in str(error)


@pytest.mark.parametrize(
    ("at_ns", "text"),
    [
        (MONDAY_NS, "2024-03-04 00:00"),
        (MONDAY_NS + 10 * NS_PER_SECOND, "2024-03-04 00:00:10"),
        (MONDAY_NS + 59_990 * NS_PER_MS, "2024-03-04 00:00:59.99"),
    ],
)
def test_an_instant_shows_only_the_digits_that_say_something(at_ns: int, text: str) -> None:
    assert instant(at_ns) == text
