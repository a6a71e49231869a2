"""Recorded order books: what walking them costs, and that paper fills cost the same."""

from decimal import Decimal
from statistics import median

import pytest

from connectors.replay.depth import read_books
from engine.contracts.market import BookSnapshot
from engine.phase5_execution.book_walking import Taking, average_price, total_of, walk
from engine.phase5_execution.simulated_venue import SimulatedVenue
from engine.primitives.ids import ORDER, IdSource
from tests.support import notes
from tests.support.execution import FREE, HandClock, an_open_market
from tests.support.tree import ROOT

pytestmark = pytest.mark.flow
D = Decimal
L2 = ROOT.parent / "shared" / "data" / "l2"

MEDIANS_BPS = {
    "usdm_btcusdt_20240808": {"1": "0.01", "10": "0.63", "50": "2.47", "100": "4.02"},
    "spot_btcusdt_20240808": {"1": "0.00", "10": "1.14", "50": "4.94", "100": "9.82"},
}
"""Median cost of a market BUY of so many BTC against the middle, in basis points: README of the recordings."""
ROUNDING_BPS = D("0.005")
"""The README has two decimals."""


@pytest.fixture(scope="module", params=MEDIANS_BPS)
def recorded(request: pytest.FixtureRequest) -> tuple[str, list[BookSnapshot]]:
    file = L2 / f"hftbacktest_binance_{request.param}.gz"
    if not file.exists():
        pytest.skip("the recorded order books are not on this machine")
    return request.param, list(read_books([file], symbol="BTC/USDT", every_ms=1000, levels=1200))


def cost_bps(book: BookSnapshot, price: Decimal) -> Decimal:
    middle = (book.bids[0].price + book.asks[0].price) / 2
    return (price / middle - 1) * 10_000


def agrees(measured: Decimal, stated: str) -> bool:
    return abs(measured - D(stated)) <= max(D(stated) * D("0.05"), ROUNDING_BPS)


def test_walking_recorded_books_costs_what_was_measured(recorded: tuple[str, list[BookSnapshot]]) -> None:
    name, books = recorded
    for size, stated in MEDIANS_BPS[name].items():
        prices = [(book, average_price(walk(book.asks, D(size)))) for book in books]
        costs = [cost_bps(book, price) for book, price in prices if price is not None]
        assert len(costs) > 300
        assert agrees(median(costs), stated), (size, median(costs))


def test_paper_fills_on_recorded_books_are_the_walk_itself(recorded: tuple[str, list[BookSnapshot]]) -> None:
    _, books = recorded
    market = an_open_market(lot_step=D("0.00001"))
    clock = HandClock(books[0].taken_ns)
    ids = IdSource(clock.now_ns)
    # Every order has a venue of its own, because nobody takes a level twice; a tenth of the books is enough.
    for book in books[::10]:
        for size in (D(1), D(10), D(50), D(100)):
            clock.move_to(book.taken_ns)
            venue = SimulatedVenue(instruments={market.symbol: market}, clock=clock, parameters=FREE)
            venue.place(notes.an_order(order_id=ids.next(ORDER), quantity=size, created_at=clock.now()))
            venue.on_market(book)
            fills = tuple(Taking(done.report.price, done.report.quantity) for done in venue.executions)
            assert fills == walk(book.asks, size)
            assert total_of(fills) == size
