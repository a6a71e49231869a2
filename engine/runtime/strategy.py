"""One strategy, running: its rolling window, its wiring, and what becomes of its flows."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.config.blueprint import StrategyBlueprint
from engine.contracts.context import AssessedContext, ColumnSpec, TradingContext
from engine.contracts.events import CONTEXT_ASSESSMENT_READY, LEDGER_UPDATE, POSITION_UPDATE, SCHEDULES, TICK_RECEIVED
from engine.contracts.flows import FlowRecord, OutcomeKind
from engine.contracts.market import MarketBar
from engine.contracts.recorded import BoolColumn
from engine.contracts.updates import LedgerUpdate, PositionUpdate, ScheduleTick
from engine.phase1_context.aggregator import ContextAggregator
from engine.phase1_context.tick_cache import TickCache
from engine.ports.journal import JournalWriter
from engine.ports.session import StrategySummary
from engine.primitives.ids import LEDGER, SCHEDULE, TICK, IdSource, LedgerUpdateId
from engine.primitives.timeframes import datetime_from_ns
from engine.runtime.bars import BarBuilder
from engine.runtime.scheduler import DueSchedule, Scheduler
from engine.wiring.bus import FlowBus
from engine.wiring.state_book import StateBook


@dataclass(frozen=True, slots=True)
class WiderView:
    """A higher timeframe of the strategy's market, or another market, as its context shows it."""

    symbol: str
    builder: BarBuilder
    cache: TickCache


