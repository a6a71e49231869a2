"""Aggregation and translation policies: every threshold of the platform lives here, under a name and with a unit."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from engine.config.base import ConfigModel, FileModel, Misfit, Money, at_key
from engine.contracts.context import FactorSide
from engine.primitives.ratios import Fraction


class AggregationMethod(StrEnum):
    """How factors become a score (decisions 3.1)."""

    WEIGHTED_AVERAGE = "weighted_average"
    MAX = "max"
    CONSENSUS = "consensus"


class FactorRule(ConfigModel):
    """How a column's value becomes a factor between 0 and 1.

    Either a line from `zero_at` (0) to `one_at` (1), clamped outside (zero_at above one_at falls), or a score for each
    category of a CATEGORY column. `relative_to` divides the distance to another column first: (column - other) / other.
    """

    column: str
    side: FactorSide
    zero_at: float | None = None
    one_at: float | None = None
    relative_to: str | None = None
    absolute: bool = False
    """Take the absolute value before the line."""
    categories: Mapping[str, Fraction] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _line_or_categories(self) -> "FactorRule":
        has_line = self.zero_at is not None and self.one_at is not None
        if has_line == bool(self.categories):
            raise ValueError("give either zero_at and one_at, or categories")
        if has_line and self.zero_at == self.one_at:
            raise ValueError("zero_at and one_at must differ")
        return self


class Aggregation(ConfigModel):
    """How factors add up. Weights are normalised over the factors that are present, per side."""

    method: AggregationMethod = AggregationMethod.WEIGHTED_AVERAGE
    weights: Mapping[str, Annotated[float, Field(gt=0)]]
    factors: Mapping[str, FactorRule]
    consensus_threshold: Annotated[float, Field(ge=0, le=1)] = 0.5
    """consensus: a factor above this agrees."""


class AggregationPolicy(FileModel):
    """The whole of aggregation_policy.yaml."""

    aggregation: Aggregation

    @classmethod
    def misfits(cls, raw: Mapping[str, object]) -> Iterator[Misfit]:
        """Name each factor without a weight and each weight without a factor."""
        weights, factors = at_key(raw, "aggregation", "weights"), at_key(raw, "aggregation", "factors")
        if not isinstance(weights, Mapping) or not isinstance(factors, Mapping):
            return
        for name in [name for name in factors if name not in weights]:
            idle = tuple(weight for weight in weights if weight not in factors)
            at = ("aggregation", "factors", name)
            yield Misfit(at, f"the factor '{name}' has no weight", "one under aggregation.weights", idle, name)
        for name in [name for name in weights if name not in factors]:
            idle = tuple(factor for factor in factors if factor not in weights)
            at = ("aggregation", "weights", name)
            yield Misfit(at, f"the weight '{name}' belongs to no factor", "one under aggregation.factors", idle, name)


class CexPolicy(ConfigModel):
    """When an intent becomes which order on an order-book exchange (decisions 5.2). Sizes in base, values in quote."""

    market_above_urgency: Fraction = Decimal("0.8")
    slice_below_urgency: Fraction = Decimal("0.3")
    twap_above_size: Money | None = Decimal("1.0")
    """Base units; None when only the value counts."""
    twap_above_value: Money | None = None
    """Quote units; overrides the size when given."""
    iceberg_below_visibility: Fraction = Decimal("0.3")
    iceberg_above_size: Money | None = Decimal("5.0")
    iceberg_above_value: Money | None = None
    iceberg_visible_ratio: Fraction = Decimal("0.1")
    minutes_per_slice: Annotated[int, Field(gt=0)] = 5
    max_slices: Annotated[int, Field(gt=0)] = 50
    front_load_above_urgency: Fraction | None = None
    """From here up to `market_above_urgency` a size over the TWAP threshold is sliced with falling sizes, after Almgren
    and Chriss (2000); null: only where the intent asks for IMPLEMENTATION_SHORTFALL."""
    lifetimes_by_urgency: tuple[tuple[Fraction, Annotated[Money, Field(ge=0, le=20)]], ...] = (
        (Decimal("0.3"), Decimal(1)),
        (Decimal("0.8"), Decimal(3)),
    )
    """How many trade lifetimes (the paper's theta: the time in which a holding would fall to 1/e) fit the window, by
    urgency, as points joined by straight lines: kappa * T of the paper. 0 is TWAP; the paper's own example has 3."""


class DexPolicy(ConfigModel):
    """When an intent becomes which swap (the document's thresholds)."""

    fast_above_urgency: Fraction = Decimal("0.8")
    slow_below_urgency: Fraction = Decimal("0.3")
    mev_below_visibility: Fraction = Decimal("0.5")
    mev_above_value: Money = Decimal(10000)
    """Quote units."""
    private_below_visibility: Fraction = Decimal("0.3")
    multi_dex_above_size: Money = Decimal("10.0")
    """Base units."""
    default_deadline_minutes: Annotated[int, Field(gt=0)] = 20


class BacktestPolicy(ConfigModel):
    """How an intent becomes a simulated fill (decisions 5.4): points that are joined by straight lines."""

    latency_ms_by_urgency: tuple[tuple[Fraction, Annotated[int, Field(ge=0)]], ...] = (
        (Decimal("0.2"), 500),
        (Decimal("0.6"), 100),
        (Decimal("0.9"), 10),
    )
    impact_by_visibility: tuple[tuple[Fraction, Annotated[Money, Field(ge=0)]], ...] = (
        (Decimal("0.1"), Decimal("0.5")),
        (Decimal("0.4"), Decimal("0.6")),
        (Decimal("0.7"), Decimal("1.0")),
    )
    immediate_above_urgency: Fraction = Decimal("0.8")
    impact_below_urgency: Fraction = Decimal("0.3")


class TranslationPolicy(ConfigModel):
    """All thresholds of the translators."""

    cex: CexPolicy = CexPolicy()
    dex: DexPolicy = DexPolicy()
    backtest: BacktestPolicy = BacktestPolicy()


class FeeCurrency(StrEnum):
    """What a simulated venue takes its fees in."""

    QUOTE = "QUOTE"
    """Always the quote currency."""
    RECEIVED = "RECEIVED"
    """On spot what the trade brings in: a BUY pays in base, out of what it buys; a SELL pays in quote."""


class FillParameters(ConfigModel):
    """How kind the simulated market is, in backtest and paper. The defaults are those of a liquid pair, a little unkind.

    Fees are the instrument's own. One basis point is 0.01 % of the price.
    """

    half_spread_bps: Annotated[Money, Field(ge=0, le=1000)] = Decimal("0.5")
    """Basis points of the price between the middle and the side that we must take."""
    slippage_bps: Annotated[Money, Field(ge=0, le=1000)] = Decimal(1)
    """Basis points that the market runs away while an order takes; on top of the spread."""
    impact_coefficient: Annotated[Money, Field(ge=0, le=10)] = Decimal(1)
    """Y of the square-root law, no unit, of order one: cost = Y * volatility of the bar * sqrt(quantity / volume of the
    bar) (Toth et al. 2011, "Anomalous price impact", eq. 1). Times the impact multiplier of the execution spec."""
    max_participation: Fraction = Decimal("0.1")
    """The largest share of a bar's volume that all our orders together may be; the rest waits for the next bar."""
    ticks_through: Annotated[int, Field(ge=0)] = 1
    """By how many ticks the market must trade through a resting limit; 0 fills on a touch, as if first in the queue."""
    arrival_share_max: Fraction = Decimal("0.1")
    """In the bar in which it arrives, a resting limit counts only when it was live within this first share of it."""
    default_latency_ms: Annotated[int, Field(ge=0)] = 100
    """Milliseconds from here to the venue, for orders that come without terms of their own (stops, targets, closes)."""
    book_age_ms_max: Annotated[int, Field(ge=0)] = 2000
    """Milliseconds. Where the feed tells order books, orders are filled by walking them; when the last book is older
    than this, by prints, and without prints by bars."""
    funding_rate: Annotated[Money, Field(ge=-1, le=1)] = Decimal(0)
    """Perpetual markets: ratio of a position's value that longs pay to shorts in each interval (0.0001 = 0.01 %);
    below zero shorts pay. 0 switches it off."""
    funding_interval_hours: Annotated[int, Field(ge=1, le=24)] = 8
    """Hours from one funding payment to the next, counted from midnight UTC."""
    leverage: Annotated[Money, Field(ge=1, le=125)] = Decimal(5)
    """Perpetual markets: entry value of a position over the margin that is set aside for it alone (isolated margin). An
    order whose margin is not free is refused for lack of funds; 5 sets 20 % aside."""
    maintenance_margin: Annotated[Money, Field(ge=0, lt=1)] = Decimal("0.01")
    """Perpetual markets: ratio of a position's value (0.01 = 1 %). When its margin and its open result together fall to
    this, the venue closes it. The large exchanges ask 0.4 to 0.5 % for bitcoin and 1 % and more for most others."""
    liquidation_fee: Annotated[Money, Field(ge=0, lt=1)] = Decimal("0.0125")
    """Perpetual markets: ratio of the traded value that the venue takes for closing it, beside the taker fee."""

    fee_currency: FeeCurrency = FeeCurrency.QUOTE
    """QUOTE, or RECEIVED as spot venues do: what a BUY brings in is then smaller by its fee, and less than whole lots."""

    @model_validator(mode="after")
    def _margin_is_above_maintenance(self) -> "FillParameters":
        if self.maintenance_margin * self.leverage >= 1:
            raise ValueError(
                f"maintenance_margin must be below 1 / leverage ({1 / self.leverage:.4f}): every position would be"
                " liquidated as it is opened"
            )
        return self


class LineParameters(ConfigModel):
    """How far away the simulated venue of a paper session is, and how long we wait for it. All in milliseconds."""

    cancel_latency_ms: Annotated[int, Field(ge=0)] = 100
    """From here to the venue, for a cancel: an order may fill until it is there."""
    report_latency_ms: Annotated[int, Field(ge=0)] = 50
    """From the venue to here, for everything that it says."""
    request_timeout_ms: Annotated[int, Field(gt=0)] = 3000
    """How long an answer is waited for before the order is in doubt. Live venues answer within 50 to 300 ms."""
    request_window_ms: Annotated[int, Field(gt=0)] | None = 5000
    """After this the venue takes a request no more (its fence: recvWindow, 5 s by ccxt's default for most venues);
    null for a venue without one."""


class FaultParameters(ConfigModel):
    """What goes wrong between us and the simulated venue, for drills: the share of the messages that it happens to.

    The same seed and the same messages give the same faults. 0 everywhere, as by default, is a line without faults.
    """

    seed: int = 1
    refused: Fraction = Decimal(0)
    """Orders that the venue refuses."""
    lost_before: Fraction = Decimal(0)
    """Requests that never arrive, and get no answer."""
    lost_after: Fraction = Decimal(0)
    """Requests that are carried out, but whose answer never comes."""
    answer_late: Fraction = Decimal(0)
    """Requests that are carried out, and whose answer comes after we gave up waiting."""
    arrives_late: Fraction = Decimal(0)
    """Requests that arrive at four fifths of the venue's window, or of our patience where it has none."""
    answer_without_id: Fraction = Decimal(0)
    """Orders that are accepted with an answer that does not name them."""
    rate_limited: Fraction = Decimal(0)
    """Requests and questions that are refused at the gate."""
    requests_per_second: Annotated[int, Field(gt=0)] | None = None
    """What is asked beyond this within one second is refused at the gate."""
    doubled: Fraction = Decimal(0)
    """Reports that come twice."""
    missing: Fraction = Decimal(0)
    """Executions and ends of orders that are never told. Answers to our requests are lost by the two above."""
    reordered: Fraction = Decimal(0)
    """Reports that come a second late, after those that follow them."""
    unanswered: Fraction = Decimal(0)
    """Questions about the venue's books that get no answer."""
    partition_every_s: Annotated[int, Field(gt=0)] | None = None
    """Seconds from the start of one partition to the next, counted from the first word; null for none."""
    partition_s: Annotated[int, Field(gt=0)] = 20
    """Seconds for which nothing is heard; of the requests that are sent meanwhile, half arrive."""
    is_replayed: bool = True
    """After a partition everything is told that happened meanwhile; false: it is lost, as on most exchanges' streams."""


class AfterPause(StrEnum):
    """What becomes of slices whose time passed while their group was paused. They are never sent in one burst."""

    RESPREAD = "RESPREAD"
    """Everything that is left is spread over the rest of the window, in the proportions that it had."""
    SKIP_MISSED = "SKIP_MISSED"
    """They are given up; the others go out at the times that they had. The group comes in smaller than it was asked."""


class ScheduleRules(ConfigModel):
    """How the schedules of groups (TWAP, VWAP, iceberg and so on) are kept."""

    after_pause: AfterPause = AfterPause.RESPREAD


class PositionMode(StrEnum):
    """How the venue keeps the positions of an account. Spot has one balance for each asset and is always ONE_WAY."""

    ONE_WAY = "ONE_WAY"
    """One position for each market: an entry against what is held would eat it up, so it is refused."""
    HEDGE = "HEDGE"
    """A long and a short beside each other in each perpetual market, margined each for itself."""


class GuardLimits(ConfigModel):
    """What no order may exceed, whoever asks for it. None switches a limit off."""

    position_mode: PositionMode = PositionMode.ONE_WAY
    """Of the account at the venue, over all strategies."""

    max_order_value: Annotated[Money, Field(gt=0)] | None = None
    """Quote units, for all children of one entry together."""
    price_collar: Annotated[Money, Field(gt=0, le=1)] | None = Decimal("0.1")
    """The largest distance between an entry's price and the last price, as a ratio of the last price (0.1 = 10 %)."""
    check_funds: bool = True
    """A spot entry, long or short, needs equity that is not at work yet for its value and its fee; a BUY also the cash."""
    max_position_value: Annotated[Money, Field(gt=0)] | None = None
    """Quote units, for one market: what is held and what entries may still bring in, all strategies together."""
    max_exposure_value: Annotated[Money, Field(gt=0)] | None = None
    """Quote units, for the account: all positions and entries, long and short added up."""
    max_orders_per_second: Annotated[int, Field(gt=0)] | None = 50
    """Entries that may leave within one second of engine time. Venues allow some tens; reductions are not counted."""
    duplicate_window_ms: Annotated[int, Field(ge=0)] = 500
    """Milliseconds in which a strategy may not send the same entry (market, side, size, price) again from another
    directive; 0 switches it off. Half a second is sooner than anything new can be known."""
    max_daily_loss: Annotated[Money, Field(gt=0)] | None = None
    """Quote units that the equity may be below where it stood when the day (UTC) began, also across restarts; then no new
    risk until the next day."""
    max_entries_per_minute: Annotated[int, Field(gt=0)] | None = 30
    """Directives of one strategy within one minute of engine time; beyond, the strategy is paused until a person
    resumes it (the repeated-execution throttle of RTS 6, article 15)."""


class FlattenSettings(ConfigModel):
    """How an emergency flatten closes: with patience first, and at any price in the end."""

    ladder_bps: tuple[Annotated[Money, Field(gt=0, le=5000)], ...] = (Decimal(50), Decimal(150), Decimal(500))
    """How far from the last price each attempt may trade, in basis points, IOC; the attempts after these are at market."""
    settle_ms: Annotated[int, Field(ge=0)] = 1500
    """How long cancels are waited for before closing begins; those that are not confirmed are asked for again."""
    ask_again_ms: Annotated[int, Field(gt=0)] = 1000
    """From one question or cancel without an answer to the same again."""
    retry_first_ms: Annotated[int, Field(gt=0)] = 1000
    """The pause after the first attempt at market that did not do it; each pause is twice the one before ..."""
    retry_longest_ms: Annotated[int, Field(gt=0)] = 30_000
    """... up to this."""
    backtest_latch_minutes: Annotated[int, Field(ge=0)] | None = 60
    """In a backtest nobody can clear the latch of an emergency: so long after it was flat it counts as cleared; None: never."""
