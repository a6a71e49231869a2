"""Paper sessions that are killed at a numbered point and started again, each in a process of its own.

`python -m tests.support.killing PLAY FOLDER NUMBER...` plays a play once for each number, in a folder of that name: the
first session is killed at that point (0: never), and sessions follow until one comes to its end. The points that the
play without a kill passes are in the file `points` of its folder. All processes are forks of one that has imported
everything, so a play takes as long as its sessions.
"""

import asyncio
import os
import sys
import traceback
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from engine.config.loading import load_all
from engine.config.places import Places
from engine.config.policies import TranslationPolicy
from engine.contracts.commands import CloseTrade, CommandStatus, FlattenAll, ResumeGroup, TradingState
from engine.contracts.market import BarSeries, Instrument, MarketBar, MarketEvent
from engine.contracts.orders import OrderRole, OrderStatus
from engine.journal.carrying import read_books
from engine.journal.states import journals_newest_first
from engine.phase0_bootstrap.account_lock import AccountLock
from engine.phase0_bootstrap.assembly import assemble_session
from engine.phase0_bootstrap.operations import copy_operation, operation_path
from engine.phase0_bootstrap.recovery import left_by_the_last
from engine.phase4_planning.translation.family import TranslationTools
from engine.phase4_planning.translation.translator import translator_for
from engine.ports.session import Mode
from engine.primitives import kill_switch
from engine.primitives.errors import LedgerMismatch
from engine.primitives.ids import EXECUTION
from engine.primitives.timeframes import NS_PER_MINUTE, ns_from_datetime
from engine.runtime.session import Session
from tests.support.config import swapped
from tests.support.execution import a_bar_of, a_new_trade, an_open_market

D = Decimal

BEGIN_NS: Final = 1_767_573_000_000_000_000  # 2026-01-05, 00:30: the schedule of the operation's strategy is far away
SYMBOLS: Final = ("BTC/USDT", "ETH/USDT", "SOL/USDT")
SLICES: Final = 10
SLICED: Final = D(20)
"""What the TWAP is to bring in, base units."""
HELD: Final[Mapping[str, Decimal]] = {"BTC/USDT": D("0.3"), "ETH/USDT": D("0.5"), "SOL/USDT": D("0.7")}
"""What is to be flattened, base units."""
PRESS_NS: Final = BEGIN_NS + 4 * NS_PER_MINUTE
CLOSE_NS: Final = BEGIN_NS + 9 * NS_PER_MINUTE
POINTS, PRESSES = "points", "presses"
RESUMES: Final = "resumes"
"""The play of an operation that resumes its schedules by itself."""
_OPERATION: Final = "mine"
_MOST_SESSIONS: Final = 4
_STRATEGY: Final = "dca_btc"


class MadeMarket:
    """A `MarketFeed` of three markets around 100 whose bars depend on the minute alone, whenever the feed begins."""

    label, timeframe = "TEST", "1m"

    def __init__(self, begin_ns: int, end_ns: int) -> None:
        self._begin_ns, self._end_ns = begin_ns, end_ns

    def instruments(self) -> Sequence[Instrument]:
        return [an_open_market(symbol=symbol, base=symbol.partition("/")[0]) for symbol in SYMBOLS]

    def history(self, *, symbol: str, timeframe: str, bars: int) -> BarSeries:
        raise AssertionError("nothing is warmed up here")

    async def events(self) -> AsyncIterator[MarketEvent]:
        for bar in self.bars():
            yield bar

    def bars(self) -> Iterator[MarketBar]:
        """Give the bars of all markets, minute by minute."""
        for opened_ns in range(self._begin_ns, self._end_ns, NS_PER_MINUTE):
            for symbol in SYMBOLS:
                now, then = _price_at(symbol, opened_ns), _price_at(symbol, opened_ns + NS_PER_MINUTE)
                prices = {"open": now, "close": then, "high": max(now, then) + 0.3, "low": min(now, then) - 0.3}
                yield a_bar_of(symbol, opened_ns, prices | {"volume": 5000.0})


