"""The single values of a file as a form shows them."""

import pytest

from engine.config.blueprint import StrategyBlueprint
from engine.config.policies import AggregationPolicy
from engine.config.settings import Setting, SettingKind, settings_of, text_of
from engine.config.shape import Shape
from engine.config.source import SourceFile
from resources import path_of

pytestmark = pytest.mark.unit


def settings_in(content: object, *, of: type[StrategyBlueprint] | type[AggregationPolicy]) -> dict[str, Setting]:
    return {".".join(map(str, each.at)): each for each in settings_of(Shape.of(of), content, ())}


def test_a_value_says_what_is_written_what_may_be_and_what_holds_without_it() -> None:
    found = settings_in({"market": {"symbol": "BTC/USDT", "window": 200}}, of=StrategyBlueprint)

    window, warmup = found["market.window"], found["market.wide_warmup_bars"]
    assert (window.kind, window.written, window.default) == (SettingKind.NUMBER, "200", "500")
    assert window.expects == "a whole number from 10 to 100000"
    assert (warmup.written, warmup.default) == ("", "30")
    assert "before the first decision" in warmup.description
    assert found["match_policy"].choices == ("first", "error")
    assert found["market.symbol"].written == "BTC/USDT"
    assert found["market.higher_timeframes"].kind is SettingKind.LIST


def test_a_part_that_need_not_be_there_is_not_asked_for() -> None:
    assert not [name for name in settings_in({}, of=StrategyBlueprint) if name.startswith("direct_planning")]


def test_every_value_of_the_shipped_policy_is_found() -> None:
    path = path_of("config", "aggregation_policy.yaml")
    found = settings_in(SourceFile(path, path.read_text()).content, of=AggregationPolicy)

    assert found["aggregation.weights.trend_strength"].written == "0.4"
    assert found["aggregation.factors.trend_strength.side"].choices == ("STRENGTH", "WEAKNESS")
    assert found["aggregation.factors.trend_strength.absolute"].kind is SettingKind.FLAG


@pytest.mark.parametrize(
    "value",
    ["1m", "12", "true", "a: b", "a, b", "", "null", "# x", "0.5", "shipped:x.yaml", 'say "hi"', "a\nb", "12:30"],
)
def test_a_text_is_read_back_as_the_same_text(value: str) -> None:
    assert SourceFile(path_of("config"), f"value: {text_of(value)}\n").content == {"value": value}


@pytest.mark.parametrize("value", [[20, 50], ["1m", "12"], {"a": 0.5, "b": [True, None]}, 0.1, False])
def test_any_value_is_read_back_as_the_same_value(value: object) -> None:
    assert SourceFile(path_of("config"), f"value: {text_of(value)}\n").content == {"value": value}


def test_text_is_typed_as_it_is_and_numbers_as_yaml() -> None:
    found = settings_in({"market": {"symbol": "BTC/USDT"}}, of=StrategyBlueprint)

    assert found["name"].as_yaml("a: b") == '"a: b"'
    assert found["market.window"].as_yaml("12") == "12"
