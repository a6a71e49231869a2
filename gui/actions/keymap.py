"""Which keys do what: the usual keys of the catalogue, with those that a person chose instead."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from PySide6.QtGui import QKeySequence

from gui.actions.catalogue import ActionEntry, ActionId, settings_name
from gui.translation import translate

_MODIFIERS: Final = ("Ctrl+", "Alt+", "Meta+")


@dataclass(frozen=True, slots=True)
class Keymap:
    """The keys of every action.

    Attributes:
        usual: What the catalogue says.
        chosen: Portable key sequences by `settings_name`; an action that is not named keeps its usual keys, an empty
            tuple leaves it without.
    """

    usual: Mapping[ActionId, ActionEntry]
    chosen: Mapping[str, tuple[str, ...]]

    def keys_of(self, action: ActionId) -> tuple[str, ...]:
        """Return the portable key sequences of an action, the one that is shown first.

        Usual keys that a person gave to something else are not among them: Qt would then do neither.
        """
        own = self.chosen.get(settings_name(action))
        if own is not None:
            return own
        taken = [keys for each in self.chosen.values() for keys in each]
        return tuple(keys for keys in self.usual[action].keys if not any(_clash(keys, each) for each in taken))

    def shown_keys_of(self, action: ActionId) -> str:
        """Return the keys as this platform writes them; empty when there are none."""
        return ", ".join(native_text(keys) for keys in self.keys_of(action))

    def rebound(self, action: ActionId, keys: tuple[str, ...]) -> "Keymap":
        """Return a keymap in which the action has these keys; its usual ones are not written down as chosen."""
        chosen = {name: each for name, each in self.chosen.items() if name != settings_name(action)}
        if keys != self.usual[action].keys:
            chosen[settings_name(action)] = keys
        return Keymap(self.usual, chosen)

    def objection(self, action: ActionId, keys: str) -> str:
        """Say in words why the action cannot have a key sequence; empty when it can."""
        if not keys:
            return ""
        first = keys.split(", ", maxsplit=1)[0]
        if not first.startswith(_MODIFIERS) and not _is_function_key(first):
            return translate(
                "Keys", "{keys} alone would be taken from text fields and charts: add Ctrl or Alt, or use F1 to F12."
            ).format(keys=native_text(first))
        for other, entry in self.usual.items():
            if other == action:
                continue
            for taken in self.keys_of(other):
                if _clash(keys, taken):
                    return translate(
                        "Keys", "{keys} already does: {action}. Give that other keys first, or choose different ones."
                    ).format(keys=native_text(taken), action=entry.text)
        return ""


def native_text(keys: str) -> str:
    """Return a portable key sequence as this platform writes it."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def _clash(one: str, other: str) -> bool:
    """Tell whether two sequences are equal, or one begins with the other: it would never be reached."""
    ones, others = one.split(", "), other.split(", ")
    shared = min(len(ones), len(others))
    return ones[:shared] == others[:shared]


def _is_function_key(keys: str) -> bool:
    last = keys.removeprefix("Shift+")
    return last.startswith("F") and last[1:].isdigit()
