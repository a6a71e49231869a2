"""One suite for every shipped plugin: what its manifest promises, its code keeps."""

import ast
import inspect
import sys
import typing
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.config.manifest import PluginManifest, WorkerType, columns_of, required_columns_of
from engine.contracts.base import Direction
from engine.contracts.context import AssessedContext
from engine.contracts.disposition import NOTHING, Disposition, DispositionEnvelope, Envelopes
from engine.contracts.events import EVENTS
from engine.contracts.market import BAR_COLUMNS, BookSnapshot, MarketBar
from engine.contracts.orders import OrderRole
from engine.contracts.swot import Situation
from engine.contracts.updates import LedgerUpdate, PositionUpdate, ScheduleTick
from engine.phase1_context.chain import ChainLink, assign_columns
from engine.phase1_context.tick_cache import TickCache
from engine.phase1_context.worker import ContextWorker
from engine.phase2_detection.opportunity import OpportunityWorker
from engine.phase2_detection.threat import ThreatWorker
from engine.phase3_strategy.planner import BaseStrategyPlanner
from engine.phase4_planning.planners import (
    BaseEntryPlanner,
    BaseExecutionIntentPlanner,
    BaseExitPlanner,
    BaseSizePlanner,
)
from engine.ports.worker import Worker, WorkerConfig, WorkerTools
from engine.primitives.ids import LEDGER, IdSource
from engine.sdk import indicators, plugin
from engine.sdk.made_up_market import rough_book
from engine.sdk.standing_state import StandingState, hire
from tests.support.context import Drawn, StandingMarket, a_drawn_bar, assess, class_of, manifest_of
from tests.support.ledger import Books
from tests.support.notes import (
    AT,
    a_close_directive,
    a_position,
    a_request,
    a_strategy_directive,
    a_swot,
    a_threat,
    an_id,
    an_instrument,
    an_opportunity,
)
from tests.support.tree import ROOT, imported_modules, name_of

pytestmark = pytest.mark.conformance

FOLDERS = sorted(
    path.parent.relative_to(ROOT / "plugins").as_posix() for path in ROOT.glob("plugins/*/*/manifest.yaml")
)
BASES: dict[WorkerType, type[Worker[Any]]] = {
    WorkerType.CONTEXT_WORKER: ContextWorker,
    WorkerType.OPPORTUNITY_WORKER: OpportunityWorker,
    WorkerType.THREAT_WORKER: ThreatWorker,
    WorkerType.STRATEGY_PLANNER: BaseStrategyPlanner,
    WorkerType.ENTRY_PLANNER: BaseEntryPlanner,
    WorkerType.SIZE_PLANNER: BaseSizePlanner,
    WorkerType.EXIT_PLANNER: BaseExitPlanner,
    WorkerType.EXECUTION_INTENT_PLANNER: BaseExecutionIntentPlanner,
}
SHELVES = {
    WorkerType.CONTEXT_WORKER: "phase1_context",
    WorkerType.OPPORTUNITY_WORKER: "phase2_opportunity",
    WorkerType.THREAT_WORKER: "phase2_threat",
    WorkerType.STRATEGY_PLANNER: "phase3_strategy",
    WorkerType.ENTRY_PLANNER: "phase4_entry",
    WorkerType.SIZE_PLANNER: "phase4_size",
    WorkerType.EXIT_PLANNER: "phase4_exit",
    WorkerType.EXECUTION_INTENT_PLANNER: "phase4_intent",
}
every_plugin = pytest.mark.parametrize("folder", FOLDERS)
every_context_plugin = pytest.mark.parametrize(
    "folder", [folder for folder in FOLDERS if folder.startswith("phase1_context/")]
)
every_detector = pytest.mark.parametrize("folder", [folder for folder in FOLDERS if folder.startswith("phase2_")])
every_planner = pytest.mark.parametrize(
    "folder", [folder for folder in FOLDERS if folder.startswith(("phase3_", "phase4_"))]
)


def files_of(folder: str) -> list[Path]:
    return sorted((ROOT / "plugins" / folder).glob("*.py"))


def config_of(folder: str) -> WorkerConfig:
    model: type[WorkerConfig] = class_of(folder).config_model
    return model()


class LastBook:
    """Shows the newest order book of the rough market, like the platform does."""

    def __init__(self) -> None:
        self._book: BookSnapshot | None = None

    def see(self, bar: MarketBar, at: int) -> MarketBar:
        """Take the book at the close of a bar; give the bar back."""
        self._book = rough_book(bar, at) or self._book
        return bar

    def __call__(self) -> BookSnapshot | None:
        return self._book


