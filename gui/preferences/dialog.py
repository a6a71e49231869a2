"""The preferences: two pages, worn and kept as soon as something is chosen."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTabWidget, QVBoxLayout, QWidget

from gui.actions.keymap import Keymap
from gui.preferences.appearance_page import AppearancePage
from gui.preferences.keys_page import KeysPage
from gui.preferences.preferences import Preferences
from gui.preferences.settings import Settings
from gui.theme.tokens import SPACE


class PreferencesDialog(QDialog):
    """Appearance and keys. There is nothing to confirm: what is chosen holds."""

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self.setWindowTitle(self.tr("Preferences"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(760, 560)
        self.appearance = AppearancePage(preferences.settings, self)
        self.keys = KeysPage(preferences.keymap, self)
        self.pages = QTabWidget(self)
        self.pages.setAccessibleName(self.tr("Pages of the preferences"))
        self.pages.addTab(self.appearance, self.tr("Appearance"))
        self.pages.addTab(self.keys, self.tr("Keys"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        box = QVBoxLayout(self)
        box.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        box.setSpacing(SPACE)
        box.addWidget(self.pages)
        box.addWidget(buttons)
        self.appearance.settings_changed.connect(self._on_settings_changed)
        self.keys.rebound.connect(self._on_rebound)

    def _on_settings_changed(self, settings: Settings) -> None:
        keys = self._preferences.settings.keys
        self._preferences.change(settings.model_copy(update={"keys": keys}))

    def _on_rebound(self, keymap: Keymap) -> None:
        settings = self._preferences.settings
        self._preferences.change(settings.model_copy(update={"keys": dict(keymap.chosen)}))
