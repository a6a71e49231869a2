"""What every note is made of: frozen, strict, and unchanged after JSON and back."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


class Contract(BaseModel):
    """A frozen note: unknown fields and wrong types are refused, floats are no Decimals."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


def _require_utc(at: datetime) -> datetime:
    # The first look is the cheap one: what we make ourselves carries this very object.
    if at.tzinfo is not UTC and at.utcoffset() != timedelta(0):
        raise ValueError("must be an aware datetime in UTC")
    return at


UtcDatetime = Annotated[datetime, AfterValidator(_require_utc)]
"""An aware datetime in UTC (decisions 1.2)."""

Scalar = bool | int | float | str
Facts = Mapping[str, Scalar]
"""Free facts beside the fields of a note, for people to read; nothing in the engine decides on them."""

Symbol = Annotated[str, Field(pattern=r"^[A-Z0-9.\-]+/[A-Z0-9.\-]+(:[A-Z0-9.\-]+)?$")]
"""ccxt's unified symbol: ``BTC/USDT`` (spot) or ``BTC/USDT:USDT`` (perpetual)."""

Price = Annotated[Decimal, Field(gt=0)]
"""Quote units per base unit."""

Quantity = Annotated[Decimal, Field(gt=0)]
"""Base units."""


class Direction(StrEnum):
    """Which way a trade goes."""

    BUY = "BUY"
    SELL = "SELL"

    @property
    def opposite(self) -> "Direction":
        """The other way."""
        return Direction.SELL if self is Direction.BUY else Direction.BUY

    @property
    def sign(self) -> int:
        """+1 for BUY and -1 for SELL."""
        return 1 if self is Direction.BUY else -1
