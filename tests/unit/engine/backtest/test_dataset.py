import math
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from engine.backtest.dataset import DatasetRefused, DatasetReport, FindingKind, Severity, load_bars
from engine.primitives.errors import DataError
from engine.primitives.timeframes import NS_PER_MINUTE, NS_PER_MS
from tests.support.market import MONDAY_NS

pytestmark = pytest.mark.unit

Row = tuple[float, float, float, float, float]
GOOD: Row = (100.0, 102.0, 99.0, 101.0, 5.0)


def a_file(folder: Path, rows: Sequence[tuple[float, Row]]) -> Path:
    """Write rows of (minute after Monday midnight, values) as Parquet with the columns of our own files."""
    path = folder / "bars.parquet"
    columns = list(zip(*(values for _, values in rows), strict=True))
    frame = pl.DataFrame(
        {
            "ts": [int((MONDAY_NS + minute * NS_PER_MINUTE) // NS_PER_MS) for minute, _ in rows],
            **{
                name: pl.Series(columns[at], dtype=pl.Float64)
                for at, name in enumerate(("open", "high", "low", "close", "volume"))
            },
        }
    )
    frame.write_parquet(path)
    return path


def good(*minutes: float) -> list[tuple[float, Row]]:
    return [(minute, GOOD) for minute in minutes]


def finding(report: DatasetReport, kind: FindingKind) -> tuple[Severity, int]:
    found = [each for each in report.findings if each.kind is kind]
    assert len(found) == 1, report.describe()
    return found[0].severity, found[0].count


def refusal(path: Path, timeframe: str | None = None) -> DatasetReport:
    with pytest.raises(DatasetRefused) as refused:
        load_bars(path, symbol="BTC/USDT", timeframe=timeframe)
    assert refused.value.report.rows_kept == 0
    return refused.value.report


def test_clean_bars_are_loaded_as_they_are(tmp_path: Path) -> None:
    series, report = load_bars(a_file(tmp_path, good(0, 1, 2)), symbol="BTC/USDT")

    assert (series.symbol, series.timeframe, len(series)) == ("BTC/USDT", "1m", 3)
    assert series.opened_ns.tolist() == [MONDAY_NS, MONDAY_NS + NS_PER_MINUTE, MONDAY_NS + 2 * NS_PER_MINUTE]
    assert [series.open[0], series.high[0], series.low[0], series.close[0], series.volume[0]] == list(GOOD)
    assert report.is_usable
    assert report.findings == ()
    assert (report.rows_read, report.rows_kept, report.gaps) == (3, 3, 0)


def test_unsorted_rows_are_sorted_and_said_so(tmp_path: Path) -> None:
    series, report = load_bars(a_file(tmp_path, good(2, 0, 1, 3)), symbol="BTC/USDT")

    assert (np.diff(series.opened_ns) == NS_PER_MINUTE).all()
    assert finding(report, FindingKind.UNSORTED) == (Severity.REPAIRED, 1)


def test_rows_that_repeat_another_are_dropped(tmp_path: Path) -> None:
    series, report = load_bars(a_file(tmp_path, good(0, 1, 1, 1, 2)), symbol="BTC/USDT")

    assert len(series) == 3
    assert finding(report, FindingKind.EXACT_DUPLICATE) == (Severity.REPAIRED, 2)


def test_rows_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    other: Row = (100.0, 102.0, 99.0, 100.5, 5.0)
    path = a_file(tmp_path, [*good(0, 1), (1, other), *good(2)])

    report = refusal(path)

    assert finding(report, FindingKind.CONFLICTING_DUPLICATE) == (Severity.REFUSED, 1)


@pytest.mark.parametrize(("keep", "close"), [("first", 101.0), ("last", 100.5)])
def test_of_contradicting_rows_the_chosen_one_wins(tmp_path: Path, keep: str, close: float) -> None:
    other: Row = (100.0, 102.0, 99.0, 100.5, 5.0)
    path = a_file(tmp_path, [*good(0, 2, 1), (1, other)])

    series, report = load_bars(path, symbol="BTC/USDT", keep=keep)  # type: ignore[arg-type]  # parametrized

    assert series.close.tolist() == [101.0, close, 101.0]
    assert finding(report, FindingKind.CONFLICTING_DUPLICATE) == (Severity.REPAIRED, 1)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ((0.0, 102.0, 99.0, 101.0, 5.0), FindingKind.NOT_POSITIVE),
        ((100.0, 1e16, 99.0, 101.0, 5.0), FindingKind.TOO_LARGE),
        ((100.0, 102.0, 99.0, 101.0, 1e300), FindingKind.TOO_LARGE),
        ((100.0, 102.0, -99.0, 101.0, 5.0), FindingKind.NOT_POSITIVE),
        ((100.0, math.nan, 99.0, 101.0, 5.0), FindingKind.NOT_A_NUMBER),
        ((100.0, math.inf, 99.0, 101.0, 5.0), FindingKind.NOT_A_NUMBER),
        ((100.0, 102.0, 99.0, 101.0, math.nan), FindingKind.NOT_A_NUMBER),
    ],
)
def test_an_impossible_bar_is_refused_and_with_repair_dropped(tmp_path: Path, values: Row, kind: FindingKind) -> None:
    path = a_file(tmp_path, [*good(0, 1), (2, values), *good(3)])

    assert finding(refusal(path), kind) == (Severity.REFUSED, 1)
    series, report = load_bars(path, symbol="BTC/USDT", repair=True)

    assert len(series) == 3
    assert finding(report, kind) == (Severity.REPAIRED, 1)
    assert finding(report, FindingKind.GAP) == (Severity.ACCEPTED, 1)


