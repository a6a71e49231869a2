"""The average price of the day starts anew at midnight; the rolling one does not care."""

import math

import pytest

from tests.support.context import Drawn, employ, enriched

pytestmark = pytest.mark.unit

FOLDER = "phase1_context/vwap"


def traded(price: float, volume: float) -> Drawn:
    return (price, price, price, price, volume)


def test_prices_weigh_as_much_as_was_traded_at_them() -> None:
    rows = enriched(employ(FOLDER, {"periods": 2}), [traded(10.0, 1.0), traded(20.0, 3.0), traded(40.0, 1.0)])

    assert [row["vwap"] for row in rows] == [10.0, 17.5, 22.0]
    assert math.isnan(rows[0]["vwap_2"])
    assert [row["vwap_2"] for row in rows[1:]] == [17.5, 25.0]


def test_a_bar_counts_at_the_mean_of_its_high_low_and_close() -> None:
    assert enriched(employ(FOLDER), [(5.0, 12.0, 3.0, 6.0, 2.0)])[0]["vwap"] == 7.0


def test_a_new_day_forgets_the_old_one() -> None:
    days = 1440
    rows = enriched(employ(FOLDER), [traded(10.0, 1.0)] * days + [traded(30.0, 1.0)] * days)
    changes = [at for at in range(1, len(rows)) if rows[at]["vwap"] == 30.0 > rows[at - 1]["vwap"]]

    assert len(changes) == 1
    assert rows[-1]["vwap"] == 30.0


def test_where_nothing_traded_no_average_is_known() -> None:
    rows = enriched(employ(FOLDER, {"periods": 2}), [traded(10.0, 0.0), traded(11.0, 0.0), traded(12.0, 1.0)])

    assert [math.isnan(row["vwap"]) for row in rows] == [True, True, False]
    assert [math.isnan(row["vwap_2"]) for row in rows] == [True, True, False]
