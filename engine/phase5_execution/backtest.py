"""Execution on past data."""

from engine.phase5_execution.handler import ExecutionHandler


class BacktestHandler(ExecutionHandler):
    """The handler of a backtest. It has nothing of its own: the same house in all weathers.

    What makes it a backtest is what it is built with: a `SimulatedVenue` that is fed past bars, and the engine's
    simulated clock. Its orders come with `BacktestExecutionSpec`s.
    """
