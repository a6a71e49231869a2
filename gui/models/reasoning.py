"""Who answered and why the others did not; and one intent in the terms of every kind of venue. It knows no widgets."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.contracts.directives import StrategyDirective
from engine.contracts.execution import ExecutionDirective, ExecutionDirectiveBatch
from engine.contracts.flows import FlowRecord
from engine.contracts.intents import ExecutionRequest
from engine.contracts.specs import BatchTranslation, Translation
from engine.ports.reasoning import DecisionReader, PlannerAnswer, PlannerRange, VenueTerms
from gui.models.decisions import value_text
from gui.theme import formats
from gui.translation import translate


@dataclass(frozen=True, slots=True)
class TableLine:
    """One line of a table that may have lines below it; a line of fewer cells than columns leaves the last ones empty.

    A line of one cell runs over all columns. `key` is what it is about, for who opens it; empty where there is nothing.
    """

    cells: tuple[str, ...]
    below: tuple["TableLine", ...] = ()
    key: str = ""


def planner_columns() -> Sequence[str]:
    """Return the titles of the table of planners."""
    return (
        translate("Reasoning", "Planner"),
        translate("Reasoning", "Range"),
        translate("Reasoning", "Value"),
        translate("Reasoning", "Verdict"),
    )


def planner_lines(record: FlowRecord, reader: DecisionReader) -> tuple[TableLine, ...]:
    """Return every planner that could have answered the directive of a flow, with each of its ranges below it."""
    notes = [node.payload for node in record.nodes]
    directive = next((note for note in notes if isinstance(note, StrategyDirective)), None)
    if directive is None:
        return ()
    request = next((note for note in notes if isinstance(note, ExecutionRequest)), None)
    answers = reader.planner_answers(directive, request)
    first = {answer.slot: answer.planner for answer in answers if answer.is_chosen}
    return tuple(_planner_line(answer, first.get(answer.slot)) for answer in answers)


def term_columns() -> Sequence[str]:
    """Return the titles of the table of terms; its columns are in the order in which a `DecisionReader` tells them."""
    return translate("Reasoning", "Term"), "CEX", "DEX", "Backtest"


def term_lines(record: FlowRecord, reader: DecisionReader) -> tuple[TableLine, ...]:
    """Return each directive of a flow: its intent, and below it the same in the terms of every family of venues.

    For the family that the session traded with, the terms are those that were used.
    """
    used = {translation.directive.directive_id: translation for translation in _translations(record)}
    return tuple(
        _directive_line(directive, reader.terms_of(directive), used.get(directive.directive_id))
        for directive in _directives(record)
    )


def _planner_line(answer: PlannerAnswer, first: str | None) -> TableLine:
    name = f"{formats.state_text(answer.slot)}: {answer.planner.replace('_', ' ')}"
    ranges = tuple(_range_line(each) for each in answer.ranges)
    always = "" if ranges else translate("Reasoning", "any")
    return TableLine((name, always, "", _verdict(answer, first)), ranges)


def _verdict(answer: PlannerAnswer, first: str | None) -> str:
    if answer.is_chosen and answer.matches:
        return translate("Reasoning", "answers")
    if answer.is_chosen:
        return translate("Reasoning", "answers although it misses: an exit is never left alone")
    if not answer.matches:
        return translate("Reasoning", "misses its range")
    if first is None:
        return translate("Reasoning", "matches, but so do others, and the policy forbids that")
    return translate("Reasoning", "matches, but {planner} stands before it").format(planner=first.replace("_", " "))


def _range_line(held: PlannerRange) -> TableLine:
    bounds = translate("Reasoning", "{low} to {high}").format(
        low=formats.decimal_text(held.low), high=formats.decimal_text(held.high)
    )
    if held.value is None:
        verdict = translate("Reasoning", "not said, does not count")
    else:
        verdict = translate("Reasoning", "inside") if held.is_met else translate("Reasoning", "outside")
    return TableLine((formats.state_text(held.trigger), bounds, formats.decimal_text(held.value), verdict))


def _directives(record: FlowRecord) -> Sequence[ExecutionDirective]:
    found: dict[str, ExecutionDirective] = {}
    for node in record.nodes:
        match node.payload:
            case ExecutionDirective() as directive:
                found[directive.directive_id] = directive
            case ExecutionDirectiveBatch(directives=directives):
                found |= {each.directive_id: each for each in directives}
            case _:
                continue
    return tuple(found.values())


def _translations(record: FlowRecord) -> Iterator[Translation]:
    for node in record.nodes:
        if isinstance(node.payload, Translation):
            yield node.payload
        elif isinstance(node.payload, BatchTranslation):
            yield from node.payload.translations


def _directive_line(directive: ExecutionDirective, terms: Sequence[VenueTerms], used: Translation | None) -> TableLine:
    intent = tuple(
        TableLine((formats.state_text(name), value_text(value)))
        for name, value in directive.execution_intent
        if name not in ("intent_id", "causality", "timestamp") and value not in (None, (), "")
    )
    family = used.spec.venue_family if used is not None else ""
    specs = [dict(used.spec) if used is not None and each.family == family else dict(each.spec or ()) for each in terms]
    title = translate("Reasoning", "In each venue's terms")
    heads = [
        each.refusal
        or (
            translate("Reasoning", "used in this session")
            if each.family == family
            else translate("Reasoning", "would be")
        )
        for each in terms
    ]
    return TableLine(
        (formats.state_text(directive.scope),),
        (
            TableLine((translate("Reasoning", "Intent"),), intent),
            TableLine((title, *heads), tuple(_term_lines(specs))),
        ),
    )


def _term_lines(specs: Sequence[Mapping[str, object]]) -> Iterator[TableLine]:
    names = dict.fromkeys(name for spec in specs for name in spec if name != "venue_family")
    for name in names:
        values = [spec.get(name) for spec in specs]
        if any(value is not None for value in values):
            yield TableLine((formats.state_text(name), *(_term(value) for value in values)))


def _term(value: object) -> str:
    return formats.NOTHING if value is None else value_text(value)
