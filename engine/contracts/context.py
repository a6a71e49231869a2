"""The map of the market at one instant: columns, point in time, and what they add up to."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

import polars as pl
from pydantic import Field, StringConstraints, model_validator

from engine.contracts.base import Contract, Symbol, UtcDatetime
from engine.contracts.market import FloatColumn, IntColumn
from engine.primitives.ids import ASSESSMENT, TICK, AssessmentId, IdSlot, TickId, id_pattern
from engine.primitives.ratios import Fraction, Ratio
from engine.primitives.timeframes import NS_PER_SECOND, datetime_from_ns


class ColumnKind(StrEnum):
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


class TradingContext:
    """What is known at the close of one bar, and nothing later.

    It is handed to workers by the platform. Column arrays are owned by the tick cache; this is a view that ends at the
    current bar. Enriched columns appear as the context workers of the chain write them.

    Args:
        symbol: Unified symbol.
        timeframe: Name of the bar's timeframe.
        slot: The place of this tick in the order of ids.
        opened_ns: Open time of the current bar, UTC nanoseconds.
        closed_ns: Close time of the current bar, UTC nanoseconds: "now" for this flow.
        row: The current bar's value of every column, by position; enriched in place by the chain.
        positions: Position of each column in `row`.
        column_history: Returns the read-only history of a column, oldest first, the current bar last.
        opened_history: Returns the open times that belong to the history.
        specs: The enriched columns, in chain order.
        higher: The context of each higher timeframe and companion, by name, as of its last *closed* bar.
    """

    __slots__ = (
        "_column_history",
        "_higher",
        "_opened_history",
        "_positions",
        "_row",
        "_slot",
        "closed_ns",
        "opened_ns",
        "specs",
        "symbol",
        "timeframe",
    )

    def __init__(
        self,
        *,
        symbol: str,
        timeframe: str,
        slot: IdSlot,
        opened_ns: int,
        closed_ns: int,
        row: list[float],
        positions: Mapping[str, int],
        column_history: Callable[[str], FloatColumn],
        opened_history: Callable[[], IntColumn],
        specs: Sequence[ColumnSpec] = (),
        higher: "Mapping[str, TradingContext | None] | None" = None,
    ) -> None:
        self.symbol = symbol
        self.timeframe = timeframe
        self.opened_ns = opened_ns
        self.closed_ns = closed_ns
        self.specs = specs
        self._slot = slot
        self._row = row
        self._positions = positions
        self._column_history = column_history
        self._opened_history = opened_history
        self._higher = higher or {}

    @property
    def slot(self) -> IdSlot:
        """The place of this tick in the order of ids."""
        return self._slot

    @property
    def tick_id(self) -> TickId:
        """The id of this tick, and of the flow that it gave birth to."""
        return self._slot.write(TICK)

    @property
    def timestamp(self) -> UtcDatetime:
        """The close of the bar, aware UTC."""
        return datetime_from_ns(self.closed_ns)

    @property
    def open(self) -> float:
        """Open of the current bar, quote per base."""
        return self._row[0]

    @property
    def high(self) -> float:
        """High of the current bar, quote per base."""
        return self._row[1]

    @property
    def low(self) -> float:
        """Low of the current bar, quote per base."""
        return self._row[2]

    @property
    def close(self) -> float:
        """Close of the current bar, quote per base."""
        return self._row[3]

    @property
    def volume(self) -> float:
        """Volume of the current bar, base units."""
        return self._row[4]

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of all columns, the five of the bar first."""
        return tuple(self._positions)

    def enrich(self, first: int, values: Sequence[float]) -> None:
        """Write a context worker's columns for the current bar; for the context chain alone.

        Args:
            first: Position of the worker's first column in the row.
            values: One value per column of the worker, in the order in which it declares them.
        """
        self._row[first : first + len(values)] = values

    def value(self, column: str) -> float:
        """Return a column's value at the current bar; NaN while it warms up.

        Raises:
            KeyError: there is no such column.
        """
        return self._row[self._positions[column]]

    def row_values(self) -> Sequence[float]:
        """Return the current bar's values of all columns, in the order of `columns`.

        It is the row itself, to be read at once: the next bar may write over it.
        """
        return self._row

    def category(self, column: str) -> str | None:
        """Return the label of a CATEGORY column, or None while it warms up.

        Raises:
            KeyError: there is no such column, or it is no category.
        """
        value = self.value(column)
        if value != value:  # noqa: PLR0124  # NaN is the only value unequal to itself
            return None
        return next(spec for spec in self.specs if spec.name == column).categories[int(value)]

    def history(self, column: str, bars: int | None = None) -> FloatColumn:
        """Return a column up to and including the current bar: read-only, shape ``(n,)``, oldest first.

        Args:
            column: A bar column or an enriched one.
            bars: At most this many of the newest bars; all of the rolling window if None.
        """
        if column not in self._positions:
            raise KeyError(column)
        values = self._column_history(column)
        return values if bars is None else values[-bars:]

    @property
    def opened_history(self) -> IntColumn:
        """Open times of the bars in the rolling window, UTC nanoseconds, oldest first."""
        return self._opened_history()

    def higher(self, timeframe: str) -> "TradingContext | None":
        """Return the context of a higher timeframe as of its last closed bar, or None before the first.

        Raises:
            KeyError: the strategy does not ask for this timeframe.
        """
        if timeframe not in self._higher:
            raise KeyError(timeframe)
        return self._higher[timeframe]

    def companion(self, symbol: str) -> "TradingContext | None":
        """Return the context of another market as of its last bar that had closed and come in, or None before the first.

        Markets of one minute come one after the other: a market that comes later than the strategy's own shows its bar
        of the minute before.

        Raises:
            KeyError: the strategy does not look at this market.
        """
        if symbol not in self._higher:
            raise KeyError(symbol)
        return self._higher[symbol]

    @property
    def enriched_df(self) -> pl.DataFrame:
        """The rolling window as a frame: `opened_at`, the bar columns, then the enriched columns.

        Made anew at each call: for people and charts, not for the hot path.
        """
        opened = pl.Series("opened_at", self._opened_history()).cast(pl.Datetime("ns", "UTC"))
        frame = pl.DataFrame([opened, *(pl.Series(name, self.history(name)) for name in self._positions)])
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