@pytest.mark.parametrize(
    "values",
    [
        (100.0, 99.0, 102.0, 101.0, 5.0),
        (100.0, 100.5, 99.0, 101.0, 5.0),
        (98.0, 102.0, 99.0, 101.0, 5.0),
    ],
)
def test_a_range_that_does_not_hold_is_refused_and_with_repair_widened(tmp_path: Path, values: Row) -> None:
    path = a_file(tmp_path, [*good(0), (1, values)])

    assert finding(refusal(path), FindingKind.OUTSIDE_RANGE) == (Severity.REFUSED, 1)
    series, report = load_bars(path, symbol="BTC/USDT", repair=True)

    assert finding(report, FindingKind.OUTSIDE_RANGE) == (Severity.REPAIRED, 1)
    assert (series.high[1], series.low[1]) == (max(values[:4]), min(values[:4]))
    assert (series.high[0], series.low[0]) == (102.0, 99.0)


def test_a_negative_volume_is_refused_even_with_repair(tmp_path: Path) -> None:
    path = a_file(tmp_path, [*good(0), (1, (100.0, 102.0, 99.0, 101.0, -1.0))])

    with pytest.raises(DatasetRefused) as refused:
        load_bars(path, symbol="BTC/USDT", repair=True)

    assert finding(refused.value.report, FindingKind.NEGATIVE_VOLUME) == (Severity.REFUSED, 1)


def test_all_refusals_of_a_file_come_at_once_and_name_their_rows(tmp_path: Path) -> None:
    path = a_file(
        tmp_path,
        [
            *good(0),
            (1, (0.0, 102.0, 99.0, 101.0, 5.0)),
            (2, (100.0, 99.0, 102.0, 101.0, 5.0)),
            (3, (100.0, 102.0, 99.0, 101.0, -1.0)),
            *good(4),
        ],
    )

    report = refusal(path)

    kinds = {FindingKind.NOT_POSITIVE, FindingKind.OUTSIDE_RANGE, FindingKind.NEGATIVE_VOLUME}
    assert {each.kind for each in report.refusals} == kinds
    assert any("row 2, 2024-03-04 00:01" in line for line in report.describe())


def test_gaps_are_reported_and_never_filled(tmp_path: Path) -> None:
    series, report = load_bars(a_file(tmp_path, good(0, 1, 2, 5, 6, 7, 9)), symbol="BTC/USDT")

    assert len(series) == 7
    assert (report.gaps, report.missing_bars, report.longest_gap_bars) == (2, 3, 2)
    assert "2 bars after 2024-03-04 00:02" in report.describe()[1]


def test_a_time_within_a_bar_is_refused_and_with_repair_dropped(tmp_path: Path) -> None:
    path = a_file(tmp_path, good(0, 1, 1.5, 2, 3, 4))

    assert finding(refusal(path), FindingKind.MISALIGNED) == (Severity.REFUSED, 1)
    series, report = load_bars(path, symbol="BTC/USDT", repair=True)

    assert len(series) == 5
    assert report.gaps == 0


def test_close_times_are_recognised(tmp_path: Path) -> None:
    path = a_file(tmp_path, good(*(minute + 59.999 / 60 for minute in range(5))))

    report = refusal(path)

    assert "close times" in report.describe()[1]


def test_a_timeframe_that_is_longer_than_the_bars_is_refused_with_the_right_one(tmp_path: Path) -> None:
    report = refusal(a_file(tmp_path, good(0, 1, 2, 3, 4, 5)), timeframe="5m")

    assert finding(report, FindingKind.TIMEFRAME_MISMATCH) == (Severity.REFUSED, 5)
    assert "holds 1m bars, not 5m" in report.describe()[1]


