"""What a person may choose about a replay."""

from pydantic import Field

from engine.sdk.connector import Contract


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
    bars: int | None = Field(
        default=None, ge=1, description="live bars per symbol until the feed ends; none = all that were recorded"
    )
