"""Somebody who listens and has nothing to say: what a subscriber costs by itself."""

import numpy as np

from engine.sdk.plugin import (
    NOTHING,
    AssessedContext,
    BoolColumn,
    Envelopes,
    OpportunityWorker,
    RecordedColumns,
    WorkerConfig,
)


class SilentScout(OpportunityWorker[WorkerConfig]):
    """Hears every bar and never signals."""

    def on_context_assessment(self, assessed: AssessedContext) -> Envelopes:
        """Say nothing."""
        return NOTHING

    def candidates(self, recorded: RecordedColumns) -> BoolColumn:
        """Return no bar."""
        return np.zeros(len(recorded), dtype=np.bool_)
