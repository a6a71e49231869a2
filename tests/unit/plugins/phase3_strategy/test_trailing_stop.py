"""The planner that moves stops: after every bar, and after a fill."""

from decimal import Decimal
from typing import Any

import pytest

from engine.contracts.context import AssessedContext
from engine.contracts.directives import DirectiveScope
from engine.contracts.disposition import NOTHING
from engine.contracts.updates import PositionUpdate
from engine.primitives.errors import PluginError
from tests.support.context import assessed, employ
from tests.support.ledger import Books
from tests.support.notes import AT, a_position, an_id

pytestmark = pytest.mark.unit

FOLDER = "phase3_strategy/trailing_stop"
STEADY = [(50000.0, 50050.0, 49950.0, 50000.0)] * 30


class Desk:
    """A planner beside a trade bought at 49,000, in a market whose bars reach 100."""

    def __init__(self, *, is_held: bool = True, bars: int = 30, **config: object) -> None:
        self.bars = assessed(STEADY[:bars])
        self.books = Books("100000")
        if is_held:
            entry = self.books.order("0.1")
            self.books.fill(entry, "0.1", "49000")
            self.books.ledger.move_stop(entry.trade_id, stop_loss_price=Decimal(48500))
            self.trade_id = entry.trade_id
        self.planner = employ(
            FOLDER,
            config,
            clock=self.books.clock,
            ids=self.books.ids,
            ledger=self.books.ledger,
            context=lambda: self.last.context,
        )

    @property
    def last(self) -> AssessedContext:
        return self.bars[-1]

    def after_a_bar(self) -> Any:
        return self.planner.on_context_assessment(self.last)


def a_fill_changed_the_position() -> PositionUpdate:
    return PositionUpdate(update_id=an_id("LDG"), timestamp=AT, strategy_id="demo", position=a_position())


def test_after_a_bar_the_stop_stands_three_average_true_ranges_behind_the_close() -> None:
    desk = Desk()
    directive = desk.after_a_bar().payload

    assert directive.scope is DirectiveScope.MODIFY_EXISTING
    assert directive.target_trade_ids == (desk.trade_id,)
    assert directive.exit_directive.new_stop_price == 49700
    assert directive.causality.flow_id == desk.last.context.tick_id
    assert directive.causality.context_assessment_id == desk.last.assessment.assessment_id


def test_a_fill_is_reason_enough_to_look_again() -> None:
    directive: Any = Desk().planner.on_position_update(a_fill_changed_the_position()).payload

    assert directive.exit_directive.new_stop_price == 49700
    assert directive.causality.flow_id == an_id("LDG")


def test_the_next_bar_finds_the_stop_in_its_place() -> None:
    desk = Desk()
    stop = desk.after_a_bar().payload.exit_directive.new_stop_price
    desk.books.ledger.move_stop(desk.trade_id, stop_loss_price=stop)

    assert desk.after_a_bar() is NOTHING


def test_who_holds_nothing_says_nothing_and_writes_no_assessment() -> None:
    desk = Desk(is_held=False)

    assert desk.after_a_bar() is NOTHING
    assert not desk.last.is_written


def test_with_too_few_bars_stops_stay_unless_the_distance_is_a_ratio() -> None:
    assert Desk(bars=22).after_a_bar() is NOTHING
    assert Desk(bars=23).after_a_bar() is not NOTHING
    by_ratio = Desk(bars=1, distance_atr=None, distance_pct="0.01").after_a_bar()
    assert by_ratio.payload.exit_directive.new_stop_price == 49500


def test_it_cannot_work_without_ledger_and_bars() -> None:
    with pytest.raises(PluginError, match="ledger_reading and context_reading"):
        employ(FOLDER, ledger=Books().ledger)
