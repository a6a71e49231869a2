"""The loss of a day is counted from its beginning, whenever somebody asks first."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine.config.policies import GuardLimits
from engine.phase5_execution.guard import OrderGuard
from engine.phase5_execution.trading_day import TradingDay
from engine.primitives.timeframes import NS_PER_DAY, NS_PER_MINUTE, ns_from_datetime
from tests.support.execution import Floor, a_new_trade

pytestmark = pytest.mark.unit
D = Decimal
MIDNIGHT_NS = 20_000 * NS_PER_DAY
NOON_NS = MIDNIGHT_NS + NS_PER_DAY // 2


def test_a_loss_counts_from_the_last_worth_of_the_day_before() -> None:
    day = TradingDay(D(1000))
    day.see(MIDNIGHT_NS - NS_PER_MINUTE, D(900))
    day.see(NOON_NS, D(800))

    assert day.loss(NOON_NS, D(790)) == 110


def test_what_closes_at_midnight_belongs_to_the_day_before() -> None:
    day = TradingDay(D(1000))
    day.see(MIDNIGHT_NS, D(900))
    day.see(MIDNIGHT_NS + NS_PER_MINUTE, D(880))

    assert day.loss(NOON_NS, D(880)) == 20


def test_before_it_has_seen_a_day_end_it_counts_from_what_it_began_with() -> None:
    assert TradingDay(D(1000)).loss(NOON_NS, D(950)) == 50


def test_after_a_restart_on_the_same_day_the_morning_counts() -> None:
    at = datetime(2026, 1, 5, 12, tzinfo=UTC)
    day = TradingDay(D(900), known_at=at, began_with=D(1000))

    assert day.loss(ns_from_datetime(at), D(890)) == 110


def test_after_a_restart_on_another_day_the_last_worth_counts() -> None:
    at = datetime(2026, 1, 5, 12, tzinfo=UTC)
    day = TradingDay(D(900), known_at=at, began_with=D(1000))

    assert day.loss(ns_from_datetime(at) + NS_PER_DAY, D(890)) == 10


def test_the_guard_refuses_what_was_lost_before_it_was_asked_first() -> None:
    floor = Floor()
    floor.bar(open=100)
    began = TradingDay(D(100_000), known_at=floor.clock.now(), began_with=D(100_500))
    limits = GuardLimits(max_daily_loss=D(500))
    floor.guard._day, floor.guard._limits = began, limits

    refused = floor.give(a_new_trade())

    assert refused.rule == "maximum daily loss"
    assert OrderGuard(ledger=floor.ledger, limits=limits)._day.loss(floor.clock.now_ns(), D(99_600)) == 400
