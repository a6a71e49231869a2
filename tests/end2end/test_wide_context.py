"""Higher timeframes and other markets: warm before the first decision, and never ahead of it."""

from pathlib import Path

import pytest

from engine.backtest.recordings import recordings_of
from engine.config.places import Places
from engine.contracts.context import AssessedContext
from engine.contracts.disposition import Envelopes
from engine.contracts.flows import OutcomeKind
from engine.phase0_bootstrap.assembly import open_session
from engine.phase0_bootstrap.discovery import user_shelf
from engine.phase0_bootstrap.operations import copy_operation, operation_path
from engine.phase0_bootstrap.wiring_check import check_operation
from engine.ports.session import SessionState
from engine.primitives.errors import ConfigError
from engine.primitives.timeframes import NS_PER_MINUTE
from plugins.phase2_opportunity.fair_value_gap.worker import FVGEntryDetector
from tests.support.every_plugin import OTHER, OWN, an_operation_of, recorded_in, strategies_of_every_plugin
from tests.support.sessions import Witness, run_to_the_end
from tests.support.strangers import a_scout
from tests.support.wild_market import a_wild_market, without_bars

pytestmark = pytest.mark.end2end
QUARTER_NS = 15 * NS_PER_MINUTE
FIVE_NS = 5 * NS_PER_MINUTE


def _an_operation(home: Path, market_lines: str) -> tuple[Path, Places]:
    """Return a copy of the demo in which the BTC strategy looks farther."""
    places = Places(data=home / "data", config=home / "config", state=home / "state")
    operation = copy_operation(operation_path("demo-paper", places), "wide", places)
    blueprint = operation.parent / "strategies" / "demo_momentum_btc.yaml"
    text = blueprint.read_text(encoding="utf-8")
    wider = text.replace("  timeframe: 1m\n", f"  timeframe: 1m\n{market_lines}")
    assert wider != text
    blueprint.write_text(wider, encoding="utf-8")
    return operation, places


def test_a_worker_sees_the_last_closed_longer_bar_and_other_market_from_the_first_decision_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    operation, places = _an_operation(tmp_path, "  higher_timeframes: [15m]\n  companions: [ETHUSDT]\n")
    seen: list[tuple[int, int, int, int]] = []
    honest = FVGEntryDetector.on_context_assessment

    def looking(self: FVGEntryDetector, assessed: AssessedContext) -> Envelopes:
        context = assessed.context
        if self.tools.worker_id == "fvg_detector" and context.symbol == "BTC/USDT":
            quarter, other = context.higher("15m"), context.companion("ETH/USDT")
            if quarter is not None and other is not None:
                bars = len(quarter.history("close"))
                seen.append((context.closed_ns, quarter.closed_ns, other.closed_ns, bars))
        return honest(self, assessed)

    looking.__annotations__ = honest.__annotations__
    monkeypatch.setattr(FVGEntryDetector, "on_context_assessment", looking)
    session = open_session(operation, places=places, bars=120, speed=0)
    seen_in_warm_up = len(seen)
    witness = Witness()
    run_to_the_end(session, witness)

    decided = seen[seen_in_warm_up:]
    assert len(decided) == 120
    assert min(bars for *_, bars in decided) >= 30
    for closed_ns, quarter_ns, other_ns, _ in seen:
        assert quarter_ns == closed_ns // QUARTER_NS * QUARTER_NS, "neither a bar that is still open, nor an older one"
        assert closed_ns - NS_PER_MINUTE <= other_ns <= closed_ns


@pytest.mark.parametrize(
    ("lines", "word"),
    [
        ("  higher_timeframes: [30s]\n", "whole multiple"),
        ("  higher_timeframes: [1m]\n", "whole multiple"),
        ("  companions: [ETHUSD]\n", "ETH/USDT"),
    ],
)
def test_a_wider_look_that_cannot_be_is_refused_with_its_line(lines: str, word: str, tmp_path: Path) -> None:
    operation, places = _an_operation(tmp_path, lines)
    with pytest.raises(ConfigError, match=word) as refused:
        open_session(operation, places=places)
    assert "demo_momentum_btc.yaml:" in str(refused.value)


