"""What was found in a file of bars, and what was done about it."""

from enum import StrEnum
from typing import Final

from engine.contracts.base import Contract, UtcDatetime
from engine.primitives.errors import DataError
from engine.primitives.timeframes import datetime_from_ns

EXAMPLES_SHOWN: Final = 3


class FindingKind(StrEnum):
    """What can be the matter with bars."""

    UNSORTED = "UNSORTED"
    EXACT_DUPLICATE = "EXACT_DUPLICATE"
    CONFLICTING_DUPLICATE = "CONFLICTING_DUPLICATE"
    NOT_A_NUMBER = "NOT_A_NUMBER"
    NOT_POSITIVE = "NOT_POSITIVE"
    TOO_LARGE = "TOO_LARGE"
    OUTSIDE_RANGE = "OUTSIDE_RANGE"
    NEGATIVE_VOLUME = "NEGATIVE_VOLUME"
    MISALIGNED = "MISALIGNED"
    TIMEFRAME_MISMATCH = "TIMEFRAME_MISMATCH"
    GAP = "GAP"
    TIME_ZONE_ASSUMED = "TIME_ZONE_ASSUMED"
    NOTHING_LEFT = "NOTHING_LEFT"


_WORDS: Final = {
    FindingKind.UNSORTED: "rows out of time order",
    FindingKind.EXACT_DUPLICATE: "rows that repeat another row exactly",
    FindingKind.CONFLICTING_DUPLICATE: "rows that contradict another row of the same time",
    FindingKind.NOT_A_NUMBER: "rows with a value that is missing or not a finite number",
    FindingKind.NOT_POSITIVE: "rows with a price of zero or below",
    FindingKind.TOO_LARGE: "rows with a price or volume above 1e15",
    FindingKind.OUTSIDE_RANGE: "rows whose high and low do not enclose open and close",
    FindingKind.NEGATIVE_VOLUME: "rows with a negative volume",
    FindingKind.MISALIGNED: "rows whose time is not the opening of a bar",
    FindingKind.TIMEFRAME_MISMATCH: "spacings that do not fit the timeframe",
    FindingKind.GAP: "gaps",
    FindingKind.TIME_ZONE_ASSUMED: "times without a time zone",
    FindingKind.NOTHING_LEFT: "rows taken out, so that none is left",
}


class Severity(StrEnum):
    """What a finding led to: the bars were changed, taken as they are, or not taken at all."""

    REPAIRED = "REPAIRED"
    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"


class DatasetFinding(Contract):
    """One kind of trouble in a file: how often, where first (row of the file, time in UTC), and what was done."""

    kind: FindingKind
    severity: Severity
    count: int
    examples: tuple[str, ...] = ()
    what_was_done: str

    def describe(self) -> str:
        """Return the finding as one line for a person."""
        where = f" (for example {'; '.join(self.examples)})" if self.examples else ""
        return f"{_WORDS[self.kind]}: {self.count:,} {self.severity.lower()}{where}; {self.what_was_done}"


class DatasetReport(Contract):
    """Everything that was found when a file of bars was loaded.

    `rows_outside` were not asked for; of a refused file no row is kept. `first` and `last` are open times of usable bars; None if there is none.
    `missing_bars` is how many bars of the timeframe are absent between them, in `gaps` gaps.
    """

    file: str
    symbol: str
    timeframe: str
    rows_read: int
    rows_outside: int = 0
    rows_kept: int
    first: UtcDatetime | None = None
    last: UtcDatetime | None = None
    gaps: int = 0
    missing_bars: int = 0
    longest_gap_bars: int = 0
    findings: tuple[DatasetFinding, ...] = ()

    @property
    def is_usable(self) -> bool:
        """Whether nothing was refused."""
        return not self.refusals

    @property
    def refusals(self) -> tuple[DatasetFinding, ...]:
        """What stands in the way."""
        return tuple(each for each in self.findings if each.severity is Severity.REFUSED)

    def describe(self) -> list[str]:
        """Return the report as lines for a person: a summary, then one line for each finding."""
        summary = (
            f"{self.file}: {self.rows_kept:,} of {self.rows_read:,} rows kept as {self.symbol} {self.timeframe} bars"
        )
        if self.first is not None and self.last is not None:
            summary += f", {self.first:%Y-%m-%d %H:%M} to {self.last:%Y-%m-%d %H:%M} UTC"
        if self.rows_outside:
            summary += f"; {self.rows_outside:,} rows lie outside of the time that was asked for"
        return [summary, *(each.describe() for each in self.findings)]


class DatasetRefused(DataError):
    """A file of bars cannot be traded on as it stands; `report` says why, row by row."""

    consequence = "the file is not loaded"

    def __init__(self, report: DatasetReport) -> None:
        self.report = report
        super().__init__(
            "The bars of this file cannot be trusted as they stand.",
            file=report.file,
            findings=" | ".join(each.describe() for each in report.refusals),
        )

    def __str__(self) -> str:
        return "\n".join([f"{self.message} ({self.report.file})", *(each.describe() for each in self.report.refusals)])


def instant(at_ns: int) -> str:
    """Return an instant as a person reads it, in UTC."""
    at = datetime_from_ns(at_ns)
    if at.microsecond:
        return f"{at:%Y-%m-%d %H:%M:%S.%f}".rstrip("0")
    return f"{at:%Y-%m-%d %H:%M:%S}" if at.second else f"{at:%Y-%m-%d %H:%M}"
