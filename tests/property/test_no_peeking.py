"""Nobody sees the future: whatever comes after an instant, everything up to it stays as it was, id for id."""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.contracts.context import AssessedContext, TradingContext
from engine.contracts.disposition import Envelopes
from engine.contracts.market import BarSeries, FloatColumn, MarketBar
from engine.contracts.recorded import BoolColumn, RecordedColumns
from engine.journal.queries import SqliteJournalReader
from engine.phase0_bootstrap.ahead import Pace
from engine.phase0_bootstrap.fence import load_worker_class
from engine.phase0_bootstrap.shelves import full_catalogue
from engine.phase1_context.worker import ContextWorker
from engine.phase2_detection.opportunity import OpportunityWorker
from engine.ports.worker import WorkerConfig
from engine.primitives.errors import PluginError
from engine.primitives.timeframes import NS_PER_MINUTE, Timeframe
from engine.runtime.bar_feeding import bars_of
from engine.runtime.bars import BarBuilder
from plugins.phase1_context.vwap.worker import VWAPDetector
from tests.support.every_plugin import OTHER, OWN
from tests.support.journal_rows import rows_of, what_was_rewritten
from tests.support.market import MONDAY_NS
from tests.support.proof_house import DIRECT, LONG_CLOSE_COLUMN, SCHEDULED, WARMUP_BARS, ProofHouse
from tests.support.wild_market import a_wild_market, the_past_of, with_another_future

pytestmark = pytest.mark.property

BARS = 180
FIVE_NS = 5 * NS_PER_MINUTE
SEEDS = st.integers(0, 10_000)
PACES = st.sampled_from(Pace)
MINUTES = st.integers(2 * WARMUP_BARS + 10, BARS - 10)

Mutant = Callable[[pytest.MonkeyPatch, Sequence[BarSeries]], None]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> ProofHouse:
    return ProofHouse(tmp_path_factory.mktemp("house"))


def markets_of(seed: int) -> Sequence[BarSeries]:
    return [a_wild_market(symbol, BARS, seed=2 * seed + place) for place, symbol in enumerate((OWN, OTHER))]


def futures_of(markets: Sequence[BarSeries], *, after_ns: int, seed: int) -> Sequence[BarSeries]:
    return [
        with_another_future(market, after_ns=after_ns, seed=2 * seed + place) for place, market in enumerate(markets)
    ]


def what_the_future_changed(
    house: ProofHouse,
    *futures: Sequence[BarSeries],
    at_ns: int,
    pace: Pace = Pace.EVERY_BAR,
    mutate: Mutant | None = None,
) -> list[str]:
    """Run the house over a past alone, bar by bar, then over the same past with each of the futures, at a pace.

    Returns:
        The tables of its journal that do not begin, row for row, with what stood there at the end of the past.
    """
    journals = []
    past_alone = [the_past_of(market, at_ns=at_ns) for market in futures[0]]
    for markets, how in ((past_alone, Pace.EVERY_BAR), *((future, pace) for future in futures)):
        with pytest.MonkeyPatch.context() as patch:
            if mutate is not None:
                mutate(patch, markets)
            journals.append(rows_of(house.run(markets, how)))
    past, *others = journals
    return [name for rows in others for name in what_was_rewritten(past, rows, at_ns=at_ns)]


def require_no_peeking(house: ProofHouse, *, seed: int, other: int, minute: int, pace: Pace) -> None:
    at_ns = MONDAY_NS + minute * NS_PER_MINUTE
    markets = markets_of(seed)
    others = futures_of(markets, after_ns=at_ns, seed=other)
    assert what_the_future_changed(house, markets, others, at_ns=at_ns, pace=pace) == []


@settings(max_examples=4)
@given(seed=SEEDS, other=SEEDS, minute=MINUTES, pace=PACES)
def test_no_later_bar_changes_what_was_decided_before_it(
    house: ProofHouse, seed: int, other: int, minute: int, pace: Pace
) -> None:
    require_no_peeking(house, seed=seed, other=other, minute=minute, pace=pace)


