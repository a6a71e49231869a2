"""One file: every mistake, each with its line, its place and what would be right."""

from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict, Field

from engine.config.base import FileModel
from engine.config.blueprint import StrategyBlueprint
from engine.config.findings import ConfigFinding, ConfigRefused
from engine.config.loading import load, load_file
from engine.config.operation import OperationSettings
from engine.config.platform_settings import PlatformSettings
from engine.config.policies import AggregationPolicy
from tests.support.config import BLUEPRINT, OPERATION, POLICY, a_file, an_operation, mistakes_in, swapped

pytestmark = pytest.mark.unit


def only(findings: tuple[ConfigFinding, ...]) -> ConfigFinding:
    assert len(findings) == 1, "\n".join(map(str, findings))
    return findings[0]


def told(tmp_path: Path, text: str, model: type[BaseModel]) -> str:
    """Return the only finding in a file as text, from its line on."""
    return str(only(mistakes_in(a_file(tmp_path, text), model))).partition("file.yaml:")[2]


def test_a_file_with_five_different_mistakes_lists_all_five(tmp_path: Path) -> None:
    text = swapped(
        OPERATION,
        ("  name: Small operation", "  nam: Small operation"),
        ("environment: paper", "environment: papper"),
        ("  feed: demo\n", "  feed: demoo\n"),
        ("  warmup_bars: 100", "  warmup_bars: many"),
        ("maker_fee: 0.001", "maker_fee: 1.5"),
    )

    findings = mistakes_in(a_file(tmp_path, text), OperationSettings)

    assert [(finding.line, finding.key_path, finding.nearest) for finding in findings] == [
        (4, "operation.nam", "name"),
        (5, "environment", "paper"),
        (13, "data.feed", "demo"),
        (14, "data.warmup_bars", ""),
        (16, "instruments.BTC/USDT.maker_fee", ""),
    ]


def test_all_kinds_of_mistakes_stand_in_one_error(tmp_path: Path) -> None:
    text = swapped(
        BLUEPRINT,
        ("strategy_id: small\n", "strategy_id: Small Strategy\n"),  # pattern
        ("name: Small strategy\n", ""),  # missing
        ("timeframe: 5m", "timeframe: 5 minutes"),  # a validator's own words
        ("window: 200", "window: 5"),  # out of range
        ("[0.8, 1.0]", "[1.0, 0.8]"),  # an empty range
        ("match_policy: first", "match_policy: frist"),  # choice
        ("    size: [{plugin: FixedRiskSizer}]", "    size: FixedRiskSizer"),  # type
        ("  strategy_planner: {plugin: AdaptiveMomentumPlanner}\n", ""),  # nobody decides
    )

    findings = mistakes_in(a_file(tmp_path, text), StrategyBlueprint)

    assert [finding.key_path for finding in findings] == [
        "strategy_id",
        "name",
        "market.timeframe",
        "market.window",
        "workforce",
        "workforce.planning_workers.entry[0].triggers",
        "workforce.planning_workers.size",
        "match_policy",
    ]


def test_an_unknown_key_is_told_with_the_nearest_key(tmp_path: Path) -> None:
    text = swapped(BLUEPRINT, ("  window: 200", "  windw: 200"))

    assert told(tmp_path, text, StrategyBlueprint) == (
        "6: market.windw: 'windw' is not a key that belongs here. Expected one of symbol, timeframe, window, higher_timeframes, companions, wide_warmup_bars. "
        "Did you mean 'window'?"
    )


def test_an_unknown_key_that_resembles_nothing_says_what_to_do(tmp_path: Path) -> None:
    text = OPERATION + "leverage: 10\n"

    assert "Take the line out" in told(tmp_path, text, OperationSettings)


def test_a_misspelt_key_is_one_mistake_and_not_also_a_missing_one(tmp_path: Path) -> None:
    text = swapped(BLUEPRINT, ("  symbol: BTC/USDT", "  symbl: BTC/USDT"))

    assert only(mistakes_in(a_file(tmp_path, text), StrategyBlueprint)).nearest == "symbol"


