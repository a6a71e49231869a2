"""What a person looks at, so that charts and tables can look at the same."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody clicked. A field is empty where the click says nothing about it.

    `from_ns` and `to_ns` are the open and close of the bar, UTC nanoseconds; a flow is born at the close of its bar.
    """

    strategy_id: str = ""
    symbol: str = ""
    from_ns: int | None = None
    to_ns: int | None = None
    flow_id: str = ""
    trade_id: str = ""
    order_id: str = ""


class Focus(QObject):
    """Tells every panel which instant the pointer is at, and what was chosen; it decides nothing and asks nothing."""

    instant_pointed = Signal(object)  # int, UTC nanoseconds; None when the pointer is nowhere
    chosen = Signal(object)  # Chosen

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._at_ns: int | None = None
        self._choice: Chosen | None = None

    @property
    def at_ns(self) -> int | None:
        """The instant that the pointer is at, UTC nanoseconds."""
        return self._at_ns

    @property
    def choice(self) -> Chosen | None:
        """What was chosen last; None before anything was."""
        return self._choice

    def point_at(self, at_ns: int | None) -> None:
        """Tell that the pointer is at an instant, or nowhere."""
        if at_ns != self._at_ns:
            self._at_ns = at_ns
            self.instant_pointed.emit(at_ns)

    def choose(self, choice: Chosen) -> None:
        """Tell that this was clicked; the same may be clicked again."""
        self._choice = choice
        self.chosen.emit(choice)