class FactorSide(StrEnum):
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


class AssessedContext:
    """The enriched context together with its assessment, which is written out when somebody reads it.

    A bar on which nothing happens builds no assessment. The two scores are there for free.

    Args:
        context: The enriched context.
        strength: Score 0-1, or NaN while no factor is present.
        weakness: Score 0-1, or NaN while no factor is present.
        write: Builds the assessment.
    """

    __slots__ = ("_assessment", "_write", "context", "strength", "weakness")

    def __init__(
        self,
        *,
        context: TradingContext,
        strength: float,
        weakness: float,
        write: Callable[[], AggregatedContextAssessment],
    ) -> None:
        self.context = context
        self.strength = strength
        self.weakness = weakness
        self._write = write
        self._assessment: AggregatedContextAssessment | None = None

    @property
    def assessment(self) -> AggregatedContextAssessment:
        """The assessment of this tick; the same object at each reading."""
        if self._assessment is None:
            self._assessment = self._write()
        return self._assessment

    def aged_assessment(self, now_ns: int) -> AggregatedContextAssessment:
        """Return the assessment marked with its age, for a flow that has no tick of its own."""
        age = Decimal(max(now_ns - self.context.closed_ns, 0)) / NS_PER_SECOND
        return self.assessment.model_copy(update={"age_seconds": age})

    @property
    def is_written(self) -> bool:
        """Whether somebody has read the assessment."""
        return self._assessment is not None
