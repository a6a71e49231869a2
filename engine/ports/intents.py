"""What is on disk before it leaves for a venue."""

from typing import Protocol


class IntentLog(Protocol):
    """The journal, as those see it who send orders: nothing leaves that was not committed before."""

    @property
    def failure(self) -> str:
        """Why the journal's own file takes nothing more; empty while all is well. Then no new risk is sent."""
        ...

    def commit(self) -> None:
        """Wait until everything that the books have told so far is on disk, in the journal or in its fallback.

        Raises:
            LedgerMismatch: it is on neither. Reductions are sent all the same.
        """
        ...
