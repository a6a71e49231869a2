"""A session on a feed: how it ends, and what may still be asked then."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from engine.config.policies import TranslationPolicy
from engine.contracts.commands import CommandStatus, FlattenAll, PauseStrategy
from engine.contracts.market import MarketBar, MarketEvent
from engine.contracts.orders import OrderRole, OrderStatus
from engine.journal.queries import SqliteJournalReader
from engine.ports.session import Mode, SessionState
from engine.primitives.errors import DataError, EngineError, InvariantBroken, LedgerMismatch
from engine.primitives.timeframes import NS_PER_MINUTE, NS_PER_SECOND
from engine.runtime.desk import Desk
from engine.runtime.reasoning import Reasoning
from engine.runtime.session import Session
from engine.runtime.standing import Standing
from engine.runtime.turn import EngineTurn
from engine.sdk.pacing import PacedFeed, Pacer
from tests.support.engine import Workshop, a_small_buy
from tests.support.execution import START_NS, D, a_bar_of, a_new_trade
from tests.support.notes import AT

pytestmark = pytest.mark.unit


class ListedFeed:
    """Delivers what it is given, and then does what it is told."""

    label, timeframe = "TEST", "1m"

    def __init__(self, *bars: MarketBar, then: Callable[[], None] = lambda: None) -> None:
        self._bars = bars
        self._then = then

    def instruments(self) -> tuple[()]:
        return ()

    def history(self, **_: object) -> None:
        return None

    async def events(self) -> AsyncIterator[MarketEvent]:
        for bar in self._bars:
            yield bar
        self._then()


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workshop]:
    made = Workshop(tmp_path / "journal.sqlite", strategies=[("one", "BTC/USDT")])
    yield made
    made.journal.close()


def bars(count: int) -> list[MarketBar]:
    return [a_bar_of("BTC/USDT", START_NS + number * NS_PER_MINUTE, {"open": 100}) for number in range(count)]


def a_session(shop: Workshop, feed: ListedFeed, monotonic_ns: Callable[[], int] = lambda: 0) -> Session:
    return Session(
        session_id="JRN",
        operation="test",
        mode=Mode.PAPER,
        engine=shop.engine,
        feed=feed,  # type: ignore[arg-type]  # as little of a feed as the test needs
        desk=Desk(shop.engine, shop.guard),
        standing=Standing(shop.guard, shop.engine.strategies, shop.journal),
        journal_path=shop.journal.path,
        warm={},
        monotonic_ns=monotonic_ns,
        turn=EngineTurn(),
        reasoning=Reasoning(
            matchers={}, policy_of=lambda _: TranslationPolicy(), instrument=shop.engine.prices.instrument
        ),
    )


def flatten(session: Session, *symbols: str) -> FlattenAll:
    return FlattenAll(command_id=session.next_command_id(), asked_at=AT, symbols=symbols)


def test_a_feed_that_ends_stops_the_session(shop: Workshop) -> None:
    session = a_session(shop, ListedFeed(*bars(3)))

    asyncio.run(session.run())

    assert session.status.state is SessionState.STOPPED
    assert len(shop.scripts["one"].bars) == 3


def test_a_broken_feed_fails_the_session_with_its_sentence(shop: Workshop) -> None:
    def break_off() -> None:
        raise DataError("The recording ends in the middle of a bar.")

    session = a_session(shop, ListedFeed(*bars(1), then=break_off))

    with pytest.raises(DataError):
        asyncio.run(session.run())
    assert session.status.state is SessionState.FAILED
    assert "middle of a bar" in session.status.message


def test_a_fault_that_nobody_expected_fails_the_session_and_is_kept_in_the_journal(shop: Workshop) -> None:
    def stumble() -> None:
        raise ZeroDivisionError("division by zero")

    session = a_session(shop, ListedFeed(*bars(1), then=stumble))

    with pytest.raises(InvariantBroken, match="ZeroDivisionError"):
        asyncio.run(session.run())
    assert session.status.state is SessionState.FAILED
    with SqliteJournalReader(shop.journal.path) as reader:
        (note,) = reader.notes()
    assert "stumble" in note.text


def test_a_journal_that_cannot_be_ended_fails_the_session(shop: Workshop) -> None:
    connection = shop.journal._writer._database.conn
    shop.journal.commit()

    def fill_the_disk() -> None:
        connection.execute(f"PRAGMA max_page_count={connection.execute('PRAGMA page_count').fetchone()[0]}")
        shop.journal.note(at_ns=0, level="INFO", source="test", text="x" * 100_000)

    session = a_session(shop, ListedFeed(*bars(1), then=fill_the_disk))

    with pytest.raises(LedgerMismatch, match="the disk is full"):
        asyncio.run(session.run())
    assert session.status.state is SessionState.FAILED
    assert "the disk is full" in session.status.message


def test_after_its_end_a_session_refuses_what_is_asked_in_words(shop: Workshop) -> None:
    session = a_session(shop, ListedFeed(*bars(1)))
    asyncio.run(session.run())

    answer = session.ask(PauseStrategy(command_id=session.next_command_id(), asked_at=AT, strategy_id="one"))

    assert answer.status is CommandStatus.REFUSED
    assert "has ended" in answer.text


def test_a_flatten_of_a_symbol_that_is_not_traded_is_refused(shop: Workshop) -> None:
    session = a_session(shop, ListedFeed())

    answer = session.ask(flatten(session, "BTC/USD"))

    assert answer.status is CommandStatus.REFUSED
    assert "BTC/USDT" in answer.text


def test_a_flatten_while_the_market_is_held_is_taken(shop: Workshop) -> None:
    shop.bar(number=0, open=100)
    shop.scripts["one"].order(a_small_buy())
    shop.bar(number=1, open=100)
    session = a_session(shop, ListedFeed())
    session._state = SessionState.RUNNING
    session.pause()

    answer = session.ask(flatten(session))

    assert answer.status is CommandStatus.ACCEPTED
    assert session.flatten_job is not None


def test_an_engine_error_inside_a_command_is_its_answer(shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    session = a_session(shop, ListedFeed())

    def fail(*_: object, **__: object) -> None:
        raise EngineError("No.")

    monkeypatch.setattr(shop.handler, "flatten", fail)

    assert session.ask(flatten(session)).text == "No."


class SilentMarket:
    """A session whose market says nothing any more, with a plan of six slices, one a minute, and a wall clock."""

    def __init__(self, shop: Workshop) -> None:
        self.wall_ns = 0
        self.sent: list[int] = []
        self._shop = shop
        feed = ListedFeed(*bars(3), then=self.fall_silent)
        shop.scripts["one"].order(
            a_new_trade(
                size="6",
                stop="20",
                target=None,
                execution_urgency=D("0.2"),
                chunk_count_hint=6,
                max_execution_window_minutes=6,
            )
        )
        self.session = a_session(shop, feed, lambda: self.wall_ns)
        self.while_silent: Callable[[], None] = lambda: None

    def fall_silent(self) -> None:
        self.while_silent()

    def pass_seconds(self, seconds: int) -> None:
        """Let so much time pass on the wall, and the session look around after every tenth of a second."""
        for _ in range(seconds * 10):
            self.wall_ns += NS_PER_SECOND // 10
            self.session.let_time_pass()
        self.sent.append(self.count())

    def count(self) -> int:
        """Return how many slices were sent."""
        (group,) = self._shop.ledger.get_execution_groups()
        orders = [self._shop.ledger.get_order(order_id) for order_id in group.order_ids]
        return sum(order.role is OrderRole.ENTRY and order.status is not OrderStatus.NEW for order in orders)


def test_a_slice_goes_out_when_it_is_due_though_the_market_is_silent(shop: Workshop) -> None:
    silent = SilentMarket(shop)

    def listen() -> None:
        silent.sent.append(silent.count())
        silent.pass_seconds(60)
        silent.pass_seconds(60)

    silent.while_silent = listen

    asyncio.run(silent.session.run())

    begun, *later = silent.sent
    assert begun > 0
    assert later == [begun + 1, begun + 2]


def test_no_slice_goes_out_while_the_session_is_held(shop: Workshop) -> None:
    silent = SilentMarket(shop)

    def hold() -> None:
        silent.sent.append(silent.count())
        silent.session.pause()
        silent.pass_seconds(180)
        silent.session.resume()

    silent.while_silent = hold

    asyncio.run(silent.session.run())

    assert silent.sent[0] == silent.sent[1] > 0


class BarsAtAPace(PacedFeed):
    """Bars that come when the pacer lets them, on a wall clock that stands still."""

    label, timeframe = "TEST", "1m"

    def __init__(self, count: int) -> None:
        super().__init__(Pacer(speed=1.0, sleep=lambda _: asyncio.sleep(0), wall_s=lambda: 0.0))
        self._bars = bars(count)

    def instruments(self) -> tuple[()]:
        return ()

    def history(self, **_: object) -> None:
        return None

    async def events(self) -> AsyncIterator[MarketEvent]:
        for bar in self._bars:
            await self._pacer.until(bar.closed_ns, from_ns=bar.closed_ns - NS_PER_MINUTE)
            yield bar


async def turns(count: int = 50) -> None:
    """Let the loop go round."""
    for _ in range(count):
        await asyncio.sleep(0)


def test_a_step_lets_one_bar_pass_at_once_and_the_session_stays_paused_at_its_own_pace(shop: Workshop) -> None:
    feed, seen = BarsAtAPace(5), list[int]()
    session = a_session(shop, feed)  # type: ignore[arg-type]  # as little of a feed as the test needs

    async def story() -> None:
        run = asyncio.get_running_loop().create_task(session.run())
        await turns()
        session.pause()
        for _ in range(2):
            session.step_bar()
            await turns()
            seen.append(shop.engine.clock.now_ns())
            assert session.status.state is SessionState.PAUSED
            assert feed.is_paused
            assert session.speed == 1.0
        session.stop()
        await run

    asyncio.run(story())

    assert seen[1] - seen[0] == NS_PER_MINUTE


def test_a_session_that_runs_takes_no_step_and_a_paused_one_keeps_the_speed_it_is_given(shop: Workshop) -> None:
    feed = BarsAtAPace(5)
    session = a_session(shop, feed)  # type: ignore[arg-type]  # as little of a feed as the test needs

    async def story() -> None:
        run = asyncio.get_running_loop().create_task(session.run())
        await turns()
        session.step_bar()
        assert feed.speed == 1.0
        session.pause()
        session.step_bar()
        session.set_speed(60)
        assert feed.is_paused
        assert (feed.speed, session.speed) == (60, 60)
        session.stop()
        await run

    asyncio.run(story())


def test_a_market_with_a_pace_of_its_own_has_no_speed(shop: Workshop) -> None:
    assert a_session(shop, ListedFeed()).speed is None
