"""What is refused before anything runs, with the line that is to be changed; and that nothing is left behind then."""

from pathlib import Path

import pytest

from engine.config.places import Places
from engine.contracts.flows import OutcomeKind
from engine.phase0_bootstrap.assembly import open_session
from engine.phase0_bootstrap.operations import copy_operation, operation_path
from engine.primitives.errors import ConfigError, PluginError
from plugins.phase2_opportunity.fair_value_gap.worker import FVGEntryDetector
from tests.support.config import swapped
from tests.support.sessions import run_to_the_end

pytestmark = pytest.mark.unit

BLUEPRINT = "strategies/demo_momentum_btc.yaml"


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", config=tmp_path / "config", state=tmp_path / "state")


def a_changed_demo(places: Places, *changes: tuple[str, str]) -> Path:
    """Copy the shipped demo and change its first blueprint; return its operation.yaml."""
    operation = copy_operation(operation_path("demo-paper", places), "mine", places)
    file = operation.parent / BLUEPRINT
    file.write_text(swapped(file.read_text(encoding="utf-8"), *changes), encoding="utf-8")
    return operation


def line_with(operation: Path, text: str) -> int:
    lines = (operation.parent / BLUEPRINT).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


def test_bars_that_cannot_be_built_from_the_feeds_are_refused_at_their_line(places: Places) -> None:
    operation = a_changed_demo(places, ("timeframe: 1m", "timeframe: 90s"))

    with pytest.raises(
        ConfigError, match="bars of 90s cannot be built from the market data, which has bars of 1m"
    ) as no:
        open_session(operation, places=places)
    assert f"{BLUEPRINT}:{line_with(operation, 'timeframe: 90s')}: market.timeframe" in str(no.value)


def test_a_market_that_the_feed_does_not_have_is_refused_at_its_line(places: Places) -> None:
    operation = a_changed_demo(places, ("symbol: BTC/USDT", "symbol: BTCUSD"))

    with pytest.raises(ConfigError, match="Did you mean 'BTC/USDT'") as no:
        open_session(operation, places=places)
    assert f"{BLUEPRINT}:{line_with(operation, 'symbol: BTCUSD')}: market.symbol" in str(no.value)


def test_a_trigger_that_its_slot_does_not_know_is_refused_at_its_line(places: Places) -> None:
    operation = a_changed_demo(places, ("          timing_preference: [", "          timing_preferenc: ["))

    with pytest.raises(ConfigError, match="Did you mean 'timing_preference'") as no:
        open_session(operation, places=places)
    assert f"{BLUEPRINT}:{line_with(operation, 'timing_preferenc:')}: " in str(no.value)


def test_a_session_that_could_not_be_opened_leaves_no_journal(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError("a quant's mistake")

    monkeypatch.setattr(FVGEntryDetector, "__init__", broken)
    with pytest.raises(PluginError, match="FVGEntryDetector"):
        open_session(operation_path("demo-paper", places), places=places)
    assert list(places.data.rglob("*.sqlite*")) == []


def test_failures_of_the_warm_up_pause_a_strategy_only_when_they_come_in_a_row(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = 0
    honest = FVGEntryDetector.on_context_assessment

    def faulty(self: FVGEntryDetector, assessed: object) -> object:
        nonlocal seen
        seen += 1
        if seen % 2:
            raise ZeroDivisionError("a quant's mistake")
        return honest(self, assessed)  # type: ignore[arg-type]  # passed on as it came

    faulty.__annotations__ = honest.__annotations__
    monkeypatch.setattr(FVGEntryDetector, "on_context_assessment", faulty)
    session = open_session(operation_path("demo-paper", places), places=places, bars=1)
    run_to_the_end(session)
    status = session.status

    assert status.flows[OutcomeKind.FAILED] >= 300  # every other one of 300 bars, of two strategies
    assert [strategy.pause_reason for strategy in status.strategies] == ["", ""]


def test_a_copied_operation_has_its_own_id_and_name(places: Places) -> None:
    text = copy_operation(operation_path("demo-paper", places), "my-first", places).read_text(encoding="utf-8")

    assert "\n  id: my-first\n" in text
    assert "\n  name: my-first\n" in text
    assert "  - id: demo\n" in text


def test_the_session_says_which_worker_writes_each_column(places: Places) -> None:
    session = open_session(operation_path("demo-paper", places), places=places, bars=1)
    strategies = session.status.strategies
    session.close()

    for strategy in strategies:
        assert [*strategy.written_by] == [spec.name for spec in strategy.columns]
    assert {*strategies[0].written_by.values()} == {
        "ema_detector",
        "adx_regime_classifier",
        "market_structure_detector",
    }
