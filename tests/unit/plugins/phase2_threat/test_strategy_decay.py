"""A strategy whose last trades lose too much is a threat to itself, until they are forgotten."""

from decimal import Decimal
from typing import Any

import pytest

from engine.contracts.base import Direction
from engine.contracts.context import AssessedContext
from engine.contracts.disposition import NOTHING
from engine.contracts.orders import OrderRole
from engine.contracts.updates import LedgerUpdate
from engine.ports.ledger import LedgerChange
from engine.primitives.errors import PluginError
from engine.primitives.ids import LEDGER
from tests.support.context import assessed, employ
from tests.support.ledger import Books

pytestmark = pytest.mark.unit

FOLDER = "phase2_threat/strategy_decay"
LENIENT = {"min_expectancy": "-1", "worst_expectancy": "-2"}
"""Judges by the profit factor alone."""


class Record:
    """Books in which trades of one coin, bought at 100, are closed, and the watchdog that reads them."""

    def __init__(self, **config: object) -> None:
        self.books = Books("100000")
        self.config = {"trades": 4, "min_trades": 2} | config
        self.monitor = employ(FOLDER, self.config, ledger=self.books.ledger)

    def traded(self, price: str) -> LedgerChange:
        entry = self.books.order("1")
        self.books.fill(entry, "1", "100")
        leave = self.books.order("1", trade_id=entry.trade_id, role=OrderRole.CLOSE, direction=Direction.SELL)
        return self.books.fill(leave, "1", price)

    def told(self, change: LedgerChange) -> Any:
        return self.monitor.on_ledger_update(
            LedgerUpdate(
                update_id=self.books.ids.next(LEDGER),
                timestamp=change.at,
                strategy_id=change.strategy_id,
                account=self.books.ledger.get_account(),
                trade=change.trade,
            )
        )

    def after(self, *exits: str) -> Any:
        """Return what it says when the last of these exits is told."""
        return [self.told(self.traded(price)) for price in exits][-1]


def a_bar(day: int = 0) -> AssessedContext:
    return assessed([100.0] * (day * 1_440 + 1))[-1]


def test_a_strategy_that_earns_is_not_mentioned() -> None:
    assert Record().after("101", "99.5", "101", "99.5") is NOTHING


def test_losing_more_than_the_floor_allows_is_a_threat_to_the_strategy() -> None:
    threat = Record(**LENIENT).after("101", "98").payload

    assert (threat.threat_type, threat.asset) == ("STRATEGY_DECAY", None)
    assert threat.metadata == {
        "trades": 2,
        "expectancy": pytest.approx(-0.005),
        "profit_factor": pytest.approx(0.5),
    }


@pytest.mark.parametrize(
    ("loser", "severity"),
    [("98.75", "0.3"), ("98", "0.55"), ("96", "0.8"), ("90", "0.8")],
)
def test_severity_rises_as_the_profit_factor_falls(loser: str, severity: str) -> None:
    # One coin won over 1.25, 2, 4 and 10 lost: 0.8, 0.5, 0.25 and 0.1.
    floors = LENIENT | {"min_profit_factor": "0.8000001", "worst_profit_factor": "0.2"}
    said = Record(**floors).after("101", loser).payload.severity

    if loser == "96":
        assert Decimal("0.75") < said < Decimal("0.8")
    else:
        assert said == pytest.approx(Decimal(severity), abs=Decimal("0.00001"))


def test_expectancy_is_the_mean_result_over_the_entrys_value() -> None:
    lenient = {"min_profit_factor": "0.01", "worst_profit_factor": "0"}

    assert Record(**lenient).after("100.5", "99.1") is NOTHING  # -0.2 % exactly
    assert Record(**lenient).after("100.5", "98.3").payload.severity == Decimal("0.55")  # -0.6 %: half of the way


def test_without_a_loss_there_is_no_profit_factor() -> None:
    assert Record().after("100", "101") is NOTHING
    threat = Record(min_expectancy="0.05", worst_expectancy="0").after("101", "101").payload

    assert "profit_factor" not in threat.metadata


def test_too_few_trades_prove_nothing() -> None:
    record = Record(min_trades=3)

    assert record.after("90", "90") is NOTHING
    assert record.after("90") is not NOTHING


def test_only_the_newest_trades_are_judged() -> None:
    record = Record()

    assert record.after("90", "90", "90", "90") is not NOTHING
    assert record.after("101", "101", "101", "101") is NOTHING


def test_the_warning_is_repeated_beside_every_bar() -> None:
    record = Record()
    record.after("90", "90")
    bar = a_bar()

    threats: list[Any] = [record.monitor.on_context_assessment(bar) for _ in range(2)]

    assert [threat.payload.threat_type for threat in threats] == ["STRATEGY_DECAY"] * 2
    assert threats[0].payload.causality.flow_id == bar.context.tick_id


def test_trades_of_other_strategies_are_not_judged() -> None:
    record = Record()
    record.traded("90")
    change = record.traded("90")
    stranger = employ(FOLDER, record.config, ledger=record.books.ledger, strategy_id="another")
    record.monitor = stranger

    assert record.told(change) is NOTHING
    assert stranger.on_context_assessment(a_bar()) is NOTHING


def test_news_that_close_no_trade_say_nothing() -> None:
    record = Record()
    record.after("90", "90")
    entry = record.books.order("1")

    assert record.told(record.books.fill(entry, "1", "100")) is NOTHING


def test_after_some_days_a_bad_record_is_forgotten() -> None:
    record = Record(forget_days=2)
    record.after("90", "90")

    assert record.monitor.on_context_assessment(a_bar(1)) is not NOTHING
    assert record.monitor.on_context_assessment(a_bar(3)) is NOTHING


def test_after_a_restart_it_knows_what_the_books_know() -> None:
    record = Record()
    record.after("90", "90")
    restarted = employ(FOLDER, record.config, ledger=record.books.ledger)

    assert restarted.on_context_assessment(a_bar()) is not NOTHING


def test_it_cannot_work_without_the_ledger() -> None:
    with pytest.raises(PluginError, match="ledger_reading"):
        employ(FOLDER)
