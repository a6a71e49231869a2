"""What if: another value for one setting, and every decision of the session that would have come out otherwise."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from engine.contracts.flows import FlowRecord
from engine.contracts.what_if import WhatIf
from gui.bridge.focus import Chosen
from gui.bridge.host import SessionHost
from gui.bridge.what_if import WhatIfProcess
from gui.models.what_if import fate_text, summary_text, what_if_columns, what_if_lines
from gui.theme.tokens import SPACE, Tone
from gui.widgets.colours import set_tone
from gui.widgets.lines_tree import LinesTree


class WhatIfPage(QWidget):
    """Choose a setting, write another value, and see which decisions differ; a line opens its flow.

    The session is played again from its journal, in a process of its own and twice: nothing here touches the engine.
    """

    def __init__(self, host: SessionHost, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._host = host
        self._names = {strategy.strategy_id: strategy.name for strategy in host.status.strategies}
        self._known: dict[str, str] = {}
        self._result: WhatIf | None = None
        self._record: FlowRecord | None = None
        self.process = WhatIfProcess(self)
        self.setting = QComboBox(self)
        self.setting.setEditable(True)
        self.setting.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setting.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setting.setMinimumContentsLength(16)
        self.setting.setAccessibleName(self.tr("Setting that would be otherwise"))
        path = QLineEdit(self.setting)
        path.setPlaceholderText(self.tr("worker.setting"))
        self.setting.setLineEdit(path)
        self.value = QLineEdit(self)
        self.value.setAccessibleName(self.tr("Value that it would have"))
        self.value.setPlaceholderText(self.tr("Value"))
        self.button = QPushButton(self)
        self.summary = QLabel(self)
        self.summary.setWordWrap(True)
        self.summary.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.fate = QLabel(self)
        self.fate.setWordWrap(True)
        self.tree = LinesTree(
            what_if_columns(),
            name=self.tr("Decisions that would differ"),
            empty_text=self.tr("Which decisions of this session would have come out otherwise appears here."),
            parent=self,
        )
        self._lay_out()
        self.setting.currentTextChanged.connect(self._on_setting_changed)
        self.value.textChanged.connect(self._show_button)
        self.value.returnPressed.connect(self._ask)
        self.button.clicked.connect(self._on_clicked)
        self.tree.line_opened.connect(self._on_line_opened)
        self.process.settings_known.connect(self._on_settings_known)
        self.process.answered.connect(self._on_answered)
        self.process.refused.connect(self._on_refused)
        self.process.busy_changed.connect(self._show_button)
        self._show_button()

    def show_record(self, record: FlowRecord | None) -> None:
        """Say what would become of a flow, when something was asked."""
        self._record = record
        is_known = record is not None and self._result is not None
        self.fate.setVisible(is_known)
        if record is not None and self._result is not None:
            self.fate.setText(fate_text(self._result, record.flow_id))

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  # Qt's name
        """Ask what can be otherwise, once somebody looks."""
        super().showEvent(event)
        self._learn_settings()

    def _learn_settings(self) -> None:
        journal = self._host.status.journal_path
        if journal is not None and not self._known and not self.process.is_busy:
            self.process.list_settings(journal)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE // 2)
        row.addWidget(self.setting, 3)
        row.addWidget(self.value, 1)
        row.addWidget(self.button)
        box = QVBoxLayout(self)
        box.setContentsMargins(SPACE, SPACE, SPACE, 0)
        box.setSpacing(SPACE // 2)
        box.addLayout(row)
        box.addWidget(self.summary)
        box.addWidget(self.fate)
        box.addWidget(self.tree, 1)
        self.summary.hide()
        self.fate.hide()

    def _show_button(self) -> None:
        is_asking = self.process.is_asking
        self.button.setText(self.tr("Stop") if is_asking else self.tr("What if"))
        self.button.setToolTip(self.tr("Play the session of this journal with this value, beside the engine"))
        self.button.setEnabled(is_asking or bool(self.setting.currentText().strip() and self.value.text().strip()))

    def _on_setting_changed(self, path: str) -> None:
        self.setting.setToolTip(path)
        if path in self._known:
            self.value.setText(self._known[path])
            self.value.setToolTip(self.tr("It is {value} in this session").format(value=self._known[path]))
        self._show_button()

    def _on_clicked(self) -> None:
        if self.process.is_asking:
            self.process.stop()
            self._say(self.tr("Stopped."))
        else:
            self._ask()

    def _ask(self) -> None:
        journal, path = self._host.status.journal_path, self.setting.currentText().strip()
        value = self.value.text().strip()
        if journal is None:
            self._say(self.tr("This session keeps no journal that could be played."), Tone.WARNING)
        elif path and value:
            self._say(
                self.tr("The session is played again, as it was and with {setting}…").format(setting=f"{path}={value}")
            )
            self.process.ask(journal, f"{path}={value}")

    def _on_settings_known(self, known: dict[str, str]) -> None:
        self._known = known
        written = self.setting.currentText()
        self.setting.addItems(list(known))
        self.setting.setCurrentText(written)  # nothing is chosen for a person

    def _on_answered(self, result: WhatIf) -> None:
        self._result = result
        self._say(summary_text(result))
        self.tree.show_lines(what_if_lines(result, self._name_of), open_max=1)
        self.show_record(self._record)
        self._learn_settings()

    def _on_refused(self, reason: str) -> None:
        self._say(reason, Tone.WARNING)

    def _on_line_opened(self, flow_id: str) -> None:
        self._host.focus.choose(Chosen(flow_id=flow_id))

    def _name_of(self, strategy_id: str) -> str:
        return self._names.get(strategy_id, strategy_id)

    def _say(self, text: str, tone: Tone | None = None) -> None:
        self.summary.setText(text)
        set_tone(self.summary, tone)
        self.summary.show()
