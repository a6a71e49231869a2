"""What stands over a table: a quick filter, a choice of rows, and a menu with columns, copy and export."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, QRunnable, QThreadPool, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QLabel, QLineEdit, QMenu, QToolButton, QWidget

from gui.models.export import write_csv, write_parquet
from gui.theme import formats
from gui.theme.tokens import SPACE
from gui.widgets.table_view import TableView
from gui.widgets.tree_view import TreeView

_TYPING_MS: Final = 150  # between the keys of a person who types: one search for all of them

# Any: rows of any list, read by their own columns.
Choice = tuple[str, Callable[[Any], bool] | None]
"""What a choice of rows is called, and which rows it shows; None shows all."""


class TableTools(QWidget):
    """Narrows a table down, and takes its rows elsewhere.

    Args:
        table: What it works on.
        choices: The first is chosen at the beginning; none if the table is always shown whole.
        parent: Qt parent.
    """

    told = Signal(str)  # what became of an export, for people

    def __init__(
        self, table: TableView | TreeView, choices: tuple[Choice, ...] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._table = table
        self._choices = choices
        self._words: tuple[str, ...] = ()
        self._exports: set[_Export] = set()
        name = table.accessibleName()
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Filter"))
        self.search.setAccessibleName(self.tr("Filter {list}").format(list=name))
        self.search.setToolTip(self.tr("Show only rows in which all these words stand"))
        self.search.setClearButtonEnabled(True)
        self.choice = QComboBox(self)
        self.choice.setAccessibleName(self.tr("Which rows of {list}").format(list=name))
        self.choice.addItems([text for text, _ in choices])
        self.choice.setVisible(bool(choices))
        self.count = QLabel(self)
        self.count.setProperty("role", "hint")
        self.more = QToolButton(self)
        self.more.setText("⋯")
        self.more.setToolTip(self.tr("Columns, copy, export"))
        self.more.setAccessibleName(self.tr("Columns, copy and export of {list}").format(list=name))
        self.more.clicked.connect(self._on_more_clicked)
        self._lay_out()
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self.apply)
        self.search.textChanged.connect(self._on_text_changed)
        self.choice.currentIndexChanged.connect(self._on_choice_changed)
        model = table.table_model
        for signal in (model.rowsInserted, model.rowsRemoved, model.modelReset, model.layoutChanged):
            signal.connect(self._show_count)
        if choices:
            self.apply()

    def apply(self) -> None:
        """Show the rows that are asked for, now."""
        self._typing.stop()
        self._words = tuple(self.search.text().casefold().split())
        chosen = self._choices[self.choice.currentIndex()][1] if self._choices else None
        words = self._words
        columns = [column for column in self._table.table_model.columns if not column.is_number]

        def is_shown(row: Any) -> bool:
            if chosen is not None and not chosen(row):
                return False
            if not words:
                return True
            text = "\n".join(column.text(row) for column in columns).casefold()
            return all(word in text for word in words)

        self._table.table_model.show_only(is_shown if words or chosen is not None else None)

    def menu(self) -> QMenu:
        """Return what can be done with the rows; it goes when it is closed."""
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        columns = self._table.column_choice.menu()
        columns.setTitle(self.tr("Columns"))
        columns.setParent(menu, columns.windowFlags())
        menu.addMenu(columns)
        menu.addSeparator()
        menu.addAction(self.tr("Copy chosen rows"), self._table.copy_rows).setEnabled(bool(self._table.chosen_rows()))
        menu.addAction(self.tr("Export as CSV…"), self.ask_csv)
        menu.addAction(self.tr("Export as Parquet…"), self.ask_parquet)
        return menu

    def ask_csv(self) -> QFileDialog:
        """Ask where the rows that are shown go, as CSV."""
        return self._ask(self.tr("Export as CSV"), ".csv", self.export_csv)

    def ask_parquet(self) -> QFileDialog:
        """Ask where the rows that are shown go, as Parquet."""
        return self._ask(self.tr("Export as Parquet"), ".parquet", self.export_parquet)

    def export_csv(self, path: str) -> None:
        """Write the rows that are shown, beside the window's work; `told` says when it is done, or why it is not."""
        self._export(Path(path), write_csv)

    def export_parquet(self, path: str) -> None:
        """Write the same as Parquet."""
        self._export(Path(path), write_parquet)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE, SPACE // 2, SPACE, SPACE // 2)
        row.setSpacing(SPACE)
        row.addWidget(self.choice)
        row.addWidget(self.search, 1)
        row.addWidget(self.count)
        row.addWidget(self.more)
        self._show_count()

    def _ask(self, title: str, suffix: str, on_chosen: Callable[[str], None]) -> QFileDialog:
        dialog = QFileDialog(self.window(), title)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(suffix)
        dialog.setNameFilter(f"*{suffix}")
        dialog.fileSelected.connect(on_chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def _export(self, path: Path, write: Callable[..., None]) -> None:
        model = self._table.table_model
        columns = [model.columns[number] for number in self._table.column_choice.shown]
        rows = [model.row_at(place) for place in range(model.rowCount())]
        export = _Export(lambda: write(path, columns, rows), path)
        export.told.done.connect(self._on_export_done)
        self._exports.add(export)
        QThreadPool.globalInstance().start(export)

    def _on_export_done(self, export: "_Export", fault: str) -> None:
        self._exports.discard(export)
        if fault:
            text = self.tr("{file} was not written: {fault}. Choose another folder, or free some space.")
            self.told.emit(text.format(file=export.path.name, fault=fault))
        else:
            self.told.emit(self.tr("{file} is written.").format(file=export.path.name))

    def _on_text_changed(self, _text: str) -> None:
        self._typing.start()

    def _on_choice_changed(self, _place: int) -> None:
        self.apply()

    def _on_more_clicked(self) -> None:
        self.menu().popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _show_count(self) -> None:
        model = self._table.table_model
        shown = formats.count_text(model.rowCount())
        is_whole = not self._words and not any(show for _, show in self._choices)
        text = shown if is_whole else self.tr("{shown} of {all}")
        self.count.setText(text.format(shown=shown, all=formats.count_text(model.count)))


class _Told(QObject):
    """A QRunnable has no signals of its own."""

    done = Signal(object, str)  # the export, and what was wrong, or nothing


class _Export(QRunnable):
    """Writes a file on a thread of Qt's pool: rows are frozen, and a large list or a slow disk must not stop the window."""

    def __init__(self, write: Callable[[], None], path: Path) -> None:
        super().__init__()
        self.setAutoDelete(False)
        self.path = path
        self._write = write
        self.told = _Told()

    def run(self) -> None:
        """Write, and tell what became of it."""
        fault = ""
        try:
            self._write()
        except OSError as error:
            fault = error.strerror or type(error).__name__
        self.told.done.emit(self, fault)