def hired(
    folder: str,
    books: Books | None = None,
    *,
    first_column: int = len(BAR_COLUMNS),
    last_book: LastBook | None = None,
) -> Any:
    """Build a plugin with its defaults and exactly the tools that its manifest asks for."""
    books = books or Books("100000")
    manifest, config = manifest_of(folder), config_of(folder)
    listing = an_instrument(may_short=True)
    kit = WorkerTools(
        worker_id=manifest.identification.worker_id,
        strategy_id="demo",
        ids=books.ids,
        clock=books.clock,
        market=StandingMarket(listing, Decimal(50000)),
        symbols=(listing.symbol,),
        ledger=books.ledger if manifest.capabilities.ledger_reading else None,
        context=(lambda: a_look().context) if manifest.capabilities.context_reading else None,
        book=(last_book or LastBook()) if manifest.capabilities.depth else None,
        state=StandingState() if manifest.capabilities.state is not None else None,
        columns=columns_of(manifest, config.model_dump()),
        first_column=first_column,
    )
    return hire(class_of(folder), config, kit)


def flat(said: Envelopes) -> tuple[DispositionEnvelope, ...]:
    return (said,) if isinstance(said, DispositionEnvelope) else said


def unlisted(manifest: PluginManifest, method: str, said: Sequence[DispositionEnvelope]) -> list[str]:
    """Return what a handler published that its manifest does not list, or with another payload."""
    (handler,) = [handler for handler in manifest.handlers if handler.method == method]
    listed = {(event.event, event.payload) for event in handler.publishes}
    published = [answer for answer in said if answer.disposition is Disposition.PUBLISH]
    return [
        f"{answer.event_name}({type(answer.payload).__name__})"
        for answer in published
        if (answer.event_name, type(answer.payload).__name__) not in listed
    ]


@cache
def rough_market() -> tuple[Drawn, ...]:
    """Return 3,000 one-minute bars of a heavy-tailed walk around 50,000; the same ones always.

    There is one crash, one hour in which hardly anybody trades, and one in which the price stands still.
    """
    dice = np.random.default_rng(11)
    close, bars = 50000.0, []
    for at in range(3000):
        opened = close
        step, reach = float(dice.standard_t(3)) * 0.0008, abs(float(dice.normal())) * 4.0
        volume = float(dice.lognormal(2.0, 0.6)) * (0.01 if 1500 <= at < 1560 else 1.0)
        if 2500 <= at < 2560:
            bars.append((opened, opened, opened, opened, volume))
            continue
        close *= 1.0 + step - (0.02 if 2000 <= at < 2004 else 0.0)
        bars.append((opened, max(opened, close) + reach, min(opened, close) - reach, close, volume))
    return tuple(bars)


def closed_trades(books: Books) -> Iterator[LedgerUpdate]:
    """Give the news of 40 trades, each bought and sold again a per cent lower."""
    for _ in range(40):
        entry = books.order("0.1")
        books.fill(entry, "0.1", "50000")
        leave = books.order("0.1", trade_id=entry.trade_id, role=OrderRole.CLOSE, direction=Direction.SELL)
        change = books.fill(leave, "0.1", "49500")
        yield LedgerUpdate(
            update_id=books.ids.next(LEDGER),
            timestamp=books.clock.move(minutes=1),
            strategy_id="demo",
            account=books.ledger.get_account(),
            trade=change.trade,
        )


def companion_market(bars: Sequence[Drawn]) -> Iterator[MarketBar]:
    """Give one-minute bars of ETH/USDT that follow these, but for three hours in which they go their own way."""
    dice = np.random.default_rng(12)
    own, spread = 3000.0, 0.0
    for at, drawn in enumerate(bars):
        leader = a_drawn_bar(drawn, at)
        spread = 0.95 * spread + float(dice.normal()) * 0.0006
        own *= 1.0 + float(dice.normal()) * 0.001
        close = own if 1000 <= at < 1180 else leader.close * 0.06 * float(np.exp(spread))
        prices = (close, close + 1.0, close - 1.0, close)
        yield MarketBar("ETH/USDT", "1m", leader.opened_ns, leader.closed_ns, *prices, leader.volume)


def assessed_market(books: Books, bars: Sequence[Drawn]) -> Iterator[AssessedContext]:
    """Give each bar after the shipped context workers have written their columns; ETH/USDT is its companion."""
    chain = [folder for folder in FOLDERS if folder.startswith("phase1_context/")]
    layout = assign_columns(
        [ChainLink(folder, columns_of(manifest_of(folder), config_of(folder).model_dump())) for folder in chain]
    )
    depth = LastBook()
    workers = [hired(folder, books, first_column=layout.first_column[folder], last_book=depth) for folder in chain]
    companion = TickCache("ETH/USDT", "1m", 320, (), books.ids)
    cache_ = TickCache("BTC/USDT", "1m", 320, layout.specs, books.ids, {"ETH/USDT": companion})
    for at, (drawn, other) in enumerate(zip(bars, companion_market(bars), strict=True)):
        companion.push(other)
        context = cache_.push(depth.see(a_drawn_bar(drawn, at), at))
        for worker in workers:
            assert worker.on_tick(context) is NOTHING
        yield assess(context)


