"""What phase 4c makes of an intent: the same trade in the terms of one family of venues."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from engine.contracts.base import Contract, Price, Word
from engine.contracts.execution import ExecutionDirective, ExecutionDirectiveBatch, ExecutionGroup
from engine.contracts.intents import ChunkDistribution, ExecutionAction
from engine.contracts.orders import TimeInForce
from engine.contracts.plans import EntryLayer, OrderType
from engine.primitives.ratios import Fraction

ChunkShares = tuple[Annotated[Decimal, Field(ge=0)], ...]
"""How large each slice is against the others, first to last; they need not add up to one. None: by the distribution."""


class CexExecutionSpec(Contract):
    """A trade in the terms of an order-book exchange.

    `price_bound` is the worst price that any child may fill at (quote per base, rounded to the safe side).
    `window_minutes` ends the GTC orders of the trade. An action other than EXECUTE_TRADE has no order type.
    """

    venue_family: Literal["CEX"] = "CEX"
    action: ExecutionAction
    order_type: OrderType | None = None
    time_in_force: TimeInForce | None = None
    limit_price: Price | None = None
    stop_price: Price | None = None
    layers: tuple[EntryLayer, ...] | None = None
    """Several limit prices with their shares of the size, the first at `limit_price`; they are not sliced or hidden."""
    chunk_count: Annotated[int, Field(ge=1)] = 1
    chunk_distribution: ChunkDistribution = ChunkDistribution.UNIFORM
    chunk_shares: ChunkShares | None = None
    schedule_note: str | None = None
    """What a person should know about the schedule: why it is not the one that was asked for."""
    iceberg_enabled: bool = False
    iceberg_visible_ratio: Fraction | None = None
    max_slippage_bps: Annotated[int, Field(ge=0)]
    price_bound: Price | None = None
    window_minutes: Annotated[int, Field(gt=0)] | None = None

    @model_validator(mode="after")
    def _order_type_fits_the_action(self) -> "CexExecutionSpec":
        if (self.action is ExecutionAction.EXECUTE_TRADE) != (self.order_type is not None):
            raise ValueError("EXECUTE_TRADE, and no other action, has an order_type")
        return self


class GasStrategy(Word):
    """How much is paid for speed on a chain."""

    FAST = "FAST"
    STANDARD = "STANDARD"
    SLOW = "SLOW"


class RouterStrategy(Word):
    """Over how many exchanges of a chain a swap is spread."""

    SINGLE_DEX = "SINGLE_DEX"
    MULTI_DEX = "MULTI_DEX"


class DexExecutionSpec(Contract):
    """A trade in the terms of swaps on a chain."""

    venue_family: Literal["DEX"] = "DEX"
    action: ExecutionAction
    gas_strategy: GasStrategy
    slippage_tolerance_bps: Annotated[int, Field(ge=0)]
    mev_protection_enabled: bool
    private_mempool: bool
    router_strategy: RouterStrategy
    deadline_minutes: Annotated[int, Field(gt=0)]


class FillModel(Word):
    """How a simulated order meets a bar (decisions 5.4)."""

    IMMEDIATE = "IMMEDIATE"
    BAR_TOUCH = "BAR_TOUCH"
    MARKET_IMPACT = "MARKET_IMPACT"


class BacktestExecutionSpec(Contract):
    """A trade in the terms of the simulation. `price_bound` and `layers` as in `CexExecutionSpec`."""

    venue_family: Literal["BACKTEST"] = "BACKTEST"
    action: ExecutionAction
    order_type: OrderType | None = None
    time_in_force: TimeInForce | None = None
    limit_price: Price | None = None
    stop_price: Price | None = None
    layers: tuple[EntryLayer, ...] | None = None
    chunk_count: Annotated[int, Field(ge=1)] = 1
    chunk_distribution: ChunkDistribution = ChunkDistribution.UNIFORM
    chunk_shares: ChunkShares | None = None
    schedule_note: str | None = None
    fill_model: FillModel
    latency_ms: Annotated[int, Field(ge=0)]
    impact_multiplier: Annotated[Decimal, Field(ge=0)]
    max_slippage_bps: Annotated[int, Field(ge=0)]
    price_bound: Price | None = None
    window_minutes: Annotated[int, Field(gt=0)] | None = None


ConnectorExecutionSpec = Annotated[
    CexExecutionSpec | DexExecutionSpec | BacktestExecutionSpec, Field(discriminator="venue_family")
]


class Translation(Contract):
    """A directive, what it means at the venue, and the group that will track its orders (decisions 5.1)."""

    directive: ExecutionDirective
    spec: ConnectorExecutionSpec
    group: ExecutionGroup


class BatchTranslation(Contract):
    """A batch, and the translation of each of its directives in the same order."""

    batch: ExecutionDirectiveBatch
    translations: tuple[Translation, ...]

    @model_validator(mode="after")
    def _one_for_each(self) -> "BatchTranslation":
        if len(self.translations) != len(self.batch.directives):
            raise ValueError("every directive of a batch has one translation")
        return self
