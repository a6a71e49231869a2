"""What stops and what goes on when something fails inside a flow, by the class of the error."""

from collections.abc import Callable
from typing import Final

from engine.contracts.commands import TradingState
from engine.phase5_execution.guard import OrderGuard
from engine.ports.journal import JournalWriter
from engine.primitives.errors import EngineError, InvariantBroken, LedgerMismatch

_MONEY_ROOM: Final = "execution_handler"


class Supervisor:
    """Hears of every error that failed a flow; most are that flow's own affair, three are not.

    LedgerMismatch halts trading until a person decides, and so does any fault of the execution handler that is no
    error of ours: what it was doing may be half done. InvariantBroken stops the engine: `require_sound` raises it
    again once the flow is over, so that nothing more is taken in.

    Args:
        guard: Is latched when trading has to halt.
        journal: Is told.
        now_ns: Engine time.
    """

    def __init__(self, *, guard: OrderGuard, journal: JournalWriter, now_ns: Callable[[], int]) -> None:
        self._guard = guard
        self._journal = journal
        self._now_ns = now_ns
        self.broken: InvariantBroken | None = None
        """The promise inside the engine that does not hold, if there is one."""

    def on_fault(self, strategy_id: str, worker: str, method: str, error: Exception) -> None:
        """Take one error of a worker."""
        is_half_done = worker == _MONEY_ROOM and not isinstance(error, EngineError)
        if not (is_half_done or isinstance(error, LedgerMismatch | InvariantBroken)):
            return
        consequence = error.consequence if isinstance(error, EngineError) else LedgerMismatch.consequence
        text = f"{worker}.{method}: {error}"
        self._guard.latch(TradingState.HALTED, text)
        self._journal.note(at_ns=self._now_ns(), level="ERROR", source=strategy_id, text=f"{text}; {consequence}")
        if isinstance(error, InvariantBroken):
            self.broken = error

    def on_pause(self, strategy_id: str, reason: str) -> None:
        """Take notice that a strategy paused itself: what it has still to send may not go out either."""
        self._guard.pause(strategy_id)
        self._journal.note(at_ns=self._now_ns(), level="WARNING", source=strategy_id, text=reason)

    def require_sound(self) -> None:
        """Raise what broke, if anything did.

        Raises:
            InvariantBroken: a promise inside the engine does not hold.
        """
        if self.broken is not None:
            raise self.broken
