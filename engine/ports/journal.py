"""The memory: everything that came in, was decided, and became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from engine.contracts.base import Scalar
from engine.contracts.commands import Command, CommandAnswer
from engine.contracts.context import AssessedContext, ColumnSpec
from engine.contracts.flows import FlowRecord
from engine.contracts.orders import AccountSnapshot
from engine.ports.ledger import LedgerChange


@dataclass(frozen=True, slots=True)
class SessionHeader:
    """What a session was: written once, first."""

    session_id: str
    operation: str
    mode: str
    """BACKTEST, REPLAY, PAPER or LIVE."""
    label: str
    """What the market data was: a file's name, DEMO, a venue."""
    started_ns: int
    facts: Mapping[str, Scalar]
    """Versions, seeds, file names: what a person needs to run it again."""


class JournalWriter(Protocol):
    """Takes facts in order and keeps that order. No call waits for the disk but `commit` and `close`."""

    def open_session(self, header: SessionHeader) -> None:
        """Write down what this session is."""
        ...

    def open_strategy(
        self, strategy_id: str, *, symbol: str, timeframe: str, columns: Sequence[ColumnSpec], wiring_hash: str
    ) -> None:
        """Write down what a strategy's ticks look like."""
        ...

    def tick(self, strategy_id: str, assessed: AssessedContext) -> None:
        """Remember the enriched row of a tick. Cheap: rows are written in blocks."""
        ...

    def flow(self, record: FlowRecord) -> None:
        """Remember a flow in which something was said."""
        ...

    def quiet_flow(self, strategy_id: str, flow_slot: tuple[int, int], born_ns: int) -> None:
        """Remember a tick flow in which nobody said anything: NO_OPPORTUNITY. Cheap."""
        ...

    def ledger(self, change: LedgerChange) -> None:
        """Remember a change of the books."""
        ...

    def equity(self, account: AccountSnapshot) -> None:
        """Remember how the account stood at a mark."""
        ...

    def command(self, command: Command, answer: CommandAnswer) -> None:
        """Remember what a person asked and what the answer was."""
        ...

    def note(self, *, at_ns: int, level: str, source: str, text: str) -> None:
        """Remember something that a person should be able to find: a pause, a quarantine, a gap in the data."""
        ...

    def commit(self) -> None:
        """Wait until everything given so far is on disk.

        Raises:
            LedgerMismatch: it could not be written; the message says what to do.
        """
        ...

    def close(self) -> None:
        """Commit, write the end of the session, and give the file free."""
        ...
