"""What is asked about a decision afterwards is answered from the notes and the settings."""

from decimal import Decimal

import pytest

from engine.config.policies import TranslationPolicy
from engine.contracts.plans import OrderType
from engine.contracts.specs import DexExecutionSpec
from engine.phase4_planning.matcher import PlannerMatcher
from engine.primitives.ids import GROUP
from engine.runtime.reasoning import Reasoning
from tests.support.execution import a_sized_directive, translation_tools
from tests.support.notes import a_request, a_strategy_directive, an_entry_plan

pytestmark = pytest.mark.unit


def a_reasoning() -> Reasoning:
    slots = {slot: PlannerMatcher(slot, [(f"the {slot}", {})]) for slot in ("entry", "execution_intent")}
    tools = translation_tools()
    return Reasoning(matchers={"demo": slots}, policy_of=lambda _: TranslationPolicy(), instrument=tools.instrument)


def test_a_directive_is_said_in_the_terms_of_every_family() -> None:
    terms = a_reasoning().terms_of(a_sized_directive())

    assert [each.family for each in terms] == ["CEX", "DEX", "BACKTEST"]
    assert isinstance(terms[1].spec, DexExecutionSpec)


def test_a_family_that_cannot_do_it_says_why_and_the_others_are_told() -> None:
    rests = a_sized_directive(
        entry_plan=an_entry_plan(order_type=OrderType.LIMIT, limit_price=Decimal(50_000)),
    )

    cex, dex, backtest = a_reasoning().terms_of(rests)

    assert dex.spec is None
    assert "a swap cannot rest at a price" in dex.refusal
    assert cex.spec is not None
    assert backtest.spec is not None


def test_the_same_question_has_the_same_answer_and_takes_no_id_of_the_engine() -> None:
    tools, directive = translation_tools(), a_sized_directive()
    reasoning = Reasoning(matchers={}, policy_of=lambda _: TranslationPolicy(), instrument=tools.instrument)
    before = tools.ids.next(GROUP)

    assert reasoning.terms_of(directive) == reasoning.terms_of(directive)
    assert int(tools.ids.next(GROUP)[20:], 36) == int(before[20:], 36) + 1


def test_intent_planners_are_judged_only_when_the_request_is_there() -> None:
    directive = a_strategy_directive(strategy_id="demo")

    assert [each.slot for each in a_reasoning().planner_answers(directive)] == ["entry"]
    whole = a_reasoning().planner_answers(directive, a_request(strategy_directive=directive))
    assert [each.slot for each in whole] == ["entry", "execution_intent"]
