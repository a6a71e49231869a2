"""Any strategies of any plugins over any market: no fault, no lost cent, and the same journal again at every pace."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engine.config.blueprint import (
    MatchPolicy,
    PlannerEntry,
    PlanningWorkers,
    StrategyBlueprint,
    StrategyMarket,
    WorkerEntry,
    Workforce,
)
from engine.config.loading import SHIPPED
from engine.config.manifest import WorkerType
from engine.config.schedules import ScheduleSettings
from engine.contracts.flows import OutcomeKind
from engine.contracts.orders import Fill
from engine.journal.digest import journal_digest
from engine.journal.queries import SqliteJournalReader
from engine.phase0_bootstrap.ahead import Pace
from engine.phase0_bootstrap.fence import load_worker_class
from engine.phase0_bootstrap.shelves import full_catalogue
from engine.primitives.errors import ConfigError, WiringError
from tests.support.drawn_settings import drawn_settings
from tests.support.every_plugin import OTHER, OWN, SLOTS, STARTING_CASH
from tests.support.journal_rows import rows_of
from tests.support.proof_house import IMPATIENT, ProofHouse, a_free_hand
from tests.support.wild_market import a_wild_market

pytestmark = pytest.mark.property
T = TypeVar("T")

BARS = 150
ALWAYS = ("MarketStructureDetector", "EMADetector", "ADXRegimeClassifier", "RSIDetector")
"""Context that the shipped aggregation policy and some specialists read, under the names that these settings give it."""
LEFT_ALONE = {"EMADetector": {"periods"}, "RSIDetector": {"periods"}}
NEED_FIVE_MINUTES = {"LongClose", "LongView"}
TRIGGERS = ("confidence", "timing_preference", "aggressiveness", "profit_taking_preference", "execution_urgency")
KINDS = ("breakout", "divergence", "fvg_entry", "mean_reversion", "volume_spike", "ema_cross")
EDGES = st.integers(0, 100).map(lambda hundredths: Decimal(hundredths) / 100)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> ProofHouse:
    """A house whose shelf has plugins of the user's too; its own strategies are not run."""
    return ProofHouse(tmp_path_factory.mktemp("shop"))


class Drawing:
    """Draws blueprints from the plugins of a house."""

    def __init__(self, shop: ProofHouse, data: st.DataObject) -> None:
        self._catalogue = full_catalogue(shop.places)
        self._data = data

    def blueprint(self, number: int) -> StrategyBlueprint:
        """Return one strategy; it may be refused when it is put together, for not everything goes with everything."""
        planner = self._any([*self._names(WorkerType.STRATEGY_PLANNER), None])
        timeframe = self._any(["1m", "2m", "5m"])
        scheduled = planner is not None and any(
            handler.method == "on_schedule" for handler in self._catalogue.plugin(planner).manifest.handlers
        )
        return StrategyBlueprint(
            strategy_id=f"drawn_{number}",
            name="Drawn",
            market=StrategyMarket(
                symbol=OWN,
                timeframe=timeframe,
                window=self._any([60, 100]),
                higher_timeframes=self._any([(), ("10m",), ("10m", "1h")]),
                companions=(OTHER,),
                wide_warmup_bars=0,
            ),
            workforce=self._workforce(planner),
            schedules={"often": ScheduleSettings(every=self._any(["3m", "10m", "1h"]))} if scheduled else {},
            match_policy=self._any([*MatchPolicy, MatchPolicy.FIRST]),
            aggregation_policy=f"{SHIPPED}aggregation_policy.yaml",
            direct_planning=a_free_hand(**dict.fromkeys(KINDS, "0.4")) if planner is None else None,
        )

    def _workforce(self, planner: str | None) -> Workforce:
        context = [name for name in self._names(WorkerType.CONTEXT_WORKER) if name not in ALWAYS]
        return Workforce(
            context_workers=self._entries([*ALWAYS, *self._some(context)]),
            opportunity_workers=self._entries(self._some(self._names(WorkerType.OPPORTUNITY_WORKER))),
            threat_workers=self._entries(self._some(self._names(WorkerType.THREAT_WORKER))),
            strategy_planner=None if planner is None else self._entries([planner])[0],
            planning_workers=PlanningWorkers(**{slot: self._planners(kind) for kind, slot in SLOTS.items()}),
        )

    def _planners(self, kind: WorkerType) -> tuple[PlannerEntry, ...]:
        entries = self._entries(self._some(self._names(kind), at_least=1))
        return tuple(
            PlannerEntry(plugin=entry.plugin, config=entry.config, triggers=self._triggers()) for entry in entries
        )

    def _triggers(self) -> dict[str, tuple[Decimal, Decimal]]:
        bounds = st.tuples(EDGES, EDGES).map(lambda pair: (min(pair), max(pair)))
        return self._data.draw(st.dictionaries(st.sampled_from(TRIGGERS), bounds, max_size=1))

    def _entries(self, names: Sequence[str]) -> tuple[WorkerEntry, ...]:
        return tuple(WorkerEntry(plugin=name, config=self._settings(name)) for name in names)

    def _settings(self, name: str) -> dict[str, object]:
        model = load_worker_class(self._catalogue.plugin(name)).config_model
        impatient = dict(IMPATIENT.get(name, {}))
        if not self._data.draw(st.booleans()):
            return impatient
        drawn = self._data.draw(drawn_settings(model, leave=frozenset(LEFT_ALONE.get(name, ()))))
        return {key: value for key, value in impatient.items() if isinstance(value, str | list)} | drawn

    def _names(self, kind: WorkerType) -> list[str]:
        manifests = self._catalogue.manifests
        drawn = set(manifests) - NEED_FIVE_MINUTES
        return sorted(name for name in drawn if manifests[name].identification.type is kind)

    def _some(self, names: Sequence[str], *, at_least: int = 0) -> list[str]:
        chosen: list[str] = self._data.draw(st.lists(st.sampled_from(names), unique=True, min_size=at_least))
        return chosen

    def _any(self, values: Sequence[T]) -> T:
        return self._data.draw(st.sampled_from(values))


