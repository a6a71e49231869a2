"""Execution on a live market, without money."""

from engine.phase5_execution.handler import ExecutionHandler


class PaperHandler(ExecutionHandler):
    """The handler of a paper session. It has nothing of its own, so that paper is no kinder than live.

    What makes it paper is what it is built with: a `SimulatedVenue` that is fed the live market, prints where there are
    any, and the real clock. Its orders come with the specs of the venue that it stands in for.
    """
