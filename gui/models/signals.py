"""What phase 2 said and what came of it: signals and threats as rows of two lists. It knows no widgets."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from engine.contracts.directives import StrategyDirective
from engine.contracts.flows import FlowRecord
from engine.contracts.signals import OpportunitySignal, ThreatSignal
from engine.primitives.timeframes import ns_from_datetime
from gui.models.column import Bars
from gui.models.decisions import groups_made_in, reason_of, value_text
from gui.models.table import Column
from gui.theme import formats
from gui.theme.tokens import Tone, outcome_tone
from gui.translation import translate

S = TypeVar("S", OpportunitySignal, ThreatSignal)


@dataclass(frozen=True, slots=True)
class Noticed(Generic[S]):
    """A signal or a threat, the flow in which it was said, and the directives of that flow that name it as a cause."""

    signal: S
    record: FlowRecord
    directives: tuple[str, ...]

    @property
    def at_ns(self) -> int:
        """When it was said, UTC nanoseconds of the engine's clock."""
        return ns_from_datetime(self.signal.timestamp)


NoticedSignal = Noticed[OpportunitySignal]
NoticedThreat = Noticed[ThreatSignal]


def signals_in(record: FlowRecord) -> Iterator[tuple[str, NoticedSignal]]:
    """Give the opportunities of a flow once, each with its id, in the order in which they were said."""
    for signal in {id(node.payload): node.payload for node in record.nodes}.values():
        if isinstance(signal, OpportunitySignal):
            causes = ((each.directive_id, each.causality.opportunity_ids) for each in _directives_of(record))
            named = tuple(directive_id for directive_id, ids in causes if signal.signal_id in ids)
            yield signal.signal_id, Noticed(signal, record, named)


def threats_in(record: FlowRecord) -> Iterator[tuple[str, NoticedThreat]]:
    """Give the threats of a flow once, each with its id, in the order in which they were said."""
    for threat in {id(node.payload): node.payload for node in record.nodes}.values():
        if isinstance(threat, ThreatSignal):
            causes = ((each.directive_id, each.causality.threat_ids) for each in _directives_of(record))
            named = tuple(directive_id for directive_id, ids in causes if threat.threat_id in ids)
            yield threat.threat_id, Noticed(threat, record, named)


def signal_columns(name_of: Callable[[str], str]) -> Sequence[Column[NoticedSignal]]:
    """Return the columns of the list of signals."""
    ending: tuple[Column[NoticedSignal], ...] = _ending_columns()
    return (
        _time_column(),
        Column(
            translate("Signals", "Strategy"), lambda row: name_of(row.record.strategy_id), sample="Demo momentum BTC"
        ),
        Column(
            translate("Signals", "Worker"), lambda row: row.signal.source_worker_id, sample="fair_value_gap_detector"
        ),
        Column(translate("Signals", "Symbol"), lambda row: row.signal.asset, sample="BTC/USDT"),
        Column(translate("Signals", "Side"), lambda row: formats.side_text(row.signal.direction), sample="▲ Buy"),
        Column(
            translate("Signals", "Signal"),
            lambda row: formats.state_text(row.signal.signal_type),
            sample="Momentum breakout",
        ),
        Column(
            translate("Signals", "Confidence"),
            lambda row: formats.score_text(row.signal.confidence),
            sort_key=lambda row: row.signal.confidence,
            is_number=True,
            exact=lambda row: row.signal.confidence,
            bars=lambda row: Bars(None, float(row.signal.confidence)),
            sample="0.00 ......",
        ),
        *ending,
        Column(translate("Signals", "Because"), _facts_of, tooltip=_facts_of, sample="gap size 12.5, bars 3"),
    )


def threat_columns(name_of: Callable[[str], str]) -> Sequence[Column[NoticedThreat]]:
    """Return the columns of the list of threats."""
    ending: tuple[Column[NoticedThreat], ...] = _ending_columns()
    return (
        _time_column(),
        Column(
            translate("Signals", "Strategy"), lambda row: name_of(row.record.strategy_id), sample="Demo momentum BTC"
        ),
        Column(translate("Signals", "Worker"), lambda row: row.signal.source_worker_id, sample="max_drawdown_monitor"),
        Column(
            translate("Signals", "Symbol"),
            lambda row: row.signal.asset or translate("Signals", "Whole portfolio"),
            sample="Whole portfolio",
        ),
        Column(
            translate("Signals", "Threat"),
            lambda row: formats.state_text(row.signal.threat_type),
            sample="Max drawdown breached",
        ),
        Column(
            translate("Signals", "Severity"),
            lambda row: formats.score_text(row.signal.severity),
            sort_key=lambda row: row.signal.severity,
            is_number=True,
            exact=lambda row: row.signal.severity,
            bars=lambda row: Bars(None, float(row.signal.severity)),
            sample="0.00 ......",
        ),
        *ending,
        Column(translate("Signals", "Because"), _facts_of, tooltip=_facts_of, sample="gap size 12.5, bars 3"),
    )


def _time_column() -> Column[Noticed[S]]:
    return Column(
        translate("Signals", "Time (UTC)"),
        lambda row: formats.time_ns_text(row.at_ns),
        sort_key=lambda row: row.at_ns,
        tooltip=lambda row: formats.instant_ns_text(row.at_ns),
        exact=lambda row: row.signal.timestamp,
        sample="12:00:00",
    )


def _ending_columns() -> tuple[Column[Noticed[S]], ...]:
    """Return what came of it: the directive, how the flow ended, which rule of which room said no, and its words."""
    return (
        Column(
            translate("Signals", "Directive"),
            lambda row: ", ".join(row.directives) or translate("Signals", "None"),
            tone=lambda row: None if row.directives else Tone.MUTED,
            sample="STR_20260101_120000_1234",
        ),
        Column(
            translate("Signals", "Flow ended"),
            lambda row: formats.state_text(row.record.outcome.kind),
            tone=lambda row: outcome_tone(row.record.outcome.kind),
            sample="No opportunity",
        ),
        Column(translate("Signals", "By"), _ended_by, tooltip=_ended_by, sample="Planning: stop loss tolerance"),
        Column(
            translate("Signals", "Reason"),
            lambda row: reason_of(row.record),
            tooltip=lambda row: reason_of(row.record),
            sample="The stop is 1.84 % from the entry; the directive",
        ),
    )


def _directives_of(record: FlowRecord) -> list[StrategyDirective]:
    notes = {id(node.payload): node.payload for node in record.nodes}
    return [note for note in notes.values() if isinstance(note, StrategyDirective)]


def _facts_of(row: NoticedSignal | NoticedThreat) -> str:
    """Return what the worker gave as its facts, in its own words."""
    facts = row.signal.metadata.items()
    return ", ".join(f"{name.replace('_', ' ')} {value_text(value)}" for name, value in facts)


def _ended_by(row: NoticedSignal | NoticedThreat) -> str:
    """Return the room and the rule that ended the flow, or the groups that it brought forth."""
    groups = groups_made_in(row.record)
    if groups:
        return ", ".join(groups)
    outcome = row.record.outcome
    stage = formats.state_text(outcome.stage) if outcome.stage else ""
    return ": ".join(word for word in (stage, outcome.rule.replace("_", " ")) if word)
