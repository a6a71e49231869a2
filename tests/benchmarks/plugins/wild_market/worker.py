"""A market in which bars are far longer than they should be."""

from engine.sdk.plugin import (
    NOTHING,
    AssessedContext,
    BoolColumn,
    Envelopes,
    Field,
    RecordedColumns,
    ThreatWorker,
    WorkerConfig,
)


class WildMarketConfig(WorkerConfig):
    """From when on a market is wild."""

    column: str = Field(default="atr_pct_14", description="The column of the average range, in per cent of the close.")
    wild_from: float = Field(default=0.25, gt=0, description="Average range in per cent from which on it warns.")


class WildMarketMonitor(ThreatWorker[WildMarketConfig]):
    """Warns while the average range is large; severity is 0.5 at the edge and 1 at twice of it. It remembers nothing."""

    config_model = WildMarketConfig

    def on_context_assessment(self, assessed: AssessedContext) -> Envelopes:
        """Warn, or not."""
        reach = assessed.context.value(self.config.column)
        if not reach >= self.config.wild_from:
            return NOTHING
        return self.threat(
            assessed,
            threat_type="WILD_MARKET",
            severity=min(0.5 * reach / self.config.wild_from, 1.0),
            metadata={"range_pct": reach},
        )

    def candidates(self, recorded: RecordedColumns) -> BoolColumn:
        """Return the bars with a large average range."""
        return recorded.column(self.config.column) >= self.config.wild_from
