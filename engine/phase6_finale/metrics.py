"""What a run came to: flows by outcome, how long they took, and how far fills were from what was intended."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from engine.contracts.base import Direction
from engine.contracts.execution import ExecutionDirective
from engine.contracts.flows import FlowOutcome, OutcomeKind
from engine.contracts.orders import Fill, OrderRole, Trade
from engine.contracts.plans import EntryPlan
from engine.ports.journal import JournalReader
from engine.primitives.money import ZERO, in_basis_points


class RunMetrics:
    """Counts flows as they end. Memory does not grow with the length of a run."""

    def __init__(self) -> None:
        self._outcomes: Counter[OutcomeKind] = Counter()
        self._rejections: Counter[tuple[str, str]] = Counter()
        # Index n counts flows that took less than 2**n nanoseconds.
        self._latencies: Counter[int] = Counter()

    def count(self, outcome: FlowOutcome) -> None:
        """Take in the end of a flow."""
        self._outcomes[outcome.kind] += 1
        if outcome.kind is OutcomeKind.REJECTED:
            self._rejections[outcome.stage, outcome.rule] += 1

    def count_latency(self, took_ns: int) -> None:
        """Take in how long a flow took, in nanoseconds."""
        self._latencies[took_ns.bit_length()] += 1

    @property
    def outcomes(self) -> Mapping[OutcomeKind, int]:
        """How many flows ended how."""
        return dict(self._outcomes)

    @property
    def rejections(self) -> Mapping[tuple[str, str], int]:
        """How many flows each (stage, rule) rejected, the most frequent first."""
        return dict(self._rejections.most_common())

    def latency_ns(self, share: float) -> int | None:
        """Return a time that this share of the flows (0-1) stayed below, at most twice too long; None if none was given."""
        left = share * self._latencies.total()
        for bits in sorted(self._latencies):
            left -= self._latencies[bits]
            if left <= 0:
                return int(2**bits)
        return None


def slippage_bps(*, direction: Direction, intended: Decimal, filled: Decimal) -> Decimal:
    """Return how much worse than intended a fill was, in basis points of the intended price; negative when better.

    Args:
        direction: Of the order.
        intended: The price that was planned with, quote per base.
        filled: The price that was paid or got, quote per base.
    """
    return in_basis_points((filled - intended) * direction.sign / intended)


@dataclass(frozen=True, slots=True)
class EntrySlippage:
    """How the entry of one trade was filled against the reference price of its plan. Prices are quote per base."""

    trade_id: str
    direction: Direction
    reference_price: Decimal
    average_price: Decimal

    @property
    def bps(self) -> Decimal:
        """Basis points; positive is worse for us."""
        return slippage_bps(direction=self.direction, intended=self.reference_price, filled=self.average_price)


def entry_slippages(reader: JournalReader, trades: Sequence[Trade]) -> Sequence[EntrySlippage]:
    """Return the slippage of every trade that has an entry fill and whose plan is in the journal."""
    found = (_entry_slippage(reader, trade) for trade in trades)
    return [slippage for slippage in found if slippage is not None]


def _entry_slippage(reader: JournalReader, trade: Trade) -> EntrySlippage | None:
    entries = [fill for fill in reader.fills_of_trade(trade.trade_id) if fill.role is OrderRole.ENTRY]
    plan = _entry_plan(reader, entries)
    if plan is None:
        return None
    quantity = sum((fill.quantity for fill in entries), ZERO)
    value = sum((fill.quantity * fill.price for fill in entries), ZERO)
    return EntrySlippage(trade.trade_id, trade.direction, plan.reference_price, value / quantity)


def _entry_plan(reader: JournalReader, entries: Sequence[Fill]) -> EntryPlan | None:
    """Return the plan of the first entry: what is added to a trade later has a plan of its own."""
    group = reader.group(entries[0].group_id) if entries else None
    node = reader.node(group.parent_directive_id) if group is not None else None
    return node.payload.entry_plan if node is not None and isinstance(node.payload, ExecutionDirective) else None
