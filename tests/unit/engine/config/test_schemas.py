"""The JSON Schemas that editors use are those of the models, and the shipped files are valid by them."""

import json
from pathlib import Path

import pytest

from engine.config.operation import OperationSettings
from engine.config.schemas import FILE_MODELS, schema_text, write_schemas
from engine.config.shape import Shape
from resources import path_of

pytestmark = pytest.mark.unit


@pytest.mark.quality
@pytest.mark.parametrize("name", FILE_MODELS)
def test_a_committed_schema_is_that_of_its_model(name: str) -> None:
    committed = path_of("schemas", f"{name}.schema.json").read_text(encoding="utf-8")

    assert committed == schema_text(FILE_MODELS[name]), "run write_schemas(path_of('schemas')) and commit the result"


def test_schemas_are_written_the_same_each_time(tmp_path: Path) -> None:
    first = {path.name: path.read_bytes() for path in write_schemas(tmp_path / "a")}
    again = {path.name: path.read_bytes() for path in write_schemas(tmp_path / "b")}

    assert first == again
    assert sorted(first) == sorted(f"{name}.schema.json" for name in FILE_MODELS)


def test_every_key_of_a_schema_says_what_it_means_or_is_named_plainly() -> None:
    platform = json.loads(schema_text(FILE_MODELS["platform"]))

    for name in ("Supervision", "JournalSettings", "FillParameters"):
        for key, field in platform["$defs"][name]["properties"].items():
            assert field.get("description"), f"{name}.{key} says neither unit nor reason"


def test_money_is_a_plain_number_with_its_bounds() -> None:
    operation = json.loads(schema_text(FILE_MODELS["operation"]))
    cash = operation["$defs"]["AccountSettings"]["properties"]["starting_cash"]

    assert cash["anyOf"][0] == {"exclusiveMinimum": 0, "type": "number"}


def test_a_shape_says_in_words_what_may_stand_at_a_place() -> None:
    shape = Shape.of(OperationSettings)

    assert shape.at("environment").words == "one of backtest, paper, live"
    assert shape.at("connectors").at(3).at("id").words.startswith("a name in lower case")
    assert shape.at("instruments").at("BTC/USDT").at("maker_fee").words == "a number of at least 0 and below 1"
    assert shape.at("strategy_links").at(0).at("enabled").words == "true or false"
    assert shape.at("no such key").words == ""
