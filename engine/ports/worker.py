"""What the platform hands to a worker, and what every worker is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Generic, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict

from engine.contracts.context import ColumnSpec, TradingContext
from engine.contracts.directives import StrategyDirective
from engine.contracts.intents import ExecutionRequest
from engine.contracts.market import BookSnapshot, Instrument
from engine.contracts.recorded import BoolColumn, RecordedColumns
from engine.ports.clock import Clock
from engine.ports.ledger import LedgerReader
from engine.ports.worker_state import WorkerState
from engine.primitives.ids import IdSource
from engine.primitives.kept import Keepable


class WorkerConfig(BaseModel):
    """Base of a worker's configuration: unknown keys are refused, values come from YAML and may be converted.

    Every field has a default or a description that says unit and range; its bounds are the field's own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")


ConfigT = TypeVar("ConfigT", bound=WorkerConfig)


class MarketReader(Protocol):
    """The last known market, for workers that turn signals into prices."""

    def instrument(self, symbol: str) -> Instrument:
        """Return the market of a symbol.

        Raises:
            PlanError: the strategy does not trade it.
        """
        ...

    def last_price(self, symbol: str) -> Decimal:
        """Return the last close, quote per base, on the instrument's tick.

        Raises:
            PlanError: no bar has come in yet.
        """
        ...


class PlannerMatch(Protocol):
    """Answers for one planner whether the configuration gives it this directive (decisions 4.1)."""

    def is_chosen(self, directive: StrategyDirective, request: ExecutionRequest | None = None) -> bool:
        """Tell whether this planner is the one that answers in its slot."""
        ...


@dataclass(frozen=True, slots=True)
class WorkerTools:
    """What a worker may use of the platform. What it did not ask for in its manifest is None.

    `remember` writes one remark (topic, text) into the journal beside the current flow. `context` returns the enriched
    context of the strategy's last closed bar, None before the first one; it is never newer than the flow that asks.
    `book` returns the last order book of the strategy's market, None before the first one and for a feed without depth;
    it is never newer than the clock of the flow that asks, and may be as old as the session.
    """

    worker_id: str
    strategy_id: str
    ids: IdSource
    clock: Clock
    market: MarketReader
    symbols: Sequence[str]
    ledger: LedgerReader | None = None
    state: WorkerState | None = None
    matcher: PlannerMatch | None = None
    remember: Callable[[str, str], None] | None = None
    context: Callable[[], TradingContext | None] | None = None
    book: Callable[[], BookSnapshot | None] | None = None
    columns: tuple[ColumnSpec, ...] = ()
    """A context worker's own columns: its manifest's, with its configuration filled in."""
    first_column: int = -1
    """Where a context worker's columns begin in the row of the context."""


class Worker(Generic[ConfigT]):
    """A specialist. It is built from its configuration and its tools, and is called with one note at a time.

    Subclasses say what they are configured with in `config_model`.
    """

    config_model: ClassVar[type[WorkerConfig]] = WorkerConfig

    def __init__(self, config: ConfigT, tools: WorkerTools) -> None:
        self.config = config
        self.tools = tools

    def candidates(self, recorded: RecordedColumns) -> BoolColumn | None:  # noqa: ARG002  # for those that override it
        """Return the bars on which this worker may have something to say, or None if any bar may (the default).

        A backtest may call it on those bars alone. So a worker that answers here keeps no state from bar to bar: what
        it says follows from the columns of its context. True on a bar too many costs time; False on a bar on which it
        would have spoken changes the decisions, and a test that every shipped plugin passes refuses it.
        """
        return None

    @classmethod
    def migrate_state(cls, old_version: int, values: Mapping[str, Keepable]) -> Mapping[str, Keepable] | None:  # noqa: ARG003  # for those that override it
        """Return what an earlier version of this worker kept, in the format of the manifest's `capabilities.state`.

        None (the default) says that it cannot be taken over: the session then does not start, and the user is told.

        Args:
            old_version: The version with which it was saved; never that of the manifest.
            values: What was saved; it cannot be changed, and its lists are tuples.
        """
        return None