def require_that_nothing_is_lost(reader: SqliteJournalReader, last_price: Decimal) -> None:
    """Reckon cash and positions from the fills alone, and hold them against the account's last mark."""
    fills = [fill for trade in reader.trades() for fill in reader.fills_of_trade(trade.trade_id)]
    cash = STARTING_CASH - sum((signed(fill) * fill.price + fill.fee for fill in fills), Decimal(0))
    held = sum((signed(fill) for fill in fills), Decimal(0))
    *_, last = reader.equity_curve()
    assert (last.cash, last.equity) == (cash, cash + held * last_price)
    assert held == sum((position.quantity for position in reader.positions()), Decimal(0))


def require_that_orders_add_up(reader: SqliteJournalReader) -> None:
    """No order is filled beyond its quantity, and no trade is left by more than it was entered with."""
    for trade in reader.trades():
        filled: defaultdict[str, Decimal] = defaultdict(Decimal)
        for fill in reader.fills_of_trade(trade.trade_id):
            filled[fill.order_id] += fill.quantity
        for order in reader.orders_of_trade(trade.trade_id):
            assert order.filled_quantity == filled[order.order_id] <= order.quantity
        assert trade.exit_quantity <= trade.entry_quantity


def signed(fill: Fill) -> Decimal:
    return fill.quantity * fill.direction.sign


def try_a_drawn_house(shop: ProofHouse, folder: Path, data: st.DataObject) -> None:
    drawing = Drawing(shop, data)
    strategies = [drawing.blueprint(number) for number in range(data.draw(st.integers(1, 2)))]
    seed, pace = data.draw(st.integers(0, 10_000)), data.draw(st.sampled_from([Pace.COLUMNS_AHEAD, Pace.CANDIDATES]))
    markets = [a_wild_market(symbol, BARS, seed=2 * seed + place) for place, symbol in enumerate((OWN, OTHER))]
    house = ProofHouse(folder, strategies, places=shop.places)
    try:
        journal = house.run(markets)
    except (ConfigError, WiringError):
        assume(False)  # refused before it began, with its reasons: not everything goes with everything
    with SqliteJournalReader(journal) as reader:
        failed = [flow.outcome.error for flow in reader.all_flows() if flow.outcome.kind is OutcomeKind.FAILED]
        assert not failed, failed[0]
        require_that_nothing_is_lost(reader, Decimal(repr(float(markets[0].close[-1]))))
        require_that_orders_add_up(reader)
    again = house.run(markets, pace)
    if journal_digest(again) != journal_digest(journal):
        before, after = rows_of(journal), rows_of(again)
        pytest.fail(f"at the pace {pace} these differ: {[name for name in before if before[name] != after[name]]}")


RANDOM_HOUSES = settings(
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow, HealthCheck.data_too_large]
)


@settings(RANDOM_HOUSES, max_examples=8)
@given(data=st.data())
def test_any_house_keeps_its_books_and_does_the_same_again(
    shop: ProofHouse, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    try_a_drawn_house(shop, tmp_path_factory.mktemp("drawn"), data)


@pytest.mark.slow
@settings(RANDOM_HOUSES, max_examples=200)
@given(data=st.data())
def test_two_hundred_houses_keep_their_books_and_do_the_same_again(
    shop: ProofHouse, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    try_a_drawn_house(shop, tmp_path_factory.mktemp("drawn"), data)
