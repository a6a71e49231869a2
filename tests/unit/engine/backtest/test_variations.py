"""Values to try, from the command line into a blueprint, or refused with what would be right."""

from decimal import Decimal
from pathlib import Path

import pytest

from engine.backtest.variations import Variation, combinations, known_settings, with_settings
from engine.config.loading import OperationBundle, load_all
from engine.phase0_bootstrap.factory import WorkerFactory
from engine.phase0_bootstrap.shelves import shipped_catalogue
from engine.primitives.errors import ConfigError
from resources import path_of
from tests.support.config import BLUEPRINT, OPERATION, an_operation, swapped

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def shipped() -> OperationBundle:
    return load_all(path_of("config", "operations", "backtest-btc", "operation.yaml"))


def refusal(bundle: OperationBundle, *settings: tuple[str, str]) -> str:
    with pytest.raises(ConfigError) as refused:
        with_settings(bundle, settings, shipped_catalogue())
    return str(refused.value)


def test_values_stand_between_commas() -> None:
    assert Variation.parse("sizer.risk_pct = 0.001, 0.002") == Variation("sizer.risk_pct", ("0.001", "0.002"))


def test_commas_in_brackets_belong_to_a_value() -> None:
    assert Variation.parse("ema.periods=[10, 20],[20, 50]").values == ("[10, 20]", "[20, 50]")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sizer.risk_pct", "this names no setting of a worker"),
        ("risk_pct=1", "this names no setting of a worker"),
        ("sizer.=1", "this names no setting of a worker"),
        ("sizer.risk_pct=", "a value is empty"),
        ("sizer.risk_pct=1,,2", "a value is empty"),
        ("sizer.risk_pct=1,2,1", "1 is there twice"),
    ],
)
def test_words_that_are_no_variation_are_refused_with_an_example_or_a_reason(text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        Variation.parse(text)


def test_every_value_meets_every_other_and_the_last_changes_fastest() -> None:
    found = combinations([Variation("a.x", ("1", "2")), Variation("b.y", ("3", "4"))])

    assert [[value for _, value in settings] for settings in found] == [["1", "3"], ["1", "4"], ["2", "3"], ["2", "4"]]


def test_one_setting_is_named_once() -> None:
    with pytest.raises(ConfigError, match=r"--set a\.x is there twice: give all its values at once"):
        combinations([Variation("a.x", ("1",)), Variation("a.x", ("2",))])


def test_a_setting_stands_in_the_blueprint_and_nothing_else_changes(shipped: OperationBundle) -> None:
    other = with_settings(shipped, (("ema_detector.periods", "[10, 50]"),), shipped_catalogue())

    before, after = (bundle.strategies[0].blueprint.model for bundle in (shipped, other))
    assert after.workforce.context_workers[1].config == {"periods": [10, 50]}
    assert before.workforce.context_workers[1].config == {"periods": [20, 50, 200]}
    assert after.workforce.planning_workers == before.workforce.planning_workers


def test_a_worker_without_any_configuration_can_be_set(shipped: OperationBundle) -> None:
    other = with_settings(shipped, (("balanced_intent_planner.normal_urgency", "0.4"),), shipped_catalogue())

    (intent,) = other.strategies[0].blueprint.model.workforce.planning_workers.execution_intent
    assert intent.config == {"normal_urgency": 0.4}


def test_limits_may_move_together_past_their_old_values(tmp_path: Path) -> None:
    scout = "    - plugin: MeanReversionDetector\n      config: {min_z: 1.0, max_z: 2.0}\n"
    blueprint = swapped(BLUEPRINT, ("    - plugin: FVGEntryDetector\n      config: {gap_min: 5}\n", scout))
    bundle = load_all(an_operation(tmp_path, blueprint=blueprint))
    low, high = ("mean_reversion_detector.min_z", "3.0"), ("mean_reversion_detector.max_z", "4.0")

    assert "nothing would be signalled" in refusal(bundle, low)
    assert with_settings(bundle, (low, high), shipped_catalogue())


def test_an_unknown_worker_is_told_with_the_nearest_and_all_others(shipped: OperationBundle) -> None:
    said = refusal(shipped, ("fixed_risk_siser.risk_pct", "0.01"))

    assert "no worker is called fixed_risk_siser. Did you mean fixed_risk_sizer?" in said
    assert "ema_detector" in said


def test_an_unknown_setting_is_told_with_those_that_there_are(shipped: OperationBundle) -> None:
    said = refusal(shipped, ("fixed_risk_sizer.risk_pt", "0.01"))

    assert said.startswith("--set fixed_risk_sizer.risk_pt=0.01 cannot be: ")
    assert "Expected one of cash_buffer_pct, risk_pct." in said


def test_a_value_out_of_range_is_told_with_the_range(shipped: OperationBundle) -> None:
    assert "below 1" in refusal(shipped, ("fixed_risk_sizer.risk_pct", "7"))


def test_a_worker_of_two_strategies_needs_the_strategy_before_it(tmp_path: Path) -> None:
    link = "  - blueprint: strategy.yaml\n    enabled: true\n"
    operation = swapped(OPERATION, (link, link + "  - blueprint: second.yaml\n"))
    blueprint = BLUEPRINT.replace("config: {gap_min: 5}", "config: {}")
    (tmp_path / "second.yaml").write_text(
        swapped(blueprint, ("strategy_id: small", "strategy_id: second")), encoding="utf-8"
    )
    bundle = load_all(an_operation(tmp_path, operation=operation, blueprint=blueprint))

    assert "write small.fixed_risk_sizer.risk_pct or second.fixed_risk_sizer.risk_pct" in refusal(
        bundle, ("fixed_risk_sizer.risk_pct", "0.02")
    )
    other = with_settings(bundle, (("second.fixed_risk_sizer.risk_pct", "0.02"),), shipped_catalogue())
    configs = [one.blueprint.model.workforce.planning_workers.size[0].config for one in other.strategies]
    assert configs == [{}, {"risk_pct": 0.02}]


def test_a_planners_trigger_stands_beside_its_settings(shipped: OperationBundle) -> None:
    other = with_settings(shipped, (("patient_entry_planner.triggers.confidence", "[0.5, 1.0]"),), shipped_catalogue())
    (planner,) = (
        entry
        for entry in other.strategies[0].blueprint.model.workforce.planning_workers.entry
        if entry.plugin == "PatientLimitEntryPlanner"
    )

    assert planner.triggers["confidence"] == (Decimal("0.5"), Decimal("1.0"))
    assert "triggers" in refusal(shipped, ("ema_detector.triggers.confidence", "[0, 1]"))


def test_what_begins_with_platform_stands_in_its_file(shipped: OperationBundle) -> None:
    other = with_settings(shipped, (("platform.execution.limits.max_order_value", "5000"),), shipped_catalogue())

    assert other.platform.model.execution.limits.max_order_value == Decimal(5000)
    assert shipped.platform.model.execution.limits.max_order_value != Decimal(5000)
    assert "max_order_valu" in refusal(shipped, ("platform.execution.limits.max_order_valu", "5000"))


def test_every_setting_is_known_as_it_stands_and_can_be_set_to_what_it_is(shipped: OperationBundle) -> None:
    known = known_settings(shipped, shipped_catalogue())

    assert ("ema_detector.periods", "[20, 50, 200]") in known
    again = with_settings(shipped, known, shipped_catalogue())
    for linked, other in zip(shipped.strategies, again.strategies, strict=True):
        configs, others = (
            [post.config for post in WorkerFactory(each.blueprint, shipped_catalogue()).posts]
            for each in (linked, other)
        )
        assert configs == others
