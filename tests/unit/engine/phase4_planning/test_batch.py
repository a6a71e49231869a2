"""An exit as a batch: cancel first, then close, and every leg on its own."""

from decimal import Decimal

import pytest

from engine.contracts.execution import ExecutionMode
from engine.contracts.intents import ExecutionAction
from engine.phase4_planning.batch import exit_batch, within_limit
from engine.primitives.ids import IdSource
from tests.support.ledger import StandingClock
from tests.support.notes import a_close_directive, an_id, an_intent, an_intent_directive

pytestmark = pytest.mark.unit


def test_groups_are_cancelled_before_positions_are_closed() -> None:
    clock = StandingClock()
    directive = a_close_directive(
        target_trade_ids=(an_id("TRD"), an_id("TRD", 1)), target_group_ids=(an_id("EXG"), an_id("EXG", 1))
    )
    intent = an_intent(action=ExecutionAction.CLOSE_POSITION)
    batch = exit_batch(directive, intent, ids=IdSource(clock.now_ns), clock=clock)

    assert [(leg.execution_intent.action, leg.target_group_ids, leg.target_trade_ids) for leg in batch.directives] == [
        (ExecutionAction.CANCEL_GROUP, (an_id("EXG"),), ()),
        (ExecutionAction.CANCEL_GROUP, (an_id("EXG", 1),), ()),
        (ExecutionAction.CLOSE_POSITION, (), (an_id("TRD"),)),
        (ExecutionAction.CLOSE_POSITION, (), (an_id("TRD", 1),)),
    ]
    assert batch.execution_mode is ExecutionMode.PARALLEL
    assert not batch.rollback_on_failure
    assert batch.directives[3].execution_intent is intent


def test_every_leg_leads_back_to_the_decision() -> None:
    clock = StandingClock()
    batch = exit_batch(
        a_close_directive(target_group_ids=(an_id("EXG"),)), an_intent(), ids=IdSource(clock.now_ns), clock=clock
    )

    assert len({leg.directive_id for leg in batch.directives}) == 2
    for leg in batch.directives:
        assert leg.causality.strategy_directive_id == an_id("STR")
        assert leg.causality.batch_id == batch.batch_id
        assert leg.causality.execution_intent_id == leg.execution_intent.intent_id


def test_an_exit_is_held_to_its_slippage_limit_and_happens_all_the_same() -> None:
    directive = a_close_directive(
        execution_intent_directive=an_intent_directive(max_total_slippage_pct=Decimal("0.002"))
    )

    assert within_limit(directive, an_intent(max_slippage_pct=Decimal("0.05"))).max_slippage_pct == Decimal("0.002")
    assert within_limit(directive, an_intent(max_slippage_pct=Decimal("0.001"))).max_slippage_pct == Decimal("0.001")
    assert within_limit(a_close_directive(), an_intent()).max_slippage_pct == Decimal("0.005")
