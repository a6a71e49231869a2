"""Which bars, from where, and with which gaps: loads history and says what it repaired, accepted or refused.

Order of the checks: time order, timeframe, asked time, duplicates, numbers, prices, range, volume, alignment, gaps.
All refusals of a file come at once. Gaps are never filled.
"""

from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from engine.backtest.dataset_report import (
    EXAMPLES_SHOWN,
    DatasetFinding,
    DatasetRefused,
    DatasetReport,
    FindingKind,
    Severity,
    instant,
)
from engine.backtest.dataset_table import BarTable, read_table
from engine.backtest.resampling import resample
from engine.contracts.market import BarSeries, IntColumn
from engine.primitives.errors import DataError
from engine.primitives.money import LARGEST_FLOAT
from engine.primitives.timeframes import NS_PER_MS, NS_PER_SECOND, Timeframe, datetime_from_ns

__all__ = ["DatasetFinding", "DatasetRefused", "DatasetReport", "FindingKind", "Severity", "load_bars", "resample"]

Mask = NDArray[np.bool_]

_UNITS_S: Final = (("w", 604_800), ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))


def load_bars(
    path: str | Path,
    *,
    symbol: str,
    timeframe: str | None = None,
    repair: bool = False,
    keep: Literal["first", "last"] | None = None,
    from_ns: int | None = None,
    to_ns: int | None = None,
) -> tuple[BarSeries, DatasetReport]:
    """Load the bars of a Parquet or CSV file, oldest first, with a report of everything that was found. Blocks.

    Args:
        path: The file; columns as ``ts open high low close volume`` or a common spelling, `ts` being the OPEN time.
        symbol: Unified symbol that the bars are of; the file does not say.
        timeframe: Name of the timeframe; None takes the median spacing of the file.
        repair: Drop bars whose prices or times are impossible and widen ranges that do not hold, instead of refusing.
        keep: Which row of a time wins when rows contradict each other, in the order of the file; None refuses.
        from_ns: First open time to keep, UTC nanoseconds; None means no bound.
        to_ns: First open time not to keep, UTC nanoseconds; None means no bound.

    Raises:
        DatasetRefused: bars were found that cannot be trusted; carries the report.
        DataError: the file cannot be read as bars at all, or has none at the time that was asked for.
    """
    table = read_table(Path(path))
    inspection = _Inspection(table, file=str(path), symbol=symbol, timeframe=timeframe)
    inspection.keep_between(from_ns, to_ns)
    inspection.drop_duplicates(keep)
    inspection.check_values(repair=repair)
    inspection.check_alignment(repair=repair)
    report = inspection.report()
    if not report.is_usable:
        raise DatasetRefused(report)
    return inspection.series(), report


