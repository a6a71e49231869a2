"""A buy of the same amount whenever the schedule is due."""

from decimal import Decimal
from typing import Any

import pytest

from engine.contracts.directives import DirectiveScope
from engine.contracts.disposition import NOTHING
from engine.contracts.updates import ScheduleTick
from engine.primitives.errors import PluginError
from tests.support.context import employ
from tests.support.ledger import Books
from tests.support.notes import AT, an_id

pytestmark = pytest.mark.unit

D = Decimal
FOLDER = "phase3_strategy/dca"


def told(tick_of: str = "weekly", *, cash: str = "10000", **config: object) -> Any:
    tick = ScheduleTick(schedule_id=an_id("SCH"), timestamp=AT, schedule=tick_of)
    return employ(FOLDER, config, ledger=Books(cash).ledger).on_schedule(tick)


def test_each_tick_buys_as_a_trade_of_its_own_and_the_schedule_is_its_cause() -> None:
    directive = told().payload

    assert directive.scope is DirectiveScope.NEW_TRADE
    assert directive.entry_directive.direction == "BUY"
    assert directive.causality.flow_id == an_id("SCH")
    assert "weekly" in directive.rationale


def test_a_sizer_with_wide_limits_spends_the_amount() -> None:
    sizer = employ("phase4_size/fixed_risk", {"risk_pct": "0.5"}, ledger=Books("10000").ledger)

    assert D("249.5") < sizer.plan(told(amount_quote=250).payload).position_value <= 250


def test_another_schedule_is_not_its_own() -> None:
    assert told("monthly", schedule="weekly") is NOTHING
    assert told("weekly", schedule="weekly") is not NOTHING


def test_without_the_cash_it_says_so() -> None:
    outcome = told(cash="99.99").outcome

    assert outcome.rule == "not enough cash"
    assert "99.99 is free" in outcome.reason


def test_it_cannot_work_without_the_ledger() -> None:
    with pytest.raises(PluginError, match="ledger_reading"):
        employ(FOLDER)
