"""The platform worker: one directive in, its translation or a refusal out."""

import pytest

from engine.config.policies import TranslationPolicy
from engine.contracts.disposition import Disposition, DispositionEnvelope
from engine.contracts.execution import ExecutionDirective
from engine.contracts.specs import BatchTranslation, Translation
from engine.phase4_planning.translation.translator import ExecutionTranslatorFactory, VenueFamily
from tests.support import notes
from tests.support.execution import a_sized_directive, translation_tools

pytestmark = pytest.mark.unit
TOO_SMALL = a_sized_directive(size="0.00001")


def a_factory(family: VenueFamily = "BACKTEST") -> ExecutionTranslatorFactory:
    tools = translation_tools()
    return ExecutionTranslatorFactory(
        family=family,
        policy_of=lambda _: TranslationPolicy(),
        instrument=tools.instrument,
        ids=tools.ids,
        clock=tools.clock,
    )


def translated(envelope: DispositionEnvelope) -> Translation:
    assert isinstance(envelope.payload, Translation)
    return envelope.payload


@pytest.mark.parametrize("family", ["CEX", "DEX", "BACKTEST"])
def test_the_same_intent_is_understood_by_every_family(family: VenueFamily) -> None:
    directive = a_sized_directive()

    envelope = a_factory(family).on_translation_request(directive)

    assert envelope.event_name == "TRANSLATION_COMPLETE"
    assert translated(envelope).directive == directive
    assert translated(envelope).spec.venue_family == family


def test_a_group_knows_the_directive_that_made_it() -> None:
    directive = a_sized_directive()

    group = translated(a_factory().on_translation_request(directive)).group

    assert (group.parent_directive_id, group.strategy_id) == (directive.directive_id, directive.strategy_id)
    assert group.order_ids == ()


def test_two_directives_get_two_groups() -> None:
    factory = a_factory()

    first, second = (factory.on_translation_request(a_sized_directive()) for _ in range(2))

    assert translated(first).group.group_id < translated(second).group.group_id


def test_a_refusal_ends_the_flow_with_its_rule() -> None:
    envelope = a_factory().on_translation_request(TOO_SMALL)

    assert envelope.disposition is Disposition.STOP
    assert envelope.outcome is not None
    assert (envelope.outcome.stage, envelope.outcome.rule) == ("translation", "minimum notional")


def test_an_unknown_market_is_refused() -> None:
    envelope = a_factory().on_translation_request(a_sized_directive(entry_plan=notes.an_entry_plan(symbol="ETH/USDT")))

    assert envelope.outcome is not None
    assert "ETH/USDT" in envelope.outcome.reason


def test_a_batch_is_translated_in_its_order() -> None:
    directives: tuple[ExecutionDirective, ...] = (
        a_sized_directive(directive_id=notes.an_id("EXE", 1)),
        a_sized_directive(directive_id=notes.an_id("EXE", 2), size="0.25"),
    )

    envelope = a_factory().on_execution_batch(notes.a_batch(directives=directives))

    assert envelope.event_name == "BATCH_TRANSLATION_COMPLETE"
    assert isinstance(envelope.payload, BatchTranslation)
    assert tuple(translation.directive for translation in envelope.payload.translations) == directives


def test_one_bad_directive_refuses_the_batch_and_is_named() -> None:
    bad = TOO_SMALL.model_copy(update={"directive_id": notes.an_id("EXE", 7)})

    envelope = a_factory().on_execution_batch(notes.a_batch(directives=(a_sized_directive(), bad)))

    assert envelope.outcome is not None
    assert envelope.outcome.rule == "minimum notional"
    assert str(bad.directive_id) in envelope.outcome.reason
