"""One decision per flow: out, then protect, then in."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from engine.contracts.directives import DirectiveScope
from engine.contracts.disposition import NOTHING
from engine.contracts.signals import ThreatSignal
from engine.contracts.swot import Situation
from engine.contracts.updates import PositionUpdate
from engine.primitives.errors import PluginError
from engine.primitives.kept import Keepable
from tests.support.context import StandingState, assessed, employ
from tests.support.ledger import Books
from tests.support.notes import AT, a_position, a_threat, an_id, an_opportunity

pytestmark = pytest.mark.unit

D = Decimal
FOLDER = "phase3_strategy/composed"
BAR = assessed([(50000.0, 50050.0, 49950.0, 50000.0)] * 30)[-1]
CHANCE = an_opportunity(confidence=D("0.9"))


def a_danger(severity: str = "0.95") -> ThreatSignal:
    return a_threat(threat_type="FLASH_CRASH", severity=D(severity))


class Desk:
    """A composed planner, beside a trade whose stop lags behind if one is held."""

    def __init__(self, *, is_held: bool = False, kept: Mapping[str, Keepable] | None = None, **config: object) -> None:
        self.books = Books("100000")
        if is_held:
            entry = self.books.order("0.1")
            self.books.fill(entry, "0.1", "49000")
            self.books.ledger.move_stop(entry.trade_id, stop_loss_price=D(48500))
        self.planner = employ(
            FOLDER,
            config,
            clock=self.books.clock,
            ids=self.books.ids,
            ledger=self.books.ledger,
            context=lambda: BAR.context,
            state=StandingState(kept),
        )

    def sees(self, *chances: Any, threats: tuple[ThreatSignal, ...] = ()) -> Any:
        return self.planner.on_situation(Situation(BAR, chances, threats))


def test_an_emergency_comes_before_everything_else() -> None:
    said = Desk(is_held=True).sees(CHANCE, threats=(a_danger(),))

    assert said.payload.scope is DirectiveScope.CLOSE_EXISTING
    assert said.payload.causality.threat_ids == (an_id("THR"),)


def test_a_stop_that_lags_comes_before_a_new_trade() -> None:
    entries = {"max_open_trades": 5}
    said = Desk(is_held=True, entries=entries).sees(CHANCE)

    assert said.payload.scope is DirectiveScope.MODIFY_EXISTING
    assert said.payload.exit_directive.new_stop_price == 49700
    assert Desk(is_held=True, entries=entries, trailing=None).sees(CHANCE).payload.scope is DirectiveScope.NEW_TRADE


def test_a_chance_becomes_a_trade_by_the_momentum_formula() -> None:
    directive = Desk().sees(CHANCE).payload

    assert directive.scope is DirectiveScope.NEW_TRADE
    assert directive.confidence == D("0.8625")
    assert directive.causality.opportunity_ids == (CHANCE.signal_id,)
    assert directive.causality.context_assessment_id == BAR.assessment.assessment_id


def test_a_refusal_says_its_numbers() -> None:
    assert Desk(entries={"min_confidence": "0.9"}).sees(CHANCE).outcome.rule == "confidence too low"


def test_on_a_quiet_bar_with_nothing_held_it_says_nothing() -> None:
    assert Desk().sees() is NOTHING
    assert Desk().sees(threats=(a_danger("0.5"),)) is NOTHING


def test_after_an_emergency_no_trade_is_opened_for_a_while() -> None:
    desk = Desk(cooldown_minutes=30)
    assert desk.sees(CHANCE, threats=(a_danger(),)).outcome.rule == "threat too severe"
    desk.books.clock.move(minutes=29)
    assert desk.sees(CHANCE).outcome.rule == "cooling down"
    desk.books.clock.move(minutes=1)
    assert desk.sees(CHANCE).payload.scope is DirectiveScope.NEW_TRADE


def test_a_restart_does_not_end_the_pause_after_an_emergency() -> None:
    desk = Desk(cooldown_minutes=30)
    desk.sees(CHANCE, threats=(a_danger(),))
    after = Desk(kept=desk.planner.tools.state.load(), cooldown_minutes=30)

    after.books.clock.move(minutes=29)
    assert after.sees(CHANCE).outcome.rule == "cooling down"
    after.books.clock.move(minutes=1)
    assert after.sees(CHANCE).payload.scope is DirectiveScope.NEW_TRADE


def test_a_threat_between_two_bars_closes_and_opens_nothing() -> None:
    alarm = Situation(threats=(a_danger(),))
    said: Any = Desk(is_held=True).planner.on_situation(alarm)

    assert said.payload.scope is DirectiveScope.CLOSE_EXISTING
    assert Desk().planner.on_situation(alarm) is NOTHING


def test_a_fill_lets_the_stop_follow_at_once() -> None:
    update = PositionUpdate(update_id=an_id("LDG"), timestamp=AT, strategy_id="demo", position=a_position())
    said: Any = Desk(is_held=True).planner.on_position_update(update)

    assert said.payload.scope is DirectiveScope.MODIFY_EXISTING
    assert Desk(is_held=True, trailing=None).planner.on_position_update(update) is NOTHING


def test_without_risk_control_a_threat_only_lowers_the_confidence() -> None:
    said = Desk(is_held=True, risk_control=None, trailing=None, entries={"max_open_trades": 5}).sees(
        CHANCE, threats=(a_danger("1"),)
    )

    assert said.payload.scope is DirectiveScope.NEW_TRADE
    assert said.payload.confidence == D("0.6125")


def test_without_entries_it_only_looks_after_what_is_open() -> None:
    assert Desk(entries=None).sees(CHANCE) is NOTHING


def test_it_cannot_work_without_ledger_and_bars() -> None:
    with pytest.raises(PluginError, match="ledger_reading, context_reading and state"):
        employ(FOLDER, ledger=Books().ledger)
