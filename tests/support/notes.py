"""One valid example of every note, to start a test from: `an_entry_plan(limit_price=...)`."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from engine.contracts.base import Contract, Direction
from engine.contracts.batches import (
    BatchLeg,
    BatchPhase,
    BatchReport,
    BatchStatus,
    Compensation,
    Guarantee,
    LegKind,
    LegTotals,
    Residual,
    TradeLevels,
)
from engine.contracts.carried import (
    CarriedBooks,
    CarriedCancel,
    CarriedExecution,
    CarriedLeg,
    CarriedOrder,
    CarriedVenue,
    CarriedVenueAccount,
)
from engine.contracts.causality import CausalityChain
from engine.contracts.commands import (
    AbortFlatten,
    AbortFlattenRequest,
    CancelAllOrders,
    CancelGroup,
    CancelOrder,
    ClearLatch,
    ClearLatchRequest,
    CloseTrade,
    CommandAnswer,
    CommandStatus,
    FlattenAll,
    OrderClaim,
    PauseGroupCancelOrders,
    PauseGroupKeepOrders,
    PauseStrategy,
    ReduceAll,
    ResolveOrder,
    ResolveOrderRequest,
    RestrictTrading,
    ResumeGroup,
    ResumeStrategy,
    TradingState,
)
from engine.contracts.context import (
    AggregatedContextAssessment,
    ColumnKind,
    ColumnSpec,
    ContributingFactor,
    FactorSide,
)
from engine.contracts.directives import (
    DirectiveScope,
    EntryDirective,
    ExecutionIntentDirective,
    ExitDirective,
    PriceZone,
    SizeDirective,
    StrategyDirective,
)
from engine.contracts.execution import (
    ExecutionDirective,
    ExecutionDirectiveBatch,
    ExecutionGroup,
    ExecutionMode,
)
from engine.contracts.flatten import FlattenAttempt, FlattenJob, FlattenLeg, FlattenPart, FlattenRequest, FlattenScope
from engine.contracts.flows import FlowEnd, FlowOutcome, OutcomeKind, Remark
from engine.contracts.intents import (
    ChunkDistribution,
    ExecutionAction,
    ExecutionIntent,
    ExecutionRequest,
    ExecutionStyle,
)
from engine.contracts.market import Bar, Instrument, Quote, TradePrint
from engine.contracts.orders import (
    AccountSnapshot,
    Balance,
    Fill,
    Liquidity,
    Order,
    OrderRole,
    OrderStatus,
    Position,
    TimeInForce,
    Trade,
    TradeStatus,
)
from engine.contracts.plans import EntryLayer, EntryPlan, ExitPlan, OrderType, SizePlan
from engine.contracts.schedules import GroupPause, GroupPlan, PlannedSlice
from engine.contracts.signals import OpportunitySignal, ThreatSignal
from engine.contracts.specs import (
    BacktestExecutionSpec,
    BatchTranslation,
    CexExecutionSpec,
    DexExecutionSpec,
    FillModel,
    GasStrategy,
    RouterStrategy,
    Translation,
)
from engine.contracts.swot import SWOTInputs
from engine.contracts.updates import LedgerUpdate, NewsItem, PositionUpdate, ScheduleTick
from engine.contracts.venue import (
    AccountStated,
    AskFailed,
    AskId,
    CancelRefused,
    ExecutionsListed,
    FundingPaid,
    OpenOrdersListed,
    OrderAccepted,
    OrderCancelled,
    OrderExecuted,
    OrderExpired,
    OrderForced,
    OrderInDoubt,
    OrderLookedUp,
    OrderRefused,
    OrderStanding,
    Refusal,
    VenuePosition,
    VenueRequest,
)
from engine.contracts.what_if import ChangeKind, FlowChange, SessionFigures, WhatIf
from engine.contracts.worker_state import SavedState
from engine.phase4_planning.translation.order_terms import Scheduling
from engine.primitives.timeframes import ns_from_datetime

AT = datetime(2025, 10, 27, 14, 30, 22, tzinfo=UTC)
D = Decimal
NoteT = TypeVar("NoteT", bound=Contract)


def an_id(prefix: str, number: int = 0) -> str:
    """Return an id of a kind; different numbers give different ids."""
    return f"{prefix}_20251027_143022_{number:05d}"


def _made(note: type[NoteT], defaults: dict[str, Any], changes: dict[str, Any]) -> NoteT:
    return note(**(defaults | changes))


def a_causality(**changes: Any) -> CausalityChain:
    return _made(CausalityChain, {"flow_id": an_id("TCK")}, changes)


def an_instrument(**changes: Any) -> Instrument:
    defaults = {
        "symbol": "BTC/USDT",
        "base": "BTC",
        "quote": "USDT",
        "tick_size": D("0.01"),
        "lot_step": D("0.00001"),
        "min_notional": D(5),
    }
    return _made(Instrument, defaults, changes)


def a_bar(**changes: Any) -> Bar:
    defaults = {
        "symbol": "BTC/USDT",
        "timeframe": "5m",
        "opened_at": AT,
        "open": D(100),
        "high": D(110),
        "low": D(90),
        "close": D(105),
        "volume": D(3),
    }
    return _made(Bar, defaults, changes)


def a_quote(**changes: Any) -> Quote:
    defaults = {
        "symbol": "BTC/USDT",
        "quoted_at": AT,
        "bid": D(100),
        "ask": D(101),
        "bid_quantity": D(1),
        "ask_quantity": D(2),
    }
    return _made(Quote, defaults, changes)


def a_print(**changes: Any) -> TradePrint:
    defaults = {
        "symbol": "BTC/USDT",
        "traded_at": AT,
        "price": D(100),
        "quantity": D("0.5"),
        "taker": Direction.SELL,
    }
    return _made(TradePrint, defaults, changes)


def a_column(**changes: Any) -> ColumnSpec:
    return _made(ColumnSpec, {"name": "ema_20", "kind": ColumnKind.PRICE_OVERLAY, "unit": "USDT"}, changes)


def a_factor(**changes: Any) -> ContributingFactor:
    defaults = {
        "name": "trend_strength",
        "side": FactorSide.STRENGTH,
        "score": D("0.8"),
        "weight": D("0.5"),
        "contribution": D("0.4"),
        "source_column": "adx",
        "source_value": 33.25,
    }
    return _made(ContributingFactor, defaults, changes)


def an_assessment(**changes: Any) -> AggregatedContextAssessment:
    defaults = {
        "assessment_id": an_id("CTX"),
        "timestamp": AT,
        "symbol": "BTC/USDT",
        "strength": D("0.75"),
        "weakness": D("0.20"),
        "method": "weighted_average",
        "contributing_factors": (a_factor(),),
    }
    return _made(AggregatedContextAssessment, defaults, changes)


def an_opportunity(**changes: Any) -> OpportunitySignal:
    defaults = {
        "signal_id": an_id("OPP"),
        "timestamp": AT,
        "asset": "BTC/USDT",
        "direction": Direction.BUY,
        "signal_type": "fvg_entry",
        "confidence": D("0.85"),
        "source_worker_id": "fvg_detector",
        "causality": a_causality(),
        "metadata": {"gap_size": 8.5, "volume_percentile": 85, "fresh": True, "who": "x"},
    }
    return _made(OpportunitySignal, defaults, changes)


def a_threat(**changes: Any) -> ThreatSignal:
    defaults = {
        "threat_id": an_id("THR"),
        "timestamp": AT,
        "threat_type": "MAX_DRAWDOWN_BREACH",
        "severity": D("0.90"),
        "source_worker_id": "max_drawdown_monitor",
        "causality": a_causality(),
        "metadata": {"current_dd": 0.08, "max_allowed": 0.05},
    }
    return _made(ThreatSignal, defaults, changes)


def a_swot(**changes: Any) -> SWOTInputs:
    return _made(SWOTInputs, {"context": an_assessment(), "opportunities": (an_opportunity(),)}, changes)


def an_entry_directive(**changes: Any) -> EntryDirective:
    defaults = {
        "symbol": "BTC/USDT",
        "direction": Direction.BUY,
        "timing_preference": D("0.82"),
        "reference_price": D(50000),
    }
    return _made(EntryDirective, defaults, changes)


def a_size_directive(**changes: Any) -> SizeDirective:
    return _made(SizeDirective, {"aggressiveness": D("0.66"), "max_risk_amount": D(1000)}, changes)


def an_exit_directive(**changes: Any) -> ExitDirective:
    defaults = {
        "profit_taking_preference": D("0.75"),
        "risk_reward_ratio": D("2.5"),
        "stop_loss_tolerance": D("0.015"),
    }
    return _made(ExitDirective, defaults, changes)


def an_intent_directive(**changes: Any) -> ExecutionIntentDirective:
    defaults = {"execution_urgency": D("0.82"), "max_total_slippage_pct": D("0.01")}
    return _made(ExecutionIntentDirective, defaults, changes)


def a_strategy_directive(**changes: Any) -> StrategyDirective:
    defaults = {
        "directive_id": an_id("STR"),
        "strategy_id": "demo",
        "timestamp": AT,
        "causality": a_causality(),
        "confidence": D("0.82"),
        "entry_directive": an_entry_directive(),
        "size_directive": a_size_directive(),
        "exit_directive": an_exit_directive(),
        "execution_intent_directive": an_intent_directive(),
    }
    return _made(StrategyDirective, defaults, changes)


def a_close_directive(**changes: Any) -> StrategyDirective:
    defaults = {
        "directive_id": an_id("STR"),
        "strategy_id": "demo",
        "timestamp": AT,
        "causality": a_causality(),
        "confidence": D(1),
        "scope": DirectiveScope.CLOSE_EXISTING,
        "target_trade_ids": (an_id("TRD"),),
    }
    return _made(StrategyDirective, defaults, changes)


def an_entry_plan(**changes: Any) -> EntryPlan:
    defaults = {
        "plan_id": an_id("ENT"),
        "symbol": "BTC/USDT",
        "direction": Direction.BUY,
        "order_type": OrderType.MARKET,
        "reference_price": D(50000),
    }
    return _made(EntryPlan, defaults, changes)


def a_size_plan(**changes: Any) -> SizePlan:
    defaults = {
        "plan_id": an_id("SIZ"),
        "position_size": D("0.5"),
        "position_value": D(25000),
        "risk_amount": D(250),
    }
    return _made(SizePlan, defaults, changes)


def an_exit_plan(**changes: Any) -> ExitPlan:
    defaults = {"plan_id": an_id("EXT"), "stop_loss_price": D(49500), "take_profit_price": D(51000)}
    return _made(ExitPlan, defaults, changes)


def an_intent(**changes: Any) -> ExecutionIntent:
    defaults = {
        "intent_id": an_id("EXI"),
        "action": ExecutionAction.EXECUTE_TRADE,
        "execution_urgency": D("0.5"),
        "visibility_preference": D("0.7"),
        "max_slippage_pct": D("0.005"),
        "max_execution_window_minutes": 30,
    }
    return _made(ExecutionIntent, defaults, changes)


def a_request(**changes: Any) -> ExecutionRequest:
    defaults = {
        "strategy_directive": a_strategy_directive(),
        "entry_plan": an_entry_plan(),
        "size_plan": a_size_plan(),
        "exit_plan": an_exit_plan(),
    }
    return _made(ExecutionRequest, defaults, changes)


def an_execution_directive(**changes: Any) -> ExecutionDirective:
    defaults = {
        "directive_id": an_id("EXE"),
        "strategy_id": "demo",
        "causality": a_causality(),
        "entry_plan": an_entry_plan(),
        "size_plan": a_size_plan(),
        "exit_plan": an_exit_plan(),
        "execution_intent": an_intent(),
    }
    return _made(ExecutionDirective, defaults, changes)


def a_batch(**changes: Any) -> ExecutionDirectiveBatch:
    defaults = {
        "batch_id": an_id("BAT"),
        "directives": (an_execution_directive(),),
        "execution_mode": ExecutionMode.PARALLEL,
        "created_at": AT,
    }
    return _made(ExecutionDirectiveBatch, defaults, changes)


def a_group(**changes: Any) -> ExecutionGroup:
    defaults = {
        "group_id": an_id("EXG"),
        "parent_directive_id": an_id("EXE"),
        "strategy_id": "demo",
        "execution_strategy": ExecutionStyle.SINGLE_ORDER,
        "created_at": AT,
    }
    return _made(ExecutionGroup, defaults, changes)


def a_cex_spec(**changes: Any) -> CexExecutionSpec:
    defaults = {
        "action": ExecutionAction.EXECUTE_TRADE,
        "order_type": OrderType.MARKET,
        "time_in_force": TimeInForce.IOC,
        "max_slippage_bps": 50,
    }
    return _made(CexExecutionSpec, defaults, changes)


def a_dex_spec(**changes: Any) -> DexExecutionSpec:
    defaults = {
        "action": ExecutionAction.EXECUTE_TRADE,
        "gas_strategy": GasStrategy.FAST,
        "slippage_tolerance_bps": 100,
        "mev_protection_enabled": True,
        "private_mempool": False,
        "router_strategy": RouterStrategy.SINGLE_DEX,
        "deadline_minutes": 20,
    }
    return _made(DexExecutionSpec, defaults, changes)


def a_backtest_spec(**changes: Any) -> BacktestExecutionSpec:
    defaults = {
        "action": ExecutionAction.EXECUTE_TRADE,
        "order_type": OrderType.MARKET,
        "time_in_force": TimeInForce.IOC,
        "fill_model": FillModel.IMMEDIATE,
        "latency_ms": 10,
        "impact_multiplier": D(1),
        "max_slippage_bps": 50,
    }
    return _made(BacktestExecutionSpec, defaults, changes)


def a_translation(**changes: Any) -> Translation:
    defaults = {"directive": an_execution_directive(), "spec": a_backtest_spec(), "group": a_group()}
    return _made(Translation, defaults, changes)


def a_batch_translation(**changes: Any) -> BatchTranslation:
    return _made(BatchTranslation, {"batch": a_batch(), "translations": (a_translation(),)}, changes)


def an_order(**changes: Any) -> Order:
    defaults = {
        "order_id": an_id("ORD"),
        "group_id": an_id("EXG"),
        "trade_id": an_id("TRD"),
        "strategy_id": "demo",
        "symbol": "BTC/USDT",
        "direction": Direction.BUY,
        "role": OrderRole.ENTRY,
        "order_type": OrderType.MARKET,
        "time_in_force": TimeInForce.IOC,
        "quantity": D("0.5"),
        "created_at": AT,
        "updated_at": AT,
    }
    return _made(Order, defaults, changes)


def a_fill(**changes: Any) -> Fill:
    defaults = {
        "fill_id": an_id("FIL"),
        "order_id": an_id("ORD"),
        "group_id": an_id("EXG"),
        "trade_id": an_id("TRD"),
        "symbol": "BTC/USDT",
        "direction": Direction.BUY,
        "role": OrderRole.ENTRY,
        "price": D(50000),
        "quantity": D("0.5"),
        "fee": D(25),
        "liquidity": Liquidity.TAKER,
        "filled_at": AT,
        "venue_trade_id": "1",
    }
    return _made(Fill, defaults, changes)


def a_position(**changes: Any) -> Position:
    defaults = {
        "position_id": an_id("POS"),
        "strategy_id": "demo",
        "symbol": "BTC/USDT",
        "quantity": D("0.5"),
        "cost_quote": D(25000),
        "realised_pnl": D(0),
        "fees_paid": D(25),
        "mark_price": D(50100),
        "updated_at": AT,
    }
    return _made(Position, defaults, changes)


def a_trade(**changes: Any) -> Trade:
    defaults = {
        "trade_id": an_id("TRD"),
        "strategy_id": "demo",
        "symbol": "BTC/USDT",
        "direction": Direction.BUY,
        "status": TradeStatus.OPEN,
        "opened_at": AT,
        "entry_quantity": D("0.5"),
        "entry_value": D(25000),
    }
    return _made(Trade, defaults, changes)


def a_balance(**changes: Any) -> Balance:
    return _made(Balance, {"currency": "USDT", "cash": D(10000), "reserved": D(100)}, changes)


def an_account(**changes: Any) -> AccountSnapshot:
    defaults = {
        "at": AT,
        "currency": "USDT",
        "cash": D(9000),
        "positions_value": D(1000),
        "fees_paid": D(25),
        "realised_pnl": D("-3.5"),
    }
    return _made(AccountSnapshot, defaults, changes)


def an_outcome(**changes: Any) -> FlowOutcome:
    defaults = {"kind": OutcomeKind.REJECTED, "stage": "planning", "rule": "no entry planner", "reason": "0.42"}
    return _made(FlowOutcome, defaults, changes)


def a_flow_change(**changes: Any) -> FlowChange:
    """Return a tick of the demo that was refused and would have been a trade."""
    defaults = {
        "kind": ChangeKind.OUTCOME,
        "strategy_id": "demo",
        "birth_event": "TICK",
        "born_ns": 1_767_571_200_000_000_000,
        "flow_id": an_id("TCK"),
        "before": an_outcome(),
        "after": an_outcome(kind=OutcomeKind.EXECUTED, stage="", rule="", reason=""),
        "difference": ("+ ENTRY_PLAN_CREATED by patient_entry_planner",),
    }
    return _made(FlowChange, defaults, changes)


def a_what_if(**changes: Any) -> WhatIf:
    """Return a session in which one decision would have been otherwise."""
    defaults = {
        "settings": ("adaptive_momentum_planner.min_confidence=0.4",),
        "inputs": 120,
        "currency": "USDT",
        "is_as_recorded": True,
        "before": SessionFigures(decisions=3, trades=1, equity=D("10002.5")),
        "after": SessionFigures(decisions=4, trades=2, equity=D("9990")),
        "changes": (a_flow_change(),),
    }
    return _made(WhatIf, defaults, changes)


def a_kept_state(**changes: Any) -> SavedState:
    """Return what a scout of the strategy kept."""
    facts = {
        "strategy_id": "demo",
        "worker_id": "scout",
        "plugin": "Scout",
        "version": 1,
        "at_ns": ns_from_datetime(AT),
        "body": '{"bars":1}',
    }
    return SavedState(**(facts | changes))


def a_standing(**changes: Any) -> OrderStanding:
    defaults = {
        "client_order_id": an_id("ORD"),
        "venue_order_id": "8",
        "symbol": "BTC/USDT",
        "direction": Direction.BUY,
        "quantity": D("0.5"),
        "filled_quantity": D(0),
        "status": OrderStatus.OPEN,
        "updated_at": AT,
    }
    return _made(OrderStanding, defaults, changes)


def a_funding(**changes: Any) -> FundingPaid:
    defaults = {
        "symbol": "BTC/USDT",
        "at": AT,
        "rate": D("0.0001"),
        "mark_price": D(50000),
        "quantity": D("0.5"),
        "amount": D("-2.5"),
        "funding_id": "9",
    }
    return _made(FundingPaid, defaults, changes)


def an_execution(**changes: Any) -> OrderExecuted:
    defaults = {
        "order_id": an_id("ORD"),
        "at": AT,
        "price": D(1),
        "quantity": D(1),
        "fee": D("0.001"),
        "liquidity": Liquidity.MAKER,
        "venue_trade_id": "7",
    }
    return _made(OrderExecuted, defaults, changes)


def a_slice(number: int = 0, *, quantity: str = "1", after_minutes: int = 0) -> PlannedSlice:
    """A slice of so many base units, due so many minutes after `AT`."""
    due_at = AT + timedelta(minutes=after_minutes)
    return PlannedSlice(order_id=an_id("ORD", number), quantity=D(quantity), due_at=due_at)


def a_group_plan(**changes: Any) -> GroupPlan:
    """BUY 3 BTC against an arrival price of 100, in three slices, one every two minutes."""
    defaults = {
        "group_id": an_id("EXG"),
        "strategy_id": "demo",
        "symbol": "BTC/USDT",
        "direction": Direction.BUY,
        "style": ExecutionStyle.TWAP,
        "distribution": ChunkDistribution.UNIFORM,
        "quantity": D(3),
        "arrival_price": D(100),
        "started_at": AT,
        "ends_at": AT + timedelta(minutes=6),
        "spec": a_cex_spec(),
        "slices": tuple(a_slice(place, after_minutes=2 * place) for place in range(3)),
    }
    return _made(GroupPlan, defaults, changes)


def an_answer() -> CommandAnswer:
    return CommandAnswer(command_id=an_id("USR"), status=CommandStatus.DONE, text="done")


def every_note() -> list[Contract]:
    """Return one example of every kind of note."""
    answer = {"ask_id": AskId(1), "as_of": AT}
    report = {"order_id": an_id("ORD"), "at": AT}
    asked = {"command_id": an_id("USR"), "asked_at": AT}
    update = {"update_id": an_id("LDG"), "timestamp": AT, "strategy_id": "demo"}
    return [
        a_causality(opportunity_ids=(an_id("OPP"),), context_assessment_id=an_id("CTX")),
        an_instrument(),
        a_bar(),
        a_quote(),
        a_print(),
        a_column(),
        a_factor(),
        a_kept_state(),
        a_flow_change(),
        SessionFigures(decisions=3, trades=1, equity=D("10002.5")),
        a_what_if(),
        EntryLayer(limit_price=D(49900), share=D("0.5")),
        an_assessment(age_seconds=D("1.5")),
        an_opportunity(invalidation_price=D(49000)),
        a_threat(asset="ETH/USDT"),
        a_swot(threats=(a_threat(),)),
        PriceZone(low=D(1), high=D(2)),
        an_entry_directive(preferred_price_zone=PriceZone(low=D(1), high=D(2))),
        a_size_directive(account_risk_pct=D("0.02")),
        an_exit_directive(invalidation_price=D(49000)),
        an_intent_directive(),
        a_strategy_directive(),
        a_close_directive(),
        an_entry_plan(order_type=OrderType.LIMIT, limit_price=D(49900)),
        a_size_plan(),
        an_exit_plan(),
        an_intent(),
        a_request(),
        an_execution_directive(),
        a_batch(),
        a_group(order_ids=(an_id("ORD"),)),
        a_cex_spec(),
        a_dex_spec(),
        a_backtest_spec(),
        a_translation(spec=a_cex_spec()),
        a_translation(spec=a_dex_spec()),
        a_translation(),
        a_batch_translation(),
        an_order(),
        a_fill(),
        a_position(),
        a_trade(),
        a_balance(),
        an_account(),
        an_outcome(),
        Remark(worker="x", topic="match", text="0.42 is not in [0.8, 1.0]"),
        FlowEnd(flow_id=an_id("TCK"), strategy_id="demo", outcome=an_outcome(), causality=a_causality()),
        LedgerUpdate(**update, account=an_account(), order=an_order(), fill=a_fill(), group=a_group(), trade=a_trade()),
        PositionUpdate(**update, position=a_position(), last_price=D(50100)),
        ScheduleTick(schedule_id=an_id("SCH"), timestamp=AT, schedule="weekly"),
        NewsItem(news_id=an_id("NWS"), timestamp=AT, headline="x", source="y", symbols=("BTC/USDT",)),
        OrderAccepted(**report),
        OrderRefused(**report, reason="too small"),
        OrderCancelled(**report),
        OrderExpired(**report),
        an_execution(),
        CancelRefused(**report, reason="it is done", why=Refusal.NOT_OPEN),
        OrderForced(
            **report,
            trade_id=an_id("TRD"),
            symbol="BTC/USDT",
            direction=Direction.SELL,
            quantity=D(1),
            reason="liquidated by the venue",
        ),
        OrderInDoubt(**report, request=VenueRequest.PLACE, sent_at=AT, not_after=None, reason="no answer"),
        a_funding(),
        a_standing(),
        VenuePosition(symbol="BTC/USDT", quantity=D(-1)),
        OrderLookedUp(**answer, order_id=an_id("ORD"), standing=a_standing()),
        OpenOrdersListed(**answer, symbol=None, orders=(a_standing(),)),
        ExecutionsListed(**answer, since=AT, executions=(an_execution(),), fundings=(a_funding(),)),
        AccountStated(**answer, positions=(VenuePosition(symbol="BTC/USDT", quantity=D(1)),), cash=D(5)),
        AskFailed(**answer, reason="no answer"),
        PauseStrategy(**asked, strategy_id="demo"),
        ResumeStrategy(**asked, strategy_id="demo"),
        a_slice(),
        GroupPause(at=AT, reason="asked by the user", is_asked=True),
        a_group_plan(pause=GroupPause(at=AT, reason="asked by the user", is_asked=True)),
        PauseGroupKeepOrders(**asked, group_id=an_id("EXG")),
        PauseGroupCancelOrders(**asked, group_id=an_id("EXG")),
        ResumeGroup(**asked, group_id=an_id("EXG")),
        CancelGroup(**asked, group_id=an_id("EXG")),
        CancelOrder(**asked, order_id=an_id("ORD")),
        CloseTrade(**asked, trade_id=an_id("TRD")),
        FlattenAll(**asked, symbols=("BTC/USDT",)),
        CancelAllOrders(**asked, symbols=("BTC/USDT",)),
        ReduceAll(**asked, share=Decimal("0.25")),
        RestrictTrading(**asked, state=TradingState.REDUCING, reason="news in an hour"),
        ClearLatch(**asked, reason="the crash is over"),
        AbortFlatten(**asked, reason="the wrong account"),
        ResolveOrder(**asked, order_id=an_id("ORD"), claim=OrderClaim.CANCELLED, reason="seen at the venue"),
        ClearLatchRequest(asked_by="the command line", reason="the crash is over"),
        AbortFlattenRequest(asked_by="the command line", reason="the wrong account"),
        ResolveOrderRequest(
            asked_by="the command line",
            order_id=an_id("ORD"),
            claim=OrderClaim.FILLED,
            reason="seen at the venue",
            venue_trade_id="T-1",
            price=D(50000),
        ),
        an_answer(),
        a_leg(),
        FlattenPart(strategies=("demo_btc",)),
        FlattenScope(mode="PAPER", symbols=("BTC/USDT",)),
        FlattenAttempt(order_id=an_id("ORD"), at=AT, quantity=D(1), bound_bps=D(50)),
        FlattenRequest(asked_by="the command line", symbols=("BTC/USDT",)),
        a_flatten_job(),
        TradeLevels(trade_id=an_id("TRD"), stop_loss_price=D(49000)),
        LegTotals(entered_quantity=D(1), entered_value=D(50000)),
        a_batch_leg(),
        Residual(symbol="BTC/USDT", quantity=D("-0.5")),
        a_batch_report(),
        CarriedCancel(order_id=an_id("ORD"), arrives_ns=1),
        CarriedOrder(order=an_order(), number=1, at=AT, filled=D("0.5")),
        CarriedLeg(symbol="BTC/USDT", side=None, quantity=D(1), value=D(100)),
        CarriedExecution(number=1, report=an_execution()),
        a_carried_account(),
        CarriedVenue(
            account=a_carried_account(), orders=(CarriedOrder(order=an_order(), number=1, at=AT, filled=D(0)),)
        ),
        CarriedBooks(
            predecessor=an_id("JRN"),
            journal="last.sqlite",
            as_of=AT,
            since=AT,
            id_second=1,
            currency="USDT",
            starting_cash=D(10000),
            cash=D(9000),
            funding=D(0),
            peak_equity=D(10000),
            orders=(an_order(),),
            pauses={"demo": "paused by a person"},
        ),
    ]


def a_leg() -> FlattenLeg:
    """Return a market of a flatten that is being closed."""
    return FlattenLeg(symbol="BTC/USDT", held=D(1), value=D(50000))


def a_flatten_job() -> FlattenJob:
    """Return a flatten that is on its way."""
    return FlattenJob(
        job_id=an_id("BAT"),
        asked_at=AT,
        asked_by="a person",
        scope=FlattenScope(mode="PAPER"),
        updated_at=AT,
        legs=(a_leg(),),
    )


def a_batch_leg() -> BatchLeg:
    """Return a part of a batch that has not been sent."""
    return BatchLeg(
        directive_id=an_id("EXE"), kind=LegKind.OPEN, compensation=Compensation.TAKE_BACK, group_id=an_id("EXG")
    )


def a_batch_report() -> BatchReport:
    """Return how a batch stands that has just been admitted."""
    return BatchReport(
        batch_id=an_id("BAT"),
        mode=ExecutionMode.ATOMIC,
        rollback_on_failure=True,
        guarantee=Guarantee.COMPENSABLE,
        phase=BatchPhase.ADMIT,
        status=BatchStatus.WORKING,
        legs=(a_batch_leg(),),
        created_at=AT,
        updated_at=AT,
    )


def a_carried_account() -> CarriedVenueAccount:
    """Return the account of a venue that has sold one coin short."""
    return CarriedVenueAccount(
        currency="USDT",
        starting_cash=D(10000),
        cash_moved=D(50000),
        net={"BTC/USDT": D(-1)},
        cancels=(CarriedCancel(order_id=an_id("ORD"), arrives_ns=1),),
    )


def a_scheduling() -> Scheduling:
    """Return what a schedule is made with where no volumes are known."""
    return Scheduling(an_id("EXG"), AT, lambda _symbol: None)