class StrategyRun:
    """Owns the state of one strategy; strategies share nothing (decisions 2.1).

    Args:
        blueprint: What the strategy is.
        symbol: Its market, as a unified symbol.
        columns: The enriched columns, in chain order.
        written_by: The worker that writes each of them.
        blueprint_path: The file that the blueprint was read from.
        cache: Its rolling window.
        aggregator: Holds the last assessment.
        bus: Its compiled wiring.
        warming_bus: The part of it that looks and does not decide: context and detection.
        states: What its workers keep; they do not see it while the window warms up.
        builder: Makes its timeframe's bars of the feed's.
        views: Its higher timeframes and companions.
        ids: The engine's id source.
        journal: Where flows are remembered.
        max_failures: After so many FAILED flows in a row it is paused.
        warmup_bars: So many bars of its timeframe only fill its window; nobody decides on them.
        scheduler: Says when its schedules are due.
        candidates: The bars on which anybody may speak, where that is known before the run; None if any may be one.
    """

    def __init__(
        self,
        *,
        blueprint: StrategyBlueprint,
        symbol: str,
        columns: Sequence[ColumnSpec],
        written_by: Mapping[str, str],
        blueprint_path: Path,
        cache: TickCache,
        aggregator: ContextAggregator,
        bus: FlowBus,
        warming_bus: FlowBus,
        states: StateBook,
        builder: BarBuilder,
        views: Sequence[WiderView],
        ids: IdSource,
        journal: JournalWriter,
        max_failures: int,
        warmup_bars: int,
        scheduler: Scheduler,
        candidates: BoolColumn | None = None,
    ) -> None:
        self.blueprint = blueprint
        self.strategy_id = blueprint.strategy_id
        self.symbol = symbol
        self.columns = columns
        self._written_by = written_by
        self._blueprint_path = blueprint_path
        self.bus = bus
        self.cache = cache
        self.hears_books = bus.hears(LEDGER_UPDATE) or bus.hears(POSITION_UPDATE)
        """Whether any worker of it wants to know of changes in the books."""
        self._quiet = 0
        """Flows in which nobody said anything; all others are in `_loud`."""
        self._loud: Counter[OutcomeKind] = Counter()
        self.pause_reason = ""
        self._has_failed = False
        self._warming_bus = warming_bus
        self._states = states
        self._aggregator = aggregator
        self.closed_bars: Callable[[MarketBar], Sequence[MarketBar]] = builder.add
        """Returns the bars of the strategy's own timeframe that a bar of the feed closes."""
        self._views = views
        self._ids = ids
        self._journal = journal
        self._max_failures = max_failures
        self._failures = 0
        self._bars_to_warm = warmup_bars
        self._scheduler = scheduler
        self.has_schedules = bool(blueprint.schedules)
        """Whether anything of it can ever become due."""
        self._candidates = candidates
        self._candidate_places: list[int] | None = None if candidates is None else np.flatnonzero(candidates).tolist()

    @property
    def summary(self) -> StrategySummary:
        """How it is shown."""
        return StrategySummary(
            strategy_id=self.strategy_id,
            name=self.blueprint.name,
            symbol=self.symbol,
            timeframe=self.blueprint.market.timeframe,
            columns=self.columns,
            is_paused=bool(self.pause_reason),
            pause_reason=self.pause_reason,
            written_by=self._written_by,
            blueprint_path=self._blueprint_path,
        )

    @property
    def sees(self) -> Sequence[str]:
        """Every market that it looks at, its own first."""
        return tuple(dict.fromkeys((self.symbol, *self.views)))

    @property
    def knows_candidates(self) -> bool:
        """Whether it is known before the run on which bars anybody may speak."""
        return self._candidates is not None

    @property
    def views(self) -> Sequence[str]:
        """The markets of its wider views: its own, for higher timeframes, and its companions."""
        return tuple(dict.fromkeys(view.symbol for view in self._views))

    def see(self, bar: MarketBar) -> None:
        """Take a bar of the feed, of its own market or a companion, into the wider views. Nobody is called."""
        for view in self._views:
            if view.symbol == bar.symbol:
                for closed in view.builder.add(bar):
                    view.cache.push(closed)

    def warm_up(self, bar: MarketBar) -> TradingContext:
        """Let the context and detection workers see a past bar; nobody decides on it. Return its enriched context.

        A worker that fails here counts like one that fails in a flow.
        """
        self._bars_to_warm -= 1
        self._scheduler.pass_over(bar.closed_ns)
        context = self.cache.push(bar)
        with self._states.warming():
            record = self._warming_bus.run(TICK_RECEIVED, context, slot=context.slot, kind=TICK)
        if record is not None and record.outcome.kind is OutcomeKind.FAILED:
            self._close(record)
        else:
            self._failures = 0
        return context

    def on_bar(self, bar: MarketBar) -> tuple[AssessedContext | None, FlowRecord | None]:
        """Run the tick flow of a closed bar of the strategy's timeframe.

        While its window warms up nobody decides. A strategy that the user paused goes on deciding, and the guard keeps
        it from new risk; one that was paused for its failures does not run at all.

        Returns:
            The assessed context (None if the flow ended before it, or nobody decides now) and the record of the flow
            (None if nobody said anything).

        Raises:
            DataError: the bar does not open after the one before it.
        """
        if self._has_failed:
            return None, None
        if self._bars_to_warm > 0:
            self.warm_up(bar)
            return None, None
        context = self.cache.push(bar)
        if self._candidates is not None and not self._candidates[context.place]:
            return self._pass_by(context), None
        slot = context.slot
        record = self.bus.run(TICK_RECEIVED, context, slot=slot, kind=TICK)
        assessed = self._aggregator.assessed_of(context)
        if record is None:
            self._quiet += 1
            self._failures = 0
            if assessed is not None:
                self._journal.quiet_tick(self.strategy_id, assessed)
            else:
                self._journal.quiet_flow(self.strategy_id, slot, bar.closed_ns)
            return assessed, None
        if assessed is not None:
            self._journal.tick(self.strategy_id, assessed)
        self._close(record)
        return assessed, record

    def _pass_by(self, context: TradingContext) -> AssessedContext:
        """Take a bar on which nobody would speak: what is left of its flow is what is remembered."""
        assessed = self._aggregator.on_context_ready(context)
        self.bus.pass_by(CONTEXT_ASSESSMENT_READY, assessed)
        self._journal.quiet_tick(self.strategy_id, assessed)
        self._quiet += 1
        self._failures = 0
        return assessed

    @property
    def outcomes(self) -> Counter[OutcomeKind]:
        """Its flows by outcome."""
        return self._loud + Counter({OutcomeKind.NO_OPPORTUNITY: self._quiet})

    def quiet_bars(self, place: int) -> int:
        """Return on how many bars of the recording, from this one on, nobody will speak; 0 where that is not known."""
        places = self._candidate_places
        if places is None or self._candidates is None or self._bars_to_warm > 0 or self._has_failed:
            return 0
        following = bisect_left(places, place)
        return (places[following] if following < len(places) else len(self._candidates)) - place

    def pass_over(self, first: int, bars: int) -> None:
        """Take so many bars, from this place of the recording on, on which nobody speaks and nothing else happens."""
        self.cache.skip(bars)
        rows, passed = self.cache.recorded, slice(first, first + bars)
        assert rows is not None  # noqa: S101  # `skip` has just refused anything else
        self._journal.quiet_ticks(
            self.strategy_id, rows.matrix[passed], closed_ns=rows.closed_ns[passed], scorer=self._aggregator
        )
        self._quiet += bars
        self._failures = 0

    def on_ledger_update(self, make: Callable[[LedgerUpdateId], LedgerUpdate]) -> FlowRecord | None:
        """Run the reply flow of a change in the books, if anybody listens."""
        if self._has_failed or not self.bus.hears(LEDGER_UPDATE):
            return None
        slot = self._ids.reserve()
        return self._closed(self.bus.run(LEDGER_UPDATE, make(slot.write(LEDGER)), slot=slot, kind=LEDGER))

    def on_position_update(self, make: Callable[[LedgerUpdateId], PositionUpdate]) -> FlowRecord | None:
        """Run the reply flow of a changed position, if anybody listens."""
        if self._has_failed or not self.bus.hears(POSITION_UPDATE):
            return None
        slot = self._ids.reserve()
        return self._closed(self.bus.run(POSITION_UPDATE, make(slot.write(LEDGER)), slot=slot, kind=LEDGER))

    def on_schedules(self, now_ns: int) -> Sequence[FlowRecord]:
        """Run the flow of every schedule that has become due, after the tick of the same instant."""
        if self._has_failed or self._bars_to_warm > 0:
            return ()
        records = [self._on_schedule(due) for due in self._scheduler.due(now_ns)]
        return [record for record in records if record is not None]

    def _on_schedule(self, due: DueSchedule) -> FlowRecord | None:
        slot = self._ids.reserve()
        tick = ScheduleTick(schedule_id=slot.write(SCHEDULE), timestamp=datetime_from_ns(due.due_ns), schedule=due.name)
        return self._closed(self.bus.run(SCHEDULES[due.event], tick, slot=slot, kind=SCHEDULE))

    def pause(self, reason: str) -> None:
        """Mark the strategy as paused until `resume`; what it may not do then, the guard refuses."""
        self.pause_reason = reason

    def resume(self) -> None:
        """Decide again; a strategy that was paused for its failures gets a clean slate."""
        self.pause_reason = ""
        self._has_failed = False
        self._failures = 0

    def _closed(self, record: FlowRecord | None) -> FlowRecord | None:
        if record is not None:
            self._close(record)
        return record

    def _close(self, record: FlowRecord) -> None:
        self._loud[record.outcome.kind] += 1
        self._journal.flow(record)
        if record.outcome.kind is not OutcomeKind.FAILED:
            self._failures = 0
            return
        self._failures += 1
        if self._failures >= self._max_failures:
            self._has_failed = True
            self.pause(f"{self._failures} flows in a row failed; the last: {record.outcome.reason or record.flow_id}")
