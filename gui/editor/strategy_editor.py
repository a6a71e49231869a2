"""The window in which a strategy is changed: sections, fields, what a start would say, the difference, save."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from engine.config.editing import EditedFile
from engine.config.findings import ConfigFinding, ConfigRefused, path_text
from engine.config.settings import Setting
from engine.phase0_bootstrap.strategy_draft import Section, StrategyDraft, Verdict, is_shipped
from engine.ports.session import StrategySummary
from engine.primitives.errors import ConfigError
from engine.wiring.findings import errors_of
from gui.bridge.tasks import TaskKeeper
from gui.editor.changes import ChangesDialog
from gui.editor.coverage import has_gap
from gui.editor.coverage_strip import CoverageStrip
from gui.editor.setting_field import SettingField
from gui.theme.formats import words_text
from gui.theme.ink import ink
from gui.theme.tokens import SPACE, Tone
from gui.widgets.colours import set_tone

_SIZE: Final = (1080, 760)
_LIST_PX: Final = 310

OpenDraft = Callable[[Path], StrategyDraft]
"""Opens the blueprint at a path; called on another thread. Raises ConfigError."""


class StrategyEditor(QDialog):
    """Changes nothing that runs: what is saved holds when the session starts anew. It stays open beside the window.

    Args:
        strategies: Those of the session, with the paths of their blueprints.
        open_draft: Opens one of them.
        tasks: Where it is opened and judged without holding up the window.
        parent: The window that it belongs to.
    """

    def __init__(
        self,
        strategies: Sequence[StrategySummary],
        open_draft: OpenDraft,
        tasks: TaskKeeper,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._open_draft = open_draft
        self._tasks = tasks
        self._drafts: dict[Path, StrategyDraft] = {}
        self._draft: StrategyDraft | None = None
        self._sections: Sequence[Section] = ()
        self._fields: list[SettingField] = []
        self.verdict: Verdict | None = None
        self._judging = 0
        self.setWindowTitle(self.tr("Edit strategy"))
        self.resize(*_SIZE)
        self.selector = QComboBox(self)
        self.selector.setAccessibleName(self.tr("Strategy to edit"))
        for each in strategies:
            if each.blueprint_path is not None:
                self.selector.addItem(f"{each.name}  ·  {each.symbol}  ·  {each.timeframe}", each.blueprint_path)
        self.undo_button = self._a_button(self.tr("Undo"), self._undo, self.tr("Take the last change back (Ctrl+Z)"))
        self.redo_button = self._a_button(self.tr("Redo"), self._redo, self.tr("Make it again (Ctrl+Shift+Z)"))
        self.save_button = self._a_button(
            self.tr("Save…"), self.show_changes, self.tr("Look at what would change in the files, then save (Ctrl+S)")
        )
        self._state = QLabel(self)
        self._state.setWordWrap(True)
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Parts of the strategy"))
        self.list.setProperty("role", "parts")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._heading = QLabel(self)
        self._heading.setProperty("role", "heading")
        self._note = QLabel(self)
        self._note.setProperty("role", "caption")
        self._note.setWordWrap(True)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.coverage = CoverageStrip(self)
        self.findings = QListWidget(self)
        self.findings.setAccessibleName(self.tr("What is wrong"))
        self.findings.setWordWrap(True)
        self.findings.setProperty("role", "parts")
        self._lay_out()
        QShortcut(QKeySequence.StandardKey.Save, self, self.show_changes)
        QShortcut(QKeySequence.StandardKey.Undo, self, self._undo)
        QShortcut(QKeySequence.StandardKey.Redo, self, self._redo)
        self.selector.currentIndexChanged.connect(self._on_strategy_chosen)
        self.list.currentRowChanged.connect(self._on_section_chosen)
        self.findings.itemActivated.connect(self._on_finding_chosen)
        self.findings.itemClicked.connect(self._on_finding_chosen)
        self._on_strategy_chosen()

    @property
    def fields(self) -> Sequence[SettingField]:
        """The fields of the chosen section."""
        return self._fields

    @property
    def is_ready(self) -> bool:
        """Whether the chosen strategy is open, and judged as it stands."""
        return self._draft is not None and self.verdict is not None and not self._judging

    @property
    def is_changed(self) -> bool:
        """Whether anything was changed and not saved, in any strategy."""
        return any(file.is_changed for draft in self._drafts.values() for file in draft.files)

    def choose_section(self, name: str) -> None:
        """Show the section of a name."""
        self.list.setCurrentRow(next(place for place, each in enumerate(self._sections) if each.name == name))

    def show_changes(self) -> ChangesDialog | None:
        """Show what would change in the files, and save it if that is confirmed."""
        self._take_what_is_typed()
        if self._draft is None or not any(file.is_changed for file in self._draft.files):
            return None
        lines = [line for file in self._draft.files for line in file.diff()]
        may_start = self.verdict is not None and self.verdict.may_start
        dialog = ChangesDialog(lines, may_start=may_start, parent=self)
        dialog.accepted.connect(self.save)
        dialog.open()
        return dialog

    def save(self) -> None:
        """Write the files of the chosen strategy; says so when that failed, and then nothing of that file is lost."""
        if self._draft is None:
            return
        for file in self._draft.files:
            if not file.is_changed:
                continue
            try:
                file.save()
            except (ConfigError, OSError) as error:
                self._say(self.tr("Not saved: {why}").format(why=error), Tone.FALL)
                return
        self._show_state()
        self._say(self.tr("Saved. It holds when the session starts anew."), Tone.RISE)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        for widget in (self.selector, self.undo_button, self.redo_button, self.save_button):
            top.addWidget(widget)
        top.addWidget(self._state, 1)
        page = QWidget(self)
        form = QVBoxLayout(page)
        form.setContentsMargins(SPACE, 0, 0, 0)
        for label in (self._heading, self._note):
            form.addWidget(label)
        form.addWidget(self._scroll, 1)
        parts = QSplitter(Qt.Orientation.Horizontal, self)
        parts.setChildrenCollapsible(False)
        parts.addWidget(self.list)
        parts.addWidget(page)
        parts.setStretchFactor(1, 1)
        parts.setSizes([_LIST_PX, _SIZE[0] - _LIST_PX])
        self.findings.setMaximumHeight(130)
        title = QLabel(self.tr("Which planner answers at which confidence"), self)
        title.setProperty("role", "heading")
        box = QVBoxLayout(self)
        box.setSpacing(SPACE)
        box.addLayout(top)
        box.addWidget(parts, 1)
        box.addWidget(title)
        box.addWidget(self.coverage)
        box.addWidget(self.findings)

    def _a_button(self, text: str, do: Callable[[], object], tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setToolTip(tip)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _checked: do())
        return button

    def _on_strategy_chosen(self) -> None:
        path = self.selector.currentData()
        self._draft, self.verdict = None, None
        self._show_sections()
        if path is None:
            self._say(self.tr("This session has no strategy with a file of its own."), Tone.MUTED)
        elif path in self._drafts:
            self._begin(self._drafts[path])
        else:
            self._say(self.tr("Reading {file}…").format(file=path.name), Tone.MUTED)
            self._tasks.start(self._read(path), name=f"strategy {path.name}")

    async def _read(self, path: Path) -> None:
        def opened() -> StrategyDraft:
            draft = self._open_draft(path)
            draft.sections()  # the schemas of its plugins are made once
            return draft

        try:
            draft = await asyncio.to_thread(opened)
        except ConfigError as error:
            self._say(str(error), Tone.FALL)
            return
        self._drafts[path] = draft
        if path == self.selector.currentData():
            self._begin(draft)

    def _begin(self, draft: StrategyDraft) -> None:
        self._draft = draft
        self._show_sections()
        self.list.setCurrentRow(0)
        self._show_state()
        self._judge()

    def _show_sections(self) -> None:
        row = self.list.currentRow()
        self._sections = () if self._draft is None else self._draft.sections()
        self.list.blockSignals(True)
        self.list.clear()
        for section in self._sections:
            where = f"{words_text(section.place)}: " if section.place else ""
            item = QListWidgetItem(f"{where}{words_text(section.name)}")
            item.setToolTip(section.plugin)
            self.list.addItem(item)
        self.list.setCurrentRow(min(row, len(self._sections) - 1))
        self.list.blockSignals(False)
        self._show_form()

    def _on_section_chosen(self, _row: int) -> None:
        self._take_what_is_typed()
        self._show_form()

    def _show_form(self) -> None:
        row = self.list.currentRow()
        section = self._sections[row] if 0 <= row < len(self._sections) else None
        form = QWidget(self._scroll)
        form.setProperty("role", "page")
        box = QVBoxLayout(form)
        self._fields = []
        if section is not None:
            is_editable = not is_shipped(section.file)
            for setting in section.settings:
                field = SettingField(setting, depth=len(section.at), is_editable=is_editable, parent=form)
                field.typed.connect(self._on_typed)
                self._fields.append(field)
                box.addWidget(field)
            if not section.settings:
                box.addWidget(QLabel(self.tr("Nothing can be set here."), form))
        box.addStretch(1)
        self._scroll.setWidget(form)
        plugin = f"  ·  {section.plugin}" if section is not None and section.plugin else ""
        self._heading.setText("" if section is None else words_text(section.name) + plugin)
        self._note.setText(self._note_of(section))
        self._mark_wrong()

    def _note_of(self, section: Section | None) -> str:
        if section is None:
            return ""
        if not is_shipped(section.file):
            return section.note
        shipped = self.tr(
            "{file} comes with the program and is not changed here. `s1mpletrader operation copy NAME MINE` makes an"
            " operation yours; a policy is yours when it lies beside your strategy."
        )
        return f"{section.note} {shipped.format(file=section.file.path.name)}".strip()

    def _take_what_is_typed(self) -> None:
        for field in self._fields:
            field.tell_now()

    def _on_typed(self, setting: Setting, typed: str) -> None:
        field = next((each for each in self._fields if each.setting is setting), None)
        row = self.list.currentRow()
        if self._draft is None or not 0 <= row < len(self._sections):
            return
        file = self._sections[row].file
        try:
            if typed:
                file.put(setting.at, setting.as_yaml(typed))
            else:
                file.take_out(setting.at)
        except ConfigRefused as refused:
            if field is not None:
                field.say_wrong(refused.findings[0].problem)
            return
        if field is not None:
            field.say_wrong("")
        self._keep(file)

    def _keep(self, file: EditedFile) -> None:
        """Keep what is not saved beside the file, so that the end of the program loses nothing; then judge it."""
        self._show_state()
        try:
            file.put_aside()
        except OSError as error:
            why = self.tr("Changes cannot be kept before they are saved: {why}").format(why=error.strerror)
            self._say(why, Tone.FALL)
        self._judge()

    def _undo(self) -> None:
        self._step_back(lambda file: file.may_undo, lambda file: file.undo())

    def _redo(self) -> None:
        self._step_back(lambda file: file.may_redo, lambda file: file.redo())

    def _step_back(self, may: Callable[[EditedFile], bool], step: Callable[[EditedFile], None]) -> None:
        self._take_what_is_typed()
        row = self.list.currentRow()
        if 0 <= row < len(self._sections) and may(self._sections[row].file):
            step(self._sections[row].file)
            self._show_sections()
            self._keep(self._sections[row].file)

    def _judge(self) -> None:
        """Find out what a start would say, beside the window; of several that are under way the last one counts."""
        if self._draft is not None:
            self._judging += 1
            self._tasks.start(self._judged(self._draft), name="judge a strategy")

    async def _judged(self, draft: StrategyDraft) -> None:
        verdict = await asyncio.to_thread(draft.judge)
        self._judging -= 1
        if draft is self._draft and not self._judging:
            self.verdict = verdict
            self._show_verdict(verdict)

    def _show_verdict(self, verdict: Verdict) -> None:
        self.coverage.show_coverage(verdict.coverage)
        self.findings.clear()
        for finding in verdict.findings:
            self._add_finding(f"■ {_said(finding)}", Tone.FALL, finding)
        errors = errors_of(verdict.wiring)
        for wrong in errors:
            self._add_finding(f"■ {wrong.text} {wrong.fix}".rstrip(), Tone.FALL, None)
        if verdict.coverage is not None and has_gap(verdict.coverage):
            self._add_finding(
                "▲ " + self.tr("There are directives that no planner answers: they are given up."), Tone.WARNING, None
            )
        if not self.findings.count():
            self._add_finding("● " + self.tr("A session would start with this."), Tone.RISE, None)
        self._mark_wrong()

    def _add_finding(self, text: str, tone: Tone, finding: ConfigFinding | None) -> None:
        item = QListWidgetItem(text)
        item.setForeground(ink(tone))
        item.setData(Qt.ItemDataRole.UserRole, finding)
        self.findings.addItem(item)

    def _mark_wrong(self) -> None:
        """Write beside each field of the section what the verdict says of it."""
        findings = () if self.verdict is None else self.verdict.findings
        row = self.list.currentRow()
        file = self._sections[row].file if 0 <= row < len(self._sections) else None
        for field in self._fields:
            at = path_text(field.setting.at)
            mine = [each for each in findings if file is not None and each.file == file.path and _is_at(each, at)]
            field.say_wrong(_expected(mine[0]) if mine else "")

    def _on_finding_chosen(self, item: QListWidgetItem) -> None:
        finding = item.data(Qt.ItemDataRole.UserRole)
        if not isinstance(finding, ConfigFinding):
            return
        for row, section in enumerate(self._sections):
            for place, setting in enumerate(section.settings):
                if section.file.path == finding.file and _is_at(finding, path_text(setting.at)):
                    self.list.setCurrentRow(row)
                    self._fields[place].editor.setFocus()
                    self._scroll.ensureWidgetVisible(self._fields[place])
                    return

    def _show_state(self) -> None:
        files = () if self._draft is None else self._draft.files
        changed = [file.path.name for file in files if file.is_changed]
        self.save_button.setEnabled(bool(changed))
        row = self.list.currentRow()
        file = self._sections[row].file if 0 <= row < len(self._sections) else None
        self.undo_button.setEnabled(file is not None and file.may_undo)
        self.redo_button.setEnabled(file is not None and file.may_redo)
        if changed:
            self._say(self.tr("Not saved: {files}").format(files=", ".join(changed)), Tone.WARNING)
        else:
            self._say("", Tone.MUTED)

    def _say(self, text: str, tone: Tone) -> None:
        self._state.setText(text)
        set_tone(self._state, tone)


def _said(finding: ConfigFinding) -> str:
    where = f"{finding.file.name}:{finding.line}: " if finding.line else f"{finding.file.name}: "
    at = f"{finding.key_path}: " if finding.key_path else ""
    return f"{where}{at}{_expected(finding)}"


def _expected(finding: ConfigFinding) -> str:
    """Return a finding without its place."""
    parts = [f"{finding.problem}.", f"Expected {finding.expected}." if finding.expected else "", finding.what_to_do]
    return " ".join(part for part in parts if part)


def _is_at(finding: ConfigFinding, at: str) -> bool:
    return finding.key_path == at or finding.key_path.startswith((f"{at}.", f"{at}["))