def test_a_missing_key_has_the_line_of_what_it_is_missing_in(tmp_path: Path) -> None:
    text = swapped(BLUEPRINT, ("  timeframe: 5m\n", ""))

    assert told(tmp_path, text, StrategyBlueprint) == "3: market.timeframe: this key is missing. Expected text."


def test_a_number_out_of_range_is_told_with_the_range(tmp_path: Path) -> None:
    text = swapped(BLUEPRINT, ("window: 200", "window: 5"))

    assert told(tmp_path, text, StrategyBlueprint) == (
        "6: market.window: 5 is out of range. Expected a whole number from 10 to 100000."
    )


def test_money_out_of_range_is_told_with_its_bound(tmp_path: Path) -> None:
    text = swapped(OPERATION, ("  currency: USDT", "  currency: USDT\n  starting_cash: -1.5"))

    assert told(tmp_path, text, OperationSettings) == (
        "8: account.starting_cash: -1.5 is out of range. Expected a number above 0."
    )


def test_a_wrong_type_is_told_with_what_was_expected(tmp_path: Path) -> None:
    text = swapped(OPERATION, ("warmup_bars: 100", "warmup_bars: [1, 2]"))

    assert "a list of 2 does not fit. Expected a whole number from 0 to 100000." in told(
        tmp_path, text, OperationSettings
    )


def test_a_key_without_a_value_is_told_as_such(tmp_path: Path) -> None:
    text = swapped(OPERATION, ("environment: paper", "environment:"))

    assert told(tmp_path, text, OperationSettings) == (
        "5: environment: a value is missing. Expected one of backtest, paper, live."
    )


@pytest.mark.parametrize("written", ["true", "false"])
def test_true_is_no_number(tmp_path: Path, written: str) -> None:
    text = swapped(POLICY, ("trend: 0.7", f"trend: {written}"))

    assert f"aggregation.weights.trend: {written} is not a number. Expected a number above 0." in told(
        tmp_path, text, AggregationPolicy
    )


@pytest.mark.parametrize("written", [".nan", ".inf", "'nan'"])
def test_nan_and_infinity_are_no_numbers(tmp_path: Path, written: str) -> None:
    text = swapped(POLICY, ("zero_at: 15", f"zero_at: {written}"))

    assert only(mistakes_in(a_file(tmp_path, text), AggregationPolicy)).key_path == "aggregation.factors.trend.zero_at"


def test_a_models_own_words_stand_on_the_line_of_the_mapping_they_are_about(tmp_path: Path) -> None:
    text = swapped(POLICY, ("zero_at: 15, one_at: 45", "zero_at: 15"))

    assert told(tmp_path, text, AggregationPolicy) == (
        "5: aggregation.factors.trend: give either zero_at and one_at, or categories."
    )


def test_an_empty_list_is_told_with_how_many_are_due(tmp_path: Path) -> None:
    text = swapped(
        OPERATION, ("strategy_links:\n  - blueprint: strategy.yaml\n    enabled: true\n", "strategy_links: []\n")
    )

    assert told(tmp_path, text, OperationSettings) == (
        "17: strategy_links: a list of 0 does not fit. Expected a list of at least 1."
    )


def test_a_bad_item_does_not_make_its_list_too_short_as_well(tmp_path: Path) -> None:
    text = swapped(OPERATION, ("    enabled: true", "    enabled: maybe"))

    assert only(mistakes_in(a_file(tmp_path, text), OperationSettings)).key_path == "strategy_links[0].enabled"


def test_a_key_written_twice_is_found_together_with_other_mistakes(tmp_path: Path) -> None:
    text = swapped(OPERATION, ("environment: paper", "environment: papr\nenvironment: live"))

    assert [finding.line for finding in mistakes_in(a_file(tmp_path, text), OperationSettings)] == [5, 6]


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("2", "version 2 of this file is newer than this program. Expected 1. Update S1mpleTrader"),
        ("0", "version 0 of this file is no version at all. Expected 1."),
    ],
)
def test_another_schema_version_is_all_that_is_said(tmp_path: Path, version: str, said: str) -> None:
    text = swapped(OPERATION, ("schema_version: 1", f"schema_version: {version}"), ("environment: paper", "odd: 1"))

    assert said in told(tmp_path, text, OperationSettings)


