"""What every note is made of: frozen, strict, and unchanged after JSON and back."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Final, ParamSpec, Self, TypeVar, cast

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema


class Word(StrEnum):
    """A closed list of words. In JSON each is the text that it is, without a look at the list."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = handler(source)
        schema["serialization"] = core_schema.simple_ser_schema("str")  # type: ignore[index]  # an enum's schema has it
        return schema


class Contract(BaseModel):
    """A frozen note: unknown fields and wrong types are refused, floats are no Decimals."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return the note with other values in some of its fields; they are not checked. See pydantic's own."""
        if deep:
            return super().model_copy(update=update, deep=True)
        # Pydantic copies every part by its protocols first; a frozen note needs nothing but a dictionary of its own.
        # All fields count as given: one set for all copies; one of its own would be larger than the note.
        kind = type(self)
        after = _new(kind)
        _give_values(after, {**self.__dict__, **update} if update else self.__dict__.copy())
        _give_fields_set(after, _fields_of(kind))
        _give_extra(after, None)
        _give_private(after, None)
        return after


P = ParamSpec("P")
C = TypeVar("C", bound=Contract)


def trusted(kind: Callable[P, C]) -> Callable[P, C]:
    """Return the constructor of a note for the platform's own hands: it looks at no value a second time.

    The type checker sees the constructor itself. As there, names are checked and the rules between fields hold (a
    ValueError); a value must be one that a checked note holds, or that our own code made of such. What a plugin, a
    person, a file or a venue hands over goes through the constructor, once, at the door.

    Raises:
        TypeError: the contract has rules before its fields, which would be left out.
    """
    note_type = cast("type[C]", kind)
    validators = note_type.__pydantic_decorators__.model_validators
    if any(each.info.mode != "after" for each in validators.values()):
        raise TypeError(f"{note_type.__name__} has rules before its fields, which a trusted maker would leave out")
    return cast("Callable[P, C]", _written_out(note_type, rules=tuple(validators)))


def _written_out(note_type: type[C], *, rules: tuple[str, ...]) -> Callable[..., C]:
    """Return a maker with a parameter for each field; written as text and compiled, as `dataclass` writes its own.

    A default that is made anew for each note (a dictionary) must be given.
    """
    shared = {
        name: field.default
        for name, field in note_type.model_fields.items()
        if not (field.is_required() or field.default_factory or isinstance(field.default, dict | list | set))
    }
    # No field begins with an underscore: these names and those of the fields do not meet.
    known = {f"_default_{name}": value for name, value in shared.items()} | {
        "_kind": note_type,
        "_names": _fields_of(note_type),
        "_new": _new,
        "_give_values": _give_values,
        "_give_fields_set": _give_fields_set,
        "_give_extra": _give_extra,
        "_give_private": _give_private,
    }
    parameters = ", ".join(f"{name}=_default_{name}" if name in shared else name for name in note_type.model_fields)
    values = ", ".join(f"'{name}': {name}" for name in note_type.model_fields)
    lines = [
        f"def _make(*, {parameters}):",
        "    _note = _new(_kind)",
        f"    _give_values(_note, {{{values}}})",
        "    _give_fields_set(_note, _names)",
        "    _give_extra(_note, None)",
        "    _give_private(_note, None)",
        *(f"    _note.{rule}()" for rule in rules),
        "    return _note",
    ]
    exec("\n".join(lines), known)  # noqa: S102  # made of the contract's own field names alone
    return cast("Callable[..., C]", known["_make"])


_new: Final = object.__new__
_give_values: Final = BaseModel.__dict__["__dict__"].__set__
_give_fields_set: Final = BaseModel.__dict__["__pydantic_fields_set__"].__set__
_give_extra: Final = BaseModel.__dict__["__pydantic_extra__"].__set__
_give_private: Final = BaseModel.__dict__["__pydantic_private__"].__set__


@cache
def _fields_of(kind: type[Contract]) -> set[str]:
    return set(kind.model_fields)


def _require_utc(at: datetime) -> datetime:
    # The first look is the cheap one: what we make ourselves carries this very object.
    if at.tzinfo is not UTC and at.utcoffset() != timedelta(0):
        raise ValueError("must be an aware datetime in UTC")
    return at


UtcDatetime = Annotated[datetime, AfterValidator(_require_utc)]
"""An aware datetime in UTC (decisions 1.2)."""

Scalar = bool | int | float | str
Facts = Mapping[str, Scalar]
"""Free facts beside the fields of a note, for people to read; nothing in the engine decides on them."""

Symbol = Annotated[str, Field(pattern=r"^[A-Z0-9.\-]+/[A-Z0-9.\-]+(:[A-Z0-9.\-]+)?$")]
"""ccxt's unified symbol: ``BTC/USDT`` (spot) or ``BTC/USDT:USDT`` (perpetual)."""

Price = Annotated[Decimal, Field(gt=0)]
"""Quote units per base unit."""

Quantity = Annotated[Decimal, Field(gt=0)]
"""Base units."""


class Direction(Word):
    """Which way a trade goes."""

    BUY = "BUY"
    SELL = "SELL"

    @property
    def opposite(self) -> "Direction":
        """The other way."""
        return Direction.SELL if self is Direction.BUY else Direction.BUY

    @property
    def sign(self) -> int:
        """+1 for BUY and -1 for SELL."""
        return 1 if self is Direction.BUY else -1
