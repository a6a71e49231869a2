"""Flows as a list, and one flow as the chain of what was said in it. It knows no widgets."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from itertools import chain

from pydantic import BaseModel

from engine.contracts.context import AggregatedContextAssessment, ContributingFactor, FactorSide
from engine.contracts.directives import StrategyDirective
from engine.contracts.execution import ExecutionDirective, ExecutionDirectiveBatch
from engine.contracts.flows import FlowEnd, FlowNode, FlowRecord
from engine.contracts.intents import ExecutionIntent, ExecutionRequest
from engine.contracts.orders import Order
from engine.contracts.plans import EntryPlan, ExitPlan, SizePlan
from engine.contracts.signals import OpportunitySignal, ThreatSignal
from engine.contracts.specs import BatchTranslation, Translation
from engine.primitives.ids import GroupId
from gui.models.table import Column
from gui.theme import formats
from gui.theme.tokens import outcome_tone
from gui.translation import translate

OrdersOf = Callable[[GroupId], Sequence[Order]]
"""The orders of a group, as the ledger has them now."""

_SHOWN_ELSEWHERE = {
    "causality",
    "timestamp",
    "strategy_id",
    "symbol",
    "asset",
    "source_worker_id",
    "signal_id",
    "threat_id",
    "directive_id",
    "plan_id",
    "intent_id",
}


@dataclass(frozen=True, slots=True)
class ChainLine:
    """One line of a decision: what, its value, and the lines below it."""

    what: str
    value: str = ""
    below: tuple["ChainLine", ...] = ()


def decision_columns(name_of: Callable[[str], str]) -> Sequence[Column[FlowRecord]]:
    """Return the columns of the list of flows."""
    return (
        Column(
            translate("Decisions", "Time (UTC)"),
            lambda row: formats.time_ns_text(row.born_ns),
            sort_key=lambda row: row.born_ns,
            tooltip=lambda row: formats.instant_ns_text(row.born_ns),
            sample="12:00:00",
        ),
        Column(
            translate("Decisions", "Outcome"),
            lambda row: formats.state_text(row.outcome.kind),
            tone=lambda row: outcome_tone(row.outcome.kind),
            sample="No opportunity",
        ),
        Column(translate("Decisions", "Strategy"), lambda row: name_of(row.strategy_id), sample="Demo momentum BTC"),
        Column(
            translate("Decisions", "Stage"),
            lambda row: formats.state_text(row.outcome.stage),
            sample="Strategy planning",
        ),
        Column(
            translate("Decisions", "Rule"), lambda row: row.outcome.rule.replace("_", " "), sample="enough open trades"
        ),
        Column(translate("Decisions", "Reason"), reason_of, tooltip=reason_of, sample="a reason of a few words"),
    )


def reason_of(record: FlowRecord) -> str:
    """Return why a flow ended as it did, in one line; of an error its last line."""
    if record.outcome.reason:
        return record.outcome.reason
    return record.outcome.error.strip().splitlines()[-1] if record.outcome.error.strip() else ""


def chain_of(record: FlowRecord, orders_of: OrdersOf) -> tuple[ChainLine, ...]:
    """Return a flow from its birth to its orders, one line for each note and each remark, in order."""
    birth = ChainLine(
        formats.state_text(record.birth_event),
        f"{formats.instant_ns_text(record.born_ns)} UTC",
        (ChainLine(translate("Decisions", "Flow"), record.flow_id),),
    )
    lines = [birth, *(_line_of(node) for node in _telling(record.nodes))]
    lines += _order_lines(record, orders_of)
    lines += [
        ChainLine(formats.state_text(note.topic), note.text, _worker_line(note.worker)) for note in record.remarks
    ]
    if record.outcome.error:
        error = tuple(ChainLine("", text) for text in record.outcome.error.strip().splitlines())
        lines.append(ChainLine(translate("Decisions", "Error"), reason_of(record), error))
    return tuple(lines)


def groups_made_in(record: FlowRecord) -> Sequence[GroupId]:
    """Return the execution groups that a flow brought forth, alone or in a batch, in order."""
    notes = [node.payload for node in record.nodes]
    batches = [note.translations for note in notes if isinstance(note, BatchTranslation)]
    made = [*(note for note in notes if isinstance(note, Translation)), *chain.from_iterable(batches)]
    return list(dict.fromkeys(translation.group.group_id for translation in made))


def _telling(nodes: Sequence[FlowNode]) -> Iterator[FlowNode]:
    """Give the notes that say something new: not the end, which the heading tells, and no note a second time."""
    seen: list[object] = []
    for node in nodes:
        if not isinstance(node.payload, FlowEnd) and not any(node.payload is other for other in seen):
            seen.append(node.payload)
            yield node


def _line_of(node: FlowNode) -> ChainLine:
    title, value, below = _described(node.payload)
    said_by = f"{node.worker}.{node.method}" if node.method else node.worker
    ends = (
        ChainLine(translate("Decisions", "Said by"), said_by),
        ChainLine(translate("Decisions", "Id"), node.node_id),
    )
    return ChainLine(title or formats.state_text(node.event), value, (*below, *ends))


def _described(note: BaseModel) -> tuple[str, str, tuple[ChainLine, ...]]:
    """Return title, summary and details of a note."""
    match note:
        case AggregatedContextAssessment():
            return _described_assessment(note)
        case OpportunitySignal():
            value = f"{_label(note.signal_type)} {formats.side_text(note.direction)}, " + translate(
                "Decisions", "confidence {score}"
            ).format(score=formats.score_text(note.confidence))
            return translate("Decisions", "Opportunity"), value, tuple(_fields(note))
        case ThreatSignal():
            value = f"{_label(note.threat_type)}, " + translate("Decisions", "severity {score}").format(
                score=formats.score_text(note.severity)
            )
            return translate("Decisions", "Threat"), value, tuple(_fields(note))
        case StrategyDirective():
            value = f"{formats.state_text(note.scope)}, " + translate("Decisions", "confidence {score}").format(
                score=formats.score_text(note.confidence)
            )
            return translate("Decisions", "Directive"), value, tuple(_fields(note))
        case EntryPlan() | SizePlan() | ExitPlan() | ExecutionIntent():
            return *_described_plan(note), tuple(_fields(note))
        case Translation():
            spec = tuple(_fields(note.spec))
            value = f"{note.spec.venue_family} {_label(getattr(note.spec, 'order_type', None) or note.spec.action)}"
            group = ChainLine(translate("Decisions", "Group"), note.group.group_id)
            return translate("Decisions", "Venue's terms"), value, (*spec, group)
        case ExecutionRequest():
            return translate("Decisions", "Intent asked for"), translate("Decisions", "entry, size and exit are in"), ()
        case ExecutionDirective():
            return translate("Decisions", "Execution directive"), formats.state_text(note.scope), ()
        case ExecutionDirectiveBatch():
            value = translate("Decisions", "{count} directives").format(count=len(note.directives))
            return translate("Decisions", "Batch"), f"{formats.state_text(note.execution_mode)}, {value}", ()
        case _:
            return "", "", tuple(_fields(note))


def _described_plan(plan: EntryPlan | SizePlan | ExitPlan | ExecutionIntent) -> tuple[str, str]:
    match plan:
        case EntryPlan():
            price = formats.price_text(plan.expected_price)
            kind = formats.state_text(plan.order_type).lower()
            return translate("Decisions", "Entry plan"), f"{formats.side_text(plan.direction)}, {kind}, {price}"
        case SizePlan():
            risk = translate("Decisions", "risks {amount}").format(amount=formats.money_text(plan.risk_amount))
            return translate("Decisions", "Size plan"), f"{formats.quantity_text(plan.position_size)}, {risk}"
        case ExitPlan():
            stop = translate("Decisions", "stop {price}").format(price=formats.price_text(plan.stop_loss_price))
            target = translate("Decisions", "target {price}").format(price=formats.price_text(plan.take_profit_price))
            return translate("Decisions", "Exit plan"), f"{stop}, {target}"
        case ExecutionIntent():
            urgency = translate("Decisions", "urgency {score}").format(score=formats.score_text(plan.execution_urgency))
            slippage = translate("Decisions", "slippage at most {share}").format(
                share=formats.percent_text(plan.max_slippage_pct)
            )
            return translate("Decisions", "Intent"), f"{urgency}, {slippage}"


def _described_assessment(note: AggregatedContextAssessment) -> tuple[str, str, tuple[ChainLine, ...]]:
    value = translate("Decisions", "strength {strength}, weakness {weakness}").format(
        strength=formats.score_text(note.strength), weakness=formats.score_text(note.weakness)
    )
    lines = [_factor_line(factor) for factor in note.contributing_factors]
    lines += [_sum_line(note, FactorSide.STRENGTH, note.strength), _sum_line(note, FactorSide.WEAKNESS, note.weakness)]
    if note.missing_factors:
        lines.append(ChainLine(translate("Decisions", "Missing"), ", ".join(note.missing_factors)))
    lines.append(ChainLine(translate("Decisions", "Method"), note.method.replace("_", " ")))
    if note.age_seconds is not None:
        lines.append(ChainLine(translate("Decisions", "Age"), f"{formats.decimal_text(note.age_seconds, 0)} s"))
    return translate("Decisions", "Context"), value, tuple(lines)


def _factor_line(factor: ContributingFactor) -> ChainLine:
    """Return one line of arithmetic: score times weight is contribution, and where the score was read."""
    arithmetic = (
        f"{formats.score_text(factor.score)} {formats.TIMES} {formats.score_text(factor.weight)}"
        f" = {formats.score_text(factor.contribution)}"
    )
    source = f"{factor.source_column} {formats.float_text(factor.source_value, 4).rstrip('0').rstrip('.')}"
    side = formats.state_text(factor.side).lower()
    return ChainLine(f"{factor.name.replace('_', ' ')} ({side})", f"{arithmetic}   [{source}]")


def _sum_line(note: AggregatedContextAssessment, side: FactorSide, score: Decimal) -> ChainLine:
    """Return how the contributions of a side add up to its score, so that a person can check it."""
    parts = [factor.contribution for factor in note.contributing_factors if factor.side is side]
    title = translate("Decisions", "Sum of {side}").format(side=formats.state_text(side).lower())
    if not parts:
        text = translate("Decisions", "{score}, for no factor of this side was there")
        return ChainLine(title, text.format(score=formats.decimal_text(score)))
    total = sum(parts[1:], parts[0])
    arithmetic = f"{' + '.join(formats.decimal_text(part) for part in parts)} = {formats.decimal_text(total)}"
    if total == score:
        return ChainLine(title, arithmetic)
    rounded = translate("Decisions", "{sum}, written as {score}")
    return ChainLine(title, rounded.format(sum=arithmetic, score=formats.decimal_text(score)))


def _order_lines(record: FlowRecord, orders_of: OrdersOf) -> list[ChainLine]:
    return [_order_line(order) for group_id in groups_made_in(record) for order in orders_of(group_id)]


def _order_line(order: Order) -> ChainLine:
    role = formats.state_text(order.role).lower()
    title = translate("Decisions", "Order ({role})").format(role=role)
    value = f"{formats.side_text(order.direction)} {formats.quantity_text(order.quantity)} {order.symbol}"
    filled = ""
    if order.filled_quantity:
        filled = translate("Decisions", ": {quantity} at {price}").format(
            quantity=formats.quantity_text(order.filled_quantity), price=formats.price_text(order.average_fill_price)
        )
    details = tuple(_fields(order))
    return ChainLine(title, f"{value}, {formats.state_text(order.status).lower()}{filled}", details)


def _worker_line(worker: str) -> tuple[ChainLine, ...]:
    return (ChainLine(translate("Decisions", "Said by"), worker),) if worker else ()


def _fields(note: BaseModel) -> Iterator[ChainLine]:
    """Give the fields of a note that say something; notes within it come with their own fields below them."""
    for name, value in note:
        if value is None or value in ((), "", {}) or name in _SHOWN_ELSEWHERE:
            continue
        if isinstance(value, BaseModel):
            yield ChainLine(_label(name), "", tuple(_fields(value)))
        elif isinstance(value, dict):
            yield ChainLine(
                _label(name), "", tuple(ChainLine(_label(key), value_text(item)) for key, item in value.items())
            )
        else:
            yield ChainLine(_label(name), value_text(value))


def _label(name: object) -> str:
    text = name.value if isinstance(name, Enum) else str(name)
    return formats.state_text(text)


def value_text(value: object) -> str:
    """Return a field of a note as a person reads it, in the user's language."""
    match value:
        case bool():
            return translate("Decisions", "yes") if value else translate("Decisions", "no")
        case Enum():
            return formats.state_text(value)
        case Decimal():
            return formats.decimal_text(value)
        case float():
            return formats.float_text(value, 6).rstrip("0").rstrip(".")
        case datetime():
            return formats.instant_utc_text(value)
        case tuple() | list():
            return ", ".join(value_text(item) for item in value)
        case _:
            return str(value)