@pytest.mark.parametrize("version", ["one", "true", "1.5", "[1]"])
def test_a_schema_version_that_is_no_number_is_a_mistake_like_any_other(tmp_path: Path, version: str) -> None:
    text = swapped(OPERATION, ("schema_version: 1", f"schema_version: {version}"))

    assert told(tmp_path, text, OperationSettings).startswith("1: schema_version: ")


def test_numbers_keep_every_digit_that_was_written(tmp_path: Path) -> None:
    text = swapped(OPERATION, ("tick_size: 0.01", "tick_size: 0.00000001"), ("maker_fee: 0.001", "maker_fee: 0.1"))

    own = load(a_file(tmp_path, text), OperationSettings).instruments["BTC/USDT"]

    assert (own.tick_size, own.maker_fee) == (Decimal("1E-8"), Decimal("0.1"))


class GapConfig(BaseModel):
    """A plugin's configuration, as a quant would write it."""

    model_config = ConfigDict(extra="forbid")

    gap_min: Decimal = Field(ge=10)
    bars: int = 3


def test_a_plugins_configuration_is_held_against_the_lines_of_the_blueprint(tmp_path: Path) -> None:
    file = load_file(a_file(tmp_path, BLUEPRINT), StrategyBlueprint)

    with pytest.raises(ConfigRefused) as refused:
        file.section(("workforce", "opportunity_workers", 0, "config"), GapConfig)

    assert str(refused.value).endswith(
        "file.yaml:10: workforce.opportunity_workers[0].config.gap_min: 5 is out of range. "
        "Expected a number of at least 10."
    )


def test_a_section_that_is_not_written_is_an_empty_one_with_the_line_around_it(tmp_path: Path) -> None:
    file = load_file(a_file(tmp_path, BLUEPRINT), StrategyBlueprint)
    at = ("workforce", "strategy_planner", "config")

    assert file.section(at, PlatformSettings) == PlatformSettings()
    with pytest.raises(ConfigRefused, match=r":11: workforce.strategy_planner.config.gap_min: this key is missing"):
        file.section(at, GapConfig)


def test_who_finds_out_later_can_refuse_a_value_with_its_line(tmp_path: Path) -> None:
    file = load_file(a_file(tmp_path, BLUEPRINT), StrategyBlueprint)

    refused = file.refusal(
        ("workforce", "opportunity_workers", 0, "plugin"),
        "there is no plugin 'FVGEntryDetector'",
        written="FVGEntryDetector",
        known=["FVGDetector", "EMADetector"],
    )

    assert str(refused).partition("file.yaml:")[2] == (
        "9: workforce.opportunity_workers[0].plugin: there is no plugin 'FVGEntryDetector'. "
        "Expected one of FVGDetector, EMADetector. Did you mean 'FVGDetector'?"
    )


def test_a_model_without_a_file_is_checked_as_well() -> None:
    weightless = {
        "aggregation": {"weights": {}, "factors": {"a": {"column": "x", "side": "STRENGTH", "zero_at": 0, "one_at": 1}}}
    }

    with pytest.raises(ValueError, match="the factor 'a' has no weight"):
        AggregationPolicy.model_validate(weightless)


def test_a_file_model_has_nothing_against_anything_by_default() -> None:
    assert list(FileModel.misfits({"anything": 1})) == []


def test_another_value_that_the_model_does_not_allow_is_refused_with_the_line_of_its_place(tmp_path: Path) -> None:
    file = load_file(an_operation(tmp_path), OperationSettings)
    line = 1 + OPERATION.splitlines().index("  warmup_bars: 100")

    assert file.with_part(("data", "warmup_bars"), 50).model.data.warmup_bars == 50
    with pytest.raises(ConfigRefused, match=rf"operation\.yaml:{line}: data\.warmup_bars"):
        file.with_part(("data", "warmup_bars"), -1)
