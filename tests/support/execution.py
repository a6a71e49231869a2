"""Builders for the last two rooms: a clock to move by hand, translators, and a desk with a market in front of it."""

from decimal import Decimal
from typing import Any

from engine.config.policies import TranslationPolicy
from engine.contracts.execution import ExecutionDirective
from engine.contracts.intents import ExecutionIntent
from engine.contracts.market import Instrument
from engine.contracts.specs import Translation
from engine.phase4_planning.translation.family import TranslationTools
from engine.phase4_planning.translation.translator import VenueFamily, translator_for
from engine.primitives.errors import VenueRejected
from engine.primitives.ids import IdSource
from engine.primitives.timeframes import NS_PER_SECOND, datetime_from_ns, ns_from_datetime
from tests.support import notes

D = Decimal
START_NS = ns_from_datetime(notes.AT)


class HandClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now_ns: int = START_NS) -> None:
        self._now_ns = now_ns

    def now_ns(self) -> int:
        return self._now_ns

    def now(self) -> Any:
        return datetime_from_ns(self._now_ns)

    def move_to(self, now_ns: int) -> None:
        assert now_ns >= self._now_ns, "time does not go back"
        self._now_ns = now_ns

    def pass_seconds(self, seconds: int) -> None:
        self._now_ns += seconds * NS_PER_SECOND


def instruments(*known: Instrument) -> Any:
    """A look-up of markets that refuses what it does not know, as venues do."""
    by_symbol = {instrument.symbol: instrument for instrument in known or (notes.an_instrument(),)}

    def find(symbol: str) -> Instrument:
        if symbol not in by_symbol:
            raise VenueRejected("the venue does not trade it", symbol=symbol)
        return by_symbol[symbol]

    return find


def translation_tools(*known: Instrument) -> TranslationTools:
    clock = HandClock()
    return TranslationTools(instruments(*known), IdSource(clock.now_ns), clock)


def translate(
    family: VenueFamily,
    directive: ExecutionDirective,
    *,
    policy: TranslationPolicy | None = None,
    instrument: Instrument | None = None,
) -> Translation:
    """Translate one directive for a family of venues."""
    tools = translation_tools(*([instrument] if instrument is not None else []))
    return translator_for(family, policy or TranslationPolicy(), tools).translate(directive)


def a_sized_directive(
    *, size: str = "0.5", price: str = "50000", intent: ExecutionIntent | None = None, **changes: Any
) -> ExecutionDirective:
    """A new trade of so many base units; its value follows from the price."""
    plan = notes.a_size_plan(position_size=D(size), position_value=D(size) * D(price))
    defaults: dict[str, Any] = {"size_plan": plan, "execution_intent": intent or notes.an_intent()}
    return notes.an_execution_directive(**(defaults | changes))
