"""The emergency drill: 20 positions, 5 groups, a flash crash and a bad line; flattened, timed, and held to the books.

Everything in it is made up but what is being drilled: handler, guard, ledger, flatten and simulated venue are those that
trade. The same seed gives the same drill.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Final

from engine.config.policies import FaultParameters, GuardLimits, TranslationPolicy
from engine.config.reconciling import ReconciliationSettings
from engine.contracts.base import Direction
from engine.contracts.causality import CausalityChain
from engine.contracts.execution import ExecutionDirective
from engine.contracts.flatten import FlattenJob, FlattenResult
from engine.contracts.intents import ExecutionAction, ExecutionIntent
from engine.contracts.market import Instrument, InstrumentKind, MarketBar
from engine.contracts.plans import EntryPlan, ExitPlan, OrderType, SizePlan
from engine.ledger.ledger import AccountLedger
from engine.phase4_planning.translation.family import TranslationTools
from engine.phase4_planning.translation.translator import translator_for
from engine.phase5_execution.guard import OrderGuard
from engine.phase5_execution.handler import Safety
from engine.phase5_execution.paper import PaperHandler
from engine.phase5_execution.simulated_venue import SimulatedVenue
from engine.phase5_execution.venue_books import SimulatedExecution, VenueBooks
from engine.phase5_execution.venue_faults import Faults
from engine.phase5_execution.venue_line import VenueLine
from engine.primitives.ids import ENTRY, EXECUTION, EXIT, INTENT, SIZE, TICK, IdSource, OrderId
from engine.primitives.money import BASIS_POINT, ZERO
from engine.primitives.timeframes import NS_PER_MS, NS_PER_SECOND
from engine.runtime.clocks import SimulatedClock

POSITIONS: Final = 20
GROUPS: Final = 5
_START_NS: Final = 1_760_000_000 * NS_PER_SECOND
_PRICE: Final = Decimal(100)
_SIZE: Final = Decimal(4)
_CRASH_S: Final = 20
_FALL_PER_SECOND: Final = Decimal("0.01")
"""A fifth of the price in twenty seconds, as on 10 October 2025 in many markets, only faster."""
_VOLUME: Final = 100.0
"""Base units a second; a tenth of it is ours to have."""
_STEP_MS: Final = 100
_LONGEST_S: Final = 600
_CASH: Final = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class DrillResult:
    """What a drill came to; `lines` say it to people."""

    job: FlattenJob
    seconds_to_flat: Decimal
    press_ms: float
    """How long the press itself took on this machine, until the window could show it."""
    slippage_bps: Decimal
    raised: Sequence[str]
    """Executions after the press that made a position larger, and were not on their way before it."""
    left: Sequence[str]
    """What is still held or works by the venue's own books."""
    lines: Sequence[str] = field(default=())

    @property
    def is_passed(self) -> bool:
        """Whether it ended flat, and no order of the flatten raised any position."""
        return self.job.result is FlattenResult.FLAT and not self.raised and not self.left