class _Inspection:
    """Walks a table through the checks; each check may change the table and adds what it found."""

    def __init__(self, table: BarTable, *, file: str, symbol: str, timeframe: str | None) -> None:
        self._file = file
        self._symbol = symbol
        self._findings: list[DatasetFinding] = []
        self._rows_read = len(table)
        self._rows_outside = 0
        self._table = table
        if table.zoneless:
            self._add(FindingKind.TIME_ZONE_ASSUMED, Severity.ACCEPTED, table.zoneless, "they were taken as UTC")
        self._sort()
        self._timeframe = self._find_timeframe(timeframe)

    def keep_between(self, from_ns: int | None, to_ns: int | None) -> None:
        """Keep what was asked for; what lies outside is not judged."""
        times = self._table.opened_ns
        start = 0 if from_ns is None else int(np.searchsorted(times, from_ns))
        end = len(times) if to_ns is None else int(np.searchsorted(times, to_ns))
        if start >= end:
            raise DataError(
                "The file has no bars at the time that was asked for; choose a time between its first and last bar.",
                file=self._file,
                first=instant(int(times[0])),
                last=instant(int(times[-1])),
            )
        if end - start < len(times):
            self._rows_outside = len(times) - (end - start)
            self._table = self._table.take(np.arange(start, end))

    def drop_duplicates(self, keep: Literal["first", "last"] | None) -> None:
        """Drop rows that repeat the one before them; of contradicting rows keep one if told which."""
        times = self._table.opened_ns
        same_time = np.concatenate([[False], times[1:] == times[:-1]])
        if not same_time.any():
            return
        same_values = same_time.copy()
        for column in self._table.columns:
            same_values[1:] &= (column[1:] == column[:-1]) | (np.isnan(column[1:]) & np.isnan(column[:-1]))
        self._drop(FindingKind.EXACT_DUPLICATE, same_values, "one of each was kept")
        times = self._table.opened_ns
        repeats = times[1:] == times[:-1]
        if not repeats.any():
            return
        loser = np.concatenate([[False], repeats]) if keep != "last" else np.concatenate([repeats, [False]])
        if keep is None:
            remedy = "nothing was loaded; say which row wins: keep first, or keep last"
            self._refuse(FindingKind.CONFLICTING_DUPLICATE, loser, remedy)
        self._drop(
            FindingKind.CONFLICTING_DUPLICATE, loser, f"the {keep} row of each time was kept", quiet=keep is None
        )

    def check_values(self, *, repair: bool) -> None:
        """Drop or refuse rows that hold no possible bar, and widen or refuse ranges that do not hold."""
        broken = ~np.logical_and.reduce([np.isfinite(column) for column in self._table.columns])
        self._drop_or_refuse(FindingKind.NOT_A_NUMBER, broken, repair=repair)
        impossible = np.logical_or.reduce([column <= 0 for column in self._table.columns[:4]])
        self._drop_or_refuse(FindingKind.NOT_POSITIVE, impossible, repair=repair)
        too_large = np.logical_or.reduce([column > LARGEST_FLOAT for column in self._table.columns])
        self._drop_or_refuse(FindingKind.TOO_LARGE, too_large, repair=repair)
        self._check_range(repair=repair)
        remedy = "nothing was loaded; a traded volume cannot be negative, so the column may mean something else"
        self._refuse(FindingKind.NEGATIVE_VOLUME, self._table.columns[4] < 0, remedy)

    def check_alignment(self, *, repair: bool) -> None:
        """Drop or refuse rows whose time is not the opening of a bar."""
        if any(each.kind is FindingKind.TIMEFRAME_MISMATCH for each in self._findings):
            return
        times = self._table.opened_ns
        offsets = times - _opened(self._timeframe, times)
        hint = ""
        if (
            len(offsets) > 1
            and (offsets == offsets[0]).all()
            and offsets[0] >= self._timeframe.length_ns - NS_PER_SECOND
        ):
            hint = "; they look like close times, and open times are expected"
        self._drop_or_refuse(FindingKind.MISALIGNED, offsets != 0, repair=repair, hint=hint)

    def report(self) -> DatasetReport:
        """Return everything that was found, gaps included."""
        times = self._table.opened_ns
        if not len(times) and self._rows_read and not any(each.severity is Severity.REFUSED for each in self._findings):
            self._add(
                FindingKind.NOTHING_LEFT, Severity.REFUSED, self._rows_read - self._rows_outside, "nothing was loaded"
            )
        missing = np.diff(times) // self._timeframe.length_ns - 1
        gaps = int((missing > 0).sum())
        if gaps:
            longest = np.argsort(-missing, kind="stable")[: min(gaps, EXAMPLES_SHOWN)]
            self._findings.append(
                DatasetFinding(
                    kind=FindingKind.GAP,
                    severity=Severity.ACCEPTED,
                    count=gaps,
                    examples=tuple(f"{int(missing[at]):,} bars after {instant(int(times[at]))}" for at in longest),
                    what_was_done=f"{int(missing[missing > 0].sum()):,} bars are missing and were not filled in",
                )
            )
        refused = any(each.severity is Severity.REFUSED for each in self._findings)
        return DatasetReport(
            file=self._file,
            symbol=self._symbol,
            timeframe=self._timeframe.name,
            rows_read=self._rows_read,
            rows_outside=self._rows_outside,
            rows_kept=0 if refused else len(times),
            first=datetime_from_ns(int(times[0])) if len(times) else None,
            last=datetime_from_ns(int(times[-1])) if len(times) else None,
            gaps=gaps,
            missing_bars=int(missing[missing > 0].sum()),
            longest_gap_bars=int(missing.max(initial=0)),
            findings=tuple(self._findings),
        )

    def series(self) -> BarSeries:
        """Return the bars that were kept."""
        opens, highs, lows, closes, volumes = self._table.columns
        return BarSeries(
            symbol=self._symbol,
            timeframe=self._timeframe.name,
            opened_ns=self._table.opened_ns,
            open=opens,
            high=highs,
            low=lows,
            close=closes,
            volume=volumes,
        )

    def _sort(self) -> None:
        times = self._table.opened_ns
        backwards = np.concatenate([[False], times[1:] < times[:-1]])
        if backwards.any():
            examples = self._examples(backwards)
            self._table = self._table.take(np.argsort(times, kind="stable"))
            self._add(FindingKind.UNSORTED, Severity.REPAIRED, int(backwards.sum()), "all rows were sorted", examples)

    def _find_timeframe(self, name: str | None) -> Timeframe:
        """Return the timeframe that was given, checked against the file, or the one of the median spacing."""
        spacings = np.diff(self._table.opened_ns)
        spacings = np.sort(spacings[spacings > 0])
        given = None if name is None else _parsed(name)
        if not len(spacings):
            if given is None:
                raise DataError("A file with bars of one time does not show its timeframe; name it.", file=self._file)
            return given
        median = _named(int(spacings[(len(spacings) - 1) // 2]), self._file)
        if given is None or given.length_ns == median.length_ns:
            return given or median
        # Fewer trades than bars: most minutes of a quiet market are missing, yet some follow each other.
        if not (given < median and int(spacings[0]) == given.length_ns):
            wrong = int((spacings < given.length_ns).sum()) if given > median else len(spacings)
            way = "build the longer bars from it" if given > median else "shorter bars cannot be made from it"
            remedy = f"nothing was loaded; the file holds {median} bars, not {given}: load it as {median}, {way}"
            self._add(FindingKind.TIMEFRAME_MISMATCH, Severity.REFUSED, wrong, remedy)
        return given

    def _check_range(self, *, repair: bool) -> None:
        opens, highs, lows, closes, volumes = self._table.columns
        top, bottom = np.maximum(opens, closes), np.minimum(opens, closes)
        narrow = (highs < top) | (lows > bottom)
        if not narrow.any():
            return
        if not repair:
            self._refuse(FindingKind.OUTSIDE_RANGE, narrow, "nothing was loaded; repair would widen them")
            return
        examples = self._examples(narrow)
        # Of all four prices, because high and low may have been exchanged.
        widened_high, widened_low = (
            np.maximum(top, np.maximum(highs, lows)),
            np.minimum(bottom, np.minimum(highs, lows)),
        )
        columns = (opens, widened_high, widened_low, closes, volumes)
        self._table = BarTable(self._table.row, self._table.opened_ns, columns, self._table.zoneless)
        remedy = "high and low were widened to hold all four prices"
        self._add(FindingKind.OUTSIDE_RANGE, Severity.REPAIRED, int(narrow.sum()), remedy, examples)

    def _drop_or_refuse(self, kind: FindingKind, bad: Mask, *, repair: bool, hint: str = "") -> None:
        """Take bad rows out; without `repair` the file is refused, and they are taken out so that later checks hold."""
        if not repair:
            self._refuse(kind, bad, f"nothing was loaded; repair would drop these bars{hint}")
        self._drop(kind, bad, f"these bars were dropped{hint}", quiet=not repair)

    def _drop(self, kind: FindingKind, bad: Mask, done: str, *, quiet: bool = False) -> None:
        if not bad.any():
            return
        if not quiet:
            self._add(kind, Severity.REPAIRED, int(bad.sum()), done, self._examples(bad))
        self._table = self._table.take(~bad)

    def _refuse(self, kind: FindingKind, bad: Mask, remedy: str) -> None:
        if bad.any():
            self._add(kind, Severity.REFUSED, int(bad.sum()), remedy, self._examples(bad))

    def _examples(self, bad: Mask) -> tuple[str, ...]:
        rows = np.flatnonzero(bad)[:EXAMPLES_SHOWN]
        return tuple(f"row {int(self._table.row[at])}, {instant(int(self._table.opened_ns[at]))}" for at in rows)

    def _add(
        self, kind: FindingKind, severity: Severity, count: int, done: str, examples: tuple[str, ...] = ()
    ) -> None:
        self._findings.append(
            DatasetFinding(kind=kind, severity=severity, count=count, examples=examples, what_was_done=done)
        )


def _parsed(name: str) -> Timeframe:
    try:
        return Timeframe.parse(name)
    except ValueError as error:
        raise DataError("This is not a timeframe; give a count and one of s, m, h, d, w.", timeframe=name) from error


def _named(length_ns: int, file: str) -> Timeframe:
    """Return the timeframe of a spacing, in the largest unit that fits."""
    length_s, rest_ns = divmod(length_ns, NS_PER_SECOND)
    if rest_ns:
        spacing_ms = length_ns / NS_PER_MS
        raise DataError("The rows are no bars: their spacing is not of whole seconds.", file=file, median_ms=spacing_ms)
    unit, seconds = next((unit, seconds) for unit, seconds in _UNITS_S if length_s % seconds == 0)
    return Timeframe.parse(f"{length_s // seconds}{unit}")


def _opened(timeframe: Timeframe, times: IntColumn) -> IntColumn:
    """Return the open time of the bar that contains each instant, as `Timeframe.opened_ns` does for one."""
    origin_ns = timeframe.opened_ns(0)
    return np.asarray((times - origin_ns) // timeframe.length_ns * timeframe.length_ns + origin_ns)
