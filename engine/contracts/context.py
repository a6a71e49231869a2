"""The map of the market at one instant: columns, point in time, and what they add up to."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Protocol

import numpy as np
from pydantic import Field, StringConstraints, model_validator

from engine.contracts.base import Contract, Symbol, UtcDatetime, Word
from engine.contracts.market import FloatColumn, FloatMatrix, IntColumn
from engine.primitives.ids import ASSESSMENT, TICK, AssessmentId, IdSlot, TickId, id_pattern
from engine.primitives.ratios import Fraction, Ratio
from engine.primitives.timeframes import NS_PER_SECOND, datetime_from_ns

if TYPE_CHECKING:
    import polars as pl


class ColumnKind(Word):
    """How a column is meant, so that a chart can draw it without configuration."""

    PRICE_OVERLAY = "PRICE_OVERLAY"
    OSCILLATOR = "OSCILLATOR"
    FLAG = "FLAG"
    CATEGORY = "CATEGORY"
    BAND = "BAND"


class ColumnSpec(Contract):
    """What a context worker promises about one column that it writes.

    A FLAG is 0.0 or 1.0. A CATEGORY is an index into `categories`. A BAND is a price boundary; the columns of one band
    share `band`. Any column may be NaN while it warms up.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    kind: ColumnKind
    unit: str = ""
    description: str = ""
    categories: tuple[str, ...] = ()
    band: str | None = None

    @model_validator(mode="after")
    def _categories_fit_the_kind(self) -> "ColumnSpec":
        if (self.kind is ColumnKind.CATEGORY) != bool(self.categories):
            raise ValueError("a CATEGORY column, and no other, lists its categories")
        return self


class RowStore(Protocol):
    """Keeps the rows of one symbol and timeframe, and shows each context those up to its own bar."""

    symbol: str
    timeframe: str
    specs: Sequence[ColumnSpec]
    positions: Mapping[str, int]
    """Position of each column in a row, the five of the bar first."""

    def history(self, context: "TradingContext", position: int) -> FloatColumn:
        """Return the read-only history of a column, oldest first, the context's own bar last."""
        ...

    def opened_history(self, context: "TradingContext") -> IntColumn:
        """Return the open times of the same bars, UTC nanoseconds."""
        ...


class NotInView(KeyError):
    """A worker asks for a column, timeframe or market that its strategy does not show it. The message says what to write."""

    def __str__(self) -> str:
        return str(self.args[0])


