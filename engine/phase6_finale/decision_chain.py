"""Why this trade, and why not that one: the chain of causes behind an id, rebuilt from the journal alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from engine.contracts.execution import ExecutionDirective, ExecutionDirectiveBatch
from engine.contracts.plans import EntryPlan
from engine.phase6_finale.chain_books import BookedOutcome, batch_steps, book_steps, booked_for, booked_without_flow
from engine.phase6_finale.chain_steps import ChainStep, instant, outcome_step, remark_step, step_of, tick_steps
from engine.ports.journal import JournalReader, StoredFlow, StoredNode, TickRow
from engine.primitives.errors import ConfigError

_NOTES_MAX: Final = 12
"""Of more notes the first and the last are told."""


@dataclass(frozen=True, slots=True)
class DecisionChain:
    """Everything that led to an id and came of it, front of the house to back.

    `flow` is None when no flow decided it: a person closed a trade, or flattened. `tick` is None when the flow was not
    born of a tick, or ended before its context was assessed.
    """

    asked: str
    flow: StoredFlow | None
    tick: TickRow | None
    nodes: tuple[StoredNode, ...]
    booked: BookedOutcome
    steps: tuple[ChainStep, ...]


def rebuild(reader: JournalReader, identifier: str) -> DecisionChain:
    """Return the chain behind an id of any kind (``TCK_``, ``OPP_``, ``STR_``, ``EXG_``, ``ORD_``, ``FIL_``, ``TRD_`` …).

    Raises:
        ConfigError: the journal does not know the id.
        LedgerMismatch: the journal cannot be read.
    """
    flow_id = reader.flow_of(identifier)
    flow = None if flow_id is None else reader.flow(flow_id)
    return _decided_by_nobody(reader, identifier) if flow is None else _decided_in(reader, identifier, flow)


def explain(chain: DecisionChain) -> Sequence[str]:
    """Return the chain in lines for people: one heading per step, what it says indented below it."""
    lines: list[str] = []
    for step in chain.steps:
        by = f" by {step.worker}" if step.worker else ""
        is_asked = " <-- asked for" if step.identifier and step.identifier == chain.asked else ""
        lines.append(f"{step.title}{f' {step.identifier}' if step.identifier else ''}{by}{is_asked}")
        lines += [f"    {line}" for line in step.lines]
    return lines


def _decided_in(reader: JournalReader, identifier: str, flow: StoredFlow) -> DecisionChain:
    nodes = reader.nodes_of_flow(flow.flow_id)
    tick = reader.tick_row(flow.strategy_id, flow.flow_id)
    directives = list(
        {node.node_id: node.payload for node in nodes if isinstance(node.payload, ExecutionDirective)}.values()
    )
    plan = next((node.payload for node in nodes if isinstance(node.payload, EntryPlan)), None)
    booked = booked_for(reader, directives, flow.flow_id)
    batches = {node.node_id: None for node in nodes if isinstance(node.payload, ExecutionDirectiveBatch)}
    reports = [report for batch_id in batches if (report := reader.batch(batch_id)) is not None]
    steps = [
        *_birth_steps(reader, flow, tick),
        *_note_steps(nodes),
        *batch_steps(reports),
        *book_steps(booked, plan),
        *_told_steps(reader, identifier, *batches),
        outcome_step(flow.outcome, is_quiet=flow.is_quiet),
    ]
    remarks = reader.remarks_of_flow(flow.flow_id)
    if remarks:
        steps.append(remark_step(remarks))
    # A stable sort: notes of one room keep the order in which they were published.
    ordered = tuple(sorted(steps, key=lambda step: step.rank))
    return DecisionChain(identifier, flow, tick, tuple(nodes), booked, ordered)


def _birth_steps(reader: JournalReader, flow: StoredFlow, tick: TickRow | None) -> Sequence[ChainStep]:
    if tick is None:
        return [ChainStep(0, "Flow", (f"born of {flow.birth_event} in {flow.strategy_id}",), flow.flow_id)]
    strategy = next(strategy for strategy in reader.strategies() if strategy.strategy_id == flow.strategy_id)
    market = f"{strategy.symbol} {strategy.timeframe} in {strategy.strategy_id}"
    return tick_steps(flow.flow_id, tick, market=market, columns=strategy.columns)


def _note_steps(nodes: Sequence[StoredNode]) -> Sequence[ChainStep]:
    # A directive travels in several events; it is told once.
    first = {(type(node.payload), node.node_id): node for node in reversed(nodes)}
    kept = sorted(first.values(), key=lambda node: node.seq)
    return [step for node in kept if (step := step_of(node)) is not None]


def _told_steps(reader: JournalReader, *identifiers: str) -> Sequence[ChainStep]:
    """Return the notes in which an id stands, as one step: what a flatten did is told there."""
    told = {(note.at_ns, note.text): note for one in dict.fromkeys(identifiers) for note in reader.notes_naming(one)}
    lines = [f"{instant(note.at_ns)} {note.text}" for note in sorted(told.values(), key=lambda note: note.at_ns)]
    if len(lines) > _NOTES_MAX:
        lines = [*lines[:1], f"... {len(lines) - _NOTES_MAX} more", *lines[1 - _NOTES_MAX :]]
    return [ChainStep(14, "Notes", tuple(lines))] if lines else []


def _decided_by_nobody(reader: JournalReader, identifier: str) -> DecisionChain:
    booked, told = booked_without_flow(reader, identifier), _told_steps(reader, identifier)
    if not booked.groups and not booked.trades and not told:
        raise ConfigError("This journal does not know the id: check it, or name another journal", id=identifier)
    by_hand = ChainStep(
        0, "By hand", ("No flow decided this: a person did, or it was not finished when the session ended.",)
    )
    return DecisionChain(identifier, None, None, (), booked, (by_hand, *book_steps(booked, None), *told))
