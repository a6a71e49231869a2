"""The room in which panels are docked. Everything that knows QtAds is here."""

from collections.abc import Collection
from typing import Final

import PySide6QtAds as QtAds
from PySide6.QtCore import QByteArray, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.widgets.tab_order import walk_as_read
from gui.workspace.dock_icons import give_icons
from gui.workspace.layouts import Columns, Layout, Rows, Tabs, neighbours_of, panels_in, pruned
from gui.workspace.panel_names import PanelName
from gui.workspace.screens import onto_screens
from gui.workspace.window_place import screens

_FLAGS: Final = (
    QtAds.CDockManager.eConfigFlag.OpaqueSplitterResize,
    QtAds.CDockManager.eConfigFlag.AlwaysShowTabs,
    QtAds.CDockManager.eConfigFlag.DockAreaHasTabsMenuButton,
    QtAds.CDockManager.eConfigFlag.DockAreaDynamicTabsMenuButtonVisibility,
    QtAds.CDockManager.eConfigFlag.DockAreaHasUndockButton,
    QtAds.CDockManager.eConfigFlag.DockAreaHideDisabledButtons,
    QtAds.CDockManager.eConfigFlag.DisableTabTextEliding,
    QtAds.CDockManager.eConfigFlag.DoubleClickUndocksWidget,
    QtAds.CDockManager.eConfigFlag.FocusHighlighting,
    QtAds.CDockManager.eConfigFlag.FloatingContainerHasWidgetTitle,
    QtAds.CDockManager.eConfigFlag.DisableStylesheet,  # ours dresses it: resources/themes/window.qss
)
_RIGHT: Final = QtAds.RightDockWidgetArea
_BELOW: Final = QtAds.BottomDockWidgetArea


