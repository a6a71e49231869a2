"""The colours and distances of the window, named for what they mean. What a tone looks like is the theme's choice."""

from collections.abc import Mapping
from enum import Enum, StrEnum
from typing import Final

from engine.contracts.commands import TradingState
from engine.contracts.flows import OutcomeKind
from engine.ports.session import SessionState

SPACE: Final = 8
"""The distance between things that belong together, in pixels; others are multiples of it."""


class Tone(StrEnum):
    """What a colour means. The value is the name by which the style sheet knows it."""

    WINDOW = "window"
    PANEL = "panel"
    RAISED = "raised"
    HOVER = "hover"
    BORDER = "border"
    GRID = "grid"
    TEXT = "text"
    MUTED = "muted"
    DISABLED = "disabled"
    ACCENT = "accent"
    SELECTION = "selection"
    ON_SELECTION = "on-selection"
    RISE = "rise"
    FALL = "fall"
    RISE_DIM = "rise-dim"
    FALL_DIM = "fall-dim"
    WARNING = "warning"
    DANGER = "danger"
    DANGER_HOVER = "danger-hover"
    ON_COLOUR = "on-colour"
    LIVE = "live"
    PAPER = "paper"
    REPLAY = "replay"
    BACKTEST = "backtest"
    DEMO = "demo"
    ON_DEMO = "on-demo"
    STUDY_1 = "study-1"
    STUDY_2 = "study-2"
    STUDY_3 = "study-3"
    STUDY_4 = "study-4"
    STUDY_5 = "study-5"
    STUDY_6 = "study-6"
    STUDY_7 = "study-7"
    STUDY_8 = "study-8"
    CATEGORY_1 = "category-1"
    CATEGORY_2 = "category-2"
    CATEGORY_3 = "category-3"
    CATEGORY_4 = "category-4"
    CATEGORY_5 = "category-5"
    CATEGORY_6 = "category-6"
    CATEGORY_7 = "category-7"
    CATEGORY_8 = "category-8"


STUDIES: Final = tuple(tone for tone in Tone if tone.startswith("study-"))
"""The tones of enriched columns, one after the other."""
CATEGORIES: Final = tuple(tone for tone in Tone if tone.startswith("category-"))
"""The tones of the values of a category column; each is darker than the study tone of the same place."""

Theme = Mapping[Tone, str]
"""A colour, ``#rrggbb``, for every tone. Text on WINDOW, PANEL and RAISED has a contrast of at least 4.5 : 1."""

DARK: Final[Theme] = {
    Tone.WINDOW: "#12151a",
    Tone.PANEL: "#181c23",
    Tone.RAISED: "#222832",
    Tone.HOVER: "#2b323e",
    Tone.BORDER: "#2e3541",
    Tone.GRID: "#20252e",
    Tone.TEXT: "#dde2ea",
    Tone.MUTED: "#94a0b2",
    Tone.DISABLED: "#6c7686",
    Tone.ACCENT: "#5aa5f5",
    Tone.SELECTION: "#274a70",
    Tone.ON_SELECTION: "#ffffff",
    Tone.RISE: "#35b597",
    Tone.FALL: "#ee6a63",
    Tone.RISE_DIM: "#2a6f62",
    Tone.FALL_DIM: "#8a4744",
    Tone.WARNING: "#e3ab45",
    Tone.DANGER: "#c23b35",
    Tone.DANGER_HOVER: "#d64a43",
    Tone.ON_COLOUR: "#ffffff",
    Tone.LIVE: "#c23b35",
    Tone.PAPER: "#2f7fd0",
    Tone.REPLAY: "#8a63c9",
    Tone.BACKTEST: "#6b7788",
    Tone.DEMO: "#e3ab45",
    Tone.ON_DEMO: "#1b1404",
    Tone.STUDY_1: "#5aa5f5",
    Tone.STUDY_2: "#e3ab45",
    Tone.STUDY_3: "#c18bf0",
    Tone.STUDY_4: "#4fc3d9",
    Tone.STUDY_5: "#f08fb8",
    Tone.STUDY_6: "#9fc75a",
    Tone.STUDY_7: "#e8875a",
    Tone.STUDY_8: "#a3b1c6",
    Tone.CATEGORY_1: "#2c5f8a",
    Tone.CATEGORY_2: "#8a6a24",
    Tone.CATEGORY_3: "#5f4486",
    Tone.CATEGORY_4: "#2c6a5c",
    Tone.CATEGORY_5: "#8a4560",
    Tone.CATEGORY_6: "#566b2c",
    Tone.CATEGORY_7: "#7a4a30",
    Tone.CATEGORY_8: "#4b5768",
}
"""Light on dark: for rooms with little light, and for many screens at once."""