@cache
def a_look() -> AssessedContext:
    """Return the sixtieth bar of the rough market, with the columns of all shipped context workers."""
    return list(assessed_market(Books(), rough_market()[:60]))[-1]


def books_with_a_trade() -> Books:
    """Return books in which a trade has won a lot, and its stop is far behind."""
    books = Books("100000")
    entry = books.order("0.1")
    books.fill(entry, "0.1", "40000")
    books.ledger.move_stop(entry.trade_id, stop_loss_price=Decimal(30000))
    return books


@every_plugin
def test_the_manifest_stands_on_the_shelf_of_its_type(folder: str) -> None:
    assert folder.partition("/")[0] == SHELVES[manifest_of(folder).identification.type]


@every_plugin
def test_the_entry_point_is_a_worker_of_the_type_that_it_claims(folder: str) -> None:
    worker, identification = class_of(folder), manifest_of(folder).identification

    assert issubclass(worker, BASES[identification.type])
    assert worker.__name__ == identification.name
    assert not inspect.isabstract(worker)


@every_plugin
def test_the_configuration_is_the_model_that_the_manifest_names(folder: str) -> None:
    model, name = class_of(folder).config_model, manifest_of(folder).config_schema

    assert (model.__name__ if model is not WorkerConfig else "") == name
    assert name == "" or getattr(sys.modules[class_of(folder).__module__], name) is model


@every_plugin
def test_every_setting_has_a_default_and_says_what_it_means(folder: str) -> None:
    silent = [name for name, field in type(config_of(folder)).model_fields.items() if not field.description]

    assert silent == []


@every_plugin
def test_a_setting_that_does_not_exist_is_refused(folder: str) -> None:
    with pytest.raises(ValueError, match="Extra inputs are not permitted"):
        class_of(folder).config_model(no_such_setting=1)


@every_plugin
def test_each_handler_takes_the_note_that_the_manifest_names(folder: str) -> None:
    for handler in manifest_of(folder).handlers:
        hints = typing.get_type_hints(getattr(class_of(folder), handler.method))
        answer = hints.pop("return")

        assert [note.__name__ for note in hints.values()] == [handler.input]
        assert answer == Envelopes


@every_plugin
def test_no_handler_is_kept_from_the_manifest(folder: str) -> None:
    own = {name for name in vars(class_of(folder)) if name.startswith("on_") or name == "confront"}

    assert own <= {handler.method for handler in manifest_of(folder).handlers}


@every_plugin
def test_only_events_of_the_platform_are_listed_each_with_its_own_payload(folder: str) -> None:
    listed = [event for handler in manifest_of(folder).handlers for event in handler.publishes]

    assert all(EVENTS[event.event].payload_type.__name__ == event.payload for event in listed)
    assert bool(listed) != (manifest_of(folder).identification.type is WorkerType.CONTEXT_WORKER)
    triggers = [trigger for handler in manifest_of(folder).handlers for trigger in handler.triggers]
    assert set(triggers) <= set(EVENTS)


@every_plugin
def test_it_can_be_built_from_what_it_asks_for(folder: str) -> None:
    assert isinstance(hired(folder), BASES[manifest_of(folder).identification.type])


@every_plugin
def test_of_ours_it_imports_the_sdk_alone(folder: str) -> None:
    doors = {plugin.__name__, indicators.__name__}
    ours = {"engine", "gui", "connectors", "plugins", "resources", "tests"}
    strangers = [
        f"{name_of(file)}:{line} {module}"
        for file in files_of(folder)
        for line, module in imported_modules(file)
        if module.partition(".")[0] in ours and module not in doors
    ]

    assert strangers == []


@every_plugin
def test_it_takes_only_what_the_sdk_offers(folder: str) -> None:
    taken = {
        alias.name
        for file in files_of(folder)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == plugin.__name__
        for alias in node.names
    }

    assert taken <= set(plugin.__all__)


@every_plugin
def test_its_card_is_short_and_explains_every_setting(folder: str) -> None:
    card = (ROOT / "plugins" / folder / "README.md").read_text(encoding="utf-8")
    settings = type(config_of(folder)).model_fields

    assert len(card.splitlines()) <= 40
    assert manifest_of(folder).identification.name in card
    assert "Source" in card or "Shape of the event" in card
    assert [name for name in settings if f"`{name}`" not in card] == []


