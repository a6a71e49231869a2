"""The last worker of every flow in which something was said."""

import logging
from typing import Final

from engine.contracts.disposition import DispositionEnvelope
from engine.contracts.events import UI_FLOW_TERMINATED
from engine.contracts.flows import FlowEnd
from engine.phase6_finale.metrics import RunMetrics

_log: Final = logging.getLogger("engine.phase6_finale")


class FlowTerminator:
    """Counts how a flow ended and tells the window.

    The chain of causes is not written a second time: every note of the flow is in the journal under the flow's id, and
    `decision_chain.rebuild` reads it from there.

    Args:
        metrics: Where flows are counted; several strategies of a run may share one.
    """

    def __init__(self, metrics: RunMetrics | None = None) -> None:
        self.metrics = metrics if metrics is not None else RunMetrics()

    def on_flow_stop(self, end: FlowEnd) -> DispositionEnvelope:
        """Publish UI_FLOW_TERMINATED with what came in."""
        self.metrics.count(end.outcome)
        if _log.isEnabledFor(logging.DEBUG):
            _log.debug(
                "A flow ended.",
                extra={
                    "flow_id": end.flow_id,
                    "strategy_id": end.strategy_id,
                    "outcome": end.outcome.kind.value,
                    "stage": end.outcome.stage,
                    "rule": end.outcome.rule,
                },
            )
        return DispositionEnvelope.publish(UI_FLOW_TERMINATED, end)