def _price_at(symbol: str, opened_ns: int) -> float:
    minute = opened_ns // NS_PER_MINUTE
    return 100 + (minute * (7 + SYMBOLS.index(symbol)) % 11) / 20


Act = Callable[[Session, Path], None]
"""What a person does after a market event, as things stand: it may be asked again after any kill."""


def bring_in_by_twap(session: Session, home: Path) -> None:
    """Have ten slices bring in a position, once; after a restart, let what is left of it go on."""
    ledger = session.ledger
    if not session.group_plans:  # none was ever sent of a group whose plan is not on disk
        terms = {"chunk_count_hint": SLICES, "max_execution_window_minutes": 2 * SLICES}
        _enter(session, "BTC/USDT", size=SLICED, execution_urgency=D("0.2"), **terms)
        return
    if len(journals_of(home)) == 1:
        return
    unsent = [order for order in ledger.get_open_orders() if order.status is OrderStatus.NEW]
    for group_id in {order.group_id for order in unsent if order.role is OrderRole.ENTRY}:
        command = ResumeGroup(command_id=session.next_command_id(), asked_at=_now(session), group_id=group_id)
        session.ask(command)


def leave_a_twap_alone(session: Session, _home: Path) -> None:
    """Have ten slices bring in a position, and never touch it: after a restart the operation says how it goes on."""
    if not session.group_plans:
        terms = {"chunk_count_hint": SLICES, "max_execution_window_minutes": 2 * SLICES}
        _enter(session, "BTC/USDT", size=SLICED, execution_urgency=D("0.2"), **terms)


def flatten_three(session: Session, home: Path) -> None:
    """Hold three positions; then press flatten, once, unless the press itself was killed before it was on disk."""
    engine, now_ns = session._engine, session._engine.clock.now_ns()
    if now_ns < PRESS_NS:
        traded = {trade.symbol for trade in session.ledger.get_open_trades()}
        for symbol in HELD:
            if symbol not in traded and engine.prices.last_price_or_none(symbol) is not None:
                _enter(session, symbol, size=HELD[symbol], execution_urgency=D("0.9"))
    elif session.status.trading_state is TradingState.ACTIVE:
        with (home / PRESSES).open("a", encoding="utf-8") as file:
            file.write(f"{now_ns}\n")
        answer = session.ask(FlattenAll(command_id=session.next_command_id(), asked_at=_now(session)))
        assert answer.status is not CommandStatus.REFUSED, answer.text


def close_half_a_twap(session: Session, home: Path) -> None:
    """Have slices bring in a position, and close the trade in the middle of them: once it was answered, never again."""
    now_ns = session._engine.clock.now_ns()
    if not session.group_plans:
        if not (home / PRESSES).exists():
            terms = {"chunk_count_hint": SLICES, "max_execution_window_minutes": 2 * SLICES}
            _enter(session, "BTC/USDT", size=SLICED, execution_urgency=D("0.2"), **terms)
    elif now_ns >= CLOSE_NS and not (home / PRESSES).exists():
        for trade in session.ledger.get_open_trades():
            command_id = session.next_command_id()
            session.ask(CloseTrade(command_id=command_id, asked_at=_now(session), trade_id=trade.trade_id))
        (home / PRESSES).write_text(f"{now_ns}\n", encoding="utf-8")


PLAYS: Final[Mapping[str, tuple[Act, int]]] = {
    "twap": (bring_in_by_twap, 26),
    RESUMES: (leave_a_twap_alone, 26),
    "flatten": (flatten_three, 20),
    "close": (close_half_a_twap, 16),
}
"""What is done in each play, and for how many minutes."""


def _now(session: Session) -> Any:
    return session._engine.clock.now()


