"""Flatten: latch, cancel, settle, close, verify (decisions 6.5). Nothing is rolled back, and nothing blocks it."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Final

from engine.config.policies import FlattenSettings
from engine.contracts.base import Direction
from engine.contracts.commands import TradingState
from engine.contracts.execution import ExecutionDirectiveBatch
from engine.contracts.flatten import (
    FlattenJob,
    FlattenLeg,
    FlattenResult,
    FlattenScope,
    FlattenStage,
    LegState,
)
from engine.contracts.market import InstrumentKind
from engine.contracts.orders import Order, OrderRole, OrderStatus, Trade
from engine.contracts.venue import VenuePosition
from engine.phase5_execution.closing import Closing
from engine.phase5_execution.evidence import Evidence, Reading
from engine.phase5_execution.flatten_legs import LegDesk
from engine.phase5_execution.order_desk import OrderDesk
from engine.phase5_execution.questions import Questions
from engine.phase5_execution.working import WorkingEntries
from engine.primitives.errors import LedgerMismatch
from engine.primitives.ids import BATCH, IdSource, TradeId
from engine.primitives.money import ZERO
from engine.primitives.timeframes import NS_PER_MS

REASON: Final = "flatten"
_READINGS: Final = 2
"""So many in a row prove that it is flat."""
_SINCE: Final = timedelta(days=1)
"""How far back executions are asked for: entries at work at the press are seldom older, and asking is cheap."""
_BLIND_AFTER: Final = 3
"""After so many readings in a row that failed, sizes come from our own books: reduce-only bounds what they can do."""
_EVERYTHING: Final = frozenset({"everything"})
_PROTECTIVE: Final = (OrderRole.STOP_LOSS, OrderRole.TAKE_PROFIT)

_logger = logging.getLogger("engine.phase5_execution")

Keep = Callable[[FlattenJob], None]
"""Puts a version of the job on disk."""


class Flatten:
    """Brings what it covers to nothing, whatever strategies think, and keeps it there until a person clears the latch.

    It is moved on by `advance`, which never waits: what it waits for, it finds when it looks again. One market never
    holds up another. After the ladder it goes on at market, with longer and longer pauses, and never gives up.

    Args:
        desk: Orders.
        entries: To be stopped.
        closing: Gives up the trades that are closed here.
        questions: To the venue.
        ids: For jobs.
        settings: The ladder and the pauses.
        keep: Puts each version of the job on disk; the first before the first request.
    """

    def __init__(
        self,
        *,
        desk: OrderDesk,
        entries: WorkingEntries,
        closing: Closing,
        questions: Questions,
        ids: IdSource,
        settings: FlattenSettings | None = None,
        keep: Keep | None = None,
    ) -> None:
        self._desk = desk
        self._entries = entries
        self._closing = closing
        self._ids = ids
        self._settings = settings or FlattenSettings()
        self._keep = keep
        self._evidence = Evidence(desk, questions, ask_again_ms=self._settings.ask_again_ms)
        self._legs = LegDesk(desk, self._settings)
        self._job: FlattenJob | None = None
        self._reading: Reading | None = None
        self._read_for: frozenset[str] = frozenset()
        self._asked_ns: int | None = None
        self._is_reading = False
        self._failed_readings = 0
        self._proofs = 0
        self._is_alarmed = False

    @property
    def is_wanted(self) -> bool:
        """Whether a flatten was asked for and its latch not cleared since."""
        return self._job is not None

    @property
    def job(self) -> FlattenJob | None:
        """The job as it stands; None when nothing is being flattened."""
        return self._job

    def start(
        self, scope: FlattenScope, *, asked_by: str = "user", batch: ExecutionDirectiveBatch | None = None
    ) -> FlattenJob:
        """Latch, write the job down, stop and cancel every entry of the scope, and begin to close.

        The latch holds for the whole account, also when only a part of it is flattened. A flatten that is under way
        goes on: its scope is widened by what is asked for now. A `batch` of a strategy asks for it once.
        """
        now, before = self._desk.clock.now(), self._job
        self._desk.guard.latch(TradingState.REDUCING, f"{REASON} asked by {asked_by} at {now:%Y-%m-%d %H:%M:%S} UTC")
        if before is None:
            job_id = self._ids.next(BATCH)
            job = FlattenJob(job_id=job_id, asked_at=now, asked_by=asked_by, scope=scope, updated_at=now)
        elif batch is not None and batch.batch_id in before.batches:
            return before
        else:
            widened = before.scope.with_part(scope.parts[0])
            if widened == before.scope and not before.result.is_final:
                return before
            job = before.model_copy(update={"scope": widened})
        if batch is not None:
            directives = (directive.directive_id for directive in batch.directives)
            asked = {"batches": (*job.batches, batch.batch_id), "directives": (*job.directives, *directives)}
            job = job.model_copy(update=asked)
        return self._begin(job)

    def resume(self, job: FlattenJob) -> FlattenJob:
        """Go on with a job of the session before: latch again, and begin with what may have come in since."""
        self._desk.guard.latch(
            TradingState.REDUCING, f"{REASON} asked by {job.asked_by} at {job.asked_at:%Y-%m-%d %H:%M:%S} UTC"
        )
        if job.result.is_final:
            self._job = job
            return job
        return self._begin(job)

    def abort(self, why: str) -> FlattenJob | None:
        """Send nothing more for it: what was cancelled stays cancelled, what was closed stays closed, the latch stays.

        Returns:
            The job as it ended, or None when none was under way.
        """
        job = self._job
        if job is None or job.result.is_final:
            return None
        left = len(job.open_legs)
        text = f"aborted: {why}; {left} of {len(job.legs)} markets were not proven flat"
        self._to(result=FlattenResult.ABORTED, stage=FlattenStage.REPORT, text=text)
        self._closing.take_back()
        return self._job

    def end(self) -> None:
        """Forget it: a person has cleared the latch."""
        self._job = None
        self._closing.take_back()

    def owns(self, trade_id: TradeId) -> bool:
        """Tell whether a trade is closed here, and nowhere else."""
        job = self._job
        return job is not None and not job.result.is_final and self._covers(self._desk.ledger.get_trade(trade_id))

    def keeps_naked(self, trade: Trade) -> bool:
        """Tell whether a trade gets no stop any more.

        On spot it would lock what is to be sold; where trades offset one another, so that the venue holds nothing, it
        would open a position.
        """
        if self._job is None or not self._covers(trade):
            return False
        if self._leg_state(trade.symbol) in (LegState.FLAT, LegState.DUST):
            return True
        is_spot = self._desk.instrument(trade.symbol).kind is InstrumentKind.SPOT
        return is_spot and not self._job.result.is_final

    def advance(self) -> bool:
        """Do what can be done now; tell whether anything moved."""
        job = self._job
        if job is None:
            return False
        if job.result.is_final:
            if job.result is FlattenResult.ABORTED or not self._is_open_again():
                return False
            self._begin(job)
            return True
        before = self._job
        self._chase()
        if job.stage is FlattenStage.CANCEL:
            self._leave_cancelling(job)
        if self._now(FlattenStage.CLOSE, FlattenStage.REPORT):
            self._close()
        if self._now(FlattenStage.VERIFY):
            self._verify()
        return self._job != before

    def _now(self, *stages: FlattenStage) -> bool:
        return self._job is not None and self._job.stage in stages and not self._job.result.is_final

    def _begin(self, job: FlattenJob) -> FlattenJob:
        self._job = job
        self._reading, self._asked_ns, self._proofs, self._failed_readings = None, None, 0, 0
        self._is_alarmed = self._is_reading = False
        symbols = {trade.symbol for trade in self._trades()} | set(job.scope.markets)
        legs = {leg.symbol: leg.model_copy(update={"state": LegState.OPEN, "next_at": None}) for leg in job.legs}
        for symbol in sorted(symbols):
            legs.setdefault(symbol, FlattenLeg(symbol=symbol))
        self._job = job.model_copy(
            update={
                "legs": tuple(legs.values()),
                "stage": FlattenStage.CANCEL,
                "result": FlattenResult.WORKING,
                "updated_at": self._desk.clock.now(),
                "text": "latched; cancelling entries",
            }
        )
        self._write_down(self._job)
        for group_id in {order.group_id: None for order in self._entries_at_work()}:
            self._entries.stop_group(group_id, reason=REASON)
        for trade in self._trades():
            self._closing.give_up(trade.trade_id)
            for order in self._desk.working(trade.trade_id):
                if order.role is OrderRole.CLOSE or self.keeps_naked(trade):
                    self._desk.cancel(order, reason=REASON)
        return self._job

    def _leave_cancelling(self, job: FlattenJob) -> None:
        """Close as soon as nothing is being cancelled, or the time for it is up."""
        late = job.updated_at + timedelta(milliseconds=self._settings.settle_ms)
        busy = [order for order in self._at_work() if order.role not in _PROTECTIVE or self._is_spot(order)]
        if not busy or self._desk.clock.now() >= late:
            self._to(stage=FlattenStage.CLOSE, text="closing what is held")

    def _is_spot(self, order: Order) -> bool:
        return self._desk.instrument(order.symbol).kind is InstrumentKind.SPOT

    def _chase(self) -> None:
        """Ask again for cancels that are not confirmed, and about orders that have been silent for too long."""
        now_ns = self._desk.clock.now_ns()
        for order in self._at_work():
            is_waiting = order.status in (OrderStatus.CANCEL_PENDING, OrderStatus.UNKNOWN, OrderStatus.SUBMITTED)
            is_ioc = order.role is OrderRole.CLOSE
            if (is_waiting or is_ioc) and self._evidence.is_due(order.order_id, now_ns):
                self._evidence.look_up(order)
                if order.role is OrderRole.ENTRY or order.status is OrderStatus.CANCEL_PENDING:
                    self._desk.cancel_again(order, reason=REASON)

    def _close(self) -> None:
        """Take the legs that have nothing at work one step further, on a fresh statement of the venue."""
        job = self._job
        assert job is not None  # noqa: S101  # the caller looked
        now = self._desk.clock.now()
        trades = self._by_symbol()
        ready = [
            leg
            for leg in job.legs
            if (leg.next_at is None or leg.next_at <= now)
            and (leg.state not in (LegState.FLAT, LegState.DUST) or trades.get(leg.symbol))
            and not self._legs.is_busy(leg.symbol, trades.get(leg.symbol, ()))
        ]
        if ready and self._read(frozenset(leg.symbol for leg in ready)):
            self._step([leg for leg in ready if leg.symbol in self._read_for], trades)
        self._judge()

    def _step(self, ready: Sequence[FlattenLeg], trades: Mapping[str, Sequence[Trade]]) -> None:
        job, reading = self._job, self._reading
        assert job is not None  # noqa: S101  # the caller looked
        assert reading is not None  # noqa: S101  # the caller looked
        self._reading = None
        stepped = {}
        for leg in ready:
            ours = trades.get(leg.symbol, ())
            held = reading.held(leg.symbol, ours)
            if sum((trade.open_quantity * trade.direction.sign for trade in ours), ZERO) != held:
                # We were not told of everything: the sizes here are the venue's all the same.
                self._evidence.catch_up(job.asked_at - _SINCE, self._desk.clock.now_ns())
            is_whole = job.scope.covers_market(leg.symbol)
            dust = self._dust(leg.symbol)
            stepped[leg.symbol] = self._legs.step(leg, held=held, trades=ours, is_whole=is_whole, dust=dust)
        strangers = dict.fromkeys(it.symbol for it in reading.positions if job.scope.covers_market(it.symbol))
        known = {leg.symbol for leg in job.legs}
        legs = tuple(stepped.get(leg.symbol, leg) for leg in job.legs)
        self._to(legs=legs + tuple(FlattenLeg(symbol=symbol) for symbol in strangers if symbol not in known))

    def _judge(self) -> None:
        """Say how it stands: on to the proof, still at it, or at the end of the ladder."""
        job = self._job
        assert job is not None  # noqa: S101  # the caller looked
        open_legs = job.open_legs
        entries = self._entries_at_work()
        may_still_fill = tuple(order.order_id for order in entries)
        if not open_legs and not entries and not self._closes_at_work():
            self._proofs = 0
            self._to(stage=FlattenStage.VERIFY, may_still_fill=(), text="reading positions and orders from the venue")
            return
        stuck = [leg for leg in open_legs if self._legs.is_at_the_end(leg)]
        if not stuck:
            self._to(may_still_fill=may_still_fill, text=_words(open_legs, len(entries)))
            return
        if not self._is_alarmed:
            self._is_alarmed = True
            _logger.error(
                "a flatten could not close everything and goes on trying",
                extra={"job_id": job.job_id, "legs": "; ".join(f"{leg.symbol}: {leg.text}" for leg in stuck)},
            )
        self._to(
            result=FlattenResult.INCOMPLETE,
            stage=FlattenStage.REPORT,
            may_still_fill=may_still_fill,
            text=f"{len(stuck)} of {len(job.legs)} markets could not be closed and are tried again: "
            + "; ".join(f"{leg.symbol}: {leg.text}" for leg in stuck),
        )

    def _verify(self) -> None:
        if not self._read(_EVERYTHING):
            return
        job, reading = self._job, self._reading
        assert job is not None  # noqa: S101  # the caller looked
        assert reading is not None  # noqa: S101  # it has just been read
        self._reading = None
        dust = {leg.symbol for leg in job.dust}
        held = [it.symbol for it in reading.positions if self._is_to_close(it.symbol, it.quantity)]
        if [symbol for symbol in held if symbol not in dust] or self._is_open_again():
            self._proofs = 0
            legs = {leg.symbol: leg for leg in job.legs} | {
                symbol: FlattenLeg(symbol=symbol) for symbol in held if symbol not in {leg.symbol for leg in job.legs}
            }
            opened = [leg.model_copy(update={"state": LegState.OPEN, "next_at": None}) for leg in legs.values()]
            self._to(stage=FlattenStage.CLOSE, legs=tuple(opened), text="something came in: closing it")
            return
        working, foreign = self._sorted(reading)
        if working:
            self._proofs = 0
            for order in working:
                if self._evidence.is_due(order.order_id, self._desk.clock.now_ns()):
                    self._desk.cancel_again(order, reason=REASON)
                    self._evidence.look_up(order)
            self._to(text=f"{len(working)} orders still work at the venue: cancelling them", foreign_orders=foreign)
            return
        self._proofs += 1
        if self._proofs < _READINGS:
            self._to(text="flat by the first reading; reading again", foreign_orders=foreign)
            return
        self._report(foreign)

    def _report(self, foreign: int) -> None:
        job = self._job
        assert job is not None  # noqa: S101  # the caller looked
        if job.dust:
            rest = ", ".join(f"{leg.held} {leg.symbol} (about {leg.value:.2f})" for leg in job.dust)
            result, text = FlattenResult.FLAT_WITH_DUST, f"flat, but for what is too small to be sold: {rest}"
        else:
            result, text = FlattenResult.FLAT, "flat: read twice from the venue, nothing is held and no order works"
        offset = [trade for trade in self._trades() if trade.open_quantity]
        if offset and not job.dust:
            text += f"; {len(offset)} trades in our books offset one another"
        if foreign:
            text += f"; {foreign} orders of other hands work there and were not touched"
        self._to(result=result, stage=FlattenStage.REPORT, text=text, foreign_orders=foreign, may_still_fill=())

    def _sorted(self, reading: Reading) -> tuple[list[Order], int]:
        """Return our orders of the scope that work at the venue, and how many are of other hands."""
        ours = {order.order_id: order for order in self._every_order()}
        working = [ours[it.client_order_id] for it in reading.orders if it.client_order_id in ours]  # type: ignore[index]  # looked up by its text
        foreign = sum(it.client_order_id not in ours and self._covers_market(it.symbol) for it in reading.orders)
        return [order for order in working if self._covers_order(order)], foreign

    def _every_order(self) -> list[Order]:
        ledger = self._desk.ledger
        return [ledger.get_order(order_id) for group in ledger.get_execution_groups() for order_id in group.order_ids]

    def _read(self, wanted: frozenset[str]) -> bool:
        """Tell whether there is a reading that was asked for since; ask for one if none is on its way."""
        if self._reading is not None and self._read_for & wanted:
            return True
        now_ns = self._desk.clock.now_ns()
        if self._is_reading:
            return False  # every question gets an answer, if only that it failed, however seldom the market speaks
        if self._asked_ns is not None and now_ns - self._asked_ns < self._settings.ask_again_ms * NS_PER_MS:
            return self._reading is not None and bool(self._read_for & wanted)
        self._reading, self._asked_ns, self._read_for, self._is_reading = None, now_ns, wanted, True
        asked_ns = now_ns

        def heard(reading: Reading | None) -> None:
            if self._is_reading and self._asked_ns == asked_ns and self._read_for == wanted:
                self._is_reading = False
                self._reading = reading
                self._failed_readings = 0 if reading is not None else self._failed_readings + 1
                # A failed one is asked again after a while, a good one as soon as it is needed.
                self._asked_ns = self._asked_ns if reading is None else None
                if reading is None and self._failed_readings >= _BLIND_AFTER and wanted != _EVERYTHING:
                    self._reading = self._own_reading()

        self._evidence.read(heard)
        return False

    def _own_reading(self) -> Reading:
        """Return what our own books say is held; no proof is ever made of it."""
        held: dict[tuple[str, Direction | None], Decimal] = {}
        for trade in self._desk.ledger.get_open_trades():
            side = trade.direction if self._desk.guard.keeps_both_sides else None
            signed = trade.open_quantity * trade.direction.sign
            held[trade.symbol, side] = held.get((trade.symbol, side), ZERO) + signed
        return Reading(
            [VenuePosition(symbol=symbol, quantity=quantity) for (symbol, _), quantity in held.items() if quantity], ()
        )

    def _is_to_close(self, symbol: str, quantity: Decimal) -> bool:
        """Tell whether any of what the venue holds of a market (base units, positive long) is ours to close.

        What a trade of the scope holds against it is not: closing that would make the venue's position larger.
        """
        if quantity and self._covers_market(symbol):
            return True
        return any(trade.direction.sign * quantity > ZERO for trade in self._by_symbol().get(symbol, ()))

    def _covers_market(self, symbol: str) -> bool:
        return self._job is not None and self._job.scope.covers_market(symbol)

    def _is_open_again(self) -> bool:
        return bool(self._entries_at_work()) or any(
            trade.open_quantity >= self._desk.instrument(trade.symbol).lot_step
            and self._leg_state(trade.symbol) is not LegState.DUST
            for trade in self._net_trades()
        )

    def _net_trades(self) -> list[Trade]:
        """Return the trades that hold something which others of the same market, of any strategy, do not offset.

        In a hedged account nothing does.
        """
        if self._desk.guard.keeps_both_sides:
            return [trade for trade in self._trades() if trade.open_quantity]
        net: dict[str, Decimal] = {}
        for trade in self._desk.ledger.get_open_trades():
            net[trade.symbol] = net.get(trade.symbol, ZERO) + trade.open_quantity * trade.direction.sign
        return [trade for trade in self._trades() if net[trade.symbol] * trade.direction.sign > ZERO]

    def _dust(self, symbol: str) -> Decimal:
        """Return what closed trades left of a market by our books: base units, positive long."""
        trades = (it for it in self._desk.ledger.get_open_trades() if it.symbol == symbol)
        return self._desk.ledger.net(symbol) - sum((it.open_quantity * it.direction.sign for it in trades), ZERO)

    def _leg_state(self, symbol: str) -> LegState | None:
        legs = () if self._job is None else self._job.legs
        return next((leg.state for leg in legs if leg.symbol == symbol), None)

    def _covers(self, trade: Trade) -> bool:
        if self._job is None:
            return False
        scope, home = self._job.scope, None
        if scope.names_groups:
            home = self._desk.home_of(trade.trade_id)
        return scope.covers(symbol=trade.symbol, strategy_id=trade.strategy_id, group_id=home)

    def _covers_order(self, order: Order) -> bool:
        if self._job is None:
            return False
        scope = self._job.scope
        return scope.covers(symbol=order.symbol, strategy_id=order.strategy_id, group_id=order.group_id)

    def _trades(self) -> list[Trade]:
        return [trade for trade in self._desk.ledger.get_open_trades() if self._covers(trade)]

    def _by_symbol(self) -> dict[str, list[Trade]]:
        found: dict[str, list[Trade]] = {}
        for trade in self._trades():
            if trade.open_quantity > ZERO:
                found.setdefault(trade.symbol, []).append(trade)
        return found

    def _at_work(self) -> list[Order]:
        return [order for order in self._desk.working() if self._covers_order(order)]

    def _entries_at_work(self) -> list[Order]:
        return [order for order in self._at_work() if order.role is OrderRole.ENTRY]

    def _closes_at_work(self) -> list[Order]:
        return [order for order in self._at_work() if order.role is OrderRole.CLOSE]

    def _to(self, **changes: object) -> None:
        """Write the next version of the job down, if it is another one."""
        job = self._job
        assert job is not None  # noqa: S101  # the caller looked
        if all(getattr(job, name) == value for name, value in changes.items()):
            return
        if changes.get("stage", job.stage) is not job.stage:
            changes["updated_at"] = self._desk.clock.now()
        self._job = job.model_copy(update=changes)
        self._write_down(self._job)

    def _write_down(self, job: FlattenJob) -> None:
        if self._keep is None:
            return
        try:
            self._keep(job)
        except LedgerMismatch as error:
            # A full disk is no reason to stay in the market.
            _logger.error("a step of a flatten could not be written down", extra={"cause": str(error)})  # noqa: TRY400  # not a fault of the program


def _words(legs: Sequence[FlattenLeg], entries: int) -> str:
    held: Decimal = sum((leg.value for leg in legs), ZERO)
    markets = "1 market still holds" if len(legs) == 1 else f"{len(legs)} markets still hold"
    worth = f", about {held:.2f} together" if held else ""
    text = f"closing: {markets} something{worth}"
    return text + (f"; {entries} entries are not confirmed as cancelled" if entries else "")
