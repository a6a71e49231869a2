"""Which part of the account a flatten, a reduction or a cancel is to cover."""

from enum import Enum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from engine.contracts.flatten import FlattenPart
from gui.bridge.host import SessionHost
from gui.theme.tokens import SPACE

_LIST_PX = 96


class ScopeKind(Enum):
    """By what a part of the account is named."""

    EVERYTHING = "everything"
    SYMBOLS = "symbols"
    STRATEGIES = "strategies"
    GROUPS = "groups"


class ScopeChooser(QWidget):
    """A choice of kind, and a list to tick what is meant. Nothing ticked covers nothing: it is never taken for all."""

    changed = Signal()

    def __init__(self, host: SessionHost, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._host = host
        self.kind = QComboBox(self)
        self.kind.setAccessibleName(self.tr("Scope"))
        for kind, text in (
            (ScopeKind.EVERYTHING, self.tr("Everything of this session")),
            (ScopeKind.SYMBOLS, self.tr("Chosen symbols")),
            (ScopeKind.STRATEGIES, self.tr("Chosen strategies")),
            (ScopeKind.GROUPS, self.tr("Chosen groups")),
        ):
            self.kind.addItem(text, kind)
        self.names = QListWidget(self)
        self.names.setAccessibleName(self.tr("What is covered"))
        self.names.setFixedHeight(_LIST_PX)
        self.names.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(SPACE)
        box.addWidget(self.kind)
        box.addWidget(self.names)
        self.kind.currentIndexChanged.connect(self._on_kind_changed)
        self.names.itemChanged.connect(self.changed)

    @property
    def part(self) -> FlattenPart | None:
        """What is covered; None when a kind was chosen and nothing of it ticked."""
        kind = self.kind.currentData()
        if kind is ScopeKind.EVERYTHING:
            return FlattenPart()
        items = [self.names.item(row) for row in range(self.names.count())]
        chosen = tuple(item.text() for item in items if item.checkState() is Qt.CheckState.Checked)
        return FlattenPart.model_validate({kind.value: chosen}) if chosen else None

    def choose(self, kind: ScopeKind, *names: str) -> None:
        """Choose a kind and tick these."""
        self.kind.setCurrentIndex(list(ScopeKind).index(kind))
        for row in range(self.names.count()):
            item = self.names.item(row)
            item.setCheckState(Qt.CheckState.Checked if item.text() in names else Qt.CheckState.Unchecked)

    def _on_kind_changed(self, _index: int) -> None:
        kind = self.kind.currentData()
        self.names.clear()
        self.names.setVisible(kind is not ScopeKind.EVERYTHING)
        for name in self._known(kind):
            item = QListWidgetItem(name)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable)
            item.setCheckState(Qt.CheckState.Unchecked)
            self.names.addItem(item)
        self.changed.emit()

    def _known(self, kind: ScopeKind) -> list[str]:
        strategies = self._host.status.strategies
        match kind:
            case ScopeKind.EVERYTHING:
                return []
            case ScopeKind.SYMBOLS:
                exposure = self._host.exposure()
                held = [position.symbol for position in exposure.positions]
                waiting = [order.symbol for order in exposure.orders]
                return list(dict.fromkeys([*(strategy.symbol for strategy in strategies), *held, *waiting]))
            case ScopeKind.STRATEGIES:
                return [strategy.strategy_id for strategy in strategies]
            case ScopeKind.GROUPS:
                return list(dict.fromkeys(order.group_id for order in self._host.exposure().orders))
