"""Why did it trade, why did it not: every flow in which something was said, and the chain behind it."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from engine.contracts.flows import FlowRecord, OutcomeKind
from engine.contracts.orders import Order
from engine.ports.session import SessionStatus
from engine.primitives.ids import GroupId
from gui.bridge.focus import Chosen
from gui.bridge.host import SessionHost
from gui.models.decisions import ChainLine, chain_of, decision_columns, groups_made_in, reason_of
from gui.models.flow_finding import FlowFinder
from gui.models.ledger import LedgerModels
from gui.models.reasoning import planner_columns, planner_lines, term_columns, term_lines
from gui.models.table import TableModel
from gui.panels.what_if import WhatIfPage
from gui.theme import formats
from gui.theme.tokens import SPACE, outcome_tone
from gui.translation import translate
from gui.widgets.colours import set_tone
from gui.widgets.lines_tree import LinesTree
from gui.widgets.table_view import TableView
from gui.widgets.wrapped_text import WrappedText

_CHAIN_MIN_PX = 340
_NAMES_SHARE = 0.42
_FOLLOW_MS: Final = 100  # ten times a second: nobody reads chains that go by faster, and each costs a tree of items


class DecisionsPanel(QWidget):
    """The list of flows with a filter by outcome and a search.

    The chain beside it shows the chosen flow; until a person chooses one it follows the newest. What is clicked elsewhere,
    a bar, a mark, an order or a fill, chooses the flow that it came from.
    """

    flow_opened = Signal()  # by a click elsewhere

    def __init__(self, host: SessionHost, chain: "ChainView", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = {strategy.strategy_id: strategy.name for strategy in host.status.strategies}
        self._newest: FlowRecord | None = None
        self.model = TableModel(decision_columns(self._name_of), parent=self)
        self.table = TableView(
            self.model,
            name=self.tr("Decisions"),
            empty_text=self.tr("No decisions yet. Every bar on which a worker says something appears here."),
            parent=self,
        )
        self.chain = chain
        self._finder = FlowFinder(chain.orders_of)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Search reason, rule or id"))
        self.search.setAccessibleName(self.tr("Search decisions"))
        self.search.setClearButtonEnabled(True)
        self.filters = {kind: self._filter_button(kind) for kind in OutcomeKind}
        self._lay_out()
        self.search.textChanged.connect(self._on_filter_changed)
        self.table.row_chosen.connect(self._on_row_chosen)
        host.feed.flow_ended.connect(self._on_flow_ended)
        host.feed.order_changed.connect(self.chain.on_order_changed)
        host.feed.status_changed.connect(self._on_status_changed)
        host.focus.chosen.connect(self._on_chosen)
        self._on_status_changed(host.status)

    def choose(self, place: int) -> None:
        """Choose the flow at a place of the list, counted from the top."""
        self.refresh()
        self.table.setCurrentIndex(self.model.index(place, 0))

    def refresh(self) -> None:
        """Show at once what has arrived; for pictures."""
        self.model.refresh()
        self.chain.refresh()

    def _filter_button(self, kind: OutcomeKind) -> QPushButton:
        button = QPushButton(formats.state_text(kind), self)
        button.setCheckable(True)
        button.setToolTip(self.tr("Show only flows that ended like this; several may be chosen"))
        button.toggled.connect(self._on_filter_changed)
        return button

    def _lay_out(self) -> None:
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout()
        row.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        row.setSpacing(SPACE // 2)
        for button in self.filters.values():
            row.addWidget(button)
        row.addSpacing(SPACE // 2)
        row.addWidget(self.search, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(row)
        box.addWidget(self.table, 1)

    def _on_row_chosen(self, record: FlowRecord | None) -> None:
        self.chain.show_record(record if record is not None else self._newest)

    def _on_flow_ended(self, record: FlowRecord) -> None:
        self.model.put(record.flow_id, record)
        self._finder.learn(record)
        self._newest = record
        if self.table.chosen() is None:
            self.chain.follow(record)

    def _on_chosen(self, chosen: Chosen) -> None:
        self.model.refresh()
        record = self._finder.flow_of(chosen, {str(key): row for key, row in self.model.rows.items()})
        if record is not None:
            self._open(record)
        elif chosen.flow_id or chosen.order_id or chosen.trade_id:
            self._show_absence(self.tr("The flow that this came from is not among those of this window."))
        elif chosen.to_ns is not None:
            text = self.tr("Nothing was said at the bar that closed at {time} UTC. Quiet bars are only counted.")
            self._show_absence(text.format(time=formats.instant_ns_text(chosen.to_ns)))

    def _open(self, record: FlowRecord) -> None:
        """Choose a flow in the list; a filter that hides it is taken off."""
        if self.model.place_of(record.flow_id) is None:
            for button in self.filters.values():
                button.setChecked(False)
            self.search.clear()
        self.table.setCurrentIndex(self.model.index(self.model.place_of(record.flow_id) or 0, 0))
        self.flow_opened.emit()

    def _show_absence(self, text: str) -> None:
        self.table.setCurrentIndex(QModelIndex())
        self.chain.show_absence(text)
        self.flow_opened.emit()

    def _on_status_changed(self, status: SessionStatus) -> None:
        for kind, button in self.filters.items():
            button.setText(f"{formats.state_text(kind)} {formats.count_text(status.flows.get(kind, 0))}")

    def _on_filter_changed(self) -> None:
        kinds = {kind for kind, button in self.filters.items() if button.isChecked()}
        words = self.search.text().casefold().split()

        def is_shown(record: FlowRecord) -> bool:
            said = f"{record.flow_id} {record.outcome.stage} {record.outcome.rule} {reason_of(record)}"
            said = f"{said} {self._name_of(record.strategy_id)}".casefold()
            return (not kinds or record.outcome.kind in kinds) and all(word in said for word in words)

        self.model.show_only(is_shown if kinds or words else None)

    def _name_of(self, strategy_id: str) -> str:
        return self._names.get(strategy_id, strategy_id)


class ChainView(QWidget):
    """One flow from its birth to its orders, with the values in it; who could have answered; and what it means elsewhere.

    What a person chooses is drawn at once; what comes by itself, newer flows and changes of orders, at most ten times a
    second, and the last of it always.
    """

    def __init__(self, host: SessionHost, models: LedgerModels, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._host = host
        self._models = models
        self._record: FlowRecord | None = None
        self._stale = QTimer(self)
        self._stale.setSingleShot(True)
        self._stale.setInterval(_FOLLOW_MS)
        self._stale.timeout.connect(self._draw)
        self.setMinimumWidth(_CHAIN_MIN_PX)
        self.heading = QLabel(self)
        self.heading.setProperty("role", "heading")
        self.reason = QLabel(self)
        self.reason.setWordWrap(True)
        self.reason.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.tree = QTreeWidget(self)
        self.tree.setAccessibleName(self.tr("Chain of the decision"))
        self.tree.setHeaderLabels([self.tr("What"), self.tr("Value")])
        self.tree.setColumnCount(2)
        self.tree.setItemDelegate(WrappedText(self.tree))
        self.tree.setIndentation(14)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        self.tree.header().setStretchLastSection(True)
        self.planners = LinesTree(
            planner_columns(),
            name=self.tr("Planners of the decision"),
            empty_text=self.tr("No directive was given in this flow, so no planner was asked."),
        )
        self.terms = LinesTree(
            term_columns(),
            name=self.tr("The intent in each venue's terms"),
            empty_text=self.tr("No trade was planned to its end in this flow, so there is nothing to translate."),
        )
        self.pages = QTabWidget(self)
        self.pages.setAccessibleName(self.tr("Views of the decision"))
        self.pages.setDocumentMode(True)
        self.pages.addTab(self.tree, self.tr("Chain"))
        self.pages.addTab(self.planners, self.tr("Planners"))
        self.pages.addTab(self.terms, self.tr("Venues compared"))
        self.what_if = WhatIfPage(host)
        self.pages.addTab(self.what_if, self.tr("What if"))
        self.pages.currentChanged.connect(self._on_page_changed)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, SPACE, 0, 0)
        box.setSpacing(SPACE // 2)
        box.setAlignment(Qt.AlignmentFlag.AlignTop)
        for label in (self.heading, self.reason):
            label.setContentsMargins(SPACE, 0, SPACE, 0)
            box.addWidget(label)
        box.addWidget(self.pages, 1)
        self.show_record(None)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """Share the width between names and values."""
        super().resizeEvent(event)
        self.tree.setColumnWidth(0, int(self.width() * _NAMES_SHARE))

    def show_record(self, record: FlowRecord | None) -> None:
        """Show a flow, now; None says what will be here."""
        self._record = record
        self._draw()

    def orders_of(self, group_id: GroupId) -> Sequence[Order]:
        """Return the orders of a group, as the window has seen them."""
        return self._models.orders_of(group_id)

    def show_absence(self, text: str) -> None:
        """Say why there is no flow to show, until there is one."""
        self.show_record(None)
        self.reason.setText(text)

    def follow(self, record: FlowRecord) -> None:
        """Show a flow soon, unless a newer one comes before."""
        self._record = record
        self._draw_soon()

    def refresh(self) -> None:
        """Draw at once what waits to be drawn; for pictures."""
        if self._stale.isActive():
            self._draw()

    def _draw_soon(self) -> None:
        if not self._stale.isActive():
            self._stale.start()

    def _draw(self) -> None:
        self._stale.stop()
        record = self._record
        self.tree.clear()
        self.pages.setVisible(record is not None)
        if record is None:
            self.heading.setText(self.tr("Chain of the decision"))
            self.reason.setText(
                self.tr("What led to a decision appears here, step by step: from the bar to the orders.")
            )
            self.reason.setProperty("role", "hint")
        else:
            self.heading.setText(f"{formats.state_text(record.outcome.kind)}  ·  {record.flow_id}")
            self.reason.setProperty("role", "")
            self.reason.setText(self._sentence(record))
            set_tone(self.reason, outcome_tone(record.outcome.kind))
            self._fill(record)
        self._fill_page()
        if record is None:
            set_tone(self.reason, None)
        self.reason.style().unpolish(self.reason)
        self.reason.style().polish(self.reason)

    def _on_page_changed(self, _place: int) -> None:
        self._fill_page()

    def _fill_page(self) -> None:
        """Fill the table that is seen: the other one is filled when somebody looks at it."""
        page, record = self.pages.currentWidget(), self._record
        if page is self.planners:
            self.planners.show_lines(planner_lines(record, self._host.reasoning) if record is not None else ())
        elif page is self.terms:
            self.terms.show_lines(term_lines(record, self._host.reasoning) if record is not None else ())
        elif page is self.what_if:
            self.what_if.show_record(record)

    def on_order_changed(self, order: Order) -> None:
        """Bring the chain up to date when an order of it changes."""
        is_waiting = self._stale.isActive()
        if not is_waiting and self._record is not None and order.group_id in groups_made_in(self._record):
            self._draw_soon()

    def _sentence(self, record: FlowRecord) -> str:
        where = [record.outcome.stage, record.outcome.rule.replace("_", " ")]
        place = " · ".join(formats.state_text(text) for text in where if text)
        return f"{place}: {reason_of(record)}" if place else reason_of(record)

    def _fill(self, record: FlowRecord) -> None:
        lines = chain_of(record, self._models.orders_of)
        items = [_item(line) for line in lines]
        self.tree.addTopLevelItems(items)
        for line, item in zip(lines, items, strict=True):
            item.setExpanded(line.what == translate("Decisions", "Context"))


def _item(line: ChainLine) -> QTreeWidgetItem:
    item = QTreeWidgetItem([line.what, line.value])
    item.setToolTip(1, line.value)
    item.addChildren([_item(each) for each in line.below])
    return item
