"""An operation with everything that it refers to: whole, or refused with all that is wrong in all of its files."""

from decimal import Decimal
from pathlib import Path

import pytest

from engine.config.findings import ConfigRefused
from engine.config.loading import load_all
from tests.support.config import BLUEPRINT, OPERATION, POLICY, a_file, an_operation, mistakes_in_all, swapped

pytestmark = pytest.mark.unit


def test_a_bundle_holds_the_models_of_all_files_and_where_they_lie(tmp_path: Path) -> None:
    bundle = load_all(an_operation(tmp_path))

    strategy = bundle.strategies[0]
    assert bundle.operation.model.operation.name == "Small operation"
    assert strategy.blueprint.model.market.symbol == "BTC/USDT"
    assert strategy.aggregation.model.aggregation.weights == {"trend": 0.7, "calm": 0.3}
    assert [file.path.name for file in (bundle.operation, strategy.blueprint, strategy.aggregation)] == [
        "operation.yaml",
        "strategy.yaml",
        "policy.yaml",
    ]
    assert strategy.wiring_path is None


def test_a_folder_stands_for_the_operation_in_it(tmp_path: Path) -> None:
    an_operation(tmp_path / "mine")

    assert load_all(tmp_path / "mine").operation.path == tmp_path / "mine" / "operation.yaml"


def test_the_mistakes_of_all_files_stand_in_one_error(tmp_path: Path) -> None:
    path = an_operation(
        tmp_path,
        operation=swapped(OPERATION, ("environment: paper", "environment: papper"), ("feed: demo\n", "feed: demoo\n")),
        blueprint=swapped(BLUEPRINT, ("window: 200", "window: 1")),
        policy=swapped(POLICY, ("side: STRENGTH", "side: STRONG")),
    )

    assert [(finding.file.name, finding.line) for finding in mistakes_in_all(path)] == [
        ("operation.yaml", 5),
        ("operation.yaml", 13),
        ("strategy.yaml", 6),
        ("policy.yaml", 5),
    ]


def test_the_mistake_of_the_document_reads_as_promised(tmp_path: Path) -> None:
    path = an_operation(tmp_path, operation=swapped(OPERATION, ("  feed: demo\n", "  feed: demoo\n")))

    with pytest.raises(ConfigRefused) as refused:
        load_all(path)

    assert str(refused.value).endswith(
        "operation.yaml:13: data.feed: 'demoo' is not one of the connectors. Expected one of demo. Did you mean 'demo'?"
    )


def test_a_link_to_nowhere_is_found_where_it_is_written(tmp_path: Path) -> None:
    path = an_operation(tmp_path, operation=swapped(OPERATION, ("strategy.yaml", "stratgy.yaml")))

    (finding,) = mistakes_in_all(path)

    assert (finding.file.name, finding.line, finding.nearest) == ("operation.yaml", 18, "strategy.yaml")
    assert finding.problem == "there is no file stratgy.yaml"


def test_the_near_name_of_a_shipped_file_can_be_written_as_it_stands(tmp_path: Path) -> None:
    blueprint = swapped(BLUEPRINT, ("policy: policy.yaml", "policy: shipped:agregation_policy.yaml"))

    (finding,) = mistakes_in_all(an_operation(tmp_path, blueprint=blueprint))

    assert finding.nearest == "shipped:aggregation_policy.yaml"


def test_a_link_into_a_missing_folder_says_so(tmp_path: Path) -> None:
    path = an_operation(tmp_path, operation=swapped(OPERATION, ("strategy.yaml", "plans/strategy.yaml")))

    assert mistakes_in_all(path)[0].problem == "there is no folder for plans/strategy.yaml"


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("aggregation_policy: policy.yaml", "aggregation_policy: nowhere.yaml"),
        ("match_policy: first", "wiring: nowhere.yaml"),
    ],
)
def test_the_files_of_a_blueprint_must_be_there(tmp_path: Path, key: str, line: str) -> None:
    (finding,) = mistakes_in_all(an_operation(tmp_path, blueprint=swapped(BLUEPRINT, (key, line))))

    assert finding.file.name == "strategy.yaml"
    assert finding.problem == "there is no file nowhere.yaml"


def test_a_wiring_map_is_handed_on_by_its_path(tmp_path: Path) -> None:
    path = an_operation(tmp_path, blueprint=BLUEPRINT + "wiring: wiring_map.yaml\n")
    a_file(tmp_path, "event_wirings: []", "wiring_map.yaml")

    assert load_all(path).strategies[0].wiring_path == tmp_path / "wiring_map.yaml"


