"""One YAML file that a person changes value by value: everything else in it stays as it was written, byte for byte."""

from collections import Counter
from collections.abc import Sequence
from difflib import unified_diff
from pathlib import Path
from typing import Final

from yaml_edit import Mapping, ParseError, Scalar, YamlFile
from yaml_edit import Sequence as YamlList

from engine.config.base import KeyPath
from engine.config.findings import ConfigFinding, ConfigRefused, path_text
from engine.config.kept import write_whole
from engine.config.source import SourceFile
from engine.primitives.errors import ConfigError

_Node = Mapping | YamlList | Scalar
_BOM: Final = "\ufeff"
UNSAVED: Final = ".unsaved"
"""What is put behind the name of a file for its changes that were not saved."""


class EditedFile:
    """The text of a YAML file with the changes that were made to it; nothing is on the disk before `save`.

    Changes that were put aside when the program ended are there again, to be saved or taken back.

    Every change is checked with the reader of configuration files: it must change that one value and nothing else, or
    it is not made.

    Args:
        path: Of the file.

    Raises:
        ConfigRefused: it cannot be read, or is no YAML.
    """

    def __init__(self, path: Path) -> None:
        self.path: Final = path
        self._saved = _raw_text(path)
        self._texts = [self._saved]
        self._undone: list[str] = []
        self.source = self._read(self._saved)
        self._take_up()

    @property
    def text(self) -> str:
        """The whole file as it would be saved."""
        return self._texts[-1]

    @property
    def is_changed(self) -> bool:
        """Whether it differs from what is on the disk, as far as we know."""
        return self.text != self._saved

    @property
    def may_undo(self) -> bool:
        """Whether there is a change to take back."""
        return len(self._texts) > 1

    @property
    def may_redo(self) -> bool:
        """Whether a change was taken back."""
        return bool(self._undone)

    def put(self, at: KeyPath, written: str) -> None:
        """Write a value at a place: a scalar, or a list or mapping on one line. Keys that lead there may be missing.

        Raises:
            ConfigRefused: what was written is no YAML value, or it cannot stand there without changing more, or without the
            loss of comments.
        """
        value = self._value_of(at, written)
        after = YamlFile.parse(self.text)
        depth = next(depth for depth in range(len(at) - 1, -1, -1) if _node_at(after, at[:depth]) is not None)
        parent, missing = _node_at(after, at[:depth]), at[depth:]
        step = missing[0]
        new = value if len(missing) == 1 else _nested(missing[1:], written)
        if isinstance(parent, YamlList) and isinstance(step, int) and len(missing) == 1:
            parent.set(step, new)
        elif isinstance(parent, Mapping) and isinstance(step, str):
            entry = parent.find_entry(step)
            if entry is not None:
                entry.set_value(new)
            else:
                parent.set(step, new)
        else:
            raise self._refusal(at, "there is no place for it in the file")
        if _comments_in(YamlFile.parse(self.text)) - _comments_in(after):
            raise self._refusal(at, "it stands on several lines with comments between: change it in a text editor")
        meant = self._read(f"value: {written}\n").content["value"]
        self._take(at, str(after), self.source.with_part(at, meant))

    def take_out(self, at: KeyPath) -> None:
        """Take a key and its value out, so that the default holds again; nothing happens where it is not written.

        Raises:
            ConfigRefused: it cannot be done without changing more.
        """
        after = YamlFile.parse(self.text)
        parent, name = _node_at(after, at[:-1]), at[-1]
        if not isinstance(parent, Mapping) or not isinstance(name, str) or not parent.contains_key(name):
            return
        parent.remove(name)
        rest = self.source.part(at[:-1])
        assert isinstance(rest, dict)  # noqa: S101  # yaml-edit has just found a mapping there
        without = {key: value for key, value in rest.items() if key != name}
        self._take(at, str(after), self.source.with_part(at[:-1], without))

    def undo(self) -> None:
        """Take the last change back."""
        if self.may_undo:
            self._undone.append(self._texts.pop())
            self.source = self._read(self.text)

    def redo(self) -> None:
        """Make the change again that was taken back last."""
        if self._undone:
            self._texts.append(self._undone.pop())
            self.source = self._read(self.text)

    def diff(self) -> Sequence[str]:
        """Return what would change on the disk, as lines of a unified diff."""
        before, after = self._saved.splitlines(), self.text.splitlines()
        return list(
            unified_diff(before, after, self.path.name, self.path.name, "as saved", "as changed", lineterm="", n=2)
        )

    def save(self) -> None:
        """Write the file, whole or not at all.

        Raises:
            ConfigError: somebody else has changed the file since it was read; nothing is written.
            OSError: the disk refuses.
        """
        if _raw_text(self.path) != self._saved:
            raise ConfigError(
                f"{self.path.name} was changed by somebody else since you opened it. Nothing was saved: read it again, and"
                " make your changes once more."
            )
        write_whole(self.path, self.text.encode())
        self._saved = self.text
        self._aside.unlink(missing_ok=True)

    def put_aside(self) -> None:
        """Keep changes that are not saved beside the file, for the next time that it is opened; none, if there are none.

        Raises:
            OSError: the disk refuses.
        """
        if self.is_changed:
            self._aside.write_bytes(self.text.encode())
        else:
            self._aside.unlink(missing_ok=True)

    @property
    def _aside(self) -> Path:
        return self.path.with_name(self.path.name + UNSAVED)

    def _take_up(self) -> None:
        """Go on with changes that were put aside, as one that can be taken back; what is no YAML any more stays aside."""
        if not self._aside.is_file():
            return
        try:
            text = _raw_text(self._aside)
            source = self._read(text)
        except ConfigRefused:
            return
        self._texts.append(text)
        self.source = source

    def _value_of(self, at: KeyPath, written: str) -> _Node:
        try:
            document = YamlFile.parse(written).document()
        except ParseError as error:
            raise self._refusal(at, f"'{written}' is no YAML value: {error}") from error
        root = None if document is None or "\n" in written else document.root()
        value = None if root is None else _plain(root)
        if value is None or (isinstance(value, Mapping | YamlList) and not value.is_flow_style()):
            raise self._refusal(at, f"'{written}' is no value on one line: put text with a colon or a dash in quotes")
        return value

    def _read(self, text: str) -> SourceFile:
        return SourceFile(self.path, text.removeprefix(_BOM))

    def _take(self, at: KeyPath, text: str, expected: SourceFile) -> None:
        """Keep a changed text if another parser reads in it what it should say, and nothing else."""
        source = self._read(text)
        if source.findings or source.content != expected.content:
            raise self._refusal(at, "it cannot be changed here without changing more: do it in a text editor")
        if text == self.text:
            return
        self._texts.append(text)
        self._undone.clear()
        self.source = source

    def _refusal(self, at: KeyPath, problem: str) -> ConfigRefused:
        return ConfigRefused([ConfigFinding(self.path, self.source.line_of(at), path_text(at), problem)])


