"""What a place in a file may hold, in words: read off the JSON Schema of the file's model."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from engine.config.base import SNAKE

_PATTERNS: Final = {
    SNAKE: "a name in lower case with digits and underscores, like fvg_detector",
    r"^\d+\.\d+\.\d+$": "a version, like 1.0.0",
    r"^[A-Z][A-Za-z0-9]*$": "a name in CamelCase, like FVGEntryDetector",
    r"^[a-z][a-z0-9_\-]*$": "a name in lower case with digits, - and _, like demo-paper",
    r"^[A-Z0-9]{2,10}$": "a currency in capital letters, like USDT",
    r"^[a-z_][a-z0-9_.]*:[A-Z][A-Za-z0-9]*$": "package.module:Class, like connectors.replay.feed:ReplayFeed",
    r"^[a-z_][a-z0-9_]*:[A-Z][A-Za-z0-9]*$": "module:Class, like worker:EMADetector",
}


class ConfigSchema(GenerateJsonSchema):
    """JSON Schema as a person writes YAML: a Decimal is a plain number."""

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        """Return a number with its bounds, instead of pydantic's number-or-text."""
        number: dict[str, Any] = {"type": "number"}
        names = (("ge", "minimum"), ("gt", "exclusiveMinimum"), ("le", "maximum"), ("lt", "exclusiveMaximum"))
        for bound, name in names:
            limit = schema.get(bound)
            if isinstance(limit, Decimal | int):
                number[name] = _plain(limit)
        return number

    def encode_default(self, dft: Any) -> Any:
        """Return a default as JSON, with Decimals as the numbers that people write."""
        return super().encode_default(_without_decimals(dft))


def _plain(number: Decimal | int) -> int | float:
    return int(number) if number == int(number) else float(number)


def _without_decimals(value: object) -> object:
    if isinstance(value, BaseModel):
        return _without_decimals(value.model_dump(mode="python"))
    if isinstance(value, Mapping):
        return {name: _without_decimals(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_decimals(item) for item in value]
    return _plain(value) if isinstance(value, Decimal) else value


@cache
def schema_of(model: type[BaseModel]) -> Mapping[str, Any]:
    """Return the JSON Schema of a model, the same object at each call."""
    return model.model_json_schema(schema_generator=ConfigSchema)


class Shape:
    """One place of a model.

    Args:
        variants: The alternatives that the place allows, without references.
        definitions: The schema's ``$defs``.
        note: What the schema says of the place itself: its description and default.
    """

    def __init__(
        self,
        variants: Sequence[Mapping[str, Any]],
        definitions: Mapping[str, Any],
        note: Mapping[str, Any] | None = None,
    ) -> None:
        self._variants = variants
        self._definitions = definitions
        self._note = note or {}

    @classmethod
    def of(cls, model: type[BaseModel]) -> "Shape":
        """Return the shape of a whole model."""
        schema = schema_of(model)
        return cls([schema], schema.get("$defs", {}))

    def at(self, step: str | int) -> "Shape":
        """Return the shape of a key's value or a list's item; a place that the model does not know allows nothing."""
        found = [below for variant in self._variants if (below := _below(variant, step)) is not None]
        variants = [each for below in found for each in self._resolved(below)]
        return Shape(variants, self._definitions, found[0] if found else None)

    @property
    def description(self) -> str:
        """What the model says of this place."""
        return str(self._note.get("description", ""))

    @property
    def default(self) -> object:
        """What holds where nothing is written; None also where something must be."""
        return self._note.get("default")

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that belong here, in the model's order."""
        return tuple(name for variant in self._variants for name in variant.get("properties", {}))

    @property
    def choices(self) -> tuple[str, ...]:
        """The values to choose from, if there is a closed choice."""
        return tuple(str(choice) for variant in self._variants for choice in variant.get("enum", ()))

    @property
    def kinds(self) -> frozenset[str]:
        """JSON's names of the types that are allowed here; empty when anything is."""
        kinds = {variant.get("type", "") for variant in self._variants}
        return frozenset() if "" in kinds else frozenset(kinds)

    @property
    def is_open(self) -> bool:
        """Whether any name may be a key here."""
        return any(variant.get("type") == "object" and not variant.get("properties") for variant in self._variants)

    @property
    def words(self) -> str:
        """What a person should write here."""
        named = [_words(variant) for variant in self._variants if variant.get("type") != "null"]
        return " or ".join(dict.fromkeys(text for text in named if text))

    def _resolved(self, fragment: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        if "$ref" in fragment:
            return self._resolved(self._definitions[fragment["$ref"].rpartition("/")[2]])
        parts = fragment.get("anyOf") or fragment.get("oneOf") or fragment.get("allOf")
        if parts:
            return [variant for part in parts for variant in self._resolved(part)]
        return [fragment]


def _below(variant: Mapping[str, Any], step: str | int) -> Mapping[str, Any] | None:
    if isinstance(step, int):
        ordered = variant.get("prefixItems", ())
        below = ordered[step] if step < len(ordered) else variant.get("items")
    else:
        below = variant.get("properties", {}).get(step)
        below = below or next(iter(variant.get("patternProperties", {}).values()), None)
        below = below or variant.get("additionalProperties")
    return below if isinstance(below, Mapping) else None


def _words(variant: Mapping[str, Any]) -> str:
    if "enum" in variant:
        return f"one of {', '.join(map(str, variant['enum']))}"
    match variant.get("type"):
        case "integer":
            text = f"a whole number{_bounds(variant)}"
        case "number":
            text = f"a number{_bounds(variant)}"
        case "boolean":
            text = "true or false"
        case "array":
            text = f"a list{_count(variant)}"
        case "object":
            keys = variant.get("properties")
            text = f"a mapping with the keys {', '.join(keys)}" if keys else "a mapping of names to values"
        case "string":
            pattern = variant.get("pattern")
            text = _PATTERNS.get(pattern, f"text that matches {pattern}") if pattern else "text"
        case _:
            text = ""
    return text


def _count(variant: Mapping[str, Any]) -> str:
    least, most = variant.get("minItems"), variant.get("maxItems")
    if least is not None and least == most:
        return f" of {least}"
    return f" of at least {least}" if least else ""


def _bounds(variant: Mapping[str, Any]) -> str:
    low, high = variant.get("minimum"), variant.get("maximum")
    above, below = variant.get("exclusiveMinimum"), variant.get("exclusiveMaximum")
    if low is not None and high is not None:
        return f" from {_number(low)} to {_number(high)}"
    named = ((low, "of at least"), (above, "above"), (high, "of at most"), (below, "below"))
    said = [f" {word} {_number(limit)}" for limit, word in named if limit is not None]
    return " and".join(said)


def _number(limit: float) -> str:
    return f"{limit:g}" if abs(limit) < 1e6 else f"{limit:.0f}"
