"""What every configuration model is made of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

KeyPath = tuple[str | int, ...]
"""Where something stands in a file: keys, and places in lists counted from 0."""


class ConfigModel(BaseModel):
    """A frozen part of a configuration file: unknown keys are refused, NaN and infinity are no numbers.

    The docstring under a field becomes its description in the JSON Schema, so it says unit, range and reason.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True)


@dataclass(frozen=True, slots=True)
class Misfit:
    """Two parts of one file that do not fit together.

    Args:
        at: Where it is best put right.
        problem: What is wrong, with the value in it; no full stop.
        expected: What would be right.
        known: The valid values among which the nearest is looked for.
        written: What the user wrote, to find the nearest valid value.
    """

    at: KeyPath
    problem: str
    expected: str = ""
    known: tuple[str, ...] = ()
    written: str = ""


class FileModel(ConfigModel):
    """The whole of a configuration file."""

    schema_version: int = 1
    """Version of this file's format; counts up only when old files have to be changed."""

    @classmethod
    def misfits(cls, raw: Mapping[str, object]) -> Iterator[Misfit]:  # noqa: ARG003  # for those who override it
        """Name what does not fit together in a file's content, however broken the rest of it is.

        Fields are checked by pydantic; here stands only what no single field can know. It looks at the raw content, so
        that a person sees these problems together with those of the fields, at once.
        """
        return iter(())

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        for misfit in self.misfits(self.model_dump()):
            raise PydanticCustomError(MISFIT, "{problem}", {"problem": misfit.problem})
        return self


MISFIT = "misfit"
"""pydantic's error type of a model that was built without a file and has a misfit."""


def at_key(raw: object, *steps: str) -> object:
    """Return what stands under nested keys of raw content, or None where the way does not lead on."""
    for step in steps:
        if not isinstance(raw, Mapping):
            return None
        raw = raw.get(step)
    return raw


Money = Decimal
"""A Decimal written as a plain number in YAML: pydantic takes a float's shortest text, which is what the user wrote."""

SNAKE = r"^[a-z][a-z0-9_]*$"
"""What ids in configuration look like."""
