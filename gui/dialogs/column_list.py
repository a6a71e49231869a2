"""What is drawn on a chart: every column, who writes it, and how it is shown."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from engine.contracts.context import ColumnKind, ColumnSpec
from engine.contracts.market import BAR_COLUMNS
from engine.ports.session import StrategySummary
from gui.models.column import Column
from gui.models.table import TableModel
from gui.theme.formats import words_text
from gui.widgets.table_view import TableView

_SIZE = (1000, 360)


class ColumnListDialog(QDialog):
    """The columns of one strategy in chain order. Open it with `open()`, which does not block.

    Args:
        strategy: Whose chart it is.
        parent: The window that it belongs to.
    """

    def __init__(self, strategy: StrategySummary, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Columns of {strategy}").format(strategy=strategy.name))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.model: TableModel[ColumnSpec] = TableModel(self._columns(strategy), parent=self)
        self.table = TableView(
            self.model,
            name=self.tr("Columns of the chart"),
            empty_text=self.tr("This strategy has no context workers: its chart shows the bars alone."),
            parent=self,
        )
        # The newest row of a list is on top: the first of the chain goes in last.
        for spec in reversed(strategy.columns):
            if spec.name not in BAR_COLUMNS:
                self.model.put(spec.name, spec)
        self.model.refresh()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.close)
        box = QVBoxLayout(self)
        box.addWidget(self.table)
        box.addWidget(buttons)
        self.resize(*_SIZE)

    def _columns(self, strategy: StrategySummary) -> list[Column[ColumnSpec]]:
        written_by = strategy.written_by
        return [
            Column(
                self.tr("Column"), lambda spec: words_text(spec.name), tooltip=lambda spec: spec.name, sample="M" * 11
            ),
            Column(self.tr("Written by"), lambda spec: written_by.get(spec.name, ""), sample="M" * 14),
            Column(self.tr("Drawn as"), self._drawn_as, sample="M" * 18),
            Column(self.tr("Unit"), lambda spec: spec.unit, sample="M" * 6),
            Column(self.tr("What it says"), lambda spec: spec.description, sample="M" * 18),
        ]

    def _drawn_as(self, spec: ColumnSpec) -> str:
        match spec.kind:
            case ColumnKind.PRICE_OVERLAY:
                return self.tr("line over the price")
            case ColumnKind.OSCILLATOR:
                return self.tr("line in a pane of its own")
            case ColumnKind.FLAG:
                return self.tr("mark at its bar")
            case ColumnKind.BAND:
                return self.tr("edge of the band {band}").format(band=words_text(spec.band or spec.name))
            case ColumnKind.CATEGORY:
                names = ", ".join(words_text(name).lower() for name in spec.categories)
                return self.tr("coloured strip: {categories}").format(categories=names)
