"""Momentum that is extreme: a second opinion beside the crossing of averages."""

from engine.sdk.plugin import (
    NOTHING,
    AssessedContext,
    BoolColumn,
    Direction,
    Envelopes,
    Field,
    OpportunityWorker,
    RecordedColumns,
    WorkerConfig,
)


class MomentumExtremeConfig(WorkerConfig):
    """From when on momentum is extreme."""

    column: str = Field(default="rsi_14", description="The column of the index, 0-100.")
    extreme: float = Field(default=90.0, gt=50, lt=100, description="The index at which momentum is extreme.")


class MomentumExtremeDetector(OpportunityWorker[MomentumExtremeConfig]):
    """Signals a BUY of little confidence while the index is extreme. It remembers nothing."""

    config_model = MomentumExtremeConfig

    def on_context_assessment(self, assessed: AssessedContext) -> Envelopes:
        """Return a signal while the index is extreme."""
        index = assessed.context.value(self.config.column)
        if not index >= self.config.extreme:
            return NOTHING
        return self.signal(
            assessed, direction=Direction.BUY, signal_type="momentum_extreme", confidence=0.2, metadata={"index": index}
        )

    def candidates(self, recorded: RecordedColumns) -> BoolColumn:
        """Return the bars with an extreme index."""
        return recorded.column(self.config.column) >= self.config.extreme
