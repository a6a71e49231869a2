"""The planner that only ever closes."""

from decimal import Decimal
from typing import Any

import pytest

from engine.contracts.directives import DirectiveScope
from engine.contracts.disposition import NOTHING
from engine.primitives.errors import PluginError
from tests.support.context import employ
from tests.support.ledger import Books
from tests.support.notes import a_swot, a_threat, an_opportunity

pytestmark = pytest.mark.unit

FOLDER = "phase3_strategy/risk_control"


def confronted(books: Books, severity: str, **config: object) -> Any:
    planner = employ(FOLDER, config, clock=books.clock, ids=books.ids, ledger=books.ledger)
    return planner.confront(a_swot(opportunities=(), threats=(a_threat(severity=Decimal(severity)),)))


def with_a_trade_and_a_working_entry() -> Books:
    books = Books("100000")
    books.fill(books.order("0.1"), "0.1", "50000")
    books.order("0.2")
    return books


def test_an_emergency_cancels_every_group_and_closes_every_trade() -> None:
    books = with_a_trade_and_a_working_entry()
    directive = confronted(books, "0.9").payload

    assert directive.scope is DirectiveScope.CLOSE_EXISTING
    assert directive.is_emergency
    assert directive.target_trade_ids == tuple(trade.trade_id for trade in books.ledger.get_open_trades())
    assert len(directive.target_trade_ids) == 2
    assert directive.target_group_ids
    assert directive.execution_intent_directive.max_total_slippage_pct == Decimal("0.05")


def test_below_the_severity_it_does_nothing() -> None:
    assert confronted(with_a_trade_and_a_working_entry(), "0.89") is NOTHING
    assert confronted(with_a_trade_and_a_working_entry(), "0.89", emergency_severity="0.8") is not NOTHING


def test_who_is_flat_has_nothing_to_close() -> None:
    assert confronted(Books(), "1") is NOTHING


def test_opportunities_are_not_its_business() -> None:
    planner = employ(FOLDER, ledger=Books().ledger)

    assert planner.confront(a_swot(opportunities=(an_opportunity(confidence=Decimal(1)),))) is NOTHING


def test_it_cannot_work_without_the_ledger() -> None:
    with pytest.raises(PluginError, match="ledger_reading"):
        employ(FOLDER)
