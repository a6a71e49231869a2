"""A YAML file as plain content that still knows its lines."""

from collections.abc import Iterable, Mapping
from copy import copy
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from engine.config.base import KeyPath
from engine.config.findings import ConfigFinding, ConfigRefused, nearest, path_text

_TAG: Final = "tag:yaml.org,2002:"
_SCALARS: Final = {f"{_TAG}{name}" for name in ("null", "bool", "int", "float")}
# A time stays text: the model that wants it knows its time zone rules better than YAML.
_TEXTS: Final = {f"{_TAG}{name}" for name in ("str", "timestamp")}
_COLLECTIONS: Final = {f"{_TAG}{name}" for name in ("map", "seq")}
_MERGE: Final = f"{_TAG}merge"


class SourceFile:
    """One parsed file: its content as plain dicts, lists and scalars, and the line of everything in it.

    Args:
        path: Where it was read; shown in findings.
        text: Its text.

    Raises:
        ConfigRefused: the text is not YAML, or not one mapping.
    """

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.findings: list[ConfigFinding] = []
        """What is wrong with the file as YAML although it can be read: keys written twice, foreign tags."""
        self._entries: dict[int, dict[str, tuple[Node, Node]]] = {}
        self._plain: dict[int, object] = {}
        self._open: set[int] = set()
        yaml = YAML(typ="safe", pure=True)
        self._root = self._compose(yaml, text)
        self._scalar = yaml.constructor.construct_object
        content = self._value(self._root, ())
        assert isinstance(content, dict)  # noqa: S101  # _compose lets only a mapping through
        self.content: Mapping[str, object] = content

    def line_of(self, at: KeyPath) -> int:
        """Return the line of a place, or of the nearest place around it that is in the file."""
        node, line = self._root, self._root.start_mark.line
        for step in at:
            found = self._child(node, step)
            if found is None:
                break
            node, line = found
        return int(line) + 1

    def part(self, at: KeyPath) -> object:
        """Return the content at a place, or None if it is not in the file."""
        part: Any = self.content
        for step in at:
            if not _has(part, step):
                return None
            part = part[step]
        return part

    def with_part(self, at: KeyPath, value: object) -> "SourceFile":
        """Return the same file as if it said something else at a place; mappings on the way there need not exist.

        Lines stay those of the file that was read.
        """
        other = copy(self)
        content = _replaced(self.content, at, value)
        assert isinstance(content, dict)  # noqa: S101  # the first step of a key path is a key
        other.content = content
        return other

    def existing(self, at: KeyPath, below: KeyPath) -> KeyPath:
        """Return a place and those steps below it that are in the file: pydantic's include names of union branches."""
        part: Any = self.part(at)
        steps: list[str | int] = [*at]
        for step in below:
            if _has(part, step):
                steps.append(step)
                part = part[step]
        return tuple(steps)

    def finding(
        self,
        at: KeyPath,
        problem: str,
        *,
        expected: str = "",
        written: str = "",
        known: Iterable[str] = (),
        what_to_do: str = "",
    ) -> ConfigFinding:
        """Return a finding about a place in this file.

        Args:
            at: The place; its line is that of the nearest place that is in the file.
            problem: What is wrong, no full stop.
            expected: What would be right.
            written: What the user wrote, to look for the nearest among `known`.
            known: The valid values.
            what_to_do: A full sentence.
        """
        return ConfigFinding(
            file=self.path,
            line=self.line_of(at),
            key_path=path_text(at),
            problem=problem,
            expected=expected,
            nearest=nearest(written, known),
            what_to_do=what_to_do,
        )

    def _compose(self, yaml: YAML, text: str) -> Node:
        try:
            root = yaml.compose(text)
        except MarkedYAMLError as error:
            raise ConfigRefused(self._syntax(error, text)) from error
        except YAMLError as error:
            problem = f"it is not YAML: {str(error).splitlines()[0]}"
            raise ConfigRefused([ConfigFinding(self.path, None, "", problem)]) from error
        if root is None:
            raise ConfigRefused(
                [ConfigFinding(self.path, None, "", "the file is empty", "a mapping of keys to values")]
            )
        if not isinstance(root, MappingNode):
            what = "a list" if isinstance(root, SequenceNode) else "a single value"
            line = root.start_mark.line + 1
            finding = ConfigFinding(self.path, line, "", f"the file is {what}", "a mapping of keys to values")
            raise ConfigRefused([finding])
        return root

    def _syntax(self, error: MarkedYAMLError, text: str) -> list[ConfigFinding]:
        tabs = [
            ConfigFinding(
                self.path,
                number,
                "",
                "the line is indented with a tab",
                "spaces",
                "",
                "Replace each tab by two spaces.",
            )
            for number, line in enumerate(text.splitlines(), start=1)
            if "\t" in line[: len(line) - len(line.lstrip())] and line.strip()
        ]
        if tabs and "\\t" in str(error.problem):
            return tabs
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (None, None)
        context = f"{error.context}: " if error.context else ""
        problem = f"this is not YAML, at column {column}: {context}{error.problem}"
        what_to_do = "Put a value that contains ': ' in quotes." if "mapping values" in str(error.problem) else ""
        return [ConfigFinding(self.path, line, "", problem, what_to_do=what_to_do)]

    def _child(self, node: Node, step: str | int) -> tuple[Node, int] | None:
        """Return the node under a step and the line a person would look at: the key's, or the item's first."""
        if isinstance(node, MappingNode) and isinstance(step, str):
            entry = self._entries.get(id(node), {}).get(step)
            return None if entry is None else (entry[1], entry[0].start_mark.line)
        if isinstance(node, SequenceNode) and isinstance(step, int) and 0 <= step < len(node.value):
            item = node.value[step]
            return item, item.start_mark.line
        return None

    def _value(self, node: Node, at: KeyPath) -> object:
        if id(node) in self._open:
            self._say(node, at, "it refers to something that contains itself")
            return None
        # An alias gives the node that it stands for; it is built once, so that aliases of aliases cost nothing.
        if id(node) not in self._plain:
            self._open.add(id(node))
            self._plain[id(node)] = self._built(node, at)
            self._open.discard(id(node))
        return self._plain[id(node)]

    def _built(self, node: Node, at: KeyPath) -> object:
        if isinstance(node, MappingNode) and node.tag in _COLLECTIONS:
            entries = self._entries_of(node, at)
            return {name: self._value(value, (*at, name)) for name, (_, value) in entries.items()}
        if isinstance(node, SequenceNode) and node.tag in _COLLECTIONS:
            return [self._value(item, (*at, place)) for place, item in enumerate(node.value)]
        if isinstance(node, ScalarNode) and node.tag in _TEXTS:
            return str(node.value)
        if isinstance(node, ScalarNode) and node.tag in _SCALARS:
            try:
                return self._scalar(node)
            except (ValueError, YAMLError):
                self._say(node, at, f"'{node.value}' cannot be read as {node.tag.removeprefix(_TAG)}")
                return None
        self._say(node, at, f"the tag {str(node.tag).replace(_TAG, '!!')} has no meaning here")
        return None

    def _entries_of(self, node: MappingNode, at: KeyPath) -> dict[str, tuple[Node, Node]]:
        entries: dict[str, tuple[Node, Node]] = {}
        merged: list[Node] = []
        for key, value in node.value:
            if key.tag == _MERGE:
                merged += value.value if isinstance(value, SequenceNode) else [value]
            elif not isinstance(key, ScalarNode):
                self._say(key, at, "a key is a list or a mapping", "a word")
            elif key.value in entries:
                first = entries[key.value][0].start_mark.line + 1
                second = key.start_mark.line + 1
                lines = f"in line {first} and in line {second}" if first != second else f"both in line {first}"
                problem = f"'{key.value}' is written twice, {lines}"
                self._say(key, (*at, key.value), problem, what_to_do="Keep one of the two.")
            else:
                entries[key.value] = (key, value)
        for source in merged:
            if not isinstance(source, MappingNode) or id(source) in self._open - {id(node)} or source is node:
                self._say(source, at, "'<<' takes in something that is not another mapping")
                continue
            for name, entry in self._entries_of(source, at).items():
                entries.setdefault(name, entry)
        self._entries[id(node)] = entries
        return entries

    def _say(self, node: Node, at: KeyPath, problem: str, expected: str = "", what_to_do: str = "") -> None:
        line = node.start_mark.line + 1
        finding = ConfigFinding(self.path, line, path_text(at), problem, expected, what_to_do=what_to_do)
        if finding not in self.findings:
            self.findings.append(finding)


