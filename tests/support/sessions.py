"""Real sessions for tests: shipped operations on the demo market, run to their end without a window."""

import asyncio
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ruamel.yaml import YAML

from engine.config.places import Places
from engine.contracts.context import AssessedContext
from engine.contracts.flows import FlowRecord
from engine.contracts.orders import AccountSnapshot
from engine.phase0_bootstrap.assembly import open_session
from engine.phase0_bootstrap.operations import operation_path
from engine.ports.ledger import LedgerChange
from engine.ports.session import SessionStatus
from engine.runtime.session import Session


@dataclass
class Witness:
    """Remembers what a session told."""

    statuses: list[SessionStatus] = field(default_factory=list)
    flows: list[FlowRecord] = field(default_factory=list)
    changes: list[LedgerChange] = field(default_factory=list)
    equity: list[AccountSnapshot] = field(default_factory=list)
    ticks: int = 0

    def on_status(self, status: SessionStatus) -> None:
        self.statuses.append(status)

    def on_tick(self, strategy_id: str, assessed: AssessedContext) -> None:
        self.ticks += 1

    def on_flow(self, record: FlowRecord) -> None:
        self.flows.append(record)

    def on_ledger(self, change: LedgerChange) -> None:
        self.changes.append(change)

    def on_equity(self, account: AccountSnapshot) -> None:
        self.equity.append(account)


def a_demo_session(home: Path, *, bars: int, name: str = "demo-paper", speed: float = 0) -> Session:
    """Return a shipped paper session on the demo market, ready to run."""
    places = Places(data=home / "data", config=home / "config", state=home / "state")
    return open_session(operation_path(name, places), places=places, bars=bars, speed=speed)


def a_demo_session_with(home: Path, changes: Mapping[str, object], *, bars: int, name: str = "demo-paper") -> Session:
    """Return a shipped paper session whose operation.yaml says some things otherwise."""
    places = Places(data=home / "data", config=home / "config", state=home / "state")
    shipped = operation_path(name, places)
    folder = home / "operation"
    shutil.copytree(shipped.parent, folder)
    yaml = YAML(typ="safe")
    yaml.dump(yaml.load(shipped) | changes, folder / shipped.name)
    return open_session(folder / shipped.name, places=places, bars=bars, speed=0)


def run_to_the_end(session: Session, *watchers: Witness) -> None:
    """Run a session until its feed ends."""
    for watcher in watchers:
        session.watch(watcher)
    asyncio.run(session.run())


def notes_of(flows: Sequence[FlowRecord], event: str) -> list[object]:
    """Return the payloads that were published under an event, in order."""
    return [node.payload for record in flows for node in record.nodes if node.event == event]