def _employ_a_looker(operation: Path, places: Places, needs: str) -> None:
    """Let both strategies of an operation employ a plugin of the user's with these dependencies."""
    a_scout(user_shelf(places), "looker", more=f"dependencies:\n{needs}")
    for blueprint in (operation.parent / "strategies").glob("*.yaml"):
        text = blueprint.read_text(encoding="utf-8")
        wider = text.replace("  opportunity_workers:\n", "  opportunity_workers:\n    - plugin: Looker\n")
        assert wider != text
        blueprint.write_text(wider, encoding="utf-8")


def test_what_a_worker_must_see_and_no_strategy_shows_is_refused_in_one_report(tmp_path: Path) -> None:
    operation, places = _an_operation(tmp_path, "  higher_timeframes: [15m]\n  companions: [ETHUSDT]\n")
    _employ_a_looker(operation, places, "  requires_companions: [ETH/USDT]\n  requires_timeframes: [15m, 1h]\n")

    with pytest.raises(ConfigError) as refused:
        open_session(operation, places=places)

    told = str(refused.value).splitlines()
    assert told[0] == "4 mistakes in the configuration:"
    (btc,) = (line for line in told if "demo_momentum_btc.yaml:" in line)
    assert "market.higher_timeframes: looker (Looker) looks at 1h, which is not among them." in btc
    assert "Write `higher_timeframes: [15m, 1h]` under `market`" in btc
    eth = [line for line in told if "demo_momentum_eth.yaml:" in line]
    assert len(eth) == 3
    assert "Write `companions: [ETH/USDT]` under `market`" in "".join(eth)
    with pytest.raises(ConfigError, match="looks at 1h"):
        check_operation(operation, places)


def test_a_hole_in_the_own_market_never_shows_a_companion_of_after_the_bar(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A longer bar before a hole closes only when the next one comes; its companion has gone on by then."""
    own, other = (a_wild_market(symbol, 300, seed=3, holes=False) for symbol in (OWN, OTHER))
    hole = range(203, 227)  # from within one bar of five minutes into another: 24 bars of the companion
    files = recorded_in(tmp_path, [without_bars(own, hole), other])
    strategies = [each for each in strategies_of_every_plugin() if each.market.timeframe == "5m"][:1]
    operation = an_operation_of(tmp_path, strategies, files, warmup_bars=60, history_bars=60)
    seen: dict[int, int] = {}
    honest = FVGEntryDetector.on_context_assessment

    def looking(self: FVGEntryDetector, assessed: AssessedContext) -> Envelopes:
        companion = assessed.context.companion(OTHER)
        if companion is not None:
            seen[assessed.context.closed_ns] = companion.closed_ns
        return honest(self, assessed)

    looking.__annotations__ = honest.__annotations__
    monkeypatch.setattr(FVGEntryDetector, "on_context_assessment", looking)
    places = Places(data=tmp_path / "data", config=tmp_path / "config", state=tmp_path / "state")
    session = open_session(operation, places=places, recordings=recordings_of, speed=0)
    run_to_the_end(session, witness := Witness())

    begun_ns = int(own.opened_ns[0])
    before_hole_ns = begun_ns + 205 * NS_PER_MINUTE
    assert session.status.state is SessionState.STOPPED
    assert [record for record in witness.flows if record.outcome.kind is OutcomeKind.FAILED] == []
    assert before_hole_ns in seen, "the bar that the hole cut short is there"
    late = [closed_ns - other_ns for closed_ns, other_ns in seen.items()]
    assert min(late) >= 0, "no bar of the companion that closes after the own one"
    assert max(late) <= FIVE_NS, "nor one older than the bar before"
