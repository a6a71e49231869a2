"""Turns what pydantic says about a file's content into findings with a line, an expectation and a next step."""

from collections.abc import Iterator, Mapping, Sequence, Set

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from engine.config.base import MISFIT, KeyPath
from engine.config.findings import ConfigFinding, nearest
from engine.config.shape import Shape
from engine.config.source import SourceFile

_RANGE_ERRORS = {"greater_than", "greater_than_equal", "less_than", "less_than_equal", "finite_number"}
_PLAIN_NUMBERS = {"integer", "number"}


def explain(
    error: ValidationError, *, source: SourceFile, model: type[BaseModel], at: KeyPath = ()
) -> list[ConfigFinding]:
    """Return one finding for each mistake that pydantic found.

    A misspelt key is one mistake, not an unknown key and a missing one.

    Args:
        error: What pydantic raised.
        source: The file.
        model: The model that the content was held against.
        at: Where in the file that content stands.
    """
    details = error.errors(include_url=False)
    misspelt = {found for detail in details if (found := _meant(detail, model))}
    findings: dict[KeyPath, ConfigFinding] = {}
    for detail in details:
        if detail["type"] == MISFIT or _follows_from_another(detail, misspelt):
            continue
        place, finding = _finding(detail, source=source, model=model, at=at)
        # A choice of types gives one error for each type that did not fit; the first says it all.
        findings.setdefault(place, finding)
    return list(findings.values())


def _follows_from_another(detail: ErrorDetails, misspelt: Set[KeyPath]) -> bool:
    if detail["type"] == "missing":
        return detail["loc"] in misspelt
    # pydantic counts the valid items alone: a list with one bad item is not too short for a person.
    return detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"]


def bools_for_numbers(
    content: object, *, source: SourceFile, model: type[BaseModel], at: KeyPath = ()
) -> Iterator[ConfigFinding]:
    """Name each true or false that stands where a number is due: pydantic would read them as 1 and 0."""
    for place in _bools(content, ()):
        shape = _shape_at(model, place)
        if "boolean" not in shape.kinds and shape.kinds & _PLAIN_NUMBERS:
            written = source.part((*at, *place))
            yield source.finding((*at, *place), f"{_shown(written)} is not a number", expected=shape.words)


def _bools(content: object, at: KeyPath) -> Iterator[KeyPath]:
    if isinstance(content, bool):
        yield at
    elif isinstance(content, Mapping):
        for key, value in content.items():
            yield from _bools(value, (*at, key))
    elif isinstance(content, list):
        for place, item in enumerate(content):
            yield from _bools(item, (*at, place))


def _meant(detail: ErrorDetails, model: type[BaseModel]) -> KeyPath | None:
    """Return the place that a misspelt key was meant for."""
    if detail["type"] != "extra_forbidden":
        return None
    *parent, name = detail["loc"]
    meant = nearest(str(name), _shape_at(model, tuple(parent)).keys)
    return (*parent, meant) if meant else None


def _shape_at(model: type[BaseModel], at: Sequence[str | int]) -> Shape:
    shape = Shape.of(model)
    for step in at:
        shape = shape.at(step)
    return shape


def _finding(
    detail: ErrorDetails, *, source: SourceFile, model: type[BaseModel], at: KeyPath
) -> tuple[KeyPath, ConfigFinding]:
    if detail["type"] == "missing":
        *parent, name = detail["loc"]
        place = source.existing(at, tuple(parent))
        expected = _shape_at(model, (*place[len(at) :], name)).words
        return (*place, name), source.finding((*place, name), "this key is missing", expected=expected)
    place = source.existing(at, detail["loc"])
    shape = _shape_at(model, place[len(at) :])
    if detail["type"] == "extra_forbidden":
        return place, _unknown_key(place, source=source, around=_shape_at(model, place[len(at) : -1]))
    if detail["type"] in {"value_error", "assertion_error"}:
        return place, source.finding(place, _said(detail))
    written = detail["input"]
    if shape.choices:
        problem = "a value is missing" if written is None else f"{_shown(written)} is not one of the choices"
        return place, source.finding(
            place, problem, expected=shape.words, written=str(written or ""), known=shape.choices
        )
    problem = (
        f"{_shown(written)} is out of range" if detail["type"] in _RANGE_ERRORS else f"{_shown(written)} does not fit"
    )
    if written is None:
        problem = "a value is missing"
    return place, source.finding(place, problem, expected=shape.words or _said(detail))


def _unknown_key(place: KeyPath, *, source: SourceFile, around: Shape) -> ConfigFinding:
    name = str(place[-1])
    written = source.part(place[:-1])
    free = [key for key in around.keys if not isinstance(written, Mapping) or key not in written]
    expected = f"one of {', '.join(around.keys)}" if around.keys else "no keys at all"
    what_to_do = "" if nearest(name, free) else "Take the line out, or write the key that you meant."
    return source.finding(
        place,
        f"'{name}' is not a key that belongs here",
        expected=expected,
        written=name,
        known=free,
        what_to_do=what_to_do,
    )


def _said(detail: ErrorDetails) -> str:
    error = detail.get("ctx", {}).get("error")
    text = str(error) if error is not None else detail["msg"]
    return text.rstrip(".")


def _shown(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case Mapping():
            return "a mapping"
        case list() | tuple():
            return f"a list of {len(value)}"
        case str():
            return f"'{value}'" if len(value) <= 60 else f"'{value[:57]}...'"
        case _:
            return str(value)