@every_context_plugin
def test_a_context_worker_writes_exactly_its_columns_within_their_kind(folder: str) -> None:
    depth = LastBook()
    worker, books = hired(folder, last_book=depth), Books()
    cache_ = TickCache("BTC/USDT", "1m", 100, worker.tools.columns, books.ids)
    for at, drawn in enumerate(rough_market()[:600]):
        context = cache_.push(depth.see(a_drawn_bar(drawn, at), at))
        assert worker.on_tick(context) is NOTHING
    for spec in worker.tools.columns:
        values = context.history(spec.name)
        assert not np.isnan(values).any(), f"{spec.name} is still unknown after 500 bars"
        allowed = {"FLAG": {0.0, 1.0}, "CATEGORY": {float(i) for i in range(len(spec.categories))}}.get(spec.kind)
        assert allowed is None or set(values.tolist()) <= allowed


@every_context_plugin
def test_a_context_worker_never_looks_ahead(folder: str) -> None:
    def columns(bars: Sequence[Drawn]) -> list[list[float]]:
        depth = LastBook()
        worker, ids = hired(folder, last_book=depth), IdSource(lambda: 0)
        cache_ = TickCache("BTC/USDT", "1m", 100, worker.tools.columns, ids)
        rows = []
        for at, drawn in enumerate(bars):
            context = cache_.push(depth.see(a_drawn_bar(drawn, at), at))
            worker.on_tick(context)
            rows.append([context.value(spec.name) for spec in worker.tools.columns])
        return rows

    bars = list(rough_market()[:400])
    whole = columns(bars)
    for length in (1, 50, 213, 399):
        # The future is another one: what is known by then must not depend on it.
        assert np.array_equal(columns([*bars[:length], (9.0, 9.9, 1.1, 2.0)])[:length], whole[:length], equal_nan=True)


@every_detector
def test_a_detector_says_only_what_it_lists_and_says_it_again_in_a_second_run(folder: str) -> None:
    manifest = manifest_of(folder)

    def run() -> dict[str, list[DispositionEnvelope]]:
        books = Books("100000")
        books.fill(books.order("1.9"), "1.9", "50000")
        detector, said = hired(folder, books), {handler.method: [] for handler in manifest.handlers}

        def hear(method: str, note: object) -> None:
            if method in said:
                said[method] += [answer for answer in flat(getattr(detector, method)(note)) if answer is not NOTHING]

        for at, seen in enumerate(assessed_market(books, rough_market())):
            price = Decimal(repr(round(seen.context.close, 2)))
            books.ledger.mark("BTC/USDT", price, seen.context.closed_ns)
            hear("on_context_assessment", seen)
            for update in closed_trades(books) if at == 2250 else ():
                hear("on_ledger_update", update)
        return said

    first, second = run(), run()
    for method, said in first.items():
        assert said, f"{method} never said a word: this would prove nothing"
        assert unlisted(manifest, method, said) == []
        assert [answer.payload for answer in second[method]] == [answer.payload for answer in said]


@every_detector
def test_a_detector_reads_only_columns_that_the_shipped_chain_writes(folder: str) -> None:
    needed = required_columns_of(manifest_of(folder), config_of(folder).model_dump())
    (seen,) = assessed_market(Books(), rough_market()[:1])

    assert set(needed) <= set(seen.context.columns)


@every_planner
def test_a_planner_says_only_what_it_lists(folder: str) -> None:
    manifest = manifest_of(folder)
    sell = a_strategy_directive().entry_directive.model_copy(update={"direction": Direction.SELL})  # type: ignore[union-attr]  # a new trade has one
    chance, danger = (an_opportunity(),), (a_threat(),)
    notes: dict[str, list[Any]] = {
        "confront": [a_swot(), a_swot(threats=danger), a_swot(opportunities=(), threats=danger)],
        "on_situation": [Situation(a_look()), Situation(a_look(), chance), Situation(threats=danger)],
        "on_context_assessment": [a_look()],
        "on_position_update": [
            PositionUpdate(update_id=an_id("LDG"), timestamp=AT, strategy_id="demo", position=a_position())
        ],
        "on_schedule": [ScheduleTick(schedule_id=an_id("SCH"), timestamp=AT, schedule="weekly")],
        "on_strategy_directive": [
            a_strategy_directive(),
            a_strategy_directive(entry_directive=sell),
            a_close_directive(),
        ],
        "on_execution_request": [a_request()],
    }
    for handler in manifest.handlers:
        workers = [hired(folder), hired(folder, books_with_a_trade())]
        said = [
            answer
            for worker in workers
            for note in notes[handler.method]
            for answer in flat(getattr(worker, handler.method)(note))
        ]

        assert any(answer.disposition is Disposition.PUBLISH for answer in said)
        assert unlisted(manifest, handler.method, said) == []
