"""The workspaces as a person left them: kept on disk, and taken up again by later versions with other panels."""

from collections.abc import Callable, Mapping
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field
from PySide6.QtCore import QObject, Signal

from gui.kept_file import KeptFile
from gui.translation import translate
from gui.widgets.column_choice import ColumnChoice
from gui.workspace.dock_host import DockHost
from gui.workspace.layouts import LAYOUTS, Workspace, workspace_title
from gui.workspace.panel_names import PanelName

FILE_NAME: Final = "workspaces.json"


class SavedWorkspace(BaseModel):
    """How one workspace lay.

    Attributes:
        layout: As `DockHost.save` gave it.
        panels: Every panel that there was then, open or closed: those that came later get their usual place.
        columns: How the columns of each list were arranged, as `ColumnChoice.state` gave it, by the list's panel.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    layout: str
    panels: tuple[str, ...]
    columns: dict[str, dict[str, object]] = Field(default_factory=dict)


class SavedWorkspaces(BaseModel):
    """All workspaces that a person has been in, by the value of `Workspace`; unknown ones are kept for who knows them."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    version: Literal[1] = 1
    workspaces: dict[str, SavedWorkspace] = Field(default_factory=dict)


class Workspaces(QObject):
    """Knows which workspace is shown, remembers how each was left, and takes it up again.

    Args:
        docks: Holds all panels already.
        kept: Where they are remembered.
        say: Called with what a person should know.
        first: The workspace to begin in.
        columns: The columns of every list whose arrangement is remembered with the layout, by its panel.
        parent: Qt parent.
    """

    entered = Signal(str)  # Workspace

    def __init__(
        self,
        docks: DockHost,
        kept: KeptFile[SavedWorkspaces],
        *,
        say: Callable[[str], None],
        first: Workspace,
        columns: Mapping[PanelName, ColumnChoice] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._docks = docks
        self._kept = kept
        self._say = say
        self._columns = columns or {}
        self._saved, problem = kept.read()
        self._current = first
        if problem:
            say(problem)
        self.arrange(first)  # before anything is restored: a panel that was never in a place is not found by its name
        if first.value in self._saved.workspaces:
            self._take_up(first)

    @property
    def current(self) -> Workspace:
        """The workspace that is shown."""
        return self._current

    def enter(self, workspace: Workspace) -> None:
        """Remember how the shown workspace lies, and show another as it was left."""
        if workspace is self._current:
            return
        self.remember()
        self._take_up(workspace)

    def reset(self) -> None:
        """Lay the shown workspace out as if nobody had ever moved anything."""
        self.arrange(self._current)

    def arrange(self, workspace: Workspace) -> None:
        """Show a workspace as it is before anybody has moved anything."""
        self._current = workspace
        self._docks.arrange(LAYOUTS[workspace])
        self.entered.emit(workspace.value)

    def remember(self) -> None:
        """Keep how the shown workspace lies now."""
        panels = tuple(name.value for name in self._docks.names)
        columns = {name.value: choice.state() for name, choice in self._columns.items()}
        saved = SavedWorkspace(layout=self._docks.save().decode("utf-8"), panels=panels, columns=columns)
        self._saved = self._saved.model_copy(
            update={"workspaces": {**self._saved.workspaces, self._current.value: saved}}
        )
        if problem := self._kept.write(self._saved):
            self._say(problem)

    def _take_up(self, workspace: Workspace) -> None:
        saved = self._saved.workspaces.get(workspace.value)
        if saved is None:
            self.arrange(workspace)
            return
        if not self._docks.restore(saved.layout.encode("utf-8")):
            self._say(
                translate(
                    "Workspaces", "How the workspace {name} was left cannot be read: it is laid out as usual."
                ).format(name=workspace_title(workspace))
            )
            self.arrange(workspace)
            return
        for name, choice in self._columns.items():
            choice.restore(saved.columns.get(name.value, {}))
        self._docks.settle_in(LAYOUTS[workspace], known=saved.panels)
        self._current = workspace
        self.entered.emit(workspace.value)
