"""One column of a list or a tree, as data: how it is read from a row, shown, sorted, searched and exported."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Generic, TypeVar

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt

from gui.theme.ink import ink
from gui.theme.tokens import Tone

R = TypeVar("R")
Index = QModelIndex | QPersistentModelIndex
SortKey = str | int | float | Any  # anything that compares with its like: Decimal, datetime
Exact = Decimal | datetime | int | str | None
"""What leaves the window: money and quantities as Decimal, never as float; instants aware, in UTC."""

REFRESH_MS: Final = 33  # 30 Hz: faster cannot be read
RESORT_EVERY: Final = 15  # refreshes, so twice a second: sorting 10,000 rows costs a frame


BARS_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 1
"""Gives `Bars`, or None."""
BUTTONS_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 2
"""Gives the `RowButton`s of a row."""


@dataclass(frozen=True, slots=True)
class Bars:
    """Two ratios of the whole, from 0 to 1, to be drawn one over the other; `planned` is None where nothing is."""

    planned: float | None
    done: float


@dataclass(frozen=True, slots=True)
class RowButton:
    """Something that can be done with a row by one click in it."""

    name: str
    glyph: str
    tip: str


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """How one column of a list is read from a row.

    Args:
        header: What stands above it.
        text: What is shown.
        sort_key: What it is sorted by; None sorts by the text.
        is_number: Numbers stand at the right, so that digits are below one another; a quick filter leaves them out.
        tone: Of the text, or None for the usual one.
        tooltip: More than fits; None shows the text itself.
        sample: The widest text that is to be readable without a tooltip; it sets the width.
        exact: What is exported in place of the text.
        bars: What is drawn behind the text.
        buttons: What is drawn in place of the text.
    """

    header: str
    text: Callable[[R], str]
    sort_key: Callable[[R], SortKey] | None = None
    is_number: bool = False
    tone: Callable[[R], Tone | None] | None = None
    tooltip: Callable[[R], str] | None = None
    sample: str = ""
    exact: Callable[[R], Exact] | None = None
    bars: Callable[[R], Bars | None] | None = None
    buttons: Callable[[R], tuple[RowButton, ...]] | None = None

    def key_of(self, row: R) -> SortKey:
        """Return what a row is sorted by."""
        return self.sort_key(row) if self.sort_key is not None else self.text(row)

    def exact_of(self, row: R) -> Exact:
        """Return what is exported of a row."""
        return self.exact(row) if self.exact is not None else self.text(row)

    def seen(self, row: R, role: int) -> object:
        """Return what Qt asks of a cell: text, side, colour or tooltip; None for anything else."""
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.text(row)
            case Qt.ItemDataRole.TextAlignmentRole:
                return alignment(self.is_number)
            case Qt.ItemDataRole.ForegroundRole:
                tone = self.tone(row) if self.tone is not None else None
                return ink(tone) if tone else None
            case Qt.ItemDataRole.ToolTipRole:
                return self.tooltip(row) if self.tooltip is not None else self.text(row)
            case _ if role == BARS_ROLE:
                return self.bars(row) if self.bars is not None else None
            case _ if role == BUTTONS_ROLE:
                return self.buttons(row) if self.buttons is not None else ()
        return None

    def header_seen(self, role: int) -> object:
        """Return what Qt asks of the heading."""
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.header
            case Qt.ItemDataRole.TextAlignmentRole:
                return alignment(self.is_number)
        return None


def alignment(is_number: bool) -> Qt.AlignmentFlag:
    """Return where the text of a cell stands."""
    horizontal = Qt.AlignmentFlag.AlignRight if is_number else Qt.AlignmentFlag.AlignLeft
    return horizontal | Qt.AlignmentFlag.AlignVCenter


def greyed(columns: Sequence[Column[R]], is_grey: Callable[[R], bool]) -> tuple[Column[R], ...]:
    """Return columns whose text is muted in the rows for which this is true: they wait for something."""
    return tuple(replace(column, tone=_greyed_tone(column, is_grey)) for column in columns)


def _greyed_tone(column: Column[R], is_grey: Callable[[R], bool]) -> Callable[[R], Tone | None]:
    usual = column.tone
    return lambda row: Tone.MUTED if is_grey(row) else None if usual is None else usual(row)
