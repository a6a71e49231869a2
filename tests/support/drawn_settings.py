"""Settings drawn from the JSON schema of a configuration model: any that its maker calls valid, and no others."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

_FAR: Final = 40
"""How far above its lower end a number without an upper one is drawn: windows stay short enough for a market of hours."""

Schema = Mapping[str, Any]


def drawn_settings(
    model: type[BaseModel], *, leave: frozenset[str] = frozenset()
) -> st.SearchStrategy[dict[str, object]]:
    """Return settings for a model, as a person would write them; what is not drawn stands as its maker left it.

    Texts are left alone: they name columns, markets and schedules, which the rest of a strategy must have.

    Args:
        model: Of the configuration of a plugin.
        leave: Fields that are left alone as well.
    """
    schema = model.model_json_schema()
    known: dict[str, st.SearchStrategy[object]] = {}
    for name, field in schema.get("properties", {}).items():
        values = None if name in leave else _values(field, schema.get("$defs", {}))
        if values is not None:
            known[name] = values
    return st.fixed_dictionaries({}, optional=known).map(lambda drawn: _valid_part(model, drawn))


def _valid_part(model: type[BaseModel], drawn: Mapping[str, object]) -> dict[str, object]:
    """Return as many of the values as fit together: a schema cannot say that one window must be longer than another."""
    kept: dict[str, object] = {}
    for name, value in drawn.items():
        try:
            model.model_validate({**kept, name: value}, strict=False)
        except ValidationError:
            continue
        kept[name] = value
    return kept


def _values(field: Schema, defs: Mapping[str, Schema]) -> st.SearchStrategy[object] | None:
    """Return values for one field, or None for one that is left alone."""
    if "$ref" in field:
        return _values(defs[field["$ref"].rpartition("/")[2]], defs)
    if "enum" in field:
        return st.sampled_from(field["enum"])
    if "anyOf" in field:
        kinds = {one.get("type"): one for one in field["anyOf"]}
        if "number" in kinds and "string" in kinds:  # money: as a text, so that no digit is lost
            return _numbers(kinds["number"]).map(str)
        drawn = [values for one in field["anyOf"] if (values := _values(one, defs)) is not None]
        return st.one_of(drawn) if drawn else None
    match field.get("type"):
        case "null":
            return st.none()
        case "boolean":
            return st.booleans()
        case "integer":
            low = field.get("minimum", field.get("exclusiveMinimum", 0) + ("exclusiveMinimum" in field))
            high = min(field.get("maximum", low + _FAR), low + _FAR)
            return st.integers(low, high)
        case "number":
            return _numbers(field).map(float)
        case _:
            return None


def _numbers(field: Schema) -> st.SearchStrategy[Decimal]:
    step = Decimal("0.001")
    low = Decimal(str(field.get("minimum", field.get("exclusiveMinimum", 0))))
    high = Decimal(str(field.get("maximum", field.get("exclusiveMaximum", low + _FAR))))
    low += step if "exclusiveMinimum" in field else 0
    high -= step if "exclusiveMaximum" in field else 0
    if low > high:
        return st.just((low + high) / 2)
    return st.decimals(low, high, places=3, allow_nan=False, allow_infinity=False)
