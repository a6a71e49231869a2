"""What a person may choose about a replay."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field

from engine.sdk.connector import Contract

_Files = Annotated[tuple[Annotated[Path, Field(strict=False)], ...], Field(strict=False)]
"""Written as a list of texts in YAML."""


class ReplaySettings(Contract):
    """The settings of a replay, as they may stand in operation.yaml."""

    speed: float = Field(
        default=60.0, ge=0, allow_inf_nan=False, description="market seconds per wall second; 0 = as fast as possible"
    )
    warmup_bars: int = Field(
        default=500,
        ge=0,
        description="how many bars of the first recording are history; the live part begins after them",
    )
    skip_holes: bool = Field(default=True, description="jump over times without bars instead of waiting through them")
    books: Mapping[str, _Files] = Field(
        default_factory=dict,
        description="recorded Binance depth messages by symbol, in order; from the folder in which the program starts",
    )
    book_every_ms: int = Field(default=1000, ge=1, description="market milliseconds from order book to order book")
    book_levels: int = Field(default=20, ge=1, le=1000, description="prices on each side of an order book")
    bars: int | None = Field(
        default=None, ge=1, description="live bars per symbol until the feed ends; none = all that were recorded"
    )