@pytest.mark.slow
@settings(max_examples=200)
@given(seed=SEEDS, other=SEEDS, minute=MINUTES, pace=PACES)
def test_no_later_bar_changes_what_was_decided_before_it_however_often_one_tries(
    house: ProofHouse, seed: int, other: int, minute: int, pace: Pace
) -> None:
    require_no_peeking(house, seed=seed, other=other, minute=minute, pace=pace)


def test_there_is_something_to_change(house: ProofHouse) -> None:
    """The proof above would hold for a house that does nothing, and for futures that are no others."""
    markets, half_ns = markets_of(3), MONDAY_NS + 121 * NS_PER_MINUTE
    journal = house.run([the_past_of(market, at_ns=half_ns) for market in markets])
    with SqliteJournalReader(journal) as reader:
        births = {(flow.strategy_id, flow.birth_event) for flow in reader.all_flows()}
    one, other = (rows_of(house.run(each)) for each in (markets, futures_of(markets, after_ns=half_ns, seed=4)))

    assert len(rows_of(journal)["fill"]) > 5
    assert {(SCHEDULED, "SCHEDULE_DUE"), (DIRECT, "TICK_RECEIVED")} <= births
    assert {"flow", "node", "fill", "equity", "ledger_event"} <= {name for name in one if one[name] != other[name]}


def a_worker_that_looks_ahead(monkeypatch: pytest.MonkeyPatch, markets: Sequence[BarSeries]) -> None:
    """Smuggle the recording into a context worker that goes bar by bar, and writes the close of the next bar."""
    smuggled = markets[0]
    honest = VWAPDetector.enrich

    def peeking(self: VWAPDetector, context: TradingContext) -> Sequence[float]:
        values = list(honest(self, context))
        following = min(int(np.searchsorted(smuggled.opened_ns, context.closed_ns)), len(smuggled) - 1)
        return [float(smuggled.close[following]), *values[1:]]

    monkeypatch.setattr(VWAPDetector, "enrich", peeking)
    monkeypatch.setattr(VWAPDetector, "precompute", ContextWorker.precompute)


def a_builder_that_labels_by_opening(monkeypatch: pytest.MonkeyPatch, markets: Sequence[BarSeries]) -> None:
    """Hand out each longer bar when it opens: the classic mistake of resampling a whole recording beforehand."""
    honest = BarBuilder.add
    whole: dict[tuple[str, int, int], MarketBar] = {}
    for market in markets:
        for length_ns in (FIVE_NS, 12 * FIVE_NS):
            builder = BarBuilder(Timeframe.parse(f"{length_ns // NS_PER_MINUTE}m"))
            for bar in bars_of(market):
                whole |= {(one.symbol, length_ns, one.opened_ns): one for one in honest(builder, bar)}

    def early(self: BarBuilder, bar: MarketBar) -> Sequence[MarketBar]:
        length_ns = self._timeframe.length_ns
        if bar.closed_ns - bar.opened_ns == length_ns:
            return honest(self, bar)
        opens = bar.opened_ns == self._timeframe.opened_ns(bar.opened_ns)
        found = whole.get((bar.symbol, length_ns, bar.opened_ns)) if opens else None
        return () if found is None else (found,)

    monkeypatch.setattr(BarBuilder, "add", early)


@pytest.mark.parametrize("mutant", [a_worker_that_looks_ahead, a_builder_that_labels_by_opening])
def test_whoever_peeks_is_found_out(mutant: Mutant, house: ProofHouse) -> None:
    at_ns = MONDAY_NS + 121 * NS_PER_MINUTE
    markets = markets_of(3)
    others = futures_of(markets, after_ns=at_ns, seed=4)
    assert what_the_future_changed(house, others, at_ns=at_ns, mutate=mutant) != []


def the_crossing_scout(house: ProofHouse) -> type[OpportunityWorker[WorkerConfig]]:
    found = load_worker_class(full_catalogue(house.places).plugin("EmaCrossDetector"))
    assert issubclass(found, OpportunityWorker)
    return found


