"""What the account and its strategies may do, in the journal as soon as it changes: a restart begins with it."""

from collections.abc import Mapping

from engine.contracts.carried import CarriedBooks
from engine.contracts.commands import TradingState
from engine.phase5_execution.guard import OrderGuard
from engine.ports.journal import ACCOUNT, PAUSED, JournalWriter
from engine.runtime.strategy import StrategyRun


class Standing:
    """Compares the latch and the pauses with what was written last, and writes what changed.

    Args:
        guard: Knows the latch.
        strategies: Know their pauses; by id.
        journal: Is told.
    """

    def __init__(self, guard: OrderGuard, strategies: Mapping[str, StrategyRun], journal: JournalWriter) -> None:
        self._guard = guard
        self._strategies = strategies
        self._journal = journal
        self._latch = (TradingState.ACTIVE, "")
        self._pauses: dict[str, str] = dict.fromkeys(strategies, "")

    def take_over(self, left: CarriedBooks) -> None:
        """Stand as the session before stood: only a person allows again what was forbidden."""
        if left.trading_state is not TradingState.ACTIVE:
            self._guard.latch(left.trading_state, left.latch_reason)
        for strategy_id, reason in left.pauses.items():
            strategy = self._strategies.get(strategy_id)
            if strategy is not None:
                strategy.pause(reason)
                self._guard.pause(strategy_id)
        self._latch = (self._guard.state, self._guard.reason)
        self._pauses |= {name: why for name, why in left.pauses.items() if name in self._strategies}

    def keep(self, now_ns: int) -> None:
        """Write down what changed since the last call; cheap when nothing did."""
        guard = self._guard
        if (guard.state, guard.reason) != self._latch:
            self._latch = (guard.state, guard.reason)
            self._journal.standing(ACCOUNT, guard.state.value, guard.reason, now_ns)
        for strategy_id, strategy in self._strategies.items():
            reason = strategy.pause_reason
            if reason != self._pauses[strategy_id]:
                self._pauses[strategy_id] = reason
                self._journal.standing(strategy_id, PAUSED if reason else "", reason, now_ns)