LIGHT: Final[Theme] = {
    Tone.WINDOW: "#e9edf2",
    Tone.PANEL: "#ffffff",
    Tone.RAISED: "#f3f5f8",
    Tone.HOVER: "#e2e7ee",
    Tone.BORDER: "#c4ccd8",
    Tone.GRID: "#eceff3",
    Tone.TEXT: "#17202b",
    Tone.MUTED: "#4f5b6d",
    Tone.DISABLED: "#8a94a3",
    Tone.ACCENT: "#135fb4",
    Tone.SELECTION: "#cfe2f9",
    Tone.ON_SELECTION: "#17202b",
    Tone.RISE: "#0a6e53",
    Tone.FALL: "#b92f28",
    Tone.RISE_DIM: "#85b7a9",
    Tone.FALL_DIM: "#dc9794",
    Tone.WARNING: "#865300",
    Tone.DANGER: "#b92f28",
    Tone.DANGER_HOVER: "#a12721",
    Tone.ON_COLOUR: "#ffffff",
    Tone.LIVE: "#b92f28",
    Tone.PAPER: "#1d66b0",
    Tone.REPLAY: "#7148b0",
    Tone.BACKTEST: "#5a6677",
    Tone.DEMO: "#e3ab45",
    Tone.ON_DEMO: "#1b1404",
    Tone.STUDY_1: "#135fb4",
    Tone.STUDY_2: "#996200",
    Tone.STUDY_3: "#7d3fb8",
    Tone.STUDY_4: "#0b7286",
    Tone.STUDY_5: "#b3336f",
    Tone.STUDY_6: "#4f7411",
    Tone.STUDY_7: "#b34a17",
    Tone.STUDY_8: "#556377",
    Tone.CATEGORY_1: "#8fbbe4",
    Tone.CATEGORY_2: "#e2c07a",
    Tone.CATEGORY_3: "#c3a8e3",
    Tone.CATEGORY_4: "#93ccbf",
    Tone.CATEGORY_5: "#e6a9c3",
    Tone.CATEGORY_6: "#bdd08d",
    Tone.CATEGORY_7: "#e3b598",
    Tone.CATEGORY_8: "#b7c0cd",
}
"""Dark on light: for bright rooms and for print."""


class Preset(Enum):
    """Which colours rise and fall have: those of a dark theme, then those of a light one.

    BLUE_ORANGE can be told apart with every kind of colour blindness; RED_GREEN is the custom of East Asia.
    """

    TEAL_RED = (("#35b597", "#ee6a63"), ("#0a6e53", "#b92f28"))
    BLUE_ORANGE = (("#56a4f0", "#f0963c"), ("#0f5fae", "#a24d00"))
    GREEN_RED = (("#92e29c", "#ee6a63"), ("#1a7030", "#b92f28"))
    RED_GREEN = (("#ee6a63", "#92e29c"), ("#b92f28", "#1a7030"))


def themed(theme: Theme, preset: Preset) -> Theme:
    """Return a theme with the rise and fall of a preset."""
    rise, fall = preset.value[0 if theme is DARK else 1]
    ground = theme[Tone.PANEL]
    dim = {Tone.RISE_DIM: _mixed(rise, ground), Tone.FALL_DIM: _mixed(fall, ground)}
    return {**theme, Tone.RISE: rise, Tone.FALL: fall, **dim}


def _mixed(colour: str, ground: str) -> str:
    """Return a colour halfway to the ground that it is painted on; blending at each paint costs ten times as much."""
    parts = (int(colour[at : at + 2], 16) + int(ground[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{part // 2:02x}" for part in parts)


def outcome_tone(kind: OutcomeKind) -> Tone:
    """Return the tone in which the outcome of a flow is written, always beside its name."""
    return {
        OutcomeKind.EXECUTED: Tone.RISE,
        OutcomeKind.NO_OPPORTUNITY: Tone.MUTED,
        OutcomeKind.REJECTED: Tone.WARNING,
        OutcomeKind.FAILED: Tone.FALL,
    }[kind]


def session_tone(state: SessionState) -> Tone:
    """Return the tone in which a session's state is written."""
    return {
        SessionState.READY: Tone.MUTED,
        SessionState.RUNNING: Tone.RISE,
        SessionState.PAUSED: Tone.WARNING,
        SessionState.STOPPED: Tone.MUTED,
        SessionState.FAILED: Tone.FALL,
    }[state]


def trading_tone(state: TradingState) -> Tone:
    """Return the tone in which the trading state is written."""
    return {
        TradingState.ACTIVE: Tone.RISE,
        TradingState.REDUCING: Tone.WARNING,
        TradingState.HALTED: Tone.FALL,
    }[state]
