"""Intent to simulation: fill model, latency and impact by the points of decisions 5.4."""

from decimal import Decimal

import pytest

from engine.contracts.orders import TimeInForce
from engine.contracts.plans import OrderType
from engine.contracts.specs import BacktestExecutionSpec, FillModel
from engine.phase4_planning.translation.schedules import on_line
from tests.support import notes
from tests.support.execution import a_sized_directive, translate

pytestmark = pytest.mark.unit
D = Decimal


def simulated(*, urgency: str = "0.5", visibility: str = "0.7") -> BacktestExecutionSpec:
    intent = notes.an_intent(
        execution_urgency=D(urgency), visibility_preference=D(visibility), max_execution_window_minutes=None
    )
    spec = translate("BACKTEST", a_sized_directive(intent=intent)).spec
    assert isinstance(spec, BacktestExecutionSpec)
    return spec


@pytest.mark.parametrize(
    ("urgency", "model", "latency_ms"),
    [
        ("1", FillModel.IMMEDIATE, 10),
        ("0.9", FillModel.IMMEDIATE, 10),
        ("0.75", FillModel.BAR_TOUCH, 55),
        ("0.6", FillModel.BAR_TOUCH, 100),
        ("0.4", FillModel.BAR_TOUCH, 300),
        ("0.2", FillModel.MARKET_IMPACT, 500),
        ("0", FillModel.MARKET_IMPACT, 500),
    ],
)
def test_urgency_decides_model_and_latency(urgency: str, model: FillModel, latency_ms: int) -> None:
    spec = simulated(urgency=urgency)

    assert (spec.fill_model, spec.latency_ms) == (model, latency_ms)


@pytest.mark.parametrize(
    ("visibility", "multiplier"),
    [("0", "0.5"), ("0.1", "0.5"), ("0.25", "0.55"), ("0.4", "0.6"), ("0.55", "0.8"), ("1", "1")],
)
def test_visibility_decides_the_impact(visibility: str, multiplier: str) -> None:
    assert simulated(visibility=visibility).impact_multiplier == D(multiplier)


def test_the_simulated_order_is_the_one_that_an_exchange_would_get() -> None:
    urgent, patient = simulated(urgency="0.9"), simulated(urgency="0.5")

    assert (urgent.order_type, urgent.time_in_force) == (OrderType.MARKET, TimeInForce.IOC)
    assert (patient.order_type, patient.limit_price) == (OrderType.LIMIT, D("50250.00"))


def test_a_line_is_flat_outside_its_points_and_does_not_care_for_their_order() -> None:
    points = [(D("0.8"), D(8)), (D("0.2"), D(2))]

    assert [on_line(D(x), points) for x in ("0", "0.5", "1")] == [D(2), D(5), D(8)]
