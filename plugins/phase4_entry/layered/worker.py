"""In at several prices, each better than the one before."""

from collections.abc import Sequence

from pydantic import field_validator

from engine.sdk.plugin import (
    ENTRY,
    ONE,
    ZERO,
    BaseEntryPlanner,
    Decimal,
    Direction,
    EntryDirective,
    EntryLayer,
    EntryPlan,
    Field,
    Instrument,
    OrderType,
    PlanError,
    StrategyDirective,
    WorkerConfig,
    planned_stop_price,
    round_down_to_step,
    round_up_to_step,
)


class LayeredEntryConfig(WorkerConfig):
    """Where the layers stand, and how the size is spread over them."""

    shares: tuple[Decimal, ...] = Field(
        default=(Decimal("0.5"), Decimal("0.3"), Decimal("0.2")),
        min_length=2,
        max_length=10,
        description="Share of the size of each layer, the nearest first; together 1.",
    )
    offset_pct: Decimal = Field(
        default=Decimal("0.0005"),
        ge=0,
        lt=1,
        description="Distance of the first layer to the last price, as a ratio of it (0.0005 = 0.05 %).",
    )
    spacing_pct: Decimal = Field(
        default=Decimal("0.001"), gt=0, lt=1, description="Distance between two layers, as a ratio of the last price."
    )

    @field_validator("shares")
    @classmethod
    def _together_one(cls, shares: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
        if sum(shares) != 1 or min(shares) <= 0:
            raise ValueError(f"the shares are positive and add up to 1, not {sum(shares)}")
        return shares


class LayeredEntryPlanner(BaseEntryPlanner[LayeredEntryConfig]):
    """Plans limit orders at several prices, spread over the preferred zone or at fixed steps from the last price."""

    config_model = LayeredEntryConfig

    def plan(self, directive: StrategyDirective) -> EntryPlan:
        """Return the entry; layers that would stand at or beyond the stop give their share to the first.

        Raises:
            PlanError: not even the first layer has room before the stop.
        """
        entry = directive.entry_directive
        if entry is None:
            raise PlanError("a new trade needs an entry directive", directive=directive.directive_id)
        market = self.tools.market.instrument(entry.symbol)
        stop, sign = planned_stop_price(directive, market), entry.direction.sign
        layers: list[tuple[Decimal, Decimal]] = []
        for price, share in zip(self._prices(entry, market), self.config.shares, strict=True):
            if (price - stop) * sign > 0 and (not layers or (layers[-1][0] - price) * sign > 0):
                layers.append((price, share))
        if not layers:
            raise PlanError("there is no room for a better price before the stop", stop_price=stop)
        return EntryPlan(
            plan_id=self.tools.ids.next(ENTRY),
            symbol=entry.symbol,
            direction=entry.direction,
            order_type=OrderType.LIMIT,
            reference_price=entry.reference_price,
            limit_price=layers[0][0],
            layers=_filled_up(layers),
        )

    def _prices(self, entry: EntryDirective, market: Instrument) -> list[Decimal]:
        """Return one price for each share, the nearest to the market first, on the better side of the tick."""
        to_better_tick = round_down_to_step if entry.direction is Direction.BUY else round_up_to_step
        sign, config, count = entry.direction.sign, self.config, len(self.config.shares)
        near = entry.reference_price * (1 - sign * config.offset_pct)
        step = entry.reference_price * config.spacing_pct
        zone = entry.preferred_price_zone
        if zone is not None:
            near = zone.high if entry.direction is Direction.BUY else zone.low
            step = (zone.high - zone.low) / (count - 1)
        return [to_better_tick(near - sign * step * number, market.tick_size) for number in range(count)]


def _filled_up(layers: Sequence[tuple[Decimal, Decimal]]) -> tuple[EntryLayer, ...] | None:
    """Return the layers with the first one's share raised to what is missing to 1; None when only one is left."""
    if len(layers) < 2:
        return None
    first = ONE - sum((share for _, share in layers[1:]), ZERO)
    return tuple(EntryLayer(limit_price=price, share=share) for price, share in [(layers[0][0], first), *layers[1:]])
