"""wiring_map.yaml: event -> subscribers, in the architecture document's own format."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from engine.config.base import ConfigModel
from engine.config.loading import load
from engine.config.source import SourceFile, read_text
from engine.wiring.flow import EVENT_ROOMS

WHOLE_EVENT: Final = -1
"""In place of a subscriber's number: the entry of the event itself."""

Lines = Mapping[tuple[int, int], int]
"""The line (from 1) of each entry, by number of the event and number of the subscriber, both from 0."""


class Subscriber(ConfigModel):
    """One who hears: the worker's name in the wiring, and the method that is called."""

    worker: str
    method: str


class EventWiring(ConfigModel):
    """One event and everybody who hears it. Workers of one phase hear it in this order."""

    event: str
    subscribers: tuple[Subscriber, ...]


class WiringMap(ConfigModel):
    """The whole of wiring_map.yaml."""

    event_wirings: tuple[EventWiring, ...]


@dataclass(frozen=True, slots=True)
class LoadedWiring:
    """A map as it was read: its content, and where each entry stands."""

    wiring: WiringMap
    lines: Lines
    path: Path


def load_wiring_map(path: Path) -> LoadedWiring:
    """Read a map. Blocks on the disk.

    Raises:
        ConfigRefused: the file is not there or is no wiring map; says every mistake with its line.
    """
    return LoadedWiring(load(path, WiringMap), lines_of(read_text(path), path), path)


def lines_of(text: str, path: Path) -> Lines:
    """Return where each entry of a map stands in its text.

    Raises:
        ConfigRefused: the text is not YAML.
    """
    source = SourceFile(path, text)
    lines: dict[tuple[int, int], int] = {}
    entries = source.part(("event_wirings",))
    for number, _ in enumerate(entries if isinstance(entries, list) else ()):
        at = ("event_wirings", number)
        lines[number, WHOLE_EVENT] = source.line_of(at)
        subscribers = source.part((*at, "subscribers"))
        for place, _ in enumerate(subscribers if isinstance(subscribers, list) else ()):
            lines[number, place] = source.line_of((*at, "subscribers", place))
    return lines


def wiring_text(wiring: WiringMap, *, title: str = "wiring_map.yaml") -> str:
    """Return a map as YAML in the document's style: quoted names, two spaces, a comment where a new room begins."""
    lines = [f"# {title}", "event_wirings:"] if wiring.event_wirings else [f"# {title}", "event_wirings: []"]
    room = ""
    for entry in wiring.event_wirings:
        if room:
            lines.append("")
        if EVENT_ROOMS.get(entry.event, room) != room:
            room = EVENT_ROOMS[entry.event]
            lines.append(f"  # {room}")
        lines.append(f"  - event: {_quoted(entry.event)}")
        lines.append("    subscribers:" if entry.subscribers else "    subscribers: []")
        for subscriber in entry.subscribers:
            lines.append(f"      - worker: {_quoted(subscriber.worker)}")
            lines.append(f"        method: {_quoted(subscriber.method)}")
    return "\n".join(lines) + "\n"


def wiring_hash(wiring: WiringMap) -> str:
    """Return 16 hex digits that are the same for the same wiring, whatever its comments and the order of its events.

    The order of the subscribers of one event counts: workers of one phase are called in it.
    """
    entries = sorted(wiring.event_wirings, key=lambda entry: entry.event)
    content = [[entry.event, [[one.worker, one.method] for one in entry.subscribers]] for entry in entries]
    return sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()[:16]


def _quoted(name: str) -> str:
    # A JSON string is a double-quoted YAML scalar.
    return json.dumps(name, ensure_ascii=False)
