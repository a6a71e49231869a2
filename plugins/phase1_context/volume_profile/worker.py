"""Where the last bars were traded: point of control and value area."""

from collections.abc import Sequence

from engine.sdk.indicators import VolumeProfile, volume_profile
from engine.sdk.plugin import (
    ContextWorker,
    Field,
    FloatColumn,
    RecordedColumns,
    TradingContext,
    WorkerConfig,
    WorkerTools,
)


class VolumeProfileConfig(WorkerConfig):
    """How long the profile looks back, and how fine it is."""

    periods: int = Field(default=240, ge=1, description="Bars in the profile.")
    row_ratio: float = Field(default=0.001, ge=0.00001, le=0.1, description="Height of a row as a ratio of its price.")
    value_area: float = Field(default=0.7, gt=0, le=1, description="Share of the volume in the value area.")


class VolumeProfileDetector(ContextWorker[VolumeProfileConfig]):
    """Writes `point_of_control`, `value_area_high` and `value_area_low`."""

    config_model = VolumeProfileConfig

    def __init__(self, config: VolumeProfileConfig, tools: WorkerTools) -> None:
        super().__init__(config, tools)
        self._profile = VolumeProfile(config.periods, config.row_ratio, config.value_area)

    def enrich(self, context: TradingContext) -> Sequence[float]:
        """Return point of control, and the upper and lower edge of the value area, of the last bars."""
        profile = self._profile
        control = profile.update(context.high, context.low, context.volume)
        return control, profile.value_area_high, profile.value_area_low

    def precompute(self, recorded: RecordedColumns) -> Sequence[FloatColumn]:
        """Return point of control, and the upper and lower edge of the value area, over a whole recording."""
        (high, low, volume), config = (recorded.column(name) for name in ("high", "low", "volume")), self.config
        control, lower, upper = volume_profile(high, low, volume, config.periods, config.row_ratio, config.value_area)
        return control, upper, lower