def test_a_worker_that_looks_ahead_when_it_works_ahead_is_refused(
    house: ProofHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def peeking(self: VWAPDetector, recorded: RecordedColumns) -> Sequence[FloatColumn]:
        return [np.append(recorded.column("close")[1:], np.nan)] * 2

    monkeypatch.setattr(VWAPDetector, "precompute", peeking)
    with pytest.raises(PluginError, match=r"looks ahead.*vwap_detector"):
        house.run(markets_of(3), Pace.COLUMNS_AHEAD)


def test_a_scout_that_looks_ahead_for_its_candidates_is_refused(house: ProofHouse) -> None:
    scout = the_crossing_scout(house)
    honest = scout.candidates

    def peeking(self: OpportunityWorker[WorkerConfig], recorded: RecordedColumns) -> BoolColumn:
        found = honest(self, recorded)
        assert found is not None
        return np.append(found[1:], True)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scout, "candidates", peeking)
        with pytest.raises(PluginError, match=r"looks ahead.*ema_cross"):
            house.run(markets_of(3), Pace.CANDIDATES)


def test_a_house_that_may_skip_bars_does_skip_some(house: ProofHouse) -> None:
    """The proof above would say nothing about candidates if every bar were one."""
    asked: Counter[Pace] = Counter()
    scout = the_crossing_scout(house)
    honest = scout.on_context_assessment
    for pace in (Pace.EVERY_BAR, Pace.CANDIDATES):

        def counting(self: OpportunityWorker[WorkerConfig], assessed: AssessedContext, pace: Pace = pace) -> Envelopes:
            asked[pace] += 1
            return honest(self, assessed)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(scout, "on_context_assessment", counting)
            counting.__annotations__ = honest.__annotations__
            house.run(markets_of(3), pace)
    assert 0 < asked[Pace.CANDIDATES] < asked[Pace.EVERY_BAR] / 3


def last_closed_bars(market: BarSeries, *, length_ns: int) -> Callable[[int], float]:
    """Return a question to a recording itself: the close of the last longer bar that had ended by an instant."""
    ends_ns = market.opened_ns // length_ns * length_ns + length_ns
    last_of_each = np.append(ends_ns[1:] != ends_ns[:-1], True)  # the last bar closes the last one
    ends_ns, closes = ends_ns[last_of_each], market.close[last_of_each]

    def close_by(at_ns: int) -> float:
        place = int(np.searchsorted(ends_ns, at_ns, side="right")) - 1
        return float(closes[place]) if place >= 0 else float("nan")

    return close_by


def what_was_seen_of_longer_bars(house: ProofHouse, market: Sequence[BarSeries]) -> tuple[list[float], list[float]]:
    """Return the close of the last longer bar as a worker saw it at each bar, and as the recording has it."""
    with SqliteJournalReader(house.run(market)) as reader:
        ticks = reader.tick_columns(DIRECT)
    truth = last_closed_bars(market[0], length_ns=FIVE_NS)
    return ticks.values[LONG_CLOSE_COLUMN].tolist(), [truth(at_ns) for at_ns in ticks.closed_ns.tolist()]


@settings(max_examples=2)
@given(seed=SEEDS)
def test_of_longer_bars_only_those_are_seen_that_have_ended(house: ProofHouse, seed: int) -> None:
    seen, true = what_was_seen_of_longer_bars(house, markets_of(seed))
    assert len(seen) > BARS // 2
    assert seen == true


def test_a_longer_bar_that_is_shown_unfinished_is_found_out(house: ProofHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = BarBuilder.add

    def unfinished(self: BarBuilder, bar: MarketBar) -> Sequence[MarketBar]:
        if self._timeframe.length_ns != FIVE_NS:
            return honest(self, bar)
        return (bar._replace(opened_ns=bar.opened_ns, timeframe="5m"),)

    monkeypatch.setattr(BarBuilder, "add", unfinished)
    seen, true = what_was_seen_of_longer_bars(house, markets_of(3))
    assert seen != true
