"""What a quant may import: the bases, the notes, the numbers and the errors.

A plugin imports this module and `engine.sdk.indicators`, and nothing else of ours.
"""

from decimal import Decimal

from pydantic import Field

from engine.contracts.base import Direction, Scalar
from engine.contracts.context import AggregatedContextAssessment, AssessedContext, ColumnKind, TradingContext
from engine.contracts.directives import (
    DirectiveScope,
    EntryDirective,
    ExecutionIntentDirective,
    ExitDirective,
    PriceZone,
    SizeDirective,
    StrategyDirective,
)
from engine.contracts.disposition import NOTHING, DispositionEnvelope, Envelopes
from engine.contracts.execution import ExecutionGroup, ExecutionGroupStatus
from engine.contracts.intents import (
    ChunkDistribution,
    ExecutionAction,
    ExecutionIntent,
    ExecutionRequest,
    ExecutionStyle,
)
from engine.contracts.market import BookLevel, BookSnapshot, FloatColumn, Instrument, InstrumentKind
from engine.contracts.orders import (
    AccountSnapshot,
    Balance,
    Order,
    OrderRole,
    OrderStatus,
    Position,
    Trade,
    TradeStatus,
)
from engine.contracts.plans import EntryLayer, EntryPlan, ExitPlan, OrderType, SizePlan
from engine.contracts.recorded import BoolColumn, RecordedColumns
from engine.contracts.signals import OpportunitySignal, ThreatSignal
from engine.contracts.swot import Situation, SWOTInputs
from engine.contracts.updates import LedgerUpdate, PositionUpdate, ScheduleTick
from engine.phase1_context.worker import ContextWorker
from engine.phase2_detection.opportunity import OpportunityWorker
from engine.phase2_detection.threat import ThreatWorker
from engine.phase3_strategy.planner import BaseStrategyPlanner
from engine.phase3_strategy.rules.cooldown import Cooldown, CooldownTerms
from engine.phase3_strategy.rules.decisions import CloseTrades, Decision, Declined, MoveStop, OpenTrade
from engine.phase3_strategy.rules.momentum import MomentumRule, MomentumTerms
from engine.phase3_strategy.rules.purchase import PurchaseTerms, purchase
from engine.phase3_strategy.rules.risk_control import RiskControlRule, RiskControlTerms
from engine.phase3_strategy.rules.trailing import TrailingRule, TrailingTerms
from engine.phase4_planning.planners import (
    BaseEntryPlanner,
    BaseExecutionIntentPlanner,
    BaseExitPlanner,
    BaseSizePlanner,
)
from engine.phase4_planning.sizing import BaseRiskSizer, RiskSizeConfig
from engine.phase4_planning.stops import planned_stop_price, stop_within_plan, target_at
from engine.phase4_planning.trade_intents import BaseTradeIntentPlanner, TradeIntentConfig
from engine.ports.clock import Clock
from engine.ports.ledger import LedgerReader
from engine.ports.worker import MarketReader, WorkerConfig, WorkerTools
from engine.ports.worker_state import WorkerState
from engine.primitives.errors import DataError, EngineError, PlanError, PluginError
from engine.primitives.ids import ENTRY, EXIT, INTENT, SIZE, GroupId, IdSource, TradeId
from engine.primitives.kept import Keepable
from engine.primitives.money import ONE, ZERO, from_float, round_down_to_step, round_to_step, round_up_to_step
from engine.primitives.ratios import Fraction, Ratio, clamp, score_from_float
from engine.sdk.paired_closes import PairedCloses
from engine.sdk.recent_range import average_true_range, mean_true_range

__all__ = [
    "ENTRY",
    "EXIT",
    "INTENT",
    "NOTHING",
    "ONE",
    "SIZE",
    "ZERO",
    "AccountSnapshot",
    "AggregatedContextAssessment",
    "AssessedContext",
    "Balance",
    "BaseEntryPlanner",
    "BaseExecutionIntentPlanner",
    "BaseExitPlanner",
    "BaseRiskSizer",
    "BaseSizePlanner",
    "BaseStrategyPlanner",
    "BaseTradeIntentPlanner",
    "BookLevel",
    "BookSnapshot",
    "BoolColumn",
    "ChunkDistribution",
    "Clock",
    "CloseTrades",
    "ColumnKind",
    "ContextWorker",
    "Cooldown",
    "CooldownTerms",
    "DataError",
    "Decimal",
    "Decision",
    "Declined",
    "Direction",
    "DirectiveScope",
    "DispositionEnvelope",
    "EngineError",
    "EntryDirective",
    "EntryLayer",
    "EntryPlan",
    "Envelopes",
    "ExecutionAction",
    "ExecutionGroup",
    "ExecutionGroupStatus",
    "ExecutionIntent",
    "ExecutionIntentDirective",
    "ExecutionRequest",
    "ExecutionStyle",
    "ExitDirective",
    "ExitPlan",
    "Field",
    "FloatColumn",
    "Fraction",
    "GroupId",
    "IdSource",
    "Instrument",
    "InstrumentKind",
    "Keepable",
    "LedgerReader",
    "LedgerUpdate",
    "MarketReader",
    "MomentumRule",
    "MomentumTerms",
    "MoveStop",
    "OpenTrade",
    "OpportunitySignal",
    "OpportunityWorker",
    "Order",
    "OrderRole",
    "OrderStatus",
    "OrderType",
    "PairedCloses",
    "PlanError",
    "PluginError",
    "Position",
    "PositionUpdate",
    "PriceZone",
    "PurchaseTerms",
    "Ratio",
    "RecordedColumns",
    "RiskControlRule",
    "RiskControlTerms",
    "RiskSizeConfig",
    "SWOTInputs",
    "Scalar",
    "ScheduleTick",
    "Situation",
    "SizeDirective",
    "SizePlan",
    "StrategyDirective",
    "ThreatSignal",
    "ThreatWorker",
    "Trade",
    "TradeId",
    "TradeIntentConfig",
    "TradeStatus",
    "TradingContext",
    "TrailingRule",
    "TrailingTerms",
    "WorkerConfig",
    "WorkerState",
    "WorkerTools",
    "average_true_range",
    "clamp",
    "from_float",
    "mean_true_range",
    "planned_stop_price",
    "purchase",
    "round_down_to_step",
    "round_to_step",
    "round_up_to_step",
    "score_from_float",
    "stop_within_plan",
    "target_at",
]
