"""The platform worker that hands each directive to the translator of the session's venue."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final, Literal, assert_never

from engine.config.policies import TranslationPolicy
from engine.contracts.base import trusted
from engine.contracts.disposition import DispositionEnvelope
from engine.contracts.events import BATCH_TRANSLATION_COMPLETE, TRANSLATION_COMPLETE
from engine.contracts.execution import ExecutionDirective, ExecutionDirectiveBatch
from engine.contracts.market import Instrument
from engine.contracts.specs import BatchTranslation, Translation
from engine.phase4_planning.translation.backtest import BacktestExecutionTranslator
from engine.phase4_planning.translation.cex import CexExecutionTranslator
from engine.phase4_planning.translation.dex import DexExecutionTranslator
from engine.phase4_planning.translation.family import ExecutionTranslator, TranslationTools
from engine.phase4_planning.translation.schedules import RecentVolume
from engine.ports.clock import Clock
from engine.primitives.errors import VenueRejected
from engine.primitives.ids import IdSource

__all__ = ["ExecutionTranslator", "ExecutionTranslatorFactory", "VenueFamily", "translator_for"]

VenueFamily = Literal["CEX", "DEX", "BACKTEST"]
STAGE: Final = "translation"
_batch_translation: Final = trusted(BatchTranslation)


def translator_for(family: VenueFamily, policy: TranslationPolicy, tools: TranslationTools) -> ExecutionTranslator:
    """Return the translator of a family of venues."""
    match family:
        case "CEX":
            return CexExecutionTranslator(policy.cex, tools)
        case "DEX":
            return DexExecutionTranslator(policy.dex, tools)
        case "BACKTEST":
            return BacktestExecutionTranslator(policy.backtest, policy.cex, tools)
        case _:
            assert_never(family)


class ExecutionTranslatorFactory:
    """Translates for the venue that the session trades at; what the venue cannot do ends the flow as REJECTED.

    Args:
        family: Which kind of venue the session trades at.
        policy_of: All thresholds, for the market of a symbol.
        instrument: Finds a market by its symbol; raises VenueRejected if the venue does not trade it.
        ids: For the group ids.
        clock: Engine time.
        recent_volume: Finds the bars whose volume a VWAP follows; without it every VWAP is a TWAP, and says so.
    """

    def __init__(
        self,
        *,
        family: VenueFamily,
        policy_of: Callable[[str], TranslationPolicy],
        instrument: Callable[[str], Instrument],
        ids: IdSource,
        clock: Clock,
        recent_volume: RecentVolume | None = None,
    ) -> None:
        self._family: VenueFamily = family
        self._policy_of = policy_of
        self._tools = TranslationTools(instrument, ids, clock)
        if recent_volume is not None:
            self._tools = replace(self._tools, recent_volume=recent_volume)
        self._translators: dict[str, ExecutionTranslator] = {}

    def on_translation_request(self, directive: ExecutionDirective) -> DispositionEnvelope:
        """Publish TRANSLATION_COMPLETE, or end the flow with the rule that says no."""
        try:
            translation = self._for(directive).translate(directive)
        except VenueRejected as no:
            return DispositionEnvelope.rejected(stage=STAGE, rule=_rule(no), reason=str(no))
        return DispositionEnvelope.publish(TRANSLATION_COMPLETE, translation)

    def on_execution_batch(self, batch: ExecutionDirectiveBatch) -> DispositionEnvelope:
        """Publish BATCH_TRANSLATION_COMPLETE, or refuse the whole batch with what is wrong in every part of it."""
        translations: list[Translation] = []
        refusals: list[VenueRejected] = []
        for directive in batch.directives:
            try:
                translations.append(self._for(directive).translate(directive))
            except VenueRejected as no:
                no.facts["directive_id"] = directive.directive_id
                refusals.append(no)
        if refusals:
            return DispositionEnvelope.rejected(
                stage=STAGE, rule=_rule(refusals[0]), reason="; ".join(str(no) for no in refusals)
            )
        complete = _batch_translation(batch=batch, translations=tuple(translations))
        return DispositionEnvelope.publish(BATCH_TRANSLATION_COMPLETE, complete)

    def _for(self, directive: ExecutionDirective) -> ExecutionTranslator:
        """Return the translator with the thresholds of the directive's market; one that only cancels or closes has none."""
        symbol = directive.entry_plan.symbol if directive.entry_plan is not None else ""
        if symbol not in self._translators:
            self._translators[symbol] = translator_for(self._family, self._policy_of(symbol), self._tools)
        return self._translators[symbol]


def _rule(refusal: VenueRejected) -> str:
    return str(refusal.facts.get("rule", "venue"))