def test_a_timeframe_that_is_shorter_than_the_bars_is_refused(tmp_path: Path) -> None:
    report = refusal(a_file(tmp_path, good(0, 5, 10, 15)), timeframe="1m")

    assert finding(report, FindingKind.TIMEFRAME_MISMATCH) == (Severity.REFUSED, 3)


def test_a_quiet_market_of_which_most_bars_are_missing_is_accepted_when_its_timeframe_is_named(tmp_path: Path) -> None:
    series, report = load_bars(a_file(tmp_path, good(0, 1, 6, 11, 16)), symbol="BTC/USDT", timeframe="1m")

    assert len(series) == 5
    assert report.missing_bars == 12


@pytest.mark.parametrize("name", ["1h", "60m"])
def test_a_timeframe_may_be_named_in_another_unit(tmp_path: Path, name: str) -> None:
    series, _ = load_bars(a_file(tmp_path, good(0, 60, 120)), symbol="BTC/USDT", timeframe=name)

    assert series.timeframe == name


@pytest.mark.parametrize(("minutes", "name"), [(5, "5m"), (240, "4h"), (1_440, "1d"), (10_080, "1w")])
def test_the_timeframe_is_the_median_spacing(tmp_path: Path, minutes: int, name: str) -> None:
    series, _ = load_bars(a_file(tmp_path, good(0, minutes, 2 * minutes, 4 * minutes)), symbol="BTC/USDT")

    assert series.timeframe == name


def test_one_bar_needs_its_timeframe_named(tmp_path: Path) -> None:
    path = a_file(tmp_path, good(0))

    with pytest.raises(DataError, match="name it"):
        load_bars(path, symbol="BTC/USDT")
    series, _ = load_bars(path, symbol="BTC/USDT", timeframe="1m")
    assert len(series) == 1


def test_a_timeframe_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="not a timeframe"):
        load_bars(a_file(tmp_path, good(0, 1)), symbol="BTC/USDT", timeframe="5min")


def test_only_the_asked_time_is_loaded_and_judged(tmp_path: Path) -> None:
    path = a_file(tmp_path, [(0, (-1.0, 102.0, 99.0, 101.0, 5.0)), *good(1, 2, 3, 4)])

    series, report = load_bars(
        path, symbol="BTC/USDT", from_ns=MONDAY_NS + NS_PER_MINUTE, to_ns=MONDAY_NS + 3 * NS_PER_MINUTE
    )

    assert series.opened_ns.tolist() == [MONDAY_NS + NS_PER_MINUTE, MONDAY_NS + 2 * NS_PER_MINUTE]
    assert (report.rows_read, report.rows_outside, report.rows_kept) == (5, 3, 2)


def test_a_time_without_bars_is_refused_with_the_times_that_are_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="last=2024-03-04 00:02"):
        load_bars(a_file(tmp_path, good(0, 1, 2)), symbol="BTC/USDT", from_ns=MONDAY_NS + 10 * NS_PER_MINUTE)


def test_a_file_of_which_repair_leaves_nothing_is_refused(tmp_path: Path) -> None:
    path = a_file(tmp_path, [(minute, (-1.0, 102.0, 99.0, 101.0, 5.0)) for minute in range(3)])

    with pytest.raises(DatasetRefused) as refused:
        load_bars(path, symbol="BTC/USDT", repair=True)

    assert finding(refused.value.report, FindingKind.NOTHING_LEFT) == (Severity.REFUSED, 3)


def test_a_series_that_was_loaded_cannot_be_changed(tmp_path: Path) -> None:
    series, _ = load_bars(a_file(tmp_path, good(0, 1)), symbol="BTC/USDT")

    with pytest.raises(ValueError, match="read-only"):
        series.close[0] = 1.0


def test_a_year_of_real_minutes_is_loaded_in_under_a_second_with_its_gaps(shared_data: Path) -> None:
    started = time.perf_counter()

    series, report = load_bars(shared_data / "ohlcv" / "bitfinex_BTCUSD_1m_2019.parquet", symbol="BTC/USD")

    assert time.perf_counter() - started < 1.0
    assert (len(series), series.timeframe) == (512_727, "1m")
    assert (report.gaps, report.longest_gap_bars) == (9_955, 197)
    assert report.is_usable


@pytest.mark.parametrize("symbol", ["BTC/USD", "BTC/USDT:USDT"])
def test_the_report_survives_json_and_back(tmp_path: Path, symbol: str) -> None:
    _, report = load_bars(a_file(tmp_path, good(2, 0, 1, 5)), symbol=symbol)

    assert DatasetReport.model_validate_json(report.model_dump_json()) == report
