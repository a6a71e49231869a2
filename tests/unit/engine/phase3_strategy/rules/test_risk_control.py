"""What an emergency is, and how long it keeps new trades away."""

from datetime import timedelta
from decimal import Decimal

import pytest

from engine.contracts.base import Direction
from engine.contracts.execution import ExecutionGroupStatus
from engine.contracts.orders import OrderRole
from engine.contracts.signals import ThreatSignal
from engine.phase3_strategy.rules.cooldown import Cooldown, CooldownTerms
from engine.phase3_strategy.rules.risk_control import RiskControlRule, RiskControlTerms
from engine.sdk.standing_state import StandingState
from tests.support.ledger import Books
from tests.support.notes import AT, a_threat

pytestmark = pytest.mark.unit


def a_rule(books: Books, cooldown_minutes: int = 0) -> RiskControlRule:
    state = StandingState()
    state.hand_over()
    cooldown = Cooldown(CooldownTerms(cooldown_minutes=cooldown_minutes), state)
    return RiskControlRule(RiskControlTerms(), strategy_id="demo", ledger=books.ledger, cooldown=cooldown)


def a_danger(severity: str = "0.9") -> ThreatSignal:
    return a_threat(severity=Decimal(severity))


def test_it_names_exactly_what_is_open_and_not_on_its_way_out() -> None:
    books = Books("100000")
    held = books.order("0.1")
    books.fill(held, "0.1", "50000")
    leaving = books.order("0.1")
    books.fill(leaving, "0.1", "50000")
    books.order("0.1", trade_id=leaving.trade_id, role=OrderRole.CLOSE, direction=Direction.SELL)
    stopped = books.order("0.1", trade_id=held.trade_id)
    books.ledger.move_group(stopped.group_id, ExecutionGroupStatus.CANCELLING)

    exits = a_rule(books).decide(a_danger(), AT)
    assert exits is not None
    assert exits.trades == [held.trade_id]
    assert stopped.group_id not in exits.groups


def test_every_emergency_starts_the_cool_down_anew_also_when_all_is_flat() -> None:
    rule = a_rule(Books(), cooldown_minutes=30)
    assert rule.decide(a_danger(), AT) is None
    assert rule.decide(a_danger(), AT + timedelta(minutes=20)) is None

    assert rule.refusal(None, AT + timedelta(minutes=49)) is not None
    assert rule.refusal(None, AT + timedelta(minutes=50)) is None


def test_a_lesser_threat_is_no_emergency() -> None:
    rule = a_rule(Books(), cooldown_minutes=30)

    assert rule.decide(a_danger("0.89"), AT) is None
    assert rule.decide(None, AT) is None
    assert rule.refusal(a_danger("0.89"), AT) is None
