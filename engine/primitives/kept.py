"""What a worker may keep over a restart: plain values that JSON can hold, written as text and read back unchanged."""

import json
from collections.abc import Mapping, Sequence
from math import isfinite
from types import MappingProxyType
from typing import Final, TypeAlias

from engine.primitives.errors import PluginError

Keepable: TypeAlias = "bool | int | float | str | Sequence[Keepable] | Mapping[str, Keepable] | None"
"""A value that can be kept. Money and times are kept as text (``str(value)``) or as whole numbers of their smallest unit."""

KEPT_BYTES_MAX: Final = 65_536
"""Most that one worker may keep. State is written with every flow that changes it: a history belongs in the journal."""


def kept_text(values: Mapping[str, Keepable]) -> str:
    """Return the one text of these values, in plain ASCII: equal values always give equal text.

    Raises:
        PluginError: something in it cannot be kept (names the place), or it is larger than `KEPT_BYTES_MAX`.
    """
    if not isinstance(values, Mapping):
        raise PluginError("What is kept is a mapping of names to values.", got=type(values).__name__)
    text = json.dumps(_plain(values, "the state"), sort_keys=True, separators=(",", ":"))
    if len(text) > KEPT_BYTES_MAX:
        raise PluginError(
            "A worker keeps too much: keep what the next decision needs, not a history.",
            bytes=len(text),
            allowed=KEPT_BYTES_MAX,
        )
    return text


def kept_values(text: str) -> Mapping[str, Keepable]:
    """Return the values of a text that `kept_text` has made. Nobody can change them: lists come back as tuples.

    Raises:
        PluginError: it is no such text.
    """
    try:
        values = json.loads(text)
    except ValueError as error:
        raise PluginError("What was kept cannot be read.", text=text[:80]) from error
    if not isinstance(values, dict):
        raise PluginError("What was kept is no mapping of names to values.", got=type(values).__name__)
    return MappingProxyType({name: _frozen(value) for name, value in values.items()})


def _plain(value: object, at: str) -> object:
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            if isfinite(value):
                return value
            raise PluginError("Infinity and NaN cannot be kept: leave the value out instead.", at=at)
        case Mapping():
            nameless = [key for key in value if not isinstance(key, str)]
            if nameless:
                raise PluginError(
                    "Names in what is kept are text: write str(name).", at=at, name=nameless[0], got=_type(nameless[0])
                )
            return {key: _plain(each, f"{at}[{key!r}]") for key, each in value.items()}
        case list() | tuple():
            return [_plain(each, f"{at}[{place}]") for place, each in enumerate(value)]
        case _:
            raise PluginError(
                "This cannot be kept: keep text, numbers, true or false, None, and lists and mappings of them. "
                "Write a Decimal as str(value), a time as its nanoseconds.",
                at=at,
                got=_type(value),
            )


def _type(value: object) -> str:
    return type(value).__name__


def _frozen(value: object) -> Keepable:
    match value:
        case dict():
            return MappingProxyType({name: _frozen(each) for name, each in value.items()})
        case list():
            return tuple(_frozen(each) for each in value)
        case None | bool() | int() | float() | str():
            return value
        case _:
            raise AssertionError(f"JSON has no {_type(value)}")
