"""A planner that takes the whole situation is asked once per flow, on quiet bars too, and after everybody who warns."""

import pytest

from engine.contracts.context import AssessedContext
from engine.contracts.disposition import NOTHING
from engine.contracts.events import CONTEXT_ASSESSMENT_READY, OPPORTUNITY_DETECTED, THREAT_DETECTED
from engine.contracts.swot import Situation
from engine.wiring.bus import FlowBus
from tests.support.context import assessed
from tests.support.notes import a_threat, an_opportunity
from tests.support.wiring import Scripted, a_bus, a_handler, a_map, bound, run, says

pytestmark = pytest.mark.flow

QUIET = NOTHING


def a_house(planner: Scripted, *, chance: object = QUIET, danger: object = QUIET) -> FlowBus:
    return a_bus(
        a_map(
            {
                "CONTEXT_ASSESSMENT_READY": ["scout.m", "guard.m", "planner.m"],
                "OPPORTUNITY_DETECTED": ["planner.m"],
                "THREAT_DETECTED": ["planner.m"],
            }
        ),
        bound(Scripted(m=chance), a_handler("scout.m", AssessedContext, "OPPORTUNITY_DETECTED")),
        bound(Scripted(m=danger), a_handler("guard.m", AssessedContext, "THREAT_DETECTED")),
        bound(planner, a_handler("planner.m", Situation)),
    )


def test_a_quiet_bar_is_a_situation_too_and_leaves_no_trace() -> None:
    planner, (bar,) = Scripted(m=NOTHING), assessed([100.0])

    assert run(a_house(planner), CONTEXT_ASSESSMENT_READY, bar) is None
    (situation,) = planner.given
    assert isinstance(situation, Situation)
    assert situation.assessed is bar
    assert situation.swot is None
    assert not bar.is_written, "nobody read the assessment, so none was written"


def test_it_is_asked_once_with_everything_that_came_up() -> None:
    planner, (bar,) = Scripted(m=NOTHING), assessed([100.0])
    house = a_house(
        planner, chance=says(OPPORTUNITY_DETECTED, an_opportunity()), danger=says(THREAT_DETECTED, a_threat())
    )
    run(house, CONTEXT_ASSESSMENT_READY, bar)

    (situation,) = planner.given
    assert isinstance(situation, Situation)
    assert situation.opportunities == (an_opportunity(),)
    assert situation.threat == a_threat()
    assert situation.swot is not None
    assert situation.swot.context == bar.assessment


def test_a_threat_without_a_tick_is_a_situation_without_an_assessment() -> None:
    planner = Scripted(m=NOTHING)
    run(a_house(planner), THREAT_DETECTED, a_threat())

    assert planner.given == [Situation(threats=(a_threat(),))]