class TradingContext:
    """What is known at the close of one bar, and nothing later.

    It is handed to workers by the platform. Enriched columns appear as the context workers of the chain write them.

    Args:
        store: Where the row stands among its like.
        place: Which row of the store it is.
        slot: The place of this tick in the order of ids.
        opened_ns: Open time of the current bar, UTC nanoseconds.
        closed_ns: Close time of the current bar, UTC nanoseconds: "now" for this flow.
        row: The current bar's value of every column, by position; enriched in place by the chain.
        before: The row of the bar before it; None for the first.
        higher: The context of each higher timeframe and companion, by name, as of its last *closed* bar.
    """

    __slots__ = (
        "_before",
        "_higher",
        "_positions",
        "_store",
        "close",
        "closed_ns",
        "high",
        "low",
        "open",
        "opened_ns",
        "place",
        "row",
        "slot",
        "volume",
    )

    def __init__(
        self,
        store: RowStore,
        place: int,
        slot: IdSlot,
        opened_ns: int,
        closed_ns: int,
        row: list[float],
        before: Sequence[float] | None = None,
        higher: "Mapping[str, TradingContext | None] | None" = None,
    ) -> None:
        self._store = store
        self.place = place
        self.slot = slot
        self.opened_ns = opened_ns
        self.closed_ns = closed_ns
        self.row = row
        """The current bar's values of all columns, in the order of `columns`. For the platform: workers ask by name."""
        self._before = before
        self._higher = higher
        self._positions = store.positions
        # Plain attributes, because most workers read them on every bar.
        self.open, self.high, self.low, self.close, self.volume = row[:5]
        """The current bar: prices in quote per base, volume in base units."""

    @property
    def symbol(self) -> str:
        """Unified symbol."""
        return self._store.symbol

    @property
    def timeframe(self) -> str:
        """Name of the bar's timeframe."""
        return self._store.timeframe

    @property
    def specs(self) -> Sequence[ColumnSpec]:
        """The enriched columns, in chain order."""
        return self._store.specs

    @property
    def tick_id(self) -> TickId:
        """The id of this tick, and of the flow that it gave birth to."""
        return self.slot.write(TICK)

    @property
    def timestamp(self) -> UtcDatetime:
        """The close of the bar, aware UTC."""
        return datetime_from_ns(self.closed_ns)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of all columns, the five of the bar first."""
        return tuple(self._store.positions)

    def value(self, column: str) -> float:
        """Return a column's value at the current bar; NaN while it warms up.

        Raises:
            KeyError: there is no such column.
        """
        try:
            return self.row[self._positions[column]]
        except KeyError:
            raise self._no_column(column) from None

    def has(self, column: str) -> bool:
        """Tell whether there is a column of this name, for a worker that can do without: what it needs it requires."""
        return column in self._positions

    def previous(self, column: str) -> float:
        """Return a column's value one bar before; NaN at the first bar and while it warms up.

        Raises:
            KeyError: there is no such column.
        """
        try:
            position = self._positions[column]
        except KeyError:
            raise self._no_column(column) from None
        return math.nan if self._before is None else self._before[position]

    def category(self, column: str) -> str | None:
        """Return the label of a CATEGORY column, or None while it warms up.

        Raises:
            KeyError: there is no such column, or it is no category.
        """
        value = self.value(column)
        labels = next((spec.categories for spec in self.specs if spec.name == column), ())
        if not labels:
            raise NotInView(f"the column {column} is no CATEGORY: read its number with `value`")
        if value != value:  # noqa: PLR0124  # NaN is the only value unequal to itself
            return None
        return labels[int(value)]

    def history(self, column: str, bars: int | None = None) -> FloatColumn:
        """Return a column up to and including the current bar: read-only, shape ``(n,)``, oldest first.

        Args:
            column: A bar column or an enriched one.
            bars: At most this many of the newest bars; all of the rolling window if None.

        Raises:
            KeyError: there is no such column.
        """
        try:
            position = self._positions[column]
        except KeyError:
            raise self._no_column(column) from None
        values = self._store.history(self, position)
        return values if bars is None else values[-bars:]

    @property
    def opened_history(self) -> IntColumn:
        """Open times of the bars in the rolling window, UTC nanoseconds, oldest first."""
        return self._store.opened_history(self)

    def higher(self, timeframe: str) -> "TradingContext | None":
        """Return the context of a higher timeframe as of its last closed bar, or None before the first.

        Raises:
            KeyError: the strategy does not ask for this timeframe.
        """
        try:
            return (self._higher or {})[timeframe]
        except KeyError:
            raise self._no_view(timeframe, "higher_timeframes", "requires_timeframes") from None

    def companion(self, symbol: str) -> "TradingContext | None":
        """Return the context of another market as of its last bar that had closed and come in, or None before the first.

        Markets of one minute come one after the other: a market that comes later than the strategy's own shows its bar
        of the minute before.

        Raises:
            KeyError: the strategy does not look at this market.
        """
        try:
            return (self._higher or {})[symbol]
        except KeyError:
            raise self._no_view(symbol, "companions", "requires_companions") from None

    def _no_column(self, column: str) -> NotInView:
        return NotInView(
            f"there is no column {column}; there are {', '.join(self.columns)}. What a worker reads its manifest lists: "
            f"write `requires_columns: [{column}]` under `dependencies`, or ask `context.has` for what it can do without"
        )

    def _no_view(self, name: str, in_blueprint: str, in_manifest: str) -> NotInView:
        return NotInView(
            f"{name} is not in view; there are {', '.join(self._higher or {}) or 'none'}. Write `{in_manifest}: [{name}]` "
            f"under `dependencies` of the manifest, and `{in_blueprint}: [{name}]` under `market` of the blueprint"
        )

    @property
    def enriched_df(self) -> "pl.DataFrame":
        """The rolling window as a frame: `opened_at`, the bar columns, then the enriched columns.

        Made anew at each call: for people and charts, not for the hot path.
        """
        import polars as pl  # noqa: PLC0415  # a third of a second that the first paint of the window does not wait for

        opened = pl.Series("opened_at", self.opened_history).cast(pl.Datetime("ns", "UTC"))
        frame = pl.DataFrame([opened, *(pl.Series(name, self.history(name)) for name in self.columns)])
        for spec in self.specs:
            if spec.kind is ColumnKind.CATEGORY:
                labels = dict(enumerate(spec.categories))
                frame = frame.with_columns(
                    pl.col(spec.name)
                    .fill_nan(None)
                    .cast(pl.Int64)
                    .replace_strict(labels, default=None)
                    .alias(spec.name)
                )
        return frame


def window_row(context: TradingContext) -> dict[str, float]:
    """Return the current bar's values by column name."""
    return {name: context.value(name) for name in context.columns}


