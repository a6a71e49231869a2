"""The colours and distances of the window, named for what they mean."""

from dataclasses import dataclass
from typing import Final

from engine.contracts.commands import TradingState
from engine.contracts.flows import OutcomeKind
from engine.ports.session import Mode, SessionState


@dataclass(frozen=True, slots=True)
class Tokens:
    """One theme. Colours are ``#rrggbb``; text on `window`, `panel` and `raised` has a contrast of at least 4.5 : 1."""

    window: str = "#12151a"
    panel: str = "#181c23"
    raised: str = "#222832"
    hover: str = "#2b323e"
    border: str = "#2e3541"
    grid: str = "#20252e"
    text: str = "#dde2ea"
    muted: str = "#94a0b2"
    disabled: str = "#6c7686"
    accent: str = "#5aa5f5"
    selection: str = "#274a70"
    rise: str = "#35b597"
    fall: str = "#ee6a63"
    warning: str = "#e3ab45"
    danger: str = "#c23b35"
    danger_hover: str = "#d64a43"
    on_colour: str = "#ffffff"
    live: str = "#c23b35"
    paper: str = "#2f7fd0"
    replay: str = "#8a63c9"
    backtest: str = "#6b7788"
    demo: str = "#e3ab45"
    on_demo: str = "#1b1404"
    studies: tuple[str, ...] = ("#5aa5f5", "#e3ab45", "#c18bf0", "#4fc3d9", "#f08fb8", "#9fc75a", "#e8875a", "#a3b1c6")
    categories: tuple[str, ...] = (
        "#2c5f8a",
        "#8a6a24",
        "#5f4486",
        "#2c6a5c",
        "#8a4560",
        "#566b2c",
        "#7a4a30",
        "#4b5768",
    )


DARK: Final = Tokens()
"""The theme of the window."""

SPACE: Final = 8
"""The distance between things that belong together, in pixels; others are multiples of it."""


def mode_colour(mode: Mode) -> str:
    """Return the colour of the frame around a window that trades in this mode."""
    return {Mode.LIVE: DARK.live, Mode.PAPER: DARK.paper, Mode.REPLAY: DARK.replay, Mode.BACKTEST: DARK.backtest}[mode]


def outcome_colour(kind: OutcomeKind) -> str:
    """Return the colour in which the outcome of a flow is written, always beside its name."""
    return {
        OutcomeKind.EXECUTED: DARK.rise,
        OutcomeKind.NO_OPPORTUNITY: DARK.muted,
        OutcomeKind.REJECTED: DARK.warning,
        OutcomeKind.FAILED: DARK.fall,
    }[kind]


def session_colour(state: SessionState) -> str:
    """Return the colour in which a session's state is written."""
    return {
        SessionState.READY: DARK.muted,
        SessionState.RUNNING: DARK.rise,
        SessionState.PAUSED: DARK.warning,
        SessionState.STOPPED: DARK.muted,
        SessionState.FAILED: DARK.fall,
    }[state]


def trading_colour(state: TradingState) -> str:
    """Return the colour in which the trading state is written."""
    return {
        TradingState.ACTIVE: DARK.rise,
        TradingState.REDUCING: DARK.warning,
        TradingState.HALTED: DARK.fall,
    }[state]