def _comments_in(file: YamlFile) -> Counter[str]:
    return Counter(str(comment) for comment in file.comments())


def _node_at(file: YamlFile, at: KeyPath) -> _Node | None:
    """Return what stands at a place; None where nothing does, and for what another place is an alias of."""
    document = file.document()
    node = None if document is None or document.root() is None else _plain(document.root())
    for step in at:
        found = None
        if isinstance(node, Mapping) or (isinstance(node, YamlList) and isinstance(step, int)):
            found = node.get(step)  # type: ignore[arg-type]  # a number for a list, as was just looked at
        node = None if found is None else _plain(found)
    return node


def _plain(node: object) -> _Node | None:
    return node.as_mapping() or node.as_sequence() or node.as_scalar()  # type: ignore[attr-defined,no-any-return]  # yaml-edit brings no types


def _nested(steps: KeyPath, written: str) -> _Node | None:
    """Return a mapping of mappings down to a value, in block style."""
    lines = [f"{'  ' * depth}{step}:" for depth, step in enumerate(steps)]
    document = YamlFile.parse("\n".join(lines) + f" {written}\n").document()
    return None if document is None else document.as_mapping()


def _raw_text(path: Path) -> str:
    """Return a file with its own line ends and byte order mark.

    Raises:
        ConfigRefused: it is not there, or not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigRefused([ConfigFinding(path, None, "", f"the file cannot be read: {error}")]) from error