class FactorSide(Word):
    """Which of the two scores a factor feeds."""

    STRENGTH = "STRENGTH"
    WEAKNESS = "WEAKNESS"


class ContributingFactor(Contract):
    """One line of the arithmetic behind an assessment.

    `score` is the factor's own value, `weight` its normalised weight and `contribution` what it added to the score.
    `source_column` is the column it was read from, `source_value` what stood there.
    """

    name: str
    side: FactorSide
    score: Fraction
    weight: Fraction
    contribution: Fraction
    source_column: str
    source_value: float


class AggregatedContextAssessment(Contract):
    """How strong and how weak the market is at this tick, with the arithmetic kept."""

    assessment_id: Annotated[AssessmentId, StringConstraints(pattern=id_pattern(ASSESSMENT))]
    timestamp: UtcDatetime
    symbol: Symbol
    strength: Fraction
    weakness: Fraction
    method: str
    contributing_factors: tuple[ContributingFactor, ...]
    missing_factors: tuple[str, ...] = ()
    age_seconds: Ratio | None = None
    """Set when a flow without a tick of its own sees the last assessment (decisions 2.4)."""


class Scorer(Protocol):
    """Turns rows into scores: as floats, for one row or many at once, and as the written arithmetic."""

    def scores(self, row: Sequence[float]) -> tuple[float, float]:
        """Return strength and weakness, 0-1, of one row; NaN while no factor of the side is present."""
        ...

    def column_scores(self, rows: FloatMatrix) -> tuple[FloatColumn, FloatColumn]:
        """Return the same of many rows, shape ``(n_rows, n_columns)``, to the last bit."""
        ...

    def write(self, context: TradingContext) -> AggregatedContextAssessment:
        """Return the assessment with its arithmetic."""
        ...


class AssessedContext:
    """The enriched context together with its assessment: worked out when somebody reads it.

    A bar on which nothing happens builds no assessment.

    Args:
        context: The enriched context.
        scorer: Reads it.
    """

    __slots__ = ("_assessment", "context", "scorer")

    def __init__(self, context: TradingContext, scorer: Scorer) -> None:
        self.context = context
        self.scorer = scorer
        self._assessment: AggregatedContextAssessment | None = None

    @property
    def strength(self) -> float:
        """Score 0-1, or NaN while no factor is present."""
        return self.scorer.scores(self.context.row)[0]

    @property
    def weakness(self) -> float:
        """Score 0-1, or NaN while no factor is present."""
        return self.scorer.scores(self.context.row)[1]

    @property
    def assessment(self) -> AggregatedContextAssessment:
        """The assessment of this tick; the same object at each reading."""
        if self._assessment is None:
            self._assessment = self.scorer.write(self.context)
        return self._assessment

    def aged_assessment(self, now_ns: int) -> AggregatedContextAssessment:
        """Return the assessment marked with its age, for a flow that has no tick of its own."""
        age = Decimal(max(now_ns - self.context.closed_ns, 0)) / NS_PER_SECOND
        return self.assessment.model_copy(update={"age_seconds": age})

    @property
    def is_written(self) -> bool:
        """Whether somebody has read the assessment."""
        return self._assessment is not None


@dataclass(frozen=True, slots=True)
class GivenScores:
    """A `Scorer` whose scores somebody has set: for rehearsals and tests."""

    strength: float
    weakness: float
    written: Callable[[TradingContext], AggregatedContextAssessment]

    def scores(self, row: Sequence[float]) -> tuple[float, float]:  # noqa: ARG002  # the same for every row
        """Return the scores that were set."""
        return self.strength, self.weakness

    def column_scores(self, rows: FloatMatrix) -> tuple[FloatColumn, FloatColumn]:
        """Return the scores that were set, for each row."""
        return np.full(len(rows), self.strength), np.full(len(rows), self.weakness)

    def write(self, context: TradingContext) -> AggregatedContextAssessment:
        """Return the assessment that was set."""
        return self.written(context)