class DockHost(QWidget):
    """Holds panels that a person may move, tab, float and close. Closing hides a panel: it goes on keeping up.

    Panels are added once, then laid out by `arrange` or `restore`.
    """

    panel_shown = Signal(str, bool)  # PanelName, whether it is open now

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        flags = QtAds.CDockManager.eConfigFlag(0)
        for flag in _FLAGS:
            flags |= flag
        QtAds.CDockManager.setConfigFlags(flags)  # read once, by each manager as it is made
        give_icons()
        self._manager = QtAds.CDockManager(self)
        self._docks: dict[PanelName, QtAds.CDockWidget] = {}
        self._tabs_moved = QTimer(self)
        self._tabs_moved.setSingleShot(True)
        self._tabs_moved.setInterval(0)
        self._tabs_moved.timeout.connect(self.show_current_tabs)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._manager)

    @property
    def names(self) -> tuple[PanelName, ...]:
        """Every panel that is here, open or closed."""
        return tuple(self._docks)

    @property
    def open_panels(self) -> tuple[PanelName, ...]:
        """The panels that are not closed; of those that share a place only one is seen."""
        return tuple(name for name, dock in self._docks.items() if not dock.isClosed())

    @property
    def floating_panels(self) -> tuple[PanelName, ...]:
        """The panels that are in windows of their own."""
        return tuple(name for name in self.open_panels if self._docks[name].isInFloatingContainer())

    def add(self, name: PanelName, title: str, panel: QWidget) -> None:
        """Take a panel in, closed until a layout shows it.

        Raises:
            ValueError: the name is taken.
        """
        if name in self._docks:
            raise ValueError(f"there is a panel {name} already")
        dock = QtAds.CDockWidget(self._manager, title)
        dock.setObjectName(name.value)
        dock.setWidget(panel, QtAds.CDockWidget.eInsertMode.ForceNoScrollArea)
        dock.setMinimumSizeHintMode(QtAds.CDockWidget.eMinimumSizeHintMode.MinimumSizeHintFromContent)
        dock.viewToggled.connect(lambda is_open, name=name: self.panel_shown.emit(name.value, is_open))
        self._docks[name] = dock
        walk_as_read(panel)

    def toggle_action(self, name: PanelName) -> QAction:
        """Return the action that opens and closes a panel."""
        action: QAction = self._docks[name].toggleViewAction()
        return action

    def set_title(self, name: PanelName, title: str) -> None:
        """Write another text on a panel's tab."""
        if self._docks[name].windowTitle() != title:
            self._docks[name].setWindowTitle(title)

    def show_current_tabs(self) -> None:
        """Scroll every row of tabs so far that the tab of the panel that is seen is seen as well.

        After a change of layout or size alone: a person may have scrolled to look for another tab.
        """
        for dock in self._docks.values():
            area = dock.dockAreaWidget()
            if area is not None and area.currentDockWidget() is dock:
                area.titleBar().tabBar().ensureWidgetVisible(dock.tabWidget())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  # Qt's name
        """Look where the tabs are once they have their places."""
        super().resizeEvent(event)
        self._tabs_moved.start()

    def show_panel(self, name: PanelName) -> None:
        """Open a panel, bring it to the front, wherever it is, and give it the focus."""
        self.reveal(name)
        dock = self._docks[name]
        window = dock.floatingDockContainer()
        if window is not None:
            window.raise_()
            window.activateWindow()
        dock.widget().setFocus(Qt.FocusReason.ShortcutFocusReason)

    def reveal(self, name: PanelName) -> None:
        """Open a panel and bring it to the front of its place; the focus stays where it is."""
        dock = self._docks[name]
        dock.toggleView(True)
        dock.setAsCurrentTab()

    def bring_to_front(self, name: PanelName) -> None:
        """Let a panel be seen that is open behind others, unless it would cover what the keyboard is in."""
        dock, focused = self._docks[name], self._manager.focusedDockWidget()
        covers = focused is not None and focused.dockAreaWidget() is dock.dockAreaWidget()
        if not dock.isClosed() and not covers:
            dock.setAsCurrentTab()

    def close_panel(self, name: PanelName) -> None:
        """Hide a panel."""
        self._docks[name].toggleView(False)

    def close_focused(self) -> None:
        """Hide the panel that the keyboard is in; nothing happens when it is in none."""
        focused = self._manager.focusedDockWidget()
        if focused is not None:
            focused.toggleView(False)

    def arrange(self, layout: Layout) -> None:
        """Lay the panels out; those that the layout does not name are closed, those that are not here left out.

        Raises:
            ValueError: none of its panels is here.
        """
        kept = pruned(layout, self._docks)
        if kept is None:
            raise ValueError("no panel of the layout is here")
        layout = kept
        for dock in self._docks.values():
            if dock.dockAreaWidget() is not None:
                self._manager.removeDockWidget(dock)
        first = self._place(next(panels_in(layout)), None, _RIGHT)
        self._fill(layout, first)
        named = tuple(panels_in(layout))
        for name, dock in self._docks.items():
            if dock.dockAreaWidget() is None:
                self._put_away(dock, first)
            elif name in named:
                self._open(dock)
        self._share(layout)
        self._bring_first_to_front(layout)
        self._tabs_moved.start()

    def save(self) -> bytes:
        """Return how everything lies, for `restore`."""
        return bytes(self._manager.saveState(0).data())

    def restore(self, state: bytes) -> bool:
        """Lay everything out as it was saved; False, and nothing is changed, if it cannot be read."""
        # It would take anything else for compressed, and complain aloud.
        return state.startswith(b"<?xml") and bool(self._manager.restoreState(QByteArray(state), 0))

    def settle_in(self, layout: Layout, *, known: Collection[str]) -> None:
        """Finish a `restore`: place panels that came later, and bring floating ones back onto a screen that is there.

        Args:
            layout: Where panels usually are.
            known: The values of the panels that there were; those among them that were closed stay closed.
        """
        placed = [name for name, dock in self._docks.items() if dock.dockAreaWidget() is not None]
        if not placed:
            self.arrange(layout)
            return
        for name, dock in self._docks.items():
            if dock.dockAreaWidget() is not None:
                continue
            near = [each for each in neighbours_of(name, layout) if each in placed and not self._docks[each].isClosed()]
            beside = self._docks[(near or placed)[0]].dockAreaWidget()
            if name.value in known or not near:
                self._put_away(dock, beside)
            else:
                in_front = beside.currentDockWidget()
                self._manager.addDockWidget(QtAds.CenterDockWidgetArea, dock, beside)
                self._open(dock)
                in_front.setAsCurrentTab()
        self._tabs_moved.start()
        for window in self._manager.floatingWidgets():
            window.setGeometry(onto_screens(window.geometry(), screens()))

    def _put_away(self, dock: QtAds.CDockWidget, area: QtAds.CDockAreaWidget) -> None:
        """Close a panel that has no place: without one it would open as a window of its own."""
        self._manager.addDockWidget(QtAds.CenterDockWidgetArea, dock, area)
        dock.toggleView(False)

    @staticmethod
    def _open(dock: QtAds.CDockWidget) -> None:
        dock.toggleView(True)
        dock.tabWidget().show()  # the tab of a panel that was taken away keeps hidden otherwise

    def _place(
        self, name: PanelName, beside: QtAds.CDockAreaWidget | None, where: QtAds.DockWidgetArea
    ) -> QtAds.CDockAreaWidget:
        if beside is None:
            return self._manager.addDockWidget(where, self._docks[name])
        return self._manager.addDockWidget(where, self._docks[name], beside)

    def _fill(self, layout: Layout, area: QtAds.CDockAreaWidget) -> None:
        """Lay a part out whose first panel lies in its area already."""
        if isinstance(layout, Tabs):
            for name in layout.panels[1:]:
                self._manager.addDockWidget(QtAds.CenterDockWidgetArea, self._docks[name], area)
            return
        where = _RIGHT if isinstance(layout, Columns) else _BELOW
        areas = [area]
        for part in layout.parts[1:]:
            areas.append(self._place(next(panels_in(part)), areas[-1], where))
        for part, its_area in zip(layout.parts, areas, strict=True):
            self._fill(part, its_area)

    def _share(self, layout: Layout) -> None:
        if isinstance(layout, Tabs):
            return
        splitter = self._docks[next(panels_in(layout))].dockAreaWidget().parentSplitter()
        wanted = Qt.Orientation.Horizontal if isinstance(layout, Columns) else Qt.Orientation.Vertical
        while splitter is not None and splitter.orientation() is not wanted:
            splitter = splitter.parentWidget()
        if isinstance(splitter, QtAds.CDockSplitter) and splitter.count() == len(layout.parts):
            splitter.setSizes([share * 100 for share in layout.shares])
        for part in layout.parts:
            self._share(part)

    def _bring_first_to_front(self, layout: Layout) -> None:
        if isinstance(layout, Columns | Rows):
            for part in layout.parts:
                self._bring_first_to_front(part)
        else:
            self._docks[layout.panels[0]].setAsCurrentTab()
