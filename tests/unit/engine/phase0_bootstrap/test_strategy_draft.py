"""A strategy that is being changed: what can be set, and what a start would say of it."""

from pathlib import Path

import pytest

from engine.config.loading import load_all
from engine.config.places import Places
from engine.phase0_bootstrap.operations import copy_operation, operation_path
from engine.phase0_bootstrap.shelves import full_catalogue
from engine.phase0_bootstrap.strategy_draft import Section, StrategyDraft, is_shipped

pytestmark = pytest.mark.unit


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", config=tmp_path / "config", state=tmp_path / "state")


@pytest.fixture
def draft(places: Places) -> StrategyDraft:
    mine = copy_operation(operation_path("demo-paper", places), "mine", places)
    return StrategyDraft(load_all(mine).strategies[0].blueprint.path, full_catalogue(places))


def section(draft: StrategyDraft, name: str) -> Section:
    return next(each for each in draft.sections() if each.name == name)


def test_everything_that_can_be_set_is_there_in_the_order_of_the_pipeline(draft: StrategyDraft) -> None:
    names = [each.name for each in draft.sections()]

    assert names[:3] == ["strategy", "market", "market_structure_detector"]
    assert names[-2:] == ["balanced_intent_planner", "aggregation"]
    monitor = section(draft, "max_drawdown_monitor")
    assert (monitor.plugin, monitor.place) == ("MaxDrawdownMonitor", "threat_workers")
    assert [each.name for each in monitor.settings] == ["max_drawdown", "warn_from", "lookback_days"]
    assert monitor.settings[0].expects == "a number above 0 and below 1"
    assert "allowed" in monitor.settings[0].description
    planner = section(draft, "aggressive_entry_planner")
    assert ("triggers", "confidence") in [each.at[-2:] for each in planner.settings]


def test_a_sound_strategy_may_start_and_says_where_its_planners_answer(draft: StrategyDraft) -> None:
    verdict = draft.judge()

    assert verdict.may_start
    assert verdict.coverage is not None
    assert set(verdict.coverage) == {"entry", "size", "exit", "execution_intent"}


@pytest.mark.parametrize(
    ("name", "key", "written", "found"),
    [
        ("market", "window", "5", "market.window"),
        ("max_drawdown_monitor", "max_drawdown", "7", "workforce.threat_workers[0].config.max_drawdown"),
        ("aggregation", "method", "median", "aggregation.method"),
        ("aggressive_entry_planner", "confidence", "[0.9, 0.1]", "triggers"),
    ],
)
def test_a_wrong_value_is_found_where_it_stands(
    draft: StrategyDraft, name: str, key: str, written: str, found: str
) -> None:
    where = section(draft, name)
    file = draft.policy if name == "aggregation" else draft.blueprint
    assert file is not None
    file.put(next(each.at for each in where.settings if each.name == key), written)

    verdict = draft.judge()

    assert not verdict.may_start
    assert any(found in finding.key_path for finding in verdict.findings), verdict.findings


def test_a_gap_between_planners_is_seen_before_it_is_saved(draft: StrategyDraft) -> None:
    patient = section(draft, "patient_entry_planner")
    draft.blueprint.put(next(each.at for each in patient.settings if each.name == "confidence"), "[0.5, 1.0]")

    coverage = draft.judge().coverage

    assert coverage is not None
    assert any(cell.is_gap for cell in coverage["entry"])


def test_what_comes_with_the_program_is_known_as_such(draft: StrategyDraft, places: Places) -> None:
    shipped = load_all(operation_path("demo-paper", places)).strategies[0].blueprint.path

    assert is_shipped(StrategyDraft(shipped, full_catalogue(places)).blueprint)
    assert not is_shipped(draft.blueprint)
    assert draft.policy is not None
    assert is_shipped(draft.policy)


def test_what_is_saved_is_what_a_start_reads(draft: StrategyDraft, places: Places) -> None:
    draft.blueprint.put(("market", "window"), "321")
    draft.blueprint.save()

    (strategy, *_) = load_all(operation_path("mine", places)).strategies
    assert strategy.blueprint.model.market.window == 321