def test_a_strategy_that_is_not_enabled_is_not_even_read(tmp_path: Path) -> None:
    path = an_operation(tmp_path, operation=OPERATION + "  - {blueprint: nowhere.yaml, enabled: false}\n")

    assert len(load_all(path).strategies) == 1


def test_an_operation_without_an_enabled_strategy_is_refused(tmp_path: Path) -> None:
    path = an_operation(tmp_path, operation=swapped(OPERATION, ("enabled: true", "enabled: false")))

    assert mistakes_in_all(path)[0].problem == "no strategy is enabled"


def test_two_strategies_may_not_have_one_id(tmp_path: Path) -> None:
    path = an_operation(tmp_path, operation=OPERATION + "  - blueprint: second.yaml\n")
    a_file(tmp_path, BLUEPRINT, "second.yaml")

    (finding,) = mistakes_in_all(path)

    assert (finding.file.name, finding.line, finding.problem) == (
        "second.yaml",
        1,
        "two enabled strategies are called 'small'",
    )


def test_a_market_in_other_money_than_the_accounts_is_refused(tmp_path: Path) -> None:
    path = an_operation(tmp_path, operation=swapped(OPERATION, ("currency: USDT", "currency: EUR")))

    (finding,) = mistakes_in_all(path)

    assert (finding.file.name, finding.line, finding.key_path) == ("strategy.yaml", 4, "market.symbol")
    assert "BTC/USDT is quoted in USDT" in finding.problem


def test_one_policy_of_two_strategies_has_its_mistakes_told_once(tmp_path: Path) -> None:
    path = an_operation(
        tmp_path,
        operation=OPERATION + "  - blueprint: second.yaml\n",
        policy=swapped(POLICY, ("method: weighted_average", "method: average")),
    )
    a_file(tmp_path, swapped(BLUEPRINT, ("strategy_id: small", "strategy_id: second")), "second.yaml")

    assert len(mistakes_in_all(path)) == 1


def test_a_platform_file_of_ones_own_says_only_what_differs(tmp_path: Path) -> None:
    path = an_operation(tmp_path, operation=OPERATION + "platform: mine.yaml\n")
    a_file(tmp_path, "supervision: {max_failures_in_a_row: 2}\n", "mine.yaml")

    supervision = load_all(path).platform.model.supervision

    assert (supervision.max_failures_in_a_row, supervision.time_budget_ms) == (2, 20.0)


def test_shipped_files_can_be_named_from_anywhere(tmp_path: Path) -> None:
    blueprint = swapped(BLUEPRINT, ("policy: policy.yaml", "policy: shipped:aggregation_policy.yaml"))

    bundle = load_all(an_operation(tmp_path, blueprint=blueprint))

    assert "trend_strength" in bundle.strategies[0].aggregation.model.aggregation.weights


def test_the_accounts_cash_comes_before_the_platforms(tmp_path: Path) -> None:
    own = swapped(OPERATION, ("  currency: USDT", "  currency: USDT\n  starting_cash: 2500"))

    assert load_all(an_operation(tmp_path / "a")).starting_cash == Decimal(10_000)
    assert load_all(an_operation(tmp_path / "b", operation=own)).starting_cash == Decimal(2500)


def test_recordings_are_found_beside_the_operation(tmp_path: Path) -> None:
    operation = swapped(OPERATION, ("warmup_bars: 100", "warmup_bars: 100\n  files: {BTC/USDT: bars.csv}"))
    path = an_operation(tmp_path, operation=operation)

    assert [finding.key_path for finding in mistakes_in_all(path)] == ["data.files.BTC/USDT"]
    a_file(tmp_path, "", "bars.csv")
    assert load_all(path).recordings == {"BTC/USDT": tmp_path / "bars.csv"}


def test_a_file_that_is_no_yaml_does_not_hide_the_mistakes_of_the_others(tmp_path: Path) -> None:
    path = an_operation(
        tmp_path,
        operation=swapped(OPERATION, ("environment: paper", "environment: papper")),
        blueprint=BLUEPRINT + "  : : :\n",
    )

    assert [finding.file.name for finding in mistakes_in_all(path)] == ["operation.yaml", "strategy.yaml"]


def test_a_missing_operation_is_told_and_nothing_else(tmp_path: Path) -> None:
    an_operation(tmp_path)

    (finding,) = mistakes_in_all(tmp_path / "operation.yml")

    assert finding.nearest == "operation.yaml"
