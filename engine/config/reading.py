"""One file: from YAML to its model, or to everything that is wrong in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from engine.config.base import FileModel, KeyPath
from engine.config.explaining import bools_for_numbers, explain
from engine.config.findings import ConfigFinding, ConfigRefused
from engine.config.source import SourceFile, read_text

ModelT = TypeVar("ModelT", bound=BaseModel)
SectionT = TypeVar("SectionT", bound=BaseModel)


@dataclass(frozen=True)
class ConfigFile(Generic[ModelT]):
    """A file that has been read: its model, and its lines for what is found out later.

    What only others can judge (a plugin's configuration, a symbol) is held against the same lines with `section` and
    `refusal`.
    """

    source: SourceFile
    model: ModelT

    @property
    def path(self) -> Path:
        """Where it was read."""
        return self.source.path

    def section(self, at: KeyPath, model: type[SectionT]) -> SectionT:
        """Return a part of the file as a model of somebody else's, like a plugin's configuration.

        A part that is not in the file counts as an empty mapping.

        Raises:
            ConfigRefused: it does not fit that model; each mistake with its line.
        """
        part = self.source.part(at)
        value, findings = _checked({} if part is None else part, source=self.source, model=model, at=at)
        if findings or value is None:
            raise ConfigRefused(findings)
        return value

    def with_part(self, at: KeyPath, value: object) -> "ConfigFile[ModelT]":
        """Return the file as if it said something else at a place.

        Raises:
            ConfigRefused: its model does not allow that there; says the line of the place.
        """
        source = self.source.with_part(at, value)
        model, findings = _checked(source.content, source=source, model=type(self.model), at=())
        if findings or model is None:
            raise ConfigRefused(findings)
        return ConfigFile(source, model)

    def refusal(
        self, at: KeyPath, problem: str, *, written: str = "", known: Iterable[str] = (), what_to_do: str = ""
    ) -> ConfigRefused:
        """Return the error that a value in this file is no good, to be raised by who found out.

        Args:
            at: Where the value stands, like ``("market", "symbol")``.
            problem: What is wrong, no full stop.
            written: What the user wrote.
            known: The valid values; they are listed, and the nearest is named.
            what_to_do: A full sentence.
        """
        names = tuple(known)
        expected = f"one of {', '.join(names)}" if names else ""
        finding = self.source.finding(
            at, problem, expected=expected, written=written, known=names, what_to_do=what_to_do
        )
        return ConfigRefused([finding])


@dataclass(frozen=True)
class Reading(Generic[ModelT]):
    """What came of reading a file: as much as could be had, and what is wrong with it."""

    source: SourceFile | None
    model: ModelT | None
    findings: tuple[ConfigFinding, ...]

    def complete(self) -> ConfigFile[ModelT]:
        """Return the file.

        Raises:
            ConfigRefused: something is wrong in it.
        """
        if self.source is None or self.model is None:
            raise ConfigRefused(self.findings)
        return ConfigFile(self.source, self.model)


def read(path: Path, model: type[ModelT]) -> Reading[ModelT]:
    """Read a file and find everything that is wrong in it. Blocks on the disk."""
    try:
        text = read_text(path)
    except ConfigRefused as refused:
        return Reading(None, None, tuple(refused.findings))
    return judge(path, text, model)


def judge(path: Path, text: str, model: type[ModelT]) -> Reading[ModelT]:
    """Find everything that is wrong in the text of a file, which need not be on the disk like that."""
    try:
        source = SourceFile(path, text)
    except ConfigRefused as refused:
        return Reading(None, None, tuple(refused.findings))
    too_new = _other_version(source, model)
    if too_new is not None:
        return Reading(None, None, (too_new,))
    value, findings = _checked(source.content, source=source, model=model, at=())
    findings = [*source.findings, *findings]
    if issubclass(model, FileModel):
        findings += [
            source.finding(
                misfit.at, misfit.problem, expected=misfit.expected, written=misfit.written, known=misfit.known
            )
            for misfit in model.misfits(source.content)
        ]
    return Reading(source, None if findings else value, tuple(findings))


def _checked(
    content: object, *, source: SourceFile, model: type[SectionT], at: KeyPath
) -> tuple[SectionT | None, list[ConfigFinding]]:
    findings = list(bools_for_numbers(content, source=source, model=model, at=at))
    try:
        value = model.model_validate(content)
    except ValidationError as error:
        known = {finding.key_path for finding in findings}
        explained = explain(error, source=source, model=model, at=at)
        return None, findings + [finding for finding in explained if finding.key_path not in known]
    return (None if findings else value), findings


def _other_version(source: SourceFile, model: type[BaseModel]) -> ConfigFinding | None:
    """Return the finding that a file has a format that this program does not know: nothing else in it can be judged."""
    field = model.model_fields.get("schema_version")
    written = source.content.get("schema_version")
    if field is None or not isinstance(written, int) or isinstance(written, bool) or 1 <= written <= field.default:
        return None
    newer = written > field.default
    return source.finding(
        ("schema_version",),
        f"version {written} of this file is {'newer than this program' if newer else 'no version at all'}",
        expected=f"1 to {field.default}" if field.default > 1 else "1",
        what_to_do="Update S1mpleTrader, or use a file that was made for this version." if newer else "",
    )
