"""What a person should know: messages of the session, threats, refused reports and answers, newest first."""

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtWidgets import QWidget

from engine.contracts.commands import Command, CommandAnswer, CommandStatus
from engine.contracts.flows import FlowRecord, OutcomeKind
from engine.contracts.signals import ThreatSignal
from engine.ports.ledger import LedgerChange
from engine.ports.session import SessionStatus
from gui.bridge.host import SessionHost
from gui.models.decisions import reason_of
from gui.models.table import Column, TableModel
from gui.theme import formats
from gui.theme.tokens import Tone
from gui.translation import translate
from gui.widgets.table_view import TableView


@dataclass(frozen=True, slots=True)
class Note:
    """One line. `at` is engine time; `colour` is that of `what`."""

    at: datetime | None
    what: str
    text: str
    tone: Tone | None = None


class NotesPanel(TableView):
    """Threats, answers to commands, state changes and failures as they come."""

    def __init__(self, host: SessionHost, parent: QWidget | None = None) -> None:
        self._model: TableModel[Note] = TableModel(_columns())
        super().__init__(self._model, parent=parent)
        self._model.setParent(self)
        self._host = host
        self._count = 0
        self._last: tuple[object, ...] = ()
        self.describe(
            self.tr("Notes"), self.tr("All is quiet. Threats, answers to your commands and faults appear here.")
        )
        host.feed.status_changed.connect(self._on_status_changed)
        host.feed.flow_ended.connect(self._on_flow_ended)
        host.feed.report_refused.connect(self._on_report_refused)
        host.commands.answered.connect(self._on_answered)

    def add(self, what: str, text: str, *, at: datetime | None = None, tone: Tone | None = None) -> None:
        """Put a line on top; `at` None takes the session's time."""
        self._count += 1
        self._model.put(self._count, Note(at or self._host.status.now, what, text, tone))

    def add_fault(self, text: str) -> None:
        """Put a fault of ours on top."""
        self.add(self.tr("Fault"), text, tone=Tone.FALL)

    def refresh(self) -> None:
        """Show at once what has arrived; for pictures."""
        self._model.refresh()

    def _on_status_changed(self, status: SessionStatus) -> None:
        told = (status.state, status.trading_state, status.message)
        if told == self._last:
            return
        self._last = told
        state = f"{formats.state_text(status.state)}, {formats.state_text(status.trading_state).lower()}"
        self.add(self.tr("Session"), f"{state}. {status.message}" if status.message else f"{state}.")

    def _on_flow_ended(self, record: FlowRecord) -> None:
        for node in record.nodes:
            if isinstance(node.payload, ThreatSignal):
                threat = node.payload
                text = self.tr("{threat}, severity {severity}, seen by {worker}").format(
                    threat=formats.state_text(threat.threat_type),
                    severity=formats.score_text(threat.severity),
                    worker=node.worker,
                )
                self.add(self.tr("Threat"), text, at=threat.timestamp, tone=Tone.WARNING)
        if record.outcome.kind is OutcomeKind.FAILED:
            self.add(self.tr("Failed flow"), f"{record.flow_id}: {reason_of(record)}", tone=Tone.FALL)

    def _on_report_refused(self, change: LedgerChange) -> None:
        self.add(self.tr("Not booked"), change.refused, at=change.at, tone=Tone.WARNING)

    def _on_answered(self, command: Command, answer: CommandAnswer) -> None:
        tone = Tone.FALL if answer.status is CommandStatus.REFUSED else None
        asked = formats.state_text(command.kind)
        self.add(self.tr("Command"), f"{asked}: {formats.state_text(answer.status).lower()}. {answer.text}", tone=tone)


def _columns() -> tuple[Column[Note], ...]:
    return (
        Column(
            translate("Notes", "Time (UTC)"),
            lambda row: formats.instant_text(row.at),
            sort_key=lambda row: row.at,
            sample="2026-01-05 12:00:00",
        ),
        Column(translate("Notes", "What"), lambda row: row.what, tone=lambda row: row.tone, sample="Failed flow"),
        Column(translate("Notes", "Text"), lambda row: row.text, sample="a sentence"),
    )