class DrillFloor:
    """A market of its own, an account of its own, and a bad line between."""

    def __init__(self, *, seed: int, fault_share: float, positions: int = POSITIONS, groups: int = GROUPS) -> None:
        self._groups = groups
        self.clock = SimulatedClock(_START_NS)
        self.ids = IdSource(self.clock.now_ns)
        self.symbols = [f"M{number:02d}/USDT:USDT" for number in range(1, positions + 1)]
        markets = {symbol: _market(symbol) for symbol in self.symbols}
        self.price = _PRICE
        self.books = VenueBooks(starting_cash=_CASH, currency="USDT")
        self._venue = SimulatedVenue(instruments=markets, clock=self.clock, books=self.books)
        self.line = VenueLine(self._venue, clock=self.clock)
        self._bad = Faults(_faults(seed, Decimal(str(fault_share)))) if fault_share else Faults()
        self.ledger = AccountLedger(
            currency="USDT",
            starting_cash=_CASH,
            clock=self.clock,
            ids=self.ids,
            on_change=lambda _: None,
            last_price=lambda _: self.price,
        )
        guard = OrderGuard(ledger=self.ledger, limits=GuardLimits(check_funds=False), last_price=lambda _: self.price)
        self.notes: list[str] = []
        self.handler = PaperHandler(
            ledger=self.ledger,
            venue=self.line,
            ids=self.ids,
            clock=self.clock,
            instrument=self.line.instrument,
            guard=guard,
            safety=Safety(
                intents=_Memory(),
                settings=ReconciliationSettings(),
                note=lambda level, text: self.notes.append(f"{level} {text}"),
            ),
            mode="PAPER",
        )
        tools = TranslationTools(self.line.instrument, self.ids, self.clock)
        self._translator = translator_for("CEX", TranslationPolicy(), tools)

    def open_all(self) -> None:
        """Open the positions, and begin the groups on some of their markets."""
        self.pass_seconds(2)
        for number, symbol in enumerate(self.symbols):
            self._order(symbol, _side_of(number))
        self.pass_seconds(5)
        for number, symbol in enumerate(self.symbols[: self._groups]):
            self._order(symbol, _side_of(number), is_sliced=True)
        self.pass_seconds(5)

    def _order(self, symbol: str, direction: Direction, *, is_sliced: bool = False) -> None:
        translation = self._translator.translate(self._directive(symbol, direction, is_sliced=is_sliced))
        self.handler.on_translation_complete(translation)
        self.handler.settle()

    def _directive(self, symbol: str, direction: Direction, *, is_sliced: bool) -> ExecutionDirective:
        ids = self.ids
        return ExecutionDirective(
            directive_id=ids.next(EXECUTION),
            strategy_id="drill",
            causality=CausalityChain(flow_id=ids.next(TICK)),
            entry_plan=EntryPlan(
                plan_id=ids.next(ENTRY),
                symbol=symbol,
                direction=direction,
                order_type=OrderType.MARKET,
                reference_price=self.price,
            ),
            size_plan=SizePlan(
                plan_id=ids.next(SIZE),
                position_size=_SIZE,
                position_value=_SIZE * self.price,
                risk_amount=_SIZE * self.price,
            ),
            exit_plan=ExitPlan(
                plan_id=ids.next(EXIT), stop_loss_price=self.price * (1 - direction.sign * Decimal("0.5"))
            ),
            execution_intent=ExecutionIntent(
                intent_id=ids.next(INTENT),
                action=ExecutionAction.EXECUTE_TRADE,
                execution_urgency=Decimal("0.2") if is_sliced else Decimal("0.95"),
                visibility_preference=Decimal("0.7"),
                max_slippage_pct=Decimal("0.02"),
                chunk_count_hint=10 if is_sliced else None,
                max_execution_window_minutes=10 if is_sliced else None,
            ),
        )

    def spoil_the_line(self) -> None:
        """From now on requests, answers and messages go wrong."""
        self.line.faults = self._bad

    def pass_seconds(self, seconds: int, *, fall: Decimal = ZERO) -> None:
        """Let a bar of the market close each second, falling by a ratio, and the engine look around in between."""
        for _ in range(seconds):
            opened_ns, open_ = self.clock.now_ns(), self.price
            self.price = (open_ * (1 - fall)).quantize(Decimal("0.01"))
            for _ in range(1000 // _STEP_MS - 1):
                self._look_at(self.clock.now_ns() + _STEP_MS * NS_PER_MS)
            closed_ns = opened_ns + NS_PER_SECOND
            self.clock.advance_to(closed_ns)
            for symbol in self.symbols:
                self.line.on_market(_bar(symbol, opened_ns, float(open_), float(self.price)))
            self._look_at(closed_ns)

    def _look_at(self, at_ns: int) -> None:
        self.clock.advance_to(at_ns)
        self.line.on_silence(at_ns)
        self.handler.on_time(at_ns)


class _Memory:
    """Stands where the journal stands: a drill leaves nothing behind."""

    failure = ""

    def commit(self) -> None:
        """Take it as written."""


def run_drill(*, seed: int = 1, fault_share: float = 0.1) -> DrillResult:
    """Open, crash, press, and wait for the proof; at most ten minutes of market time."""
    floor = DrillFloor(seed=seed, fault_share=fault_share)
    floor.open_all()
    held = sum(1 for symbol in floor.symbols if floor.books.net(symbol))
    groups = sum(not group.status.is_terminal for group in floor.ledger.get_execution_groups())
    floor.spoil_the_line()
    floor.pass_seconds(2, fall=_FALL_PER_SECOND)
    pressed, price, before = floor.clock.now(), floor.price, len(floor.books.executions)
    in_flight = {order.order_id for order in floor.ledger.get_open_orders() if not order.reduce_only}
    began_ns = time.perf_counter_ns()
    job = floor.handler.flatten(asked_by="the drill")
    press_ms = (time.perf_counter_ns() - began_ns) / NS_PER_MS
    for second in range(_LONGEST_S):
        if job.result.is_final:
            break
        floor.pass_seconds(1, fall=_FALL_PER_SECOND if second < _CRASH_S else ZERO)
        job = floor.handler.flatten_job or job
    after = floor.books.executions[before:]
    taken = floor.clock.now() - pressed
    result = DrillResult(
        job=job,
        seconds_to_flat=Decimal(taken // timedelta(milliseconds=1)) / 1000,
        press_ms=press_ms,
        slippage_bps=slippage_of(after, price),
        raised=raised_by(floor.books.executions, before, in_flight),
        left=[f"{at.quantity} {at.symbol}" for at in floor.books.positions()]
        + [f"{order.order_id} works" for order, _ in floor.books.working()],
    )
    return DrillResult(
        job=result.job,
        seconds_to_flat=result.seconds_to_flat,
        press_ms=result.press_ms,
        slippage_bps=result.slippage_bps,
        raised=result.raised,
        left=result.left,
        lines=_told(result, held, groups, fault_share),
    )


def raised_by(executions: Sequence[SimulatedExecution], before: int, in_flight: set[OrderId]) -> list[str]:
    """Return the executions after the first so many that made the venue's |position| of a market larger.

    Those of orders that were on their way already do not count: nobody can take them back.
    """
    net: dict[str, Decimal] = {}
    raised = []
    for number, done in enumerate(executions):
        symbol = done.order.symbol
        was = net.get(symbol, ZERO)
        net[symbol] = now = was + done.report.quantity * done.order.direction.sign
        if number >= before and abs(now) > abs(was) and done.order.order_id not in in_flight:
            raised.append(f"{done.order.order_id} took {symbol} from {was} to {now}")
    return raised


def slippage_of(executions: Sequence[SimulatedExecution], price: Decimal) -> Decimal:
    """Return what closing cost against the price at the press, in basis points of it, weighted by quantity."""
    closes = [done for done in executions if done.order.reduce_only]
    quantity = sum((done.report.quantity for done in closes), ZERO)
    cost = sum(
        ((done.report.price - price) * done.report.quantity * done.order.direction.sign for done in closes), ZERO
    )
    return (cost / quantity / price / BASIS_POINT).quantize(Decimal("0.1")) if quantity else ZERO


def _told(result: DrillResult, held: int, groups: int, fault_share: float) -> list[str]:
    job = result.job
    return [
        f"Drill: {held} positions, {groups} groups at work, {fault_share:.0%} of requests go wrong, a crash under way.",
        f"{job.result} after {result.seconds_to_flat} s of market time: {job.text}",
        f"Legs {len(job.legs)}, close orders {job.attempts}, slippage {result.slippage_bps} bps against the press.",
        f"The press itself took {result.press_ms:.1f} ms.",
        "No order of the flatten raised any position, by the venue's own books."
        if not result.raised
        else f"RAISED: {'; '.join(result.raised)}",
        *([f"LEFT: {'; '.join(result.left)}"] if result.left else []),
    ]


def _side_of(number: int) -> Direction:
    """Return on which side of a market the drill is: in every fourth it is short."""
    return Direction.SELL if number % 4 == 3 else Direction.BUY


def _market(symbol: str) -> Instrument:
    return Instrument(
        symbol=symbol,
        base=symbol.partition("/")[0],
        quote="USDT",
        kind=InstrumentKind.PERPETUAL,
        tick_size=Decimal("0.01"),
        lot_step=Decimal("0.001"),
        min_notional=Decimal(5),
        may_short=True,
    )


def _bar(symbol: str, opened_ns: int, open_: float, close: float) -> MarketBar:
    return MarketBar(
        symbol=symbol,
        timeframe="1s",
        opened_ns=opened_ns,
        closed_ns=opened_ns + NS_PER_SECOND,
        open=open_,
        high=max(open_, close),
        low=min(open_, close),
        close=close,
        volume=_VOLUME,
    )


def _faults(seed: int, share: Decimal) -> FaultParameters:
    """Return so large a share of requests gone wrong, in every way, and half as many messages."""
    of = dict.fromkeys(("lost_before", "lost_after", "answer_late", "arrives_late", "rate_limited"), share / 5)
    messages = dict.fromkeys(("doubled", "missing", "reordered", "unanswered"), share / 4)
    return FaultParameters(seed=seed, **of, **messages)
