from pathlib import Path

import numpy as np
import polars as pl
import pytest

from engine.backtest.dataset_table import read_table
from engine.primitives.errors import DataError
from tests.support.market import MONDAY_NS

pytestmark = pytest.mark.unit

HEADER = "ts,open,high,low,close,volume"
ROWS = "\n2024-03-04T00:00:00Z,100,102,99,101,5\n2024-03-04T00:01:00Z,101,103,100,102,6\n"


def a_csv(folder: Path, text: str, name: str = "bars.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_csv_and_a_parquet_of_the_same_bars_are_the_same(tmp_path: Path) -> None:
    from_csv = read_table(a_csv(tmp_path, HEADER + ROWS))
    frame = pl.DataFrame(
        {
            "ts": [1_709_510_400_000, 1_709_510_460_000],
            "open": [100.0, 101.0],
            "high": [102.0, 103.0],
            "low": [99.0, 100.0],
            "close": [101.0, 102.0],
            "volume": [5.0, 6.0],
        }
    )
    frame.write_parquet(tmp_path / "bars.parquet")
    from_parquet = read_table(tmp_path / "bars.parquet")

    assert from_csv.opened_ns[0] == MONDAY_NS
    assert from_csv.opened_ns.tolist() == from_parquet.opened_ns.tolist()
    assert np.array_equal(from_csv.columns, from_parquet.columns)


@pytest.mark.parametrize(
    "header",
    [
        "Timestamp,Open,High,Low,Close,Volume",
        "DATE,OPEN,HIGH,LOW,CLOSE,VOLUME",
        "open time,o,h,l,c,vol",
        "datetime,open_price,high_price,low_price,close_price,base_volume",
    ],
)
def test_common_spellings_are_understood(tmp_path: Path, header: str) -> None:
    table = read_table(a_csv(tmp_path, header + ROWS))

    assert [column[1] for column in table.columns] == [101.0, 103.0, 100.0, 102.0, 6.0]


@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_csv_may_be_separated_otherwise(tmp_path: Path, separator: str) -> None:
    assert len(read_table(a_csv(tmp_path, (HEADER + ROWS).replace(",", separator)))) == 2


def test_columns_beside_ours_do_not_matter(tmp_path: Path) -> None:
    text = "ts,open,high,low,close,volume,trades\n2024-03-04,1,1,1,1,1,many\n"

    assert len(read_table(a_csv(tmp_path, text))) == 1


def test_all_missing_columns_are_named_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(DataError) as refused:
        read_table(a_csv(tmp_path, "ts,open,high,low,cloze,size\n2024-03-04,1,1,1,1,1\n"))

    assert refused.value.facts["missing"] == "close (nearest: cloze), volume"


def test_a_file_without_a_header_is_told_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="add a header line"):
        read_table(a_csv(tmp_path, ROWS.lstrip()))


def test_two_columns_of_one_meaning_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="same meaning"):
        read_table(a_csv(tmp_path, "ts,open,Open,high,low,close,volume\n2024-03-04,1,1,1,1,1,1\n"))


def test_a_cell_that_is_no_number_is_named_by_its_row(tmp_path: Path) -> None:
    text = HEADER + "\n2024-03-04,1,1,1,1,1\n2024-03-05,1,1,1,n/a,1\n2024-03-06,1,1,1,1,?\n"

    with pytest.raises(DataError) as refused:
        read_table(a_csv(tmp_path, text))

    assert refused.value.facts["wrong"] == "close holds 'n/a' in row 2; volume holds '?' in row 3"


def test_a_column_of_the_wrong_type_is_named(tmp_path: Path) -> None:
    columns = {name: [1.0] for name in ("open", "high", "low", "close")}
    pl.DataFrame({"ts": [1_709_510_400], **columns, "volume": [[1.0]]}).write_parquet(tmp_path / "bars.parquet")

    with pytest.raises(DataError, match="volume holds List"):
        read_table(tmp_path / "bars.parquet")


def test_an_empty_cell_is_not_a_number(tmp_path: Path) -> None:
    table = read_table(a_csv(tmp_path, HEADER + "\n2024-03-04,1,1,1,,1\n"))

    assert np.isnan(table.columns[3][0])


@pytest.mark.parametrize("text", ["", HEADER + "\n"])
def test_an_empty_file_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(DataError, match="choose a file with bars"):
        read_table(a_csv(tmp_path, text))


def test_a_missing_file_is_refused_with_the_nearest_one(tmp_path: Path) -> None:
    a_csv(tmp_path, HEADER, "btc_2024.csv")

    with pytest.raises(DataError, match=r"nearest=btc_2024\.csv"):
        read_table(tmp_path / "btc_2023.csv")


def test_a_file_of_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"\.parquet"):
        read_table(a_csv(tmp_path, HEADER + ROWS, "bars.xlsx"))


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="may be damaged"):
        read_table(a_csv(tmp_path, "this is no parquet", "bars.parquet"))


@pytest.mark.parametrize("name", ["bars", "bars.parquet"])
def test_a_folder_is_named_with_the_files_in_it(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    a_csv(folder, HEADER + ROWS)

    with pytest.raises(DataError, match=r"folder.*files=bars\.csv"):
        read_table(folder)
