"""What every configuration model is made of."""

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict


class ConfigModel(BaseModel):
    """A frozen part of a configuration file: unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _exact(value: object) -> object:
    # YAML gives floats; their shortest text is what the user wrote.
    return Decimal(repr(value)) if isinstance(value, float) else value


Money = Annotated[Decimal, BeforeValidator(_exact)]
"""A Decimal written as a plain number in YAML."""

SNAKE = r"^[a-z][a-z0-9_]*$"
"""What ids in configuration look like."""
