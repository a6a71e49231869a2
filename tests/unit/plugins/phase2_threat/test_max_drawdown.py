"""Equity that falls too far from its peak is a threat to everything."""

from decimal import Decimal
from typing import Any

import pytest

from engine.contracts.base import Direction
from engine.contracts.disposition import NOTHING
from engine.contracts.orders import OrderRole
from engine.contracts.updates import LedgerUpdate
from engine.primitives.errors import PluginError
from engine.primitives.ids import LEDGER
from engine.sdk.standing_state import StandingState
from tests.support.context import assessed, employ
from tests.support.ledger import Books

pytestmark = pytest.mark.unit

FOLDER = "phase2_threat/max_drawdown"


class Watched:
    """Books with one long position of 50 coins bought at 100 out of 10,000, and the watchdog that reads them."""

    def __init__(self) -> None:
        self.books = Books("10000")
        self.monitor = employ(FOLDER, {"max_drawdown": "0.1"}, ledger=self.books.ledger)
        self.books.fill(self.books.order("50"), "50", "100")

    def at(self, price: str) -> Any:
        self.books.ledger.mark("BTC/USDT", Decimal(price), self.books.clock.now_ns())
        (seen,) = assessed([float(price)])
        return self.monitor.on_context_assessment(seen)


def test_a_small_loss_is_not_mentioned() -> None:
    watched = Watched()

    assert watched.at("100") is NOTHING
    assert watched.at("84.01") is NOTHING


def test_severity_is_the_share_of_the_allowed_drawdown_that_is_used_up() -> None:
    watched = Watched()
    watched.at("100")
    warning = watched.at("84").payload
    breach = watched.at("80").payload

    assert (warning.threat_type, warning.severity) == ("DRAWDOWN_WARNING", Decimal("0.8"))
    assert (breach.threat_type, breach.severity) == ("MAX_DRAWDOWN_BREACH", 1)
    assert breach.asset is None
    assert breach.metadata == {"current_dd": pytest.approx(0.1), "max_allowed": 0.1}


def test_the_fall_is_measured_from_the_peak_and_not_from_the_start() -> None:
    watched = Watched()
    watched.at("140")  # 12,000

    assert watched.at("120.81") is NOTHING
    assert watched.at("120.80").payload.threat_type == "DRAWDOWN_WARNING"
    assert watched.at("116").payload.threat_type == "MAX_DRAWDOWN_BREACH"


def test_the_warning_stays_when_the_loss_has_been_taken() -> None:
    watched = Watched()
    watched.at("100")
    watched.at("80")
    books = watched.books
    trade = books.ledger.get_open_trades()[0].trade_id
    exit_order = books.order("50", trade_id=trade, role=OrderRole.CLOSE, direction=Direction.SELL)
    books.fill(exit_order, "50", "80")

    assert not books.ledger.get_open_positions()
    assert watched.at("80").payload.severity == 1
    assert watched.at("80").payload.severity == 1


def test_a_change_of_the_books_is_judged_at_once() -> None:
    watched = Watched()
    watched.at("100")
    watched.books.ledger.mark("BTC/USDT", Decimal(80), watched.books.clock.now_ns())
    update = LedgerUpdate(
        update_id=watched.books.ids.next(LEDGER),
        timestamp=watched.books.clock.now(),
        strategy_id="demo",
        account=watched.books.ledger.get_account(),
    )
    said: Any = watched.monitor.on_ledger_update(update)

    assert said.payload.threat_type == "MAX_DRAWDOWN_BREACH"
    assert said.payload.causality.flow_id == update.update_id


def test_it_cannot_work_without_the_ledger() -> None:
    with pytest.raises(PluginError, match="ledger_reading"):
        employ(FOLDER)


def test_a_peak_that_is_older_than_the_lookback_is_forgotten() -> None:
    books = Books("10000")
    monitor = employ(FOLDER, {"max_drawdown": "0.1", "lookback_days": 2}, ledger=books.ledger)
    books.fill(books.order("50"), "50", "100")

    def on_day(day: int, price: str) -> Any:
        books.ledger.mark("BTC/USDT", Decimal(price), books.clock.now_ns())
        *_, seen = assessed([float(price)] * (day * 1_440 + 1))
        return monitor.on_context_assessment(seen)

    on_day(0, "100")
    assert on_day(0, "80").payload.threat_type == "MAX_DRAWDOWN_BREACH"
    assert on_day(1, "80").payload.threat_type == "MAX_DRAWDOWN_BREACH"
    assert on_day(2, "80") is NOTHING
    assert on_day(2, "63").payload.threat_type == "DRAWDOWN_WARNING"


def after_a_restart(books: Books, kept: dict[str, Any], price: str) -> Any:
    """Let a new process look at books at a price, with what the one before has kept."""
    monitor = employ(FOLDER, {"max_drawdown": "0.1"}, ledger=books.ledger, state=StandingState(kept))
    books.ledger.mark("BTC/USDT", Decimal(price), books.clock.now_ns())
    (seen,) = assessed([float(price)])
    return monitor.on_context_assessment(seen)


def test_a_restart_forgives_no_drawdown() -> None:
    watched = Watched()
    watched.at("140")  # 12,000
    kept = dict(watched.monitor.tools.state.load())

    warning = after_a_restart(watched.books, kept, "116")

    assert warning.payload.threat_type == "MAX_DRAWDOWN_BREACH"


def test_a_peak_of_another_account_is_no_drawdown_of_this_one() -> None:
    watched = Watched()
    watched.at("140")
    kept = dict(watched.monitor.tools.state.load())

    assert after_a_restart(Books("10000"), kept, "100") is NOTHING


def test_days_that_are_kept_and_days_that_were_seen_since_are_one_line() -> None:
    books = Books("10000")
    monitor = employ(FOLDER, {"max_drawdown": "0.1", "lookback_days": 3}, ledger=books.ledger)
    books.fill(books.order("50"), "50", "100")

    def on_day(day: int, price: str) -> None:
        books.ledger.mark("BTC/USDT", Decimal(price), books.clock.now_ns())
        *_, seen = assessed([float(price)] * (day * 1_440 + 1))
        monitor.on_context_assessment(seen)

    for day, price in enumerate(("120", "110", "100")):
        on_day(day, price)

    kept = monitor.tools.state.load()
    again = employ(FOLDER, {"max_drawdown": "0.1", "lookback_days": 3}, ledger=books.ledger, state=StandingState(kept))
    *_, seen = assessed([100.0] * (3 * 1_440 + 1))

    assert again.on_context_assessment(seen) is NOTHING, "10,500 of day 1 is the peak, and 10,000 is 4.8 % below"
    (_, first), (_, second), _ = kept["peaks"]
    assert [peak for _, peak in again.tools.state.load()["peaks"]] == [second, "10000"], f"{first} is too old"
