"""What each kind of note says to a person."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from engine.contracts.base import Contract, Scalar
from engine.contracts.context import AggregatedContextAssessment, ColumnKind, ColumnSpec, FactorSide
from engine.contracts.directives import StrategyDirective
from engine.contracts.execution import ExecutionDirective, ExecutionDirectiveBatch
from engine.contracts.flows import FlowEnd, FlowOutcome, Remark
from engine.contracts.intents import ExecutionIntent, ExecutionRequest
from engine.contracts.market import BAR_COLUMNS
from engine.contracts.plans import EntryPlan, ExitPlan, SizePlan
from engine.contracts.signals import OpportunitySignal, ThreatSignal
from engine.contracts.specs import BatchTranslation, Translation
from engine.contracts.updates import LedgerUpdate, NewsItem, PositionUpdate, ScheduleTick
from engine.ports.journal import StoredNode, TickRow
from engine.primitives.timeframes import datetime_from_ns

_LAST: Final = 99


@dataclass(frozen=True, slots=True)
class ChainStep:
    """One link of a decision chain. `rank` is its place in the house, front to back; `lines` are for people."""

    rank: int
    title: str
    lines: tuple[str, ...] = ()
    identifier: str = ""
    worker: str = ""
    note: Contract | None = None


def plain(value: Decimal | float) -> str:
    """Return a number in plain digits without trailing zeros; a float to eight digits."""
    if isinstance(value, Decimal):
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return f"{value:.8g}"


def instant(at_ns: int) -> str:
    """Return an instant for people, UTC."""
    return f"{datetime_from_ns(at_ns):%Y-%m-%d %H:%M:%S} UTC"


def tick_steps(flow_id: str, row: TickRow, *, market: str, columns: Sequence[ColumnSpec]) -> list[ChainStep]:
    """Return the bar and the enriched columns of a tick."""
    bar = ", ".join(f"{name} {plain(row.values[name])}" for name in BAR_COLUMNS)
    enriched = tuple(_column_line(spec, row.values[spec.name]) for spec in columns if spec.name in row.values)
    scores = f"strength {_score(row.strength)}, weakness {_score(row.weakness)}"
    return [
        ChainStep(0, "Tick", (f"{market} closed {instant(row.closed_ns)}: {bar}",), flow_id),
        ChainStep(1, "Context", (*enriched, scores)),
    ]


def _column_line(spec: ColumnSpec, value: float) -> str:
    if value != value:  # noqa: PLR0124  # NaN is the only value unequal to itself
        return f"{spec.name}: warming up"
    if spec.kind is ColumnKind.CATEGORY:
        return f"{spec.name}: {spec.categories[int(value)]}"
    if spec.kind is ColumnKind.FLAG:
        return f"{spec.name}: {'yes' if value else 'no'}"
    return f"{spec.name}: {plain(value)} {spec.unit}".rstrip()


def _score(value: float) -> str:
    return "unknown (no factor present)" if value != value else plain(value)  # noqa: PLR0124  # NaN


def step_of(node: StoredNode) -> ChainStep | None:
    """Return what a note says, or None for one that only repeats others."""
    if isinstance(node.payload, ExecutionRequest | FlowEnd):
        return None
    rank, title, lines = _said(node.payload)
    own_id = "" if node.node_id == node.flow_id else node.node_id
    return ChainStep(rank, title, tuple(lines), own_id, node.worker, node.payload)


def _said(note: Contract) -> tuple[int, str, Iterable[str]]:  # noqa: PLR0912  # one case per kind of note
    match note:
        case LedgerUpdate() | PositionUpdate() | ScheduleTick() | NewsItem():
            return 0, type(note).__name__, [_facts(note.model_dump(mode="json", exclude_none=True))]
        case AggregatedContextAssessment():
            return 2, "Assessment", _assessment_lines(note)
        case OpportunitySignal():
            return 3, "Opportunity", _opportunity_lines(note)
        case ThreatSignal():
            return 3, "Threat", _threat_lines(note)
        case StrategyDirective():
            return 4, "Directive", _directive_lines(note)
        case EntryPlan():
            return 6, "Entry plan", _entry_lines(note)
        case SizePlan():
            size = f"{plain(note.position_size)} base, worth {plain(note.position_value)}"
            return 6, "Size plan", [f"{size}; at the stop it loses {plain(note.risk_amount)}"]
        case ExitPlan():
            target = "none" if note.take_profit_price is None else plain(note.take_profit_price)
            return 6, "Exit plan", [f"stop {plain(note.stop_loss_price)}, target {target}"]
        case ExecutionIntent():
            return 7, "Intent", [_given(note, "intent_id")]
        case ExecutionDirective():
            return 8, "Execution directive", [f"{note.scope}, {note.execution_intent.action}"]
        case ExecutionDirectiveBatch():
            return 8, "Batch", [f"{len(note.directives)} directives, {note.execution_mode}"]
        case Translation():
            return 9, "Venue terms", [_given(note.spec)]
        case BatchTranslation():
            return 9, "Venue terms", [_given(translation.spec) for translation in note.translations]
        case _:
            return _LAST, type(note).__name__, [_facts(note.model_dump(mode="json", exclude_none=True))]


def _assessment_lines(note: AggregatedContextAssessment) -> Iterable[str]:
    for side, score in ((FactorSide.STRENGTH, note.strength), (FactorSide.WEAKNESS, note.weakness)):
        yield f"{side.lower()} {plain(score)} by {note.method}:"
        for factor in note.contributing_factors:
            if factor.side is side:
                read = f"{factor.source_column} = {plain(factor.source_value)}"
                parts = f"score {plain(factor.score)}, weight {plain(factor.weight)}"
                yield f"  {factor.name} ({read}): {parts}, adds {plain(factor.contribution)}"
    if note.missing_factors:
        yield f"missing, and not counted: {', '.join(note.missing_factors)}"
    if note.age_seconds is not None:
        yield f"made {plain(note.age_seconds)} s before this flow"


def _opportunity_lines(note: OpportunitySignal) -> Iterable[str]:
    yield f"{note.signal_type}: {note.direction} {note.asset}, confidence {plain(note.confidence)}"
    if note.invalidation_price is not None:
        yield f"wrong at {plain(note.invalidation_price)}"
    if note.metadata:
        yield _facts(note.metadata)


def _threat_lines(note: ThreatSignal) -> Iterable[str]:
    yield f"{note.threat_type}: {note.asset or 'the whole account'}, severity {plain(note.severity)}"
    if note.metadata:
        yield _facts(note.metadata)


def _directive_lines(note: StrategyDirective) -> Iterable[str]:
    why = f": {note.rationale}" if note.rationale else ""
    yield f"{note.scope}, confidence {plain(note.confidence)}{why}"
    targets = (*note.target_trade_ids, *note.target_group_ids)
    if targets:
        yield f"about {', '.join(targets)}"
    parts = {
        "entry": note.entry_directive,
        "size": note.size_directive,
        "exit": note.exit_directive,
        "execution": note.execution_intent_directive,
    }
    for name, part in parts.items():
        if part is not None:
            yield f"{name}: {_given(part)}"


def _entry_lines(note: EntryPlan) -> Iterable[str]:
    prices = {"limit": note.limit_price, "stop": note.stop_price}
    at = "".join(f", {name} {plain(price)}" for name, price in prices.items() if price is not None)
    yield f"{note.direction} {note.symbol} {note.order_type}{at}, planned at {plain(note.reference_price)}"
    for layer in note.layers or ():
        yield f"layer: {layer.share:.0%} at {plain(layer.limit_price)}"


def _given(note: Contract, *left_out: str) -> str:
    """Return the fields that a note sets, in its own words."""
    return _facts({name: value for name, value in note.model_dump(exclude_none=True).items() if name not in left_out})


def _facts(facts: Mapping[str, Scalar | Decimal | object]) -> str:
    return ", ".join(
        f"{name} {plain(value) if isinstance(value, Decimal | float) else value}" for name, value in facts.items()
    )


def remark_step(remarks: Sequence[Remark]) -> ChainStep:
    """Return what was remembered beside the notes: which planner was passed over, and why."""
    return ChainStep(5, "Remarks", tuple(f"{remark.worker}: {remark.topic}: {remark.text}" for remark in remarks))


def outcome_step(outcome: FlowOutcome, *, is_quiet: bool) -> ChainStep:
    """Return how a flow ended, and which rule said no."""
    where = f" in {outcome.stage}" if outcome.stage else ""
    rule = f" by the rule '{outcome.rule}'" if outcome.rule else ""
    reason = "Nobody saw an opportunity or a threat." if is_quiet else outcome.reason
    lines = [f"{outcome.kind}{where}{rule}{': ' if reason else ''}{reason}", *outcome.error.splitlines()]
    return ChainStep(_LAST, "Outcome", tuple(lines))
