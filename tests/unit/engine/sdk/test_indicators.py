"""Indicators agree with published reference values, and know when they know nothing."""

import csv
import gzip
import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine.sdk.indicators import ADX, ATR, EMA, RollingMax, RollingMin, WilderAverage, true_range

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def quotes() -> list[tuple[float, float, float]]:
    folder = Path(__file__).resolve().parents[4].parent / "shared/data/reference/indicators"
    if not folder.is_dir():
        pytest.skip("the reference values are not here: expected shared/data/reference/indicators beside the project")
    with (folder / "quotes_default.csv").open(encoding="utf-8", newline="") as file:
        rows = [{key.lower(): value for key, value in row.items()} for row in csv.DictReader(file)]
    return [(float(row["high"]), float(row["low"]), float(row["close"])) for row in rows]


def reference(name: str, field: str) -> list[float | None]:
    path = Path(__file__).resolve().parents[4].parent / f"shared/data/reference/indicators/{name}.standard.json.gz"
    rows = json.loads(gzip.decompress(path.read_bytes()))
    return [{key.lower(): value for key, value in row.items()}.get(field) for row in rows]


def agree(ours: list[float], theirs: list[float | None]) -> None:
    assert len(ours) == len(theirs)
    known = [(mine, other) for mine, other in zip(ours, theirs, strict=True) if other is not None]
    assert len(known) > 400
    assert all(math.isnan(mine) for mine, other in zip(ours, theirs, strict=True) if other is None)
    assert max(abs(mine - other) for mine, other in known) < 1e-6


def test_ema_agrees_with_the_reference(quotes: list[tuple[float, float, float]]) -> None:
    average = EMA(20)

    agree([average.update(close) for _, _, close in quotes], reference("ema", "ema"))


def test_atr_agrees_with_the_reference(quotes: list[tuple[float, float, float]]) -> None:
    average = ATR(14)

    agree([average.update(*bar) for bar in quotes], reference("atr", "atr"))


@pytest.mark.parametrize(
    ("field", "read"),
    [("adx", lambda index: index.value), ("pdi", lambda index: index.plus_di), ("mdi", lambda index: index.minus_di)],
)
def test_adx_agrees_with_the_reference(
    quotes: list[tuple[float, float, float]], field: str, read: Callable[[ADX], float]
) -> None:
    index, ours = ADX(14), []
    for bar in quotes:
        index.update(*bar)
        ours.append(read(index))

    agree(ours, reference("adx", field))


def test_an_average_is_the_plain_mean_when_it_wakes() -> None:
    average = EMA(3)

    assert [math.isnan(average.update(value)) for value in (1.0, 2.0)] == [True, True]
    assert average.update(6.0) == pytest.approx(3.0)
    assert average.update(7.0) == pytest.approx(5.0)


def test_a_constant_market_has_a_constant_average_no_range_and_no_direction() -> None:
    ema, atr, adx = EMA(5), ATR(5), ADX(5)
    for _ in range(30):
        ema.update(7.0)
        atr.update(7.0, 7.0, 7.0)
        adx.update(7.0, 7.0, 7.0)

    assert (ema.value, atr.value, adx.value, adx.plus_di) == (7.0, 0.0, 0.0, 0.0)


def test_a_gap_counts_in_the_true_range() -> None:
    assert true_range(12.0, 11.0, 8.0) == 4.0
    assert true_range(7.0, 6.0, 8.0) == 2.0


def test_wilders_average_weighs_the_new_value_with_one_part_in_periods() -> None:
    average = WilderAverage(4)
    for value in (4.0, 4.0, 4.0, 4.0):
        average.update(value)

    assert average.update(8.0) == pytest.approx(5.0)


@pytest.mark.parametrize(("kind", "pick"), [(RollingMax, np.max), (RollingMin, np.min)])
def test_rolling_extremes_agree_with_looking_at_the_whole_window(
    kind: type[RollingMax], pick: Callable[[list[float]], float]
) -> None:
    values = np.random.default_rng(3).normal(size=300).round(1).tolist()
    rolling = kind(7)

    for at, value in enumerate(values):
        assert rolling.update(value) == pick(values[max(0, at - 6) : at + 1])


@pytest.mark.parametrize("kind", [EMA, WilderAverage, ATR, ADX, RollingMax, RollingMin])
def test_no_periods_are_refused(kind: Callable[[int], object]) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        kind(0)
