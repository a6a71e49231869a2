"""A session whose feed shows its order books: the detector sees them, late ones are skipped, and it plays again."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from connectors.demo_market.settings import DemoSettings
from engine.backtest.replaying import replay
from engine.config.places import Places
from engine.contracts.context import AssessedContext
from engine.journal.inputs import InputKind, read_inputs
from engine.phase0_bootstrap.assembly import open_session
from engine.phase0_bootstrap.discovery import user_shelf
from engine.phase0_bootstrap.operations import copy_operation, operation_path
from engine.phase0_bootstrap.wiring_check import check_operation
from engine.primitives.errors import WiringError
from engine.primitives.timeframes import NS_PER_SECOND, ns_from_datetime
from engine.runtime.session import Session
from tests.support.books import a_book, imbalance_of
from tests.support.config import swapped
from tests.support.sessions import Witness, run_to_the_end
from tests.support.strangers import a_scout

pytestmark = pytest.mark.end2end

BARS = 60
START_NS = ns_from_datetime(DemoSettings().start)
COLUMNS = ("book_imbalance", "book_spread_bps", "book_microprice")
BLUEPRINT = "strategies/demo_momentum_btc.yaml"


class _Columns(Witness):
    """Remembers what the detector wrote at each bar of BTC/USDT."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Mapping[str, float]] = []
        self.closed_ns: list[int] = []

    def on_tick(self, strategy_id: str, assessed: AssessedContext) -> None:
        super().on_tick(strategy_id, assessed)
        context = assessed.context
        if context.symbol == "BTC/USDT":
            self.rows.append({name: context.value(name) for name in ("close", *COLUMNS)})
            self.closed_ns.append(context.closed_ns)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data", config=tmp_path / "config", state=tmp_path / "state")


def an_operation(places: Places, settings: str = "") -> Path:
    """Copy the shipped demo with the detector wired in, and further settings of the demo market."""
    operation = copy_operation(operation_path("demo-paper", places), "with-books", places)
    blueprint = operation.parent / BLUEPRINT
    detector = "  context_workers:\n    - plugin: OrderBookImbalanceDetector\n"
    blueprint.write_text(swapped(blueprint.read_text(encoding="utf-8"), ("  context_workers:\n", detector)), "utf-8")
    operation.write_text(
        swapped(operation.read_text(encoding="utf-8"), ("      seed: 7", f"{settings}      seed: 7")), "utf-8"
    )
    return operation


def a_session(places: Places, settings: str = "") -> Session:
    return open_session(an_operation(places, settings), places=places, bars=BARS, speed=0)


def journal_of(session: Session) -> Path:
    assert session.status.journal_path is not None
    return session.status.journal_path


def test_every_bar_of_a_paper_session_has_what_the_book_said_and_the_journal_plays_again(places: Places) -> None:
    session, seen = a_session(places), _Columns()
    assert session.status.message == ""
    run_to_the_end(session, seen)

    assert len(seen.rows) == BARS
    assert np.isfinite([[row[name] for name in COLUMNS] for row in seen.rows]).all()
    assert len({row["book_imbalance"] for row in seen.rows}) == BARS
    assert all(abs(row["book_microprice"] / row["close"] - 1) < 0.001 for row in seen.rows)
    at_close = {
        one.event.taken_ns: imbalance_of(one.event, levels=5)  # type: ignore[union-attr, arg-type]  # a book
        for one in read_inputs(journal_of(session))
        if one.kind is InputKind.BOOK and one.event is not None and one.event.symbol == "BTC/USDT"
    }
    written = [row["book_imbalance"] for row in seen.rows]
    assert written == pytest.approx([at_close[closed_ns] for closed_ns in seen.closed_ns])

    result = replay(journal_of(session), places=places)
    assert result.difference == ()
    assert result.is_identical


def test_a_strategy_that_asks_for_books_is_told_before_it_starts_that_there_are_none(places: Places) -> None:
    session, seen = a_session(places, "      book_seconds: 0\n"), _Columns()

    told = session.status.message
    assert told.startswith("order_book_imbalance (OrderBookImbalanceDetector) reads order books")
    assert "take a feed that delivers books" in told
    run_to_the_end(session, seen)
    assert len(seen.rows) == BARS
    assert np.isnan([[row[name] for name in COLUMNS] for row in seen.rows]).all()
    assert replay(journal_of(session), places=places).is_identical


def test_the_wiring_check_tells_it_of_a_feed_that_never_has_books(places: Places) -> None:
    operation = an_operation(places)
    lines, forbids = check_operation(operation, places)
    assert "no-depth" not in "\n".join(lines)

    backtest = copy_operation(operation_path("backtest-btc", places), "on-bars", places)
    (blueprint,) = (backtest.parent / "strategies").glob("*.yaml")
    detector = "  context_workers:\n    - plugin: OrderBookImbalanceDetector\n"
    blueprint.write_text(swapped(blueprint.read_text(encoding="utf-8"), ("  context_workers:\n", detector)), "utf-8")
    lines, forbids = check_operation(backtest, places)
    assert "no-depth" in "\n".join(lines)
    assert not forbids


def test_a_worker_that_can_do_nothing_without_books_is_refused_where_there_are_none(places: Places) -> None:
    needs = "capabilities: {depth: true}\ndependencies:\n  requires_depth: true\n"
    a_scout(user_shelf(places), "book_reader", more=needs)
    employed = ("  opportunity_workers:\n", "  opportunity_workers:\n    - plugin: BookReader\n")
    operation = an_operation(places, "      book_seconds: 0\n")
    blueprint = operation.parent / BLUEPRINT
    blueprint.write_text(swapped(blueprint.read_text(encoding="utf-8"), employed), "utf-8")
    on_bars = copy_operation(operation_path("backtest-btc", places), "on-bars", places)
    (blueprint,) = (on_bars.parent / "strategies").glob("*.yaml")
    blueprint.write_text(swapped(blueprint.read_text(encoding="utf-8"), employed), "utf-8")

    with pytest.raises(WiringError, match=r"book_reader \(BookReader\) can do nothing without order books"):
        open_session(operation, places=places, speed=0)
    lines, forbids = check_operation(on_bars, places)

    assert forbids
    assert "book_reader (BookReader) can do nothing without order books" in "\n".join(lines)


@pytest.mark.allow_warnings
def test_a_book_that_comes_too_late_or_cannot_be_is_skipped_and_said_so(places: Places) -> None:
    session, known = a_session(places), a_book(taken_ns=START_NS + NS_PER_SECOND)
    session.take(known)
    assert session.status.message == ""

    session.take(known._replace(taken_ns=START_NS))
    assert "older than what is known" in session.status.message
    session.take(a_book(bids=[("101", "1")], taken_ns=START_NS + 2 * NS_PER_SECOND))
    assert "The order book cannot be" in session.status.message
    session.close()

    assert next(one.event for one in read_inputs(journal_of(session)) if one.kind is InputKind.BOOK) == known
    assert replay(journal_of(session), places=places).is_identical
