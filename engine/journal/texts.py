"""Notes as JSON, as the journal keeps them; what several notes of a flow carry along is encoded once."""

from collections.abc import Sequence
from typing import Final

from engine.contracts.base import Contract
from engine.contracts.intents import ExecutionRequest
from engine.contracts.specs import BatchTranslation, Translation

_MADE_OF_NOTES: Final[frozenset[type[Contract]]] = frozenset({ExecutionRequest, Translation, BatchTranslation})
"""Kinds of which every field is a note, a tuple of notes, or None."""


def text_of(note: Contract) -> str:
    """Return a note as JSON without what is None: half of a causality chain is, and is None again when it is read."""
    return note.__pydantic_serializer__.to_json(note, exclude_none=True).decode()


def texts_of(notes: Sequence[Contract]) -> list[str]:
    """Return `text_of` each note of a flow, to the letter.

    A directive is said in several events, and is a part of the request and of the translation that follow from it.
    """
    told: dict[int, str] = {}
    return [_text_in(told, note) for note in notes]


def _text_in(told: dict[int, str], note: Contract) -> str:
    # By identity: the notes are alive as long as the flow, and frozen.
    text = told.get(id(note))
    if text is None:
        text = _put_together(told, note) if type(note) in _MADE_OF_NOTES else text_of(note)
        told[id(note)] = text
    return text


def _put_together(told: dict[int, str], note: Contract) -> str:
    parts = [f'"{name}":{_part_in(told, value)}' for name, value in vars(note).items() if value is not None]
    return f"{{{','.join(parts)}}}"


def _part_in(told: dict[int, str], value: Contract | tuple[Contract, ...]) -> str:
    if isinstance(value, tuple):
        return f"[{','.join([_text_in(told, part) for part in value])}]"
    return _text_in(told, value)
