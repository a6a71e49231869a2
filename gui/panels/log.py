"""The log: what the program says of itself, line by line, each leading to the order or the flow that it names."""

import logging
from collections import deque
from itertools import count

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from gui.bridge.focus import Chosen
from gui.log.collector import LINES_MAX, LogCollector
from gui.log.lines import LogLine
from gui.models.log_lines import about, at_least, log_columns
from gui.models.table import TableModel
from gui.panels.ledger import hint_of, lay_out
from gui.theme import formats
from gui.widgets.table_tools import TableTools
from gui.widgets.table_view import TableView


class LogPanel(QWidget):
    """The newest lines of the log, newest first. While it is paused nothing moves, and what comes waits.

    Args:
        log: Where the lines come from.
        parent: Qt parent.
    """

    cause_asked = Signal(object)  # Chosen

    def __init__(self, log: LogCollector, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._numbers = count(1)
        self._waiting: deque[LogLine] = deque(maxlen=LINES_MAX)
        self.model: TableModel[LogLine] = TableModel(log_columns(), rows_max=LINES_MAX, parent=self)
        self.table = TableView(
            self.model,
            name=self.tr("Log"),
            empty_text=self.tr(
                "Nothing was said yet. What orders, flows, commands and the program's own parts say appears here."
            ),
            parent=self,
        )
        choices = (
            (self.tr("Info and above"), at_least(logging.INFO)),
            (self.tr("Warnings and errors"), at_least(logging.WARNING)),
            (self.tr("Errors"), at_least(logging.ERROR)),
            (self.tr("Everything"), None),
        )
        self.tools = TableTools(self.table, choices, parent=self)
        self.cause_button = QPushButton(self.tr("Go to the cause"), self)
        self.cause_button.setToolTip(self.tr("Show the order or the flow that the chosen line names (Enter)"))
        self.pause_button = QPushButton(self.tr("Pause"), self)
        self.pause_button.setToolTip(self.tr("Let nothing move while you read; what comes waits"))
        self.pause_button.setCheckable(True)
        lay_out(self, self.table, hint_of(self, self.tools), self.cause_button, self.pause_button, tools=self.tools)
        self.pause_button.toggled.connect(self._on_pause_toggled)
        self.cause_button.clicked.connect(self.ask_cause)
        self.table.activated.connect(self.ask_cause)
        self.table.row_chosen.connect(self._on_row_chosen)
        self._on_row_chosen(None)
        self._on_lines_arrived(log.lines)
        log.lines_arrived.connect(self._on_lines_arrived)

    def ask_cause(self) -> None:
        """Ask for the order or the flow that the chosen line names; nothing happens when it names none."""
        chosen = self._chosen()
        if chosen is not None:
            self.cause_asked.emit(chosen)

    def refresh(self) -> None:
        """Show at once what has arrived."""
        self.model.refresh()

    def _chosen(self) -> Chosen | None:
        line = self.table.chosen()
        return None if line is None else about(line)

    def _on_row_chosen(self, _line: LogLine | None) -> None:
        self.cause_button.setEnabled(self._chosen() is not None)

    def _on_lines_arrived(self, lines: tuple[LogLine, ...]) -> None:
        if self.pause_button.isChecked():
            self._waiting.extend(lines)
            text = self.tr("Go on ({count} new)")
            self.pause_button.setText(text.format(count=formats.count_text(len(self._waiting))))
            return
        for line in lines:
            self.model.put(next(self._numbers), line)

    def _on_pause_toggled(self, is_paused: bool) -> None:
        self.pause_button.setText(self.tr("Go on") if is_paused else self.tr("Pause"))
        if not is_paused:
            lines, self._waiting = tuple(self._waiting), deque(maxlen=LINES_MAX)
            self._on_lines_arrived(lines)
