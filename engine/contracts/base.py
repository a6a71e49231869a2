"""What every note is made of: frozen, strict, and unchanged after JSON and back."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Self

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
        changed = update or {}
        after = object.__new__(type(self))
        set_slot = object.__setattr__
        set_slot(after, "__dict__", {**self.__dict__, **changed})
        set_slot(after, "__pydantic_fields_set__", _fields_of(type(self)))
        set_slot(after, "__pydantic_extra__", None)
        set_slot(after, "__pydantic_private__", None)
        return after


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
