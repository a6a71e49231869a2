"""One valid example of every note that a worker hears, in a small made-up world: for rehearsals and for plugins' tests."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

from engine.contracts.base import Direction
from engine.contracts.causality import CausalityChain
from engine.contracts.context import AggregatedContextAssessment, ContributingFactor, FactorSide, TradingContext
from engine.contracts.directives import (
    DirectiveScope,
    EntryDirective,
    ExecutionIntentDirective,
    ExitDirective,
    SizeDirective,
    StrategyDirective,
)
from engine.contracts.intents import ExecutionRequest
from engine.contracts.market import BookSnapshot, Instrument
from engine.contracts.orders import Position
from engine.contracts.plans import EntryPlan, ExitPlan, OrderType, SizePlan
from engine.contracts.signals import OpportunitySignal, ThreatSignal
from engine.contracts.swot import SWOTInputs
from engine.contracts.updates import LedgerUpdate, PositionUpdate, ScheduleTick
from engine.ledger.ledger import AccountLedger
from engine.ports.ledger import LedgerChange
from engine.primitives.ids import (
    ASSESSMENT,
    ENTRY,
    EXIT,
    LEDGER,
    OPPORTUNITY,
    POSITION,
    SCHEDULE,
    SIZE,
    STRATEGY,
    THREAT,
    TICK,
    TRADE,
    IdSource,
)
from engine.primitives.timeframes import datetime_from_ns, ns_from_datetime

AT: Final = datetime(2025, 10, 27, 14, 30, 22, tzinfo=UTC)
"""When the made-up world begins."""

SYMBOL: Final = "BTC/USDT"
_PRICE: Final = Decimal(50000)


class StandingClock:
    """Stands still until it is moved."""

    def __init__(self, at: datetime = AT) -> None:
        self.at = at

    def now(self) -> datetime:
        """Return where it stands, aware UTC."""
        return self.at

    def now_ns(self) -> int:
        """Return where it stands, UTC nanoseconds."""
        return ns_from_datetime(self.at)

    def move(self, **by: float) -> datetime:
        """Move it by so many days, hours, minutes or seconds, named as in `timedelta`."""
        self.at += timedelta(**by)
        return self.at

    def set_ns(self, at_ns: int) -> None:
        """Move it to an instant, UTC nanoseconds."""
        self.at = datetime_from_ns(at_ns)


def sample_instrument() -> Instrument:
    """Return a spot market of BTC/USDT that may be sold short, so that both directions can be planned."""
    return Instrument(
        symbol=SYMBOL,
        base="BTC",
        quote="USDT",
        tick_size=Decimal("0.01"),
        lot_step=Decimal("0.00001"),
        min_notional=Decimal(5),
        may_short=True,
    )


class SampleWorld:
    """A clock, ids, one market and an account with 100,000 USDT; nothing has been traded yet."""

    def __init__(self) -> None:
        self.clock = StandingClock()
        self.ids = IdSource(self.clock.now_ns)
        self.price = _PRICE
        self.book: BookSnapshot | None = None
        self.listing = sample_instrument()
        self.ledger = AccountLedger(
            currency="USDT", starting_cash=Decimal(100000), clock=self.clock, ids=self.ids, on_change=_unheard
        )

    def instrument(self, symbol: str) -> Instrument:
        """Return the one market that there is."""
        if symbol != SYMBOL:
            raise KeyError(symbol)
        return self.listing

    def last_price(self, symbol: str) -> Decimal:
        """Return its last price, quote per base."""
        if symbol != SYMBOL:
            raise KeyError(symbol)
        return self.price

    def ledger_update(self) -> LedgerUpdate:
        """Return the news that the books stand as they stand."""
        return LedgerUpdate(
            update_id=self.ids.next(LEDGER),
            timestamp=self.clock.now(),
            strategy_id="demo",
            account=self.ledger.get_account(),
        )

    def schedule_tick(self) -> ScheduleTick:
        """Return the news that a schedule is due."""
        return ScheduleTick(schedule_id=self.ids.next(SCHEDULE), timestamp=self.clock.now(), schedule="made_up")

    def position_update(self) -> PositionUpdate:
        """Return the news that half a coin is held, bought at 50,000."""
        held = Decimal("0.5")
        position = Position(
            position_id=self.ids.next(POSITION),
            strategy_id="demo",
            symbol=SYMBOL,
            quantity=held,
            cost_quote=held * _PRICE,
            realised_pnl=Decimal(0),
            fees_paid=Decimal(25),
            mark_price=self.price,
            updated_at=self.clock.now(),
        )
        return PositionUpdate(
            update_id=self.ids.next(LEDGER),
            timestamp=self.clock.now(),
            strategy_id="demo",
            position=position,
            last_price=self.price,
        )


def _unheard(_change: LedgerChange) -> None:
    """Nobody listens to a made-up account."""


def an_assessment_of(context: TradingContext, *, strength: Decimal, weakness: Decimal) -> AggregatedContextAssessment:
    """Return the assessment of a context with these scores; one factor carries each."""
    return _assessed(context.slot.write(ASSESSMENT), context.timestamp, context.symbol, strength, weakness)


def _assessed(
    assessment_id: object, at: datetime, symbol: str, strength: Decimal, weakness: Decimal
) -> AggregatedContextAssessment:
    factors = (("made_up_strength", FactorSide.STRENGTH, strength), ("made_up_weakness", FactorSide.WEAKNESS, weakness))
    return AggregatedContextAssessment(
        assessment_id=assessment_id,  # type: ignore[arg-type]  # checked by the model
        timestamp=at,
        symbol=symbol,
        strength=strength,
        weakness=weakness,
        method="weighted_average",
        contributing_factors=tuple(
            ContributingFactor(
                name=name,
                side=side,
                score=score,
                weight=Decimal(1),
                contribution=score,
                source_column="close",
                source_value=float(score),
            )
            for name, side, score in factors
        ),
    )


def sample_swot(
    *,
    direction: Direction | None = Direction.BUY,
    confidence: str = "0.85",
    severity: str | None = None,
    strength: str = "0.75",
    weakness: str = "0.2",
    world: SampleWorld | None = None,
) -> SWOTInputs:
    """Return the four quadrants of a tick.

    Args:
        direction: Of the opportunity; None for a tick without one.
        confidence: Of the opportunity, 0 to 1.
        severity: Of the threat, 0 to 1; None for a tick without one.
        strength: Of the context, 0 to 1.
        weakness: Of the context, 0 to 1.
        world: Gives time and ids; a new one if not given.
    """
    world = world or SampleWorld()
    ids, now = world.ids, world.clock.now()
    chain = CausalityChain(flow_id=ids.next(TICK))
    opportunity = (
        (
            OpportunitySignal(
                signal_id=ids.next(OPPORTUNITY),
                timestamp=now,
                asset=SYMBOL,
                direction=direction,
                signal_type="made_up",
                confidence=Decimal(confidence),
                source_worker_id="made_up_scout",
                causality=chain,
            ),
        )
        if direction is not None
        else ()
    )
    threat = (
        (
            ThreatSignal(
                threat_id=ids.next(THREAT),
                timestamp=now,
                threat_type="MADE_UP",
                severity=Decimal(severity),
                source_worker_id="made_up_watchdog",
                causality=chain,
            ),
        )
        if severity is not None
        else ()
    )
    context = _assessed(ids.next(ASSESSMENT), now, SYMBOL, Decimal(strength), Decimal(weakness))
    return SWOTInputs(context=context, opportunities=opportunity, threats=threat)


def sample_directive(
    direction: Direction = Direction.BUY,
    *,
    confidence: str = "0.82",
    scope: DirectiveScope = DirectiveScope.NEW_TRADE,
    world: SampleWorld | None = None,
) -> StrategyDirective:
    """Return a directive: a new trade at the world's price, or the move or the end of one that is there.

    Args:
        direction: Of the new trade.
        confidence: 0 to 1.
        scope: What it is about.
        world: Gives time, price and ids; a new one if not given.
    """
    world = world or SampleWorld()
    price, sign = world.price, direction.sign
    tolerance = Decimal("0.015")
    is_new = scope is DirectiveScope.NEW_TRADE
    away = {name: price * (1 - sign * by) for name, by in (("stop", Decimal("0.01")), ("target", Decimal("-0.02")))}
    tick = world.listing.tick_size
    exit_ = ExitDirective(
        profit_taking_preference=Decimal("0.75"),
        risk_reward_ratio=Decimal("2.5"),
        stop_loss_tolerance=tolerance,
        new_stop_price=None if is_new else away["stop"].quantize(tick),
        new_target_price=None if is_new else away["target"].quantize(tick),
    )
    return StrategyDirective(
        directive_id=world.ids.next(STRATEGY),
        strategy_id="demo",
        timestamp=world.clock.now(),
        causality=CausalityChain(flow_id=world.ids.next(TICK)),
        confidence=Decimal(confidence),
        scope=scope,
        target_trade_ids=() if is_new else (world.ids.next(TRADE),),
        entry_directive=EntryDirective(
            symbol=SYMBOL, direction=direction, timing_preference=Decimal("0.82"), reference_price=price
        )
        if is_new
        else None,
        size_directive=SizeDirective(aggressiveness=Decimal("0.66"), max_risk_amount=Decimal(1000)) if is_new else None,
        exit_directive=exit_ if scope is not DirectiveScope.CLOSE_EXISTING else None,
        execution_intent_directive=ExecutionIntentDirective(
            execution_urgency=Decimal("0.82"), max_total_slippage_pct=Decimal("0.01")
        ),
    )


def sample_request(
    direction: Direction = Direction.BUY,
    *,
    scope: DirectiveScope = DirectiveScope.NEW_TRADE,
    world: SampleWorld | None = None,
) -> ExecutionRequest:
    """Return what an intent planner hears: a directive, and for a new trade its three plans (0.5 BTC, 1 % to the stop)."""
    world = world or SampleWorld()
    wanted = sample_directive(direction, scope=scope, world=world)
    if scope is not DirectiveScope.NEW_TRADE:
        return ExecutionRequest(strategy_directive=wanted)
    price, sign, tick = world.price, direction.sign, world.listing.tick_size
    size = Decimal("0.5")
    return ExecutionRequest(
        strategy_directive=wanted,
        entry_plan=EntryPlan(
            plan_id=world.ids.next(ENTRY),
            symbol=SYMBOL,
            direction=direction,
            order_type=OrderType.MARKET,
            reference_price=price,
        ),
        size_plan=SizePlan(
            plan_id=world.ids.next(SIZE),
            position_size=size,
            position_value=size * price,
            risk_amount=size * price * Decimal("0.01"),
        ),
        exit_plan=ExitPlan(
            plan_id=world.ids.next(EXIT),
            stop_loss_price=(price * (1 - sign * Decimal("0.01"))).quantize(tick),
            take_profit_price=(price * (1 + sign * Decimal("0.02"))).quantize(tick),
        ),
    )
