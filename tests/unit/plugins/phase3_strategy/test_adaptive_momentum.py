"""The confrontation: new trades by the formula, refusals with their numbers, and the document's flash crash."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from engine.contracts.base import Direction
from engine.contracts.directives import DirectiveScope
from engine.contracts.disposition import NOTHING
from engine.contracts.execution import ExecutionGroupStatus
from engine.contracts.orders import OrderRole
from engine.contracts.signals import OpportunitySignal, ThreatSignal
from engine.contracts.swot import SWOTInputs
from engine.primitives.errors import PluginError
from engine.primitives.kept import Keepable
from tests.support.context import StandingState, employ
from tests.support.ledger import Books
from tests.support.notes import a_swot, a_threat, an_assessment, an_id, an_opportunity

pytestmark = pytest.mark.unit

D = Decimal
FOLDER = "phase3_strategy/adaptive_momentum"


def a_chance(confidence: str = "0.9", **more: Any) -> OpportunitySignal:
    return an_opportunity(confidence=D(confidence), **more)


def a_danger(severity: str = "0.95") -> ThreatSignal:
    return a_threat(threat_type="FLASH_CRASH", severity=D(severity))


def seen(
    *opportunities: OpportunitySignal,
    threats: tuple[ThreatSignal, ...] = (),
    strength: str = "0.8",
    weakness: str = "0.2",
) -> SWOTInputs:
    return a_swot(
        context=an_assessment(strength=D(strength), weakness=D(weakness)), opportunities=opportunities, threats=threats
    )


class Strategy:
    """A planner with real books."""

    def __init__(self, *, kept: Mapping[str, Keepable] | None = None, **config: object) -> None:
        self.books = Books("100000")
        self.planner = employ(
            FOLDER,
            config,
            clock=self.books.clock,
            ids=self.books.ids,
            ledger=self.books.ledger,
            price="50000",
            state=StandingState(kept),
        )

    def confronts(self, swot: SWOTInputs) -> Any:
        return self.planner.confront(swot)

    def refuses(self, swot: SWOTInputs) -> tuple[str, str]:
        outcome = self.confronts(swot).outcome
        assert outcome.stage == "strategy_planning"
        return outcome.rule, outcome.reason


def confidence_of(swot: SWOTInputs, **config: object) -> Decimal:
    value: Decimal = Strategy(**config).planner.confidence(swot)
    return value


def test_confidence_is_the_documents_formula_over_the_weights_that_raise_it() -> None:
    # 0.24 of strength and 0.45 of opportunity, less 0.10 of threat, over 0.8
    assert confidence_of(seen(a_chance(), threats=(a_danger("0.5"),))) == D("0.7375")


def test_the_highest_confidence_can_be_reached() -> None:
    assert confidence_of(seen(a_chance("1"), strength="1")) == 1


def test_confidence_never_falls_below_zero() -> None:
    assert confidence_of(seen(a_chance("0.01"), threats=(a_danger("1"),), strength="0")) == 0


def test_weakness_lowers_confidence_when_it_is_given_a_weight() -> None:
    swot = seen(a_chance(), weakness="0.5")

    assert confidence_of(swot, weakness_weight="0.2") < confidence_of(swot)


def test_a_convincing_opportunity_becomes_a_new_trade_with_hints_and_limits() -> None:
    directive = Strategy(max_risk_amount="1000").confronts(seen(a_chance(invalidation_price=D(49600)))).payload

    assert directive.scope is DirectiveScope.NEW_TRADE
    assert directive.confidence == D("0.8625")
    assert directive.entry_directive.timing_preference == directive.confidence
    assert directive.entry_directive.reference_price == 50000
    assert directive.size_directive.aggressiveness == directive.confidence * D("0.8")
    assert directive.size_directive.max_risk_amount == 1000
    assert directive.exit_directive.invalidation_price == 49600
    assert directive.exit_directive.stop_loss_tolerance == D("0.015")
    assert directive.execution_intent_directive.max_total_slippage_pct == D("0.002")


def test_of_several_opportunities_the_most_confident_is_traded() -> None:
    weak, strong = a_chance("0.7"), a_chance("0.9", signal_id=an_id("OPP", 1), asset="BTC/USDT", signal_type="best")
    directive = Strategy().confronts(seen(weak, strong)).payload

    assert "best" in directive.rationale
    assert directive.causality.opportunity_ids == (weak.signal_id, strong.signal_id)


def test_too_little_confidence_is_refused_with_both_numbers() -> None:
    rule, reason = Strategy(min_confidence="0.6").refuses(seen(a_chance("0.4"), strength="0.4"))

    assert rule == "confidence too low"
    assert reason == "the confidence is 0.4000; trades start at 0.6"


def test_a_direction_that_is_not_traded_is_refused() -> None:
    assert Strategy().refuses(seen(a_chance(direction=Direction.SELL)))[0] == "direction not traded"
    short = Strategy(directions=["BUY", "SELL"]).confronts(seen(a_chance(direction=Direction.SELL)))
    assert short.payload.entry_directive.direction is Direction.SELL


def test_no_more_trades_are_opened_than_allowed_pending_ones_included() -> None:
    strategy = Strategy(max_open_trades=2)
    strategy.books.trade()
    assert strategy.confronts(seen(a_chance())).payload.scope is DirectiveScope.NEW_TRADE
    strategy.books.trade()

    assert strategy.refuses(seen(a_chance())) == (
        "enough open trades",
        "open trades: 2; allowed: 2",
    )


def test_a_severe_threat_refuses_an_opportunity_when_there_is_nothing_to_close() -> None:
    rule, reason = Strategy().refuses(seen(a_chance("1"), threats=(a_danger(),), strength="1"))

    assert rule == "threat too severe"
    assert "0.95" in reason
    assert "0.9" in reason


def test_a_threat_to_somebody_who_holds_nothing_and_wants_nothing_is_not_news() -> None:
    assert Strategy().confronts(seen(threats=(a_danger(),))) is NOTHING
    assert Strategy().confronts(seen(threats=(a_danger("0.5"),))) is NOTHING


def test_a_flash_crash_cancels_every_working_group_and_closes_every_trade() -> None:
    strategy = Strategy()
    books = strategy.books
    held = books.order("2.5")
    books.fill(held, "2.5", "50000")
    working = books.order("10", symbol="ETH/USDT")
    directive = strategy.confronts(seen(a_chance(), threats=(a_danger(),))).payload

    assert directive.scope is DirectiveScope.CLOSE_EXISTING
    assert directive.confidence == D("0.95")
    assert directive.target_trade_ids == (held.trade_id, working.trade_id)
    assert working.group_id in directive.target_group_ids
    assert directive.execution_intent_directive.execution_urgency == 1
    assert directive.causality.threat_ids == (an_id("THR"),)


def test_what_is_being_closed_already_is_left_to_finish() -> None:
    strategy = Strategy()
    books = strategy.books
    held = books.order("2.5")
    books.fill(held, "2.5", "50000")
    books.order("2.5", trade_id=held.trade_id, role=OrderRole.CLOSE, direction=Direction.SELL)

    assert strategy.confronts(seen(threats=(a_danger(),))) is NOTHING


def test_a_group_that_is_being_cancelled_is_not_cancelled_again() -> None:
    strategy = Strategy()
    order = strategy.books.order("1")
    strategy.books.ledger.move_group(order.group_id, ExecutionGroupStatus.CANCELLING)

    assert strategy.confronts(seen(threats=(a_danger(),))).payload.target_group_ids == ()


def test_trades_of_other_strategies_are_not_touched() -> None:
    strategy = Strategy()
    order = strategy.books.order("1")
    other = employ(FOLDER, strategy_id="another", clock=strategy.books.clock, ledger=strategy.books.ledger)

    assert other.confront(seen(threats=(a_danger(),))) is NOTHING
    assert strategy.confronts(seen(threats=(a_danger(),))).payload.target_trade_ids == (order.trade_id,)


def test_after_an_emergency_no_trade_is_opened_for_a_while() -> None:
    strategy = Strategy(cooldown_minutes=30)
    strategy.confronts(seen(threats=(a_danger(),)))
    strategy.books.clock.move(minutes=29)
    assert strategy.refuses(seen(a_chance()))[0] == "cooling down"
    strategy.books.clock.move(minutes=1)

    assert strategy.confronts(seen(a_chance())).payload.scope is DirectiveScope.NEW_TRADE


def test_a_restart_does_not_end_the_pause_after_an_emergency() -> None:
    before = Strategy(cooldown_minutes=30)
    before.confronts(seen(threats=(a_danger(),)))
    after = Strategy(kept=before.planner.tools.state.load(), cooldown_minutes=30)

    after.books.clock.move(minutes=29)
    assert after.refuses(seen(a_chance()))[0] == "cooling down"
    after.books.clock.move(minutes=1)
    assert after.confronts(seen(a_chance())).payload.scope is DirectiveScope.NEW_TRADE


def test_it_cannot_work_without_the_ledger() -> None:
    with pytest.raises(PluginError, match="ledger_reading"):
        employ(FOLDER)
