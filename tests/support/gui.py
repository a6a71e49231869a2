"""A session that plays a prepared story on the demo market, with a real ledger; and shortcuts for window tests."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import numpy as np
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

from connectors.demo_market.generator import DemoMarket
from engine.config.policies import TranslationPolicy
from engine.contracts.base import Direction
from engine.contracts.batches import BatchReport
from engine.contracts.causality import CausalityChain
from engine.contracts.commands import (
    AbortFlatten,
    CancelAllOrders,
    CancelGroup,
    CancelOrder,
    ClearLatch,
    CloseTrade,
    Command,
    CommandAnswer,
    CommandStatus,
    FlattenAll,
    PauseGroupCancelOrders,
    PauseGroupKeepOrders,
    PauseStrategy,
    ReduceAll,
    ResolveOrder,
    RestrictTrading,
    ResumeGroup,
    ResumeStrategy,
    TradingState,
)
from engine.contracts.context import (
    AggregatedContextAssessment,
    AssessedContext,
    ColumnKind,
    ColumnSpec,
    ContributingFactor,
    FactorSide,
    GivenScores,
    TradingContext,
)
from engine.contracts.directives import (
    EntryDirective,
    ExecutionIntentDirective,
    ExitDirective,
    SizeDirective,
    StrategyDirective,
)
from engine.contracts.execution import ExecutionDirective, ExecutionGroup
from engine.contracts.flatten import FlattenJob, FlattenResult
from engine.contracts.flows import FlowNode, FlowOutcome, FlowRecord, OutcomeKind, Remark
from engine.contracts.intents import ChunkDistribution, ExecutionAction, ExecutionIntent, ExecutionStyle
from engine.contracts.limits import LimitUnit, LimitUse
from engine.contracts.market import BAR_COLUMNS, BarSeries, FloatColumn, Instrument
from engine.contracts.orders import Liquidity, Order, OrderRole, OrderStatus, TimeInForce, Trade, TradeStatus
from engine.contracts.plans import EntryPlan, ExitPlan, OrderType, SizePlan
from engine.contracts.schedules import GroupPause, GroupPlan, PlannedSlice
from engine.contracts.signals import OpportunitySignal, ThreatSignal
from engine.contracts.specs import BacktestExecutionSpec, FillModel, Translation
from engine.contracts.venue import OrderAccepted, OrderCancelled, OrderExecuted
from engine.ledger.ledger import AccountLedger
from engine.phase4_planning.matcher import PlannerMatcher
from engine.ports.ledger import LedgerChange, LedgerReader
from engine.ports.session import Mode, SessionObserver, SessionState, SessionStatus, StrategySummary
from engine.primitives import ids
from engine.primitives.ids import IdSource, UserCommandId
from engine.primitives.money import from_float
from engine.primitives.timeframes import NS_PER_MINUTE, datetime_from_ns
from engine.runtime.clocks import SimulatedClock
from engine.runtime.reasoning import Reasoning
from tests.support.rows import GivenRows

STRATEGY_ID = "demo_momentum_btc"
SYMBOL = "BTC/USDT"
TICK = Decimal("0.01")
START_NS = 1_767_571_200_000_000_000  # 2026-01-05 00:00 UTC

SPECS = (
    ColumnSpec(name="ema_20", kind=ColumnKind.PRICE_OVERLAY, unit="USDT"),
    ColumnSpec(name="ema_50", kind=ColumnKind.PRICE_OVERLAY, unit="USDT"),
    ColumnSpec(name="regime", kind=ColumnKind.CATEGORY, categories=("RANGING", "TRENDING")),
    ColumnSpec(name="adx_14", kind=ColumnKind.OSCILLATOR, unit="0-100"),
    ColumnSpec(name="swing_low", kind=ColumnKind.FLAG),
)
LIMITS = (
    LimitUse("maximum daily loss", LimitUnit.QUOTE, Decimal(500), Decimal(125)),
    LimitUse("maximum exposure", LimitUnit.QUOTE, None, Decimal("3093.5")),
    LimitUse("maximum position value", LimitUnit.QUOTE, Decimal(3000), Decimal("3093.5"), SYMBOL),
    LimitUse("price collar", LimitUnit.RATIO, Decimal("0.1")),
    LimitUse("message rate", LimitUnit.COUNT, Decimal(50), Decimal(1)),
    LimitUse("repeated execution", LimitUnit.COUNT, Decimal(30), Decimal(27), STRATEGY_ID),
)
WRITTEN_BY = {"ema_20": "ema", "ema_50": "ema", "regime": "regime", "adx_14": "regime", "swing_low": "structure"}
NAMES = (*BAR_COLUMNS, *(spec.name for spec in SPECS))


def demo_columns(bars: int, *, seed: int = 7) -> tuple[BarSeries, dict[str, FloatColumn]]:
    """Bars of the demo market with plausible columns beside them."""
    series = DemoMarket(seed=seed).bars(SYMBOL, from_ns=START_NS, to_ns=START_NS + bars * NS_PER_MINUTE)
    close = series.close
    trend = np.abs(_average(close, 20) - _average(close, 50)) / close * 8_000
    before, after = np.roll(series.low, 3), np.roll(series.low, -3)
    columns = {
        "ema_20": _average(close, 20),
        "ema_50": _average(close, 50),
        "regime": np.where(np.isnan(trend), np.nan, (trend > 8).astype(np.float64)),
        "adx_14": np.clip(12 + trend * 2, 0, 100),
        "swing_low": ((series.low < before) & (series.low < after) & (np.arange(bars) % 5 == 0)).astype(np.float64),
    }
    return series, columns


class ScriptedSession:
    """Implements `TradingSession`: every bar is told, and on some bars the story has a decision.

    Bar 5 a rejection, bar 8 a long entry that fills on bar 9, bar 14 a threat, bar 18 a patient limit order that is
    never reached, bar 24 a worker that fails; from then on a rejection every tenth bar.

    Args:
        bars: Live bars until the feed ends.
        history: Bars before them.
        mode: What it pretends to trade with.
        pace_s: Seconds between bars.
        speed: What it says of its pace; None for a market with a pace of its own.
    """

    def __init__(
        self,
        *,
        bars: int = 60,
        history: int = 240,
        mode: Mode = Mode.PAPER,
        pace_s: float = 0.0,
        speed: float | None = None,
    ) -> None:
        self._series, self._columns = demo_columns(history + bars)
        self._history, self._bar, self._bars, self._pace_s = history, history, history + bars, pace_s
        self._clock = SimulatedClock(self._closed_ns(history - 1))
        self.ids = IdSource(self._clock.now_ns)
        self.books = AccountLedger(
            currency="USDT",
            starting_cash=Decimal(10_000),
            clock=self._clock,
            ids=self.ids,
            on_change=self._on_change,
        )
        self.asked: list[Command] = []
        self.mode = mode
        self._observers: list[SessionObserver] = []
        self._state = SessionState.READY
        self._trading = TradingState.ACTIVE
        self._message = ""
        self._trouble: dict[str, Any] = {}
        self._flows: dict[OutcomeKind, int] = {}
        self._paused: set[str] = set()
        self._speed: float | None = speed
        self._plans: dict[str, GroupPlan] = {}
        self._to_fill: list[Order] = []
        self._to_flatten = False
        self._stop, self._go = asyncio.Event(), asyncio.Event()
        self._go.set()
        self._number = 0

    @property
    def status(self) -> SessionStatus:
        strategy = StrategySummary(
            STRATEGY_ID,
            "Demo momentum",
            SYMBOL,
            "1m",
            SPECS,
            is_paused=bool(self._paused),
            pause_reason="paused by the user" if self._paused else "",
            written_by=WRITTEN_BY,
        )
        return SessionStatus(
            session_id="scripted",
            operation="Demo on paper",
            mode=self.mode,
            label="DEMO",
            state=self._state,
            trading_state=self._trading,
            now=self._clock.now(),
            strategies=(strategy,),
            flows=dict(self._flows),
            journal_path=Path("scripted.sqlite"),
            message=self._message,
            **self._trouble,
        )

    @property
    def ledger(self) -> LedgerReader:
        return self.books

    @property
    def group_plans(self) -> Sequence[GroupPlan]:
        return tuple(self._plans.values())

    def instrument(self, symbol: str) -> Instrument:
        base, quote = symbol.split("/")
        return Instrument(symbol=symbol, base=base, quote=quote, tick_size=TICK, lot_step=Decimal("0.00001"))

    @property
    def reasoning(self) -> Reasoning:
        half, always = Decimal("0.5"), dict[str, tuple[Decimal, Decimal]]()
        patient = ("patient_limit", {"confidence": (half, Decimal("0.8")), "timing_preference": (Decimal(0), half)})
        eager = ("aggressive_market", {"confidence": (Decimal("0.8"), Decimal(1))})
        slots = {
            "entry": (patient, eager),
            "size": (("fixed_risk", always),),
            "execution_intent": (("balanced", always),),
        }
        return Reasoning(
            matchers={STRATEGY_ID: {slot: PlannerMatcher(slot, entries) for slot, entries in slots.items()}},
            policy_of=lambda _: TranslationPolicy(),
            instrument=self.instrument,
        )

    def history(self, strategy_id: str) -> tuple[BarSeries, Mapping[str, FloatColumn]]:
        end, columns = self._history, self._columns
        series = self._series
        parts = [getattr(series, name)[:end].copy() for name in ("opened_ns", *BAR_COLUMNS)]
        return BarSeries(SYMBOL, "1m", *parts), {name: column[:end] for name, column in columns.items()}

    @property
    def speed(self) -> float | None:
        return self._speed

    def set_speed(self, speed: float) -> None:
        self._speed = speed
        self._tell_status()

    def step_bar(self) -> None:
        if self._state is SessionState.PAUSED:
            self.step()

    def watch(self, observer: SessionObserver) -> None:
        self._observers.append(observer)

    flatten_job: FlattenJob | None = None
    limits: Sequence[LimitUse] = LIMITS
    batch_reports: Sequence[BatchReport] = ()

    def limit_uses(self) -> Sequence[LimitUse]:
        return self.limits

    def next_command_id(self) -> UserCommandId:
        return self.ids.next(ids.USER_COMMAND)

    def ask(self, command: Command) -> CommandAnswer:
        self.asked.append(command)
        status, text = self._carry_out(command)
        self._tell_status()
        return CommandAnswer(command_id=command.command_id, status=status, text=text)

    async def run(self) -> None:
        self._to(SessionState.RUNNING)
        while self._bar < self._bars and not self._stop.is_set():
            if self._go.is_set():
                self.step()
            await asyncio.sleep(self._pace_s)
        working = len(self.books.get_open_orders())
        self._message = f"{working} orders are left as they were; their state is in the journal." if working else ""
        self._to(SessionState.STOPPED)

    def pause(self) -> None:
        self._go.clear()
        self._to(SessionState.PAUSED)

    def resume(self) -> None:
        self._go.set()
        self._to(SessionState.RUNNING)

    def stop(self) -> None:
        self._stop.set()

    def step(self) -> None:
        """Play one bar."""
        bar = self._bar
        self._clock.advance_to(self._closed_ns(bar))
        self._settle(bar)
        assessed = self._assessed(bar)
        for observer in self._observers:
            observer.on_tick(STRATEGY_ID, assessed)
        self._play(bar - self._history, assessed)
        self.books.mark(SYMBOL, self._price(bar), self._clock.now_ns())
        account = self.books.get_account()
        for observer in self._observers:
            observer.on_equity(account)
        self._bar += 1
        self._tell_status()

    def _play(self, live: int, assessed: AssessedContext) -> None:
        if live == 8 and self._trading is TradingState.ACTIVE:
            self._enter(assessed, OrderType.MARKET)
        elif live == 18 and self._trading is TradingState.ACTIVE:
            self._enter(assessed, OrderType.LIMIT)
        elif live == 14:
            self._end(assessed, [self._threat(assessed)], _rejected("strategy", "no_opportunity", "A threat alone."))
        elif live == 24:
            error = 'Traceback (most recent call last):\n  File "worker.py", line 12, in detect\nZeroDivisionError: division by zero'
            self._end(assessed, [], FlowOutcome(kind=OutcomeKind.FAILED, stage="detection", error=error))
        elif live == 5 or (live > 24 and live % 10 == 0):
            reason = "The stop is 1.84 % from the entry; the directive allows 1.50 %."
            outcome = _rejected("planning", "stop_loss_tolerance", reason)
            self._end(assessed, [self._opportunity(assessed, "0.58")], outcome)
        else:
            self._count(OutcomeKind.NO_OPPORTUNITY)

    def _enter(self, assessed: AssessedContext, order_type: OrderType) -> None:
        """Decide on a trade: the whole chain, and its orders in the books."""
        now, close = self._clock.now(), self._price(self._bar)
        chain = CausalityChain(flow_id=assessed.context.tick_id)
        limit = close * Decimal("0.97") if order_type is OrderType.LIMIT else None
        limit = limit.quantize(TICK) if limit is not None else None
        entry_price = limit or close
        stop, target = (entry_price * Decimal("0.985")).quantize(TICK), (entry_price * Decimal("1.03")).quantize(TICK)
        quantity = Decimal("0.05000")
        opportunity = self._opportunity(assessed, "0.82")
        entry = EntryPlan(
            plan_id=self.ids.next(ids.ENTRY),
            symbol=SYMBOL,
            direction=Direction.BUY,
            order_type=order_type,
            reference_price=close,
            limit_price=limit,
        )
        size = SizePlan(
            plan_id=self.ids.next(ids.SIZE),
            position_size=quantity,
            position_value=quantity * entry_price,
            risk_amount=quantity * (entry_price - stop),
        )
        exit_plan = ExitPlan(plan_id=self.ids.next(ids.EXIT), stop_loss_price=stop, take_profit_price=target)
        intent = ExecutionIntent(
            intent_id=self.ids.next(ids.INTENT),
            action=ExecutionAction.EXECUTE_TRADE,
            execution_urgency=Decimal("0.9") if limit is None else Decimal("0.4"),
            visibility_preference=Decimal("0.5"),
            max_slippage_pct=Decimal("0.002"),
        )
        directive = ExecutionDirective(
            directive_id=self.ids.next(ids.EXECUTION),
            strategy_id=STRATEGY_ID,
            causality=chain,
            entry_plan=entry,
            size_plan=size,
            exit_plan=exit_plan,
            execution_intent=intent,
        )
        group = ExecutionGroup(
            group_id=self.ids.next(ids.GROUP),
            parent_directive_id=directive.directive_id,
            strategy_id=STRATEGY_ID,
            execution_strategy=ExecutionStyle.SINGLE_ORDER,
            created_at=now,
        )
        spec = BacktestExecutionSpec(
            action=ExecutionAction.EXECUTE_TRADE,
            order_type=order_type,
            time_in_force=TimeInForce.IOC if limit is None else TimeInForce.GTC,
            limit_price=limit,
            fill_model=FillModel.IMMEDIATE if limit is None else FillModel.BAR_TOUCH,
            latency_ms=10,
            impact_multiplier=Decimal("0.6"),
            max_slippage_bps=20,
        )
        self._open_trade(group, entry, exit_plan, quantity)
        strategic = self._directive(assessed, close, opportunity)
        translation = Translation(directive=directive, spec=spec, group=group)
        payloads = [opportunity, strategic, entry, size, exit_plan, intent, directive, translation]
        remark = Remark(worker="platform", topic="PLANNER_MATCH", text="entry: aggressive_market (confidence 0.82)")
        outcome = FlowOutcome(kind=OutcomeKind.EXECUTED, stage="execution", reason="The entry was sent.")
        self._end(assessed, payloads, outcome, remarks=(remark,))

    def _open_trade(self, group: ExecutionGroup, entry: EntryPlan, exit_plan: ExitPlan, quantity: Decimal) -> None:
        now = self._clock.now()
        trade = Trade(
            trade_id=self.ids.next(ids.TRADE),
            strategy_id=STRATEGY_ID,
            symbol=SYMBOL,
            direction=entry.direction,
            status=TradeStatus.PENDING,
            opened_at=now,
            stop_loss_price=exit_plan.stop_loss_price,
            take_profit_price=exit_plan.take_profit_price,
        )
        self.books.open_trade(trade)
        self.books.register_execution_group(group)
        order = self._order(
            group, trade, OrderRole.ENTRY, entry.direction, entry.order_type, quantity, entry.limit_price
        )
        self._send(order)
        if entry.order_type is OrderType.MARKET:
            self._to_fill.append(order)

    def _order(
        self,
        group: ExecutionGroup,
        trade: Trade,
        role: OrderRole,
        direction: Direction,
        order_type: OrderType,
        quantity: Decimal,
        limit_price: Decimal | None = None,
        stop_price: Decimal | None = None,
    ) -> Order:
        now = self._clock.now()
        return Order(
            order_id=self.ids.next(ids.ORDER),
            group_id=group.group_id,
            trade_id=trade.trade_id,
            strategy_id=STRATEGY_ID,
            symbol=SYMBOL,
            direction=direction,
            role=role,
            order_type=order_type,
            time_in_force=TimeInForce.GTC,
            quantity=quantity,
            limit_price=limit_price,
            stop_price=stop_price,
            reduce_only=role is not OrderRole.ENTRY,
            created_at=now,
            updated_at=now,
        )

    def _send(self, order: Order) -> None:
        self.books.register_order(order)
        self.books.move_order(order.order_id, OrderStatus.SUBMITTED)
        self.books.book(OrderAccepted(order_id=order.order_id, at=self._clock.now()))

    def _settle(self, bar: int) -> None:
        """Let the venue do what it was asked to do before this bar."""
        at = datetime_from_ns(int(self._series.opened_ns[bar])) + timedelta(seconds=1)
        price = from_float(float(self._series.open[bar]), TICK)
        for order in self._to_fill:
            self._fill(order, price, at)
            if order.role is OrderRole.ENTRY:
                self._protect(order)
        self._to_fill = []
        for order in self.books.get_open_orders():
            if order.status is OrderStatus.CANCEL_PENDING:
                self.books.book(OrderCancelled(order_id=order.order_id, at=at, reason="asked by the user"))
        if self._to_flatten:
            self._close_all(price, at)

    def _fill(self, order: Order, price: Decimal, at: object) -> None:
        self._number += 1
        fee = (price * order.quantity * Decimal("0.001")).quantize(Decimal("0.00000001"))
        self.books.book(
            OrderExecuted(
                order_id=order.order_id,
                at=at,
                price=price,
                quantity=order.quantity,
                fee=fee,
                liquidity=Liquidity.TAKER,
                venue_trade_id=f"V{self._number}",
            )
        )

    def _protect(self, order: Order) -> None:
        group, trade = self.books.get_group(order.group_id), self.books.get_trade(order.trade_id)
        back = order.direction.opposite
        stop, target = trade.stop_loss_price, trade.take_profit_price
        args = (group, trade)
        self._send(
            self._order(*args, OrderRole.STOP_LOSS, back, OrderType.STOP_MARKET, order.quantity, stop_price=stop)
        )
        self._send(self._order(*args, OrderRole.TAKE_PROFIT, back, OrderType.LIMIT, order.quantity, target))

    def _close_all(self, price: Decimal, at: object) -> None:
        """Close what is held, one bar after the orders were cancelled."""
        for trade in list(self.books.get_open_trades()):
            if trade.open_quantity:
                group = next(g for g in self.books.get_execution_groups() if g.strategy_id == trade.strategy_id)
                closing = self._order(
                    group, trade, OrderRole.CLOSE, trade.direction.opposite, OrderType.MARKET, trade.open_quantity
                )
                self._send(closing)
                self._fill(closing, price, at)
        self._to_flatten = bool(self.books.get_open_orders() or self.books.get_open_positions())

    def _carry_out(self, command: Command) -> tuple[CommandStatus, str]:
        match command:
            case CancelGroup():
                if self.books.cancel_execution_group(command.group_id):
                    return CommandStatus.ACCEPTED, "The group is being cancelled."
                return CommandStatus.REFUSED, "Nothing works in this group any more."
            case PauseGroupKeepOrders() | PauseGroupCancelOrders():
                pause = GroupPause(at=self._clock.now(), reason="asked by the user", is_asked=True)
                self.tell_plan(self._plans[command.group_id].model_copy(update={"pause": pause}))
                return CommandStatus.DONE, "The group is paused."
            case ResumeGroup():
                self.tell_plan(self._plans[command.group_id].model_copy(update={"pause": None}))
                return CommandStatus.ACCEPTED, "The group goes on."
            case CancelOrder():
                order = self.books.get_order(command.order_id)
                if order.role is not OrderRole.ENTRY:  # as the engine does
                    return CommandStatus.REFUSED, f"{order.order_id} is the {order.role} of {order.trade_id}"
                self.books.cancel_order(command.order_id)
                return CommandStatus.ACCEPTED, "The order is being cancelled."
            case CloseTrade() | FlattenAll():
                for order in self.books.get_open_orders():
                    self.books.cancel_order(order.order_id)
                self._to_flatten = True
                self._trading = TradingState.REDUCING
                return CommandStatus.ACCEPTED, "Everything is being cancelled and closed."
            case CancelAllOrders() | ReduceAll():
                return CommandStatus.ACCEPTED, "It is under way."
            case RestrictTrading():
                self._trading = command.state
                return CommandStatus.DONE, "No new risk is taken."
            case AbortFlatten():
                assert self.flatten_job is not None
                ended = {"result": FlattenResult.ABORTED, "text": f"aborted: {command.reason}"}
                self.flatten_job = self.flatten_job.model_copy(update=ended)
                return CommandStatus.DONE, "The flatten is aborted."
            case ResolveOrder():
                return CommandStatus.REFUSED, f"{command.order_id} is not in doubt: cancel it instead"
            case ClearLatch():
                self._trading = TradingState.ACTIVE
                return CommandStatus.DONE, "Strategies may open new trades again."
            case PauseStrategy():
                self._paused.add(command.strategy_id)
                return CommandStatus.DONE, "The strategy is paused."
            case ResumeStrategy():
                self._paused.discard(command.strategy_id)
                return CommandStatus.DONE, "The strategy trades again."

    def trouble(self, **facts: Any) -> None:
        """Let the status say these things as well from now on."""
        self._trouble = facts
        self._tell_status()

    def tell_plan(self, plan: GroupPlan) -> None:
        """Let the schedule of a group be this from now on."""
        self._plans[plan.group_id] = plan
        for observer in self._observers:
            observer.on_ledger(LedgerChange(at=self._clock.now(), strategy_id=plan.strategy_id, plan=plan))

    def schedule_first_group(self) -> GroupPlan:
        """Give the first group a slice that is still to be sent, and a schedule; return it."""
        group = self.books.get_execution_groups()[0]
        entry = self.books.get_order(group.order_ids[0])
        trade = self.books.get_trade(entry.trade_id)
        kind, limit = OrderType.LIMIT, entry.limit_price or self._price(self._bar)
        later = self._order(group, trade, OrderRole.ENTRY, entry.direction, kind, entry.quantity, limit)
        self.books.register_order(later)
        now = self._clock.now()
        slices = tuple(
            PlannedSlice(order_id=order.order_id, quantity=order.quantity, due_at=now + timedelta(minutes=5 * place))
            for place, order in enumerate((entry, later))
        )
        plan = GroupPlan(
            group_id=group.group_id,
            strategy_id=group.strategy_id,
            symbol=entry.symbol,
            direction=entry.direction,
            style=ExecutionStyle.TWAP,
            distribution=ChunkDistribution.UNIFORM,
            quantity=entry.quantity * 2,
            arrival_price=limit,
            started_at=now,
            ends_at=now + timedelta(minutes=10),
            spec=BacktestExecutionSpec(
                action=ExecutionAction.EXECUTE_TRADE,
                order_type=kind,
                fill_model=FillModel.BAR_TOUCH,
                latency_ms=100,
                impact_multiplier=Decimal(1),
                max_slippage_bps=50,
            ),
            slices=slices,
        )
        self.tell_plan(plan)
        return plan

    def _end(
        self,
        assessed: AssessedContext,
        payloads: Sequence[object],
        outcome: FlowOutcome,
        *,
        remarks: tuple[Remark, ...] = (),
    ) -> None:
        said = [assessed.assessment, *payloads]
        nodes = tuple(
            FlowNode(
                seq,
                type(note).__name__.upper(),
                _WORKERS.get(type(note).__name__, "platform"),
                "run",
                _id_of(note),
                note,
            )  # type: ignore[arg-type]  # all are notes
            for seq, note in enumerate(said)
        )
        record = FlowRecord(
            flow_id=assessed.context.tick_id,
            strategy_id=STRATEGY_ID,
            born_ns=assessed.context.closed_ns,
            birth_event="TICK_RECEIVED",
            outcome=outcome,
            nodes=nodes,
            remarks=remarks,
        )
        self._count(outcome.kind)
        for observer in self._observers:
            observer.on_flow(record)

    def _opportunity(self, assessed: AssessedContext, confidence: str) -> OpportunitySignal:
        return OpportunitySignal(
            signal_id=self.ids.next(ids.OPPORTUNITY),
            timestamp=self._clock.now(),
            asset=SYMBOL,
            direction=Direction.BUY,
            signal_type="FAIR_VALUE_GAP",
            confidence=Decimal(confidence),
            source_worker_id="fair_value_gap",
            causality=CausalityChain(flow_id=assessed.context.tick_id),
            metadata={"gap_size": 12.5, "bars": 3},
        )

    def _threat(self, assessed: AssessedContext) -> ThreatSignal:
        return ThreatSignal(
            threat_id=self.ids.next(ids.THREAT),
            timestamp=self._clock.now(),
            threat_type="MAX_DRAWDOWN",
            severity=Decimal("0.45"),
            source_worker_id="max_drawdown",
            causality=CausalityChain(flow_id=assessed.context.tick_id),
        )

    def _directive(
        self, assessed: AssessedContext, close: Decimal, opportunity: OpportunitySignal
    ) -> StrategyDirective:
        return StrategyDirective(
            directive_id=self.ids.next(ids.STRATEGY),
            strategy_id=STRATEGY_ID,
            timestamp=self._clock.now(),
            causality=opportunity.causality.extended(opportunity_ids=(opportunity.signal_id,)),
            confidence=Decimal("0.82"),
            rationale="The gap is in the direction of the trend.",
            entry_directive=EntryDirective(
                symbol=SYMBOL, direction=Direction.BUY, timing_preference=Decimal("0.9"), reference_price=close
            ),
            size_directive=SizeDirective(aggressiveness=Decimal("0.6"), account_risk_pct=Decimal("0.01")),
            exit_directive=ExitDirective(profit_taking_preference=Decimal("0.5"), stop_loss_tolerance=Decimal("0.015")),
            execution_intent_directive=ExecutionIntentDirective(
                execution_urgency=Decimal("0.9"), max_total_slippage_pct=Decimal("0.002")
            ),
        )

    def _assessed(self, bar: int) -> AssessedContext:
        row = [float(getattr(self._series, name)[bar]) for name in BAR_COLUMNS]
        row += [float(self._columns[spec.name][bar]) for spec in SPECS]
        opened_ns = self._series.opened_ns
        store = GivenRows(SYMBOL, "1m", SPECS, self._columns, opened_ns)
        context = TradingContext(store, bar, self.ids.reserve(), int(opened_ns[bar]), self._closed_ns(bar), row)
        return AssessedContext(context, GivenScores(0.72, 0.18, self._assessment))

    def _assessment(self, context: TradingContext) -> AggregatedContextAssessment:
        factor = ContributingFactor(
            name="trend_alignment",
            side=FactorSide.STRENGTH,
            score=Decimal("0.9"),
            weight=Decimal("0.8"),
            contribution=Decimal("0.72"),
            source_column="ema_20",
            source_value=context.value("ema_20"),
        )
        weak = factor.model_copy(
            update={
                "name": "ranging_market",
                "side": FactorSide.WEAKNESS,
                "weight": Decimal("0.2"),
                "contribution": Decimal("0.18"),
            }
        )
        return AggregatedContextAssessment(
            assessment_id=self.ids.next(ids.ASSESSMENT),
            timestamp=context.timestamp,
            symbol=SYMBOL,
            strength=Decimal("0.72"),
            weakness=Decimal("0.18"),
            method="weighted_average",
            contributing_factors=(factor, weak),
            missing_factors=("order_book_pressure",),
        )

    def _closed_ns(self, bar: int) -> int:
        return int(self._series.opened_ns[bar]) + NS_PER_MINUTE

    def _price(self, bar: int) -> Decimal:
        return from_float(float(self._series.close[bar]), TICK)

    def _count(self, kind: OutcomeKind) -> None:
        self._flows[kind] = self._flows.get(kind, 0) + 1

    def _on_change(self, change: LedgerChange) -> None:
        for observer in self._observers:
            observer.on_ledger(change)

    def _to(self, state: SessionState) -> None:
        self._state = state
        self._tell_status()

    def _tell_status(self) -> None:
        for observer in self._observers:
            observer.on_status(self.status)


_WORKERS = {
    "AggregatedContextAssessment": "context_aggregator",
    "OpportunitySignal": "fair_value_gap",
    "ThreatSignal": "max_drawdown",
    "StrategyDirective": "adaptive_momentum",
    "EntryPlan": "aggressive_market",
    "SizePlan": "fixed_risk",
    "ExitPlan": "fixed_reward_risk",
    "ExecutionIntent": "balanced",
}


def click_answer(parent: QWidget, text: str) -> None:
    """Press a button of the question that is open, by its words."""
    boxes = [box for box in parent.findChildren(QMessageBox) if box.isVisible()]
    assert len(boxes) == 1, f"expected one open question, found {len(boxes)}"
    buttons = cast("list[QPushButton]", boxes[0].buttons())
    next(button for button in buttons if button.text().replace("&", "") == text).click()


async def until(holds: Callable[[], bool], *, seconds: float = 5.0) -> None:
    """Let the loop run until something holds.

    Raises:
        TimeoutError: it never did.
    """
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110  # what is waited for is a state of the window, not an event
            await asyncio.sleep(0.01)


def _average(values: FloatColumn, length: int) -> FloatColumn:
    averages = np.full(len(values), np.nan)
    factor, average = 2 / (length + 1), float(values[0])
    for place, value in enumerate(values):
        average = factor * float(value) + (1 - factor) * average
        if place >= length:
            averages[place] = average
    return averages


def _rejected(stage: str, rule: str, reason: str) -> FlowOutcome:
    return FlowOutcome(kind=OutcomeKind.REJECTED, stage=stage, rule=rule, reason=reason)


def _id_of(note: object) -> str:
    names = ("assessment_id", "signal_id", "threat_id", "directive_id", "plan_id", "intent_id")
    return next((str(getattr(note, name)) for name in names if hasattr(note, name)), "")