def _replaced(part: object, at: KeyPath, value: object) -> object:
    """Return a copy of a part with something else at a place below it; nothing is changed in the part itself."""
    if not at:
        return value
    step, *below = at
    if isinstance(part, list) and isinstance(step, int):
        return [_replaced(item, tuple(below), value) if place == step else item for place, item in enumerate(part)]
    entries = part if isinstance(part, dict) else {}
    return {**entries, step: _replaced(entries.get(step), tuple(below), value)}


def _has(part: object, step: str | int) -> bool:
    if isinstance(part, dict):
        return step in part
    return isinstance(part, list) and isinstance(step, int) and 0 <= step < len(part)


def read_text(path: Path) -> str:
    """Return a file's text, without a byte order mark. Blocks on the disk.

    Raises:
        ConfigRefused: it is not there, not a file, not readable, or not UTF-8; says what lies beside it.
    """
    if path.is_dir():
        inside = sorted(file.name for file in path.glob("*.yaml"))
        expected = f"a file, like {', '.join(inside)} in it" if inside else "a file"
        raise ConfigRefused([ConfigFinding(path, None, "", "this is a folder", expected)])
    try:
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise ConfigRefused([missing_file(path)]) from error
    except OSError as error:
        problem = f"the file cannot be read: {error.strerror}"
        raise ConfigRefused([ConfigFinding(path, None, "", problem)]) from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        utf16 = raw[:2] in {b"\xff\xfe", b"\xfe\xff"}
        line = None if utf16 else raw.count(b"\n", 0, error.start) + 1
        problem = "the text is UTF-16" if utf16 else f"the byte 0x{raw[error.start]:02x} is not UTF-8 text"
        finding = ConfigFinding(path, line, "", problem, "UTF-8", "", "Save the file as UTF-8 in your editor.")
        raise ConfigRefused([finding]) from error


def missing_file(path: Path) -> ConfigFinding:
    """Return the finding that a file is not there, with the name beside it that is most like it."""
    folder = path.parent
    if not folder.is_dir():
        return ConfigFinding(path, None, "", "there is no such file, and not even its folder", f"the folder {folder}")
    beside = sorted(file.name for file in folder.iterdir() if file.is_file())
    yaml = [name for name in beside if name.endswith((".yaml", ".yml"))]
    expected = f"one of {', '.join(yaml)}" if yaml else ""
    by_stem = {Path(name).stem: name for name in yaml}
    near = by_stem.get(nearest(path.stem, by_stem), "")
    return ConfigFinding(path, None, "", "there is no such file", expected, near)
