"""What a person chose for the window, as it stands in the settings file."""

from enum import StrEnum
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from engine.config.places import Places
from gui.theme.tokens import Preset

SCALE_MIN: Final = 80
SCALE_MAX: Final = 200


class ThemeChoice(StrEnum):
    """Light on dark, dark on light, or as the desktop has it."""

    DARK = "dark"
    LIGHT = "light"
    SYSTEM = "system"


class Language(StrEnum):
    """The language of the window; SYSTEM takes the desktop's where we speak it, else English."""

    SYSTEM = "system"
    ENGLISH = "en"
    DUTCH = "nl"


class PresetChoice(StrEnum):
    """The colours of rise and fall by the name of their `Preset`."""

    TEAL_RED = "teal-red"
    BLUE_ORANGE = "blue-orange"
    GREEN_RED = "green-red"
    RED_GREEN = "red-green"

    @property
    def preset(self) -> Preset:
        """The preset itself."""
        return Preset[self.name]


class Settings(BaseModel):
    """All that is chosen in the preferences. A key that we do not know, from a newer version, is left out."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    version: Literal[1] = 1
    theme: ThemeChoice = ThemeChoice.DARK
    preset: PresetChoice = PresetChoice.TEAL_RED
    scale_percent: int = Field(default=100, ge=SCALE_MIN, le=SCALE_MAX)
    language: Language = Language.SYSTEM
    keys: dict[str, tuple[str, ...]] = Field(default_factory=dict)


def settings_path(places: Places) -> Path:
    """Return where the settings of the window are kept."""
    return places.config / "window.json"
