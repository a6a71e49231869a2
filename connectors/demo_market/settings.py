"""What a person may choose about the demo market."""

from datetime import UTC, datetime

from pydantic import Field, field_validator

from engine.sdk.connector import Contract, UtcDatetime


class DemoSettings(Contract):
    """The settings of the demo market, as they may stand in operation.yaml.

    `start` is where the live part begins; history ends there. `bars` counts live bars per symbol.
    """

    seed: int = Field(default=7, ge=0, description="the same seed gives the same market, byte for byte")
    start: UtcDatetime = Field(
        default=datetime(2026, 1, 5, tzinfo=UTC),
        strict=False,
        description="where the live part begins: a whole minute, UTC, from 2000 to 2100",
    )
    symbols: tuple[str, ...] = Field(
        default=("BTC/USDT", "ETH/USDT"), strict=False, min_length=1, description="markets, in the order of delivery"
    )
    speed: float = Field(
        default=60.0, ge=0, allow_inf_nan=False, description="market seconds per wall second; 0 = as fast as possible"
    )
    crash: bool = Field(default=True, description="one flash crash per UTC day, of 8 to 15 %, in all markets at once")
    bars: int | None = Field(default=None, ge=1, description="live bars per symbol until the feed ends; none = endless")
    prints: bool = Field(default=False, description="deliver the trades of each bar before the bar")
    book_seconds: int = Field(
        default=15, ge=0, le=60, description="market seconds from order book to order book; 0 = no order books"
    )
    book_levels: int = Field(default=10, ge=1, le=50, description="prices on each side of an order book")
    history_days: int = Field(default=2, ge=0, le=3660, description="days before the start that may be asked for")
    may_short: bool = Field(default=True, description="whether the markets may be sold short, as in a margin account")

    @field_validator("start")
    @classmethod
    def _starts_on_a_minute(cls, start: datetime) -> datetime:
        if start.second or start.microsecond:
            raise ValueError(f"must be a whole minute, like {start.replace(second=0, microsecond=0).isoformat()}")
        if not 2000 <= start.year <= 2100:
            raise ValueError("must lie between the years 2000 and 2100")
        return start

    @field_validator("symbols")
    @classmethod
    def _symbols_differ(cls, symbols: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(symbols)) != len(symbols):
            raise ValueError("names a symbol twice")
        return symbols
