"""The page of the preferences for colours, size and language."""

from enum import StrEnum
from typing import Final, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from gui.preferences.settings import SCALE_MAX, SCALE_MIN, Language, PresetChoice, Settings, ThemeChoice
from gui.theme.tokens import SPACE
from gui.translation import translate

_SCALE_STEP: Final = 10
W = TypeVar("W", bound=StrEnum)


class AppearancePage(QWidget):
    """Theme, colours of rise and fall, size and language; each choice is worn at once."""

    settings_changed = Signal(object)  # Settings, whose keys are those of before

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.theme = _choice(_theme_words(), settings.theme, self.tr("Theme"), self)
        self.preset = _choice(_preset_words(), settings.preset, self.tr("Rise and fall"), self)
        self.language = _choice(_language_words(), settings.language, self.tr("Language"), self)
        self.scale = QSlider(Qt.Orientation.Horizontal, self)
        self.scale.setAccessibleName(self.tr("Size of letters in per cent"))
        self.scale.setRange(SCALE_MIN // _SCALE_STEP, SCALE_MAX // _SCALE_STEP)
        self.scale.setPageStep(2)
        self.scale.setValue(round(settings.scale_percent / _SCALE_STEP))
        self.scale.setTracking(False)  # dressing the whole window takes longer than a step of the mouse
        self.percent = QLabel(f"{settings.scale_percent} %", self)
        self._lay_out()
        self.theme.currentIndexChanged.connect(self._on_changed)
        self.preset.currentIndexChanged.connect(self._on_changed)
        self.language.currentIndexChanged.connect(self._on_changed)
        self.scale.valueChanged.connect(self._on_changed)
        self.scale.sliderMoved.connect(self._show_percent)

    def _on_changed(self, _value: int) -> None:
        self._show_percent(self.scale.value())
        self._settings = self._settings.model_copy(
            update={
                "theme": ThemeChoice(self.theme.currentData()),
                "preset": PresetChoice(self.preset.currentData()),
                "language": Language(self.language.currentData()),
                "scale_percent": self.scale.value() * _SCALE_STEP,
            }
        )
        self.settings_changed.emit(self._settings)

    def _show_percent(self, steps: int) -> None:
        self.percent.setText(f"{steps * _SCALE_STEP} %")

    def _lay_out(self) -> None:
        size = QHBoxLayout()
        size.setSpacing(SPACE)
        size.addWidget(self.scale, 1)
        size.addWidget(self.percent)
        hint = QLabel(
            self.tr(
                "Menus, dialogs and tabs change their language at once; panels that are open, with the next session."
            ),
            self,
        )
        hint.setProperty("role", "hint")
        hint.setWordWrap(True)
        form = QFormLayout()
        form.setSpacing(SPACE)
        for text, field in (
            (self.tr("&Theme"), self.theme),
            (self.tr("&Rise and fall"), self.preset),
            (self.tr("&Language"), self.language),
        ):
            form.addRow(text, field)
        form.addRow(self.tr("&Size"), size)
        label = form.labelForField(size)
        if isinstance(label, QLabel):
            label.setBuddy(self.scale)
        box = QVBoxLayout(self)
        box.setSpacing(2 * SPACE)
        box.addLayout(form)
        box.addWidget(hint)
        box.addStretch(1)


def _choice(words: dict[W, str], chosen: W, name: str, parent: QWidget) -> QComboBox:
    box = QComboBox(parent)
    box.setAccessibleName(name)
    for value, text in words.items():
        box.addItem(text, value.value)
    box.setCurrentIndex(list(words).index(chosen))
    return box


def _theme_words() -> dict[ThemeChoice, str]:
    return {
        ThemeChoice.DARK: translate("Preferences", "Dark"),
        ThemeChoice.LIGHT: translate("Preferences", "Light"),
        ThemeChoice.SYSTEM: translate("Preferences", "As the desktop has it"),
    }


def _preset_words() -> dict[PresetChoice, str]:
    return {
        PresetChoice.TEAL_RED: translate("Preferences", "Teal and red"),
        PresetChoice.BLUE_ORANGE: translate("Preferences", "Blue and orange: for every kind of colour vision"),
        PresetChoice.GREEN_RED: translate("Preferences", "Green and red"),
        PresetChoice.RED_GREEN: translate("Preferences", "Red and green: the custom of East Asia"),
    }


def _language_words() -> dict[Language, str]:
    return {
        Language.SYSTEM: translate("Preferences", "As the desktop has it"),
        Language.ENGLISH: "English",  # each language by its own name
        Language.DUTCH: "Nederlands",
    }
