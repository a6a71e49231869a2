"""Which states a new session goes on with, which it leaves, and which keep it from starting."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from engine.config.loading import load_all
from engine.config.places import Places
from engine.contracts.worker_state import SavedState
from engine.phase0_bootstrap.operations import operation_path
from engine.phase0_bootstrap.resuming import resume
from engine.phase0_bootstrap.shelves import shipped_catalogue
from engine.phase0_bootstrap.strategy_assembly import PlannedStrategy, plan_strategy
from engine.primitives.errors import ConfigError
from engine.primitives.kept import Keepable
from plugins.phase3_strategy.adaptive_momentum.worker import AdaptiveMomentumPlanner
from tests.support.notes import a_kept_state

pytestmark = pytest.mark.unit

START_NS = 1_767_571_200_000_000_000  # 2026-01-05
BTC, ETH = "demo_momentum_btc", "demo_momentum_eth"


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Sequence[PlannedStrategy]:
    home = tmp_path_factory.mktemp("home")
    places = Places(data=home / "data", config=home / "config", state=home / "state")
    bundle = load_all(operation_path("demo-paper", places))
    return [plan_strategy(linked, shipped_catalogue()) for linked in bundle.strategies]


def a_state(strategy_id: str = BTC, **more: object) -> SavedState:
    facts = {
        "worker_id": "adaptive_momentum_planner",
        "plugin": "AdaptiveMomentumPlanner",
        "version": 1,
        "at_ns": START_NS,
        "body": '{"cooldown_ends_ns":5}',
    }
    return a_kept_state(strategy_id=strategy_id, **(facts | more))


def migrating(monkeypatch: pytest.MonkeyPatch, answer: object) -> list[tuple[int, Mapping[str, Keepable]]]:
    """Give the planner a migration; return what it is asked."""
    asked: list[tuple[int, Mapping[str, Keepable]]] = []

    def migrate(_: type, old_version: int, values: Mapping[str, Keepable]) -> object:
        asked.append((old_version, values))
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(AdaptiveMomentumPlanner, "migrate_state", classmethod(migrate))
    return asked


def test_each_strategy_gets_back_what_its_own_workers_kept(planned: Sequence[PlannedStrategy]) -> None:
    (btc, eth), notes = resume(planned, [a_state(), a_state(ETH, body="{}")], start_ns=START_NS)

    assert btc.states == (a_state(),)
    assert eth.states == (a_state(ETH, body="{}"),)
    assert notes == []


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (a_state(at_ns=START_NS + 1), "it is from 2026-01-05 00:00:00 UTC, and this session begins at 2026-01-05"),
        (a_state("dismissed"), "employs nobody of that name and plugin who keeps anything"),
        (a_state(worker_id="somebody"), "employs nobody of that name"),
        (a_state(plugin="SomebodyElsesPlanner"), "employs nobody of that name and plugin"),
        (a_state(worker_id="fvg_detector", plugin="FVGEntryDetector"), "who keeps anything"),
    ],
)
def test_what_nobody_can_go_on_with_is_left_with_a_note(
    planned: Sequence[PlannedStrategy], state: SavedState, reason: str
) -> None:
    strategies, (note,) = resume(planned, [state], start_ns=START_NS)

    assert [strategy.states for strategy in strategies] == [(), ()]
    assert note.strategy_id == state.strategy_id
    assert f"What {state.worker_id} ({state.plugin}) kept before was not taken over" in note.text
    assert reason in note.text


def test_an_older_state_is_migrated_and_keeps_its_date(
    planned: Sequence[PlannedStrategy], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = migrating(monkeypatch, {"cooldown_ends_ns": 7})
    (btc, _), _ = resume(planned, [a_state(version=3, body='{"calm":[1]}', at_ns=9)], start_ns=START_NS)

    assert asked == [(3, {"calm": (1,)})]
    assert btc.states == (a_state(body='{"cooldown_ends_ns":7}', at_ns=9),)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (None, "The plugin has no migration for it"),
        (KeyError("calm"), "Migrating the state of adaptive_momentum_planner failed: KeyError: 'calm'"),
        ({"price": float("nan")}, "Infinity and NaN cannot be kept"),
        ([1], "What is kept is a mapping of names to values. (got=list)"),
    ],
)
def test_a_state_that_cannot_be_read_is_refused_with_line_and_way_out(
    planned: Sequence[PlannedStrategy], monkeypatch: pytest.MonkeyPatch, answer: object, reason: str
) -> None:
    migrating(monkeypatch, answer)
    with pytest.raises(ConfigError) as no:
        resume(planned, [a_state(version=3), a_state(ETH, version=4)], start_ns=START_NS)

    text = str(no.value)
    assert "2 mistakes in the configuration" in text
    for strategy, version in ((BTC, 3), (ETH, 4)):
        file = next(Path(each.linked.blueprint.path) for each in planned if strategy in str(each.linked.blueprint.path))
        lines = file.read_text(encoding="utf-8").splitlines()
        line = next(number for number, each in enumerate(lines, start=1) if "strategy_planner:" in each)
        assert f"{file.name}:{line}: workforce.strategy_planner: what adaptive_momentum_planner kept until" in text
        assert f"of version {version}, and AdaptiveMomentumPlanner 0.1.0 reads version 1: {reason}" in text
    assert "`s1mpletrader run OPERATION --fresh`" in text