def _enter(session: Session, symbol: str, *, size: Decimal, **intent: Any) -> None:
    """Have a new trade carried out as a strategy's flow would; its stop is far away."""
    engine = session._engine
    price = engine.prices.last_price(symbol)
    trade = a_new_trade(symbol=symbol, size=str(size), price=str(price), stop=str(price / 2), target=None, **intent)
    changes = {"directive_id": engine.ids.next(EXECUTION), "strategy_id": _STRATEGY}
    tools = TranslationTools(session.instrument, engine.ids, engine.clock)
    translator = translator_for("CEX", TranslationPolicy(), tools)
    engine.handler.on_translation_complete(translator.translate(trade.model_copy(update=changes)))
    engine.settle()


def places_of(home: Path) -> Places:
    """Return where the sessions of a play live."""
    return Places(data=home / "data", config=home / "config", state=home / "state")


def journals_of(home: Path) -> Sequence[Path]:
    """Return the journals of a play, newest first."""
    return journals_newest_first(places_of(home).journal_folder(_OPERATION, Mode.PAPER))


def _operation_of(home: Path, *, resumes: bool) -> Path:
    """Return a paper operation with much money, whose own strategy does nothing for hours."""
    path = operation_path(_OPERATION, places_of(home)) if (home / "config").exists() else None
    if path is None:
        path = copy_operation(operation_path("demo-dca", places_of(home)), _OPERATION, places_of(home))
        written = path.read_text(encoding="utf-8")
        on_restart = "on_restart: resume\n" if resumes else ""
        swaps = (("starting_cash: 10000 ", "starting_cash: 100000 "), ("environment: ", f"{on_restart}environment: "))
        path.write_text(swapped(written, *swaps), encoding="utf-8")
    return path


def _begin_ns(home: Path) -> int:
    """Return the minute that the last session did not finish."""
    for journal in journals_of(home):
        try:
            at_ns = ns_from_datetime(read_books(journal).as_of)
        except LedgerMismatch:
            continue  # killed before it had begun
        return max(BEGIN_NS, at_ns - at_ns % NS_PER_MINUTE)
    return BEGIN_NS


def play_a_session(play: str, home: Path) -> None:
    """Start a session where the last one ended, let the market go on to the end of the play, and close."""
    act, minutes = PLAYS[play]
    places, begin_ns = places_of(home), _begin_ns(home)
    folder, fallbacks = places.journal_folder(_OPERATION, Mode.PAPER), places.fallback_folder(_OPERATION, Mode.PAPER)
    lock = AccountLock(folder, _OPERATION)
    feed = MadeMarket(begin_ns, BEGIN_NS + minutes * NS_PER_MINUTE)
    session = assemble_session(
        load_all(_operation_of(home, resumes=play == RESUMES)),
        feed,
        {},
        places=places,
        journal_folder=folder,
        begins_ns=begin_ns,
        left=left_by_the_last(folder, begin_ns, fallbacks=fallbacks, grace_ns=NS_PER_MINUTE),
        fallbacks=fallbacks,
    )
    session.at_end(lock.release)

    async def pump() -> None:
        async for event in feed.events():
            session.take(event)
            act(session, home)

    asyncio.run(pump())
    session.close()


def _in_a_process(work: Callable[[], None]) -> int:
    """Do something in a fork and return how it ended: 0, or minus the signal that killed it, or 1 for an error."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        except BaseException:  # noqa: BLE001  # the process entry of the fork: everything is told, nothing goes on
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _play(name: str, home: Path, number: int) -> None:
    home.mkdir(parents=True)

    def first() -> None:
        kill_switch._SWITCH = kill_switch._Switch(str(number), "" if number else str(home / POINTS))  # type: ignore[misc]  # a constant of the process, set for this one
        play_a_session(name, home)

    def later() -> None:
        kill_switch._SWITCH = None  # type: ignore[misc]  # it is final for everybody else
        play_a_session(name, home)

    ended = [_in_a_process(first)]
    while ended[-1] == -9 and len(ended) < _MOST_SESSIONS:
        ended.append(_in_a_process(later))
    print(number, *ended, flush=True)  # noqa: T201  # the answer to who started this process


if __name__ == "__main__":
    for wanted in sys.argv[3:]:
        _play(sys.argv[1], Path(sys.argv[2]) / wanted, int(wanted))
