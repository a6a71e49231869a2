import pytest

from engine.contracts.disposition import DispositionEnvelope
from engine.contracts.events import UI_FLOW_TERMINATED
from engine.contracts.flows import FlowEnd, OutcomeKind
from engine.phase6_finale.metrics import RunMetrics
from engine.phase6_finale.terminator import FlowTerminator
from tests.support.notes import a_causality, an_id, an_outcome

pytestmark = pytest.mark.unit


def test_the_end_of_a_flow_is_counted_and_told_to_the_window() -> None:
    metrics = RunMetrics()
    end = FlowEnd(flow_id=an_id("TCK"), strategy_id="demo", outcome=an_outcome(), causality=a_causality())

    answer = FlowTerminator(metrics).on_flow_stop(end)

    assert answer == DispositionEnvelope.publish(UI_FLOW_TERMINATED, end)
    assert metrics.outcomes == {OutcomeKind.REJECTED: 1}
