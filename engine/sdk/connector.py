"""What a connector may import: the ports it fills, the notes it delivers, and the errors it raises.

Everything here is a name of `engine`; a connector imports this module and nothing else of ours.
"""

from engine.contracts.base import Contract, Direction, Price, Quantity, Symbol, UtcDatetime
from engine.contracts.market import (
    BAR_COLUMNS,
    Bar,
    BarSeries,
    BookLevel,
    BookSnapshot,
    FloatColumn,
    Instrument,
    InstrumentKind,
    IntColumn,
    MarketBar,
    MarketEvent,
    Quote,
    TradePrint,
)
from engine.ports.clock import Clock
from engine.ports.market_data import HistorySource, MarketFeed
from engine.primitives.errors import (
    ConfigError,
    DataError,
    EngineError,
    InvariantBroken,
    OutcomeUnknown,
    VenueError,
    VenueRejected,
    VenueUnavailable,
)
from engine.primitives.money import ZERO, from_float, round_down_to_step, round_to_step, round_up_to_step
from engine.primitives.ratios import Fraction, Ratio
from engine.primitives.timeframes import (
    NS_PER_MINUTE,
    NS_PER_MS,
    NS_PER_SECOND,
    Timeframe,
    datetime_from_ns,
    ns_from_datetime,
)
from engine.sdk.pacing import PacedFeed, Pacer, Sleep, WallSeconds

__all__ = [
    "BAR_COLUMNS",
    "NS_PER_MINUTE",
    "NS_PER_MS",
    "NS_PER_SECOND",
    "ZERO",
    "Bar",
    "BarSeries",
    "BookLevel",
    "BookSnapshot",
    "Clock",
    "ConfigError",
    "Contract",
    "DataError",
    "Direction",
    "EngineError",
    "FloatColumn",
    "Fraction",
    "HistorySource",
    "Instrument",
    "InstrumentKind",
    "IntColumn",
    "InvariantBroken",
    "MarketBar",
    "MarketEvent",
    "MarketFeed",
    "OutcomeUnknown",
    "PacedFeed",
    "Pacer",
    "Price",
    "Quantity",
    "Quote",
    "Ratio",
    "Sleep",
    "Symbol",
    "Timeframe",
    "TradePrint",
    "UtcDatetime",
    "VenueError",
    "VenueRejected",
    "VenueUnavailable",
    "WallSeconds",
    "datetime_from_ns",
    "from_float",
    "ns_from_datetime",
    "round_down_to_step",
    "round_to_step",
    "round_up_to_step",
]
