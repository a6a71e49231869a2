"""The directional index agrees with published values, and a market at rest has no direction."""

import numpy as np
import pytest

from engine.sdk.indicators import ADX, adx
from tests.support.reference import agree, reference, reference_market

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(("field", "name"), [("adx", "adx"), ("pdi", "plus_di"), ("mdi", "minus_di")])
def test_adx_agrees_with_the_reference(field: str, name: str) -> None:
    market, index, ours = reference_market(), ADX(14), []
    for bar in market.bars():
        value = index.update(*bar)
        ours.append({"adx": value, "plus_di": index.plus_di, "minus_di": index.minus_di}[name])

    agree(ours, reference("adx", field))
    agree(getattr(adx(market.high, market.low, market.close), name), reference("adx", field))


def test_a_market_at_rest_has_no_direction() -> None:
    rest = np.full(30, 7.0)

    assert [column[10:].tolist() for column in adx(rest, rest, rest, 5)] == [[0.0] * 20] * 3


def test_a_steady_rise_is_all_trend() -> None:
    rise = np.arange(30.0)
    index, plus, minus = adx(rise + 1.0, rise - 1.0, rise, 5)

    assert (index[-1], minus[-1]) == (pytest.approx(100.0), 0.0)
    assert plus[-1] == pytest.approx(50.0)


def test_the_first_bar_alone_says_nothing() -> None:
    assert [column.tolist() for column in adx(np.array([]), np.array([]), np.array([]))] == [[], [], []]
    assert np.isnan(adx(np.ones(1), np.ones(1), np.ones(1)).adx).tolist() == [True]
