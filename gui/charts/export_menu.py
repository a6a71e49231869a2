"""The menu that saves a chart as a picture or as a table."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox, QWidget

from gui.charts.exports import TableFormat


class Exportable(Protocol):
    """A widget that can be saved."""

    def picture(self) -> QPixmap:
        """Return what is seen."""
        ...

    def write_table(self, path: Path, table_format: TableFormat) -> None:
        """Write what it shows as a table. Raises OSError."""
        ...


class ExportMenu(QMenu):
    """Asks for a file, writes it, and says so when that failed. It never blocks the window.

    Args:
        chart: What is saved; also the Qt parent.
    """

    def __init__(self, chart: QWidget) -> None:
        super().__init__(chart)
        self._chart = chart
        self.setTitle(self.tr("Save chart"))
        for text, ending, write in self._choices():
            action = self.addAction(text)
            action.triggered.connect(partial(self._ask, text, ending, write))

    def _choices(self) -> list[tuple[str, str, Callable[[Path], None]]]:
        return [
            (self.tr("Save picture as PNG…"), "png", self.write_picture),
            (self.tr("Save data as CSV…"), TableFormat.CSV, partial(self.write_table, TableFormat.CSV)),
            (self.tr("Save data as Parquet…"), TableFormat.PARQUET, partial(self.write_table, TableFormat.PARQUET)),
        ]

    def write_picture(self, path: Path) -> None:
        """Write what is seen; a failure is told."""
        picture = self._exported.picture()
        if not picture.save(str(path), "PNG"):
            self._tell_failure(path, self.tr("The picture could not be written."))

    def write_table(self, table_format: TableFormat, path: Path) -> None:
        """Write all bars; a failure is told."""
        try:
            self._exported.write_table(path, table_format)
        except OSError as error:
            self._tell_failure(path, str(error.strerror or error))

    @property
    def _exported(self) -> Exportable:
        return self._chart  # type: ignore[return-value]  # the chart that made this menu

    def _ask(self, title: str, ending: str, write: Callable[[Path], None], _checked: bool = False) -> None:
        dialog = QFileDialog(self._chart.window(), title)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(ending)
        dialog.setNameFilter(f"*.{ending}")
        dialog.fileSelected.connect(lambda name: write(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _tell_failure(self, path: Path, why: str) -> None:
        box = QMessageBox(self._chart.window())
        box.setIcon(QMessageBox.Icon.Warning)
        box.setText(self.tr("{path} was not written: {why} Choose another folder.").format(path=path, why=why))
        box.finished.connect(box.deleteLater)
        box.open()
