"""What the window keeps of a tick: copies, because a context is valid only while it is shown."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.contracts.context import AssessedContext


@dataclass(frozen=True, slots=True)
class BarRow:
    """One enriched bar. Times are UTC nanoseconds; `values` belong to the columns of the strategy, bar columns first.

    `strength` and `weakness` are the scores of the assessment, NaN while no factor is present.
    """

    opened_ns: int
    closed_ns: int
    values: tuple[float, ...]
    strength: float
    weakness: float

    @classmethod
    def of(cls, assessed: AssessedContext) -> "BarRow":
        """Copy what the window shows of a tick."""
        context = assessed.context
        return cls(
            opened_ns=context.opened_ns,
            closed_ns=context.closed_ns,
            values=tuple(context.value(name) for name in context.columns),
            strength=assessed.strength,
            weakness=assessed.weakness,
        )


@dataclass(slots=True)
class BarRows:
    """The bars of one strategy that arrived since the last frame, oldest first."""

    strategy_id: str
    columns: Sequence[str]
    rows: list[BarRow] = field(default_factory=list)
