"""The single values of a file as a form shows them: what is written, what may be, and what it means."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from json import dumps
from pathlib import Path

from engine.config.base import KeyPath
from engine.config.findings import ConfigRefused
from engine.config.shape import Shape
from engine.config.source import SourceFile


class SettingKind(Enum):
    """How a value is asked for."""

    FLAG = "true or false"
    CHOICE = "one of a few words"
    NUMBER = "a number"
    TEXT = "text"
    LIST = "several values on one line"


@dataclass(frozen=True, slots=True)
class Setting:
    """One value of a file, as a person types it: text as it is, everything else as YAML on one line.

    `written` is empty where the file says nothing and `default` holds; `default` is empty where something must be written.
    """

    at: KeyPath
    kind: SettingKind
    written: str
    default: str
    expects: str
    """What may stand here, with its bounds."""
    choices: tuple[str, ...]
    description: str

    def as_yaml(self, typed: str) -> str:
        """Return what a person typed as it is to be written into the file."""
        return text_of(typed) if self.kind is SettingKind.TEXT else typed

    @property
    def name(self) -> str:
        """The key, or the number of the item."""
        return str(self.at[-1])


_KINDS = (
    (frozenset({"boolean"}), SettingKind.FLAG),
    (frozenset({"number", "integer"}), SettingKind.NUMBER),
    (frozenset({"string"}), SettingKind.TEXT),
)


def settings_of(
    shape: Shape, content: object, at: KeyPath, *, leave_out: frozenset[str] = frozenset()
) -> Iterator[Setting]:
    """Return every single value of a part of a file, in the model's order; keys that it allows and lacks are among them.

    Args:
        shape: What may stand there.
        content: What stands there; None where nothing does.
        at: Where it stands.
        leave_out: Keys that are asked for elsewhere.
    """
    if content is None and "object" in shape.kinds and "null" in shape.kinds:
        return  # a part that need not be there, and is not
    if shape.keys:
        part = content if isinstance(content, Mapping) else {}
        for key in shape.keys:
            if key not in leave_out:
                yield from settings_of(shape.at(key), part.get(key), (*at, key))
    elif (shape.is_open and not shape.kinds - {"object", "null"}) or (not shape.kinds and isinstance(content, Mapping)):
        for key, item in (content if isinstance(content, Mapping) else {}).items():
            yield from settings_of(shape.at(key), item, (*at, key))
    elif isinstance(content, list) and any(isinstance(item, Mapping) for item in content):
        for place, item in enumerate(content):
            yield from settings_of(shape.at(place), item, (*at, place))
    else:
        kind = _kind_of(shape)
        yield Setting(
            at=at,
            kind=kind,
            written=_shown(content, kind),
            default=_shown(shape.default, kind),
            expects=shape.words,
            choices=shape.choices,
            description=shape.description,
        )


def text_of(value: object) -> str:
    """Return a value as YAML on one line: plain where that is read as the same, else as JSON, which is YAML too."""
    if isinstance(value, str):
        return value if _is_plain(value) else dumps(value, ensure_ascii=False)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(text_of, value))}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {text_of(item)}' for key, item in value.items())}}}"
    return dumps(value)


def _shown(value: object, kind: SettingKind) -> str:
    if value is None:
        return ""
    return value if kind is SettingKind.TEXT and isinstance(value, str) else text_of(value)


def _is_plain(text: str) -> bool:
    """Tell whether a text without quotes is read as that text, also within a list."""
    if not text or set(text) & set(",[]{}#\n"):
        return False
    try:
        return SourceFile(Path(), f"value: {text}\n").content == {"value": text}
    except ConfigRefused:
        return False


def _kind_of(shape: Shape) -> SettingKind:
    if shape.choices:
        return SettingKind.CHOICE
    kinds = shape.kinds - {"null"}
    if "array" in kinds or "object" in kinds:
        return SettingKind.LIST
    return next((kind for known, kind in _KINDS if kinds and kinds <= known), SettingKind.TEXT)
