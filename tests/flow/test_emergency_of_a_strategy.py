"""A strategy's emergency is the flatten job: latched and on disk first, carried on after a kill, and proven flat."""

from pathlib import Path
from typing import Any

import pytest

from engine.config.policies import FaultParameters
from engine.config.reconciling import ReconciliationSettings
from engine.contracts.base import Direction
from engine.contracts.commands import TradingState
from engine.contracts.flatten import FlattenJob, FlattenResult
from engine.contracts.flows import FlowOutcome, OutcomeKind
from engine.contracts.specs import BatchTranslation
from engine.phase4_planning.batch import exit_batch
from engine.storage.flatten_file import FlattenFile
from tests.support import notes
from tests.support.execution import D, a_new_trade
from tests.support.far_floor import FarFloor
from tests.support.invariants import (
    assert_again_sends_nothing,
    assert_flat,
    assert_invariants,
    assert_nothing_was_raised,
)

pytestmark = [pytest.mark.flow, pytest.mark.allow_warnings]
SLICED: dict[str, Any] = {"execution_urgency": D("0.2"), "chunk_count_hint": 6, "max_execution_window_minutes": 6}
BTC, ETH, SOL = MARKETS = ("BTC/USDT", "ETH/USDT", "SOL/USDT")
TENTH = FaultParameters(
    refused=D("0.02"),
    lost_before=D("0.03"),
    lost_after=D("0.03"),
    answer_late=D("0.02"),
    missing=D("0.05"),
    doubled=D("0.05"),
)
"""One request in ten goes wrong, and one report in ten."""


def minutes(floor: FarFloor, count: int = 1, *, price: float = 100) -> None:
    for _ in range(count):
        floor.bars({symbol: {"open": price} for symbol in MARKETS})
        floor.watch(2)


def a_floor(folder: Path) -> FarFloor:
    """A floor with a long, a short and half a TWAP, and a flatten file in a folder."""
    files = FlattenFile(folder)
    settings = ReconciliationSettings(interval_s=5)
    floor = FarFloor(settings=settings, flatten_file=files, report_latency_ms=50, cancel_latency_ms=100)
    minutes(floor)
    floor.give(a_new_trade(symbol=ETH, size="2", stop="20", target=None))
    floor.give(a_new_trade(symbol=SOL, size="3", direction=Direction.SELL, stop="180", target=None))
    floor.give(a_new_trade(symbol=BTC, size="6", stop="20", target=None, **SLICED))
    minutes(floor, 3)
    assert 0 < floor.held(BTC) < 6, "the TWAP is to be half done"
    floor.disk.commit()
    return floor


def the_batch(floor: FarFloor) -> BatchTranslation:
    """What the risk-control rule of the strategy leads to: everything that is open, as an emergency."""
    trades = floor.ledger.get_open_trades()
    (strategy_id,) = {trade.strategy_id for trade in trades}
    groups = [
        group for group in floor.ledger.get_execution_groups(strategy_id=strategy_id) if not group.status.is_terminal
    ]
    directive = notes.a_close_directive(
        strategy_id=strategy_id,
        is_emergency=True,
        target_trade_ids=tuple(trade.trade_id for trade in trades),
        target_group_ids=tuple(group.group_id for group in groups),
    )
    intent = notes.an_intent(execution_urgency=D(1), max_execution_window_minutes=None)
    batch = exit_batch(directive, intent, ids=floor.ids, clock=floor.clock)
    return BatchTranslation(batch=batch, translations=tuple(floor._translator.translate(it) for it in batch.directives))


def give(floor: FarFloor, translation: BatchTranslation) -> FlowOutcome:
    envelope = floor.handler.on_batch_translation_complete(translation)
    floor.handler.settle()
    assert envelope.outcome is not None
    return envelope.outcome


def job_of(floor: FarFloor) -> FlattenJob:
    job = floor.handler.flatten_job
    assert job is not None
    return job


def let_it_end(floor: FarFloor, *, price: float) -> FlattenJob:
    for _ in range(60):
        if job_of(floor).result.is_final:
            break
        minutes(floor, price=price)
    return job_of(floor)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("killed_after_ms", [None, 0, 120, 1500, 4000])
def test_a_crash_with_half_a_twap_and_faults_ends_flat_also_after_a_kill(
    tmp_path: Path, seed: int, killed_after_ms: int | None
) -> None:
    floor = a_floor(tmp_path)
    floor.faults.__init__(TENTH.model_copy(update={"seed": seed}))  # type: ignore[misc]  # a bad line from now on
    before = len(floor.venue.books.executions)
    in_flight = {order.order_id for order in floor.ledger.get_open_orders() if not order.reduce_only}
    translation = the_batch(floor)

    outcome = give(floor, translation)
    on_disk = FlattenFile(tmp_path).read()

    assert outcome.kind is OutcomeKind.EXECUTED
    assert on_disk is not None
    assert on_disk.batches == (translation.batch.batch_id,)
    assert on_disk.directives == tuple(it.directive_id for it in translation.batch.directives)
    if killed_after_ms is not None:
        floor.wait(killed_after_ms)
        floor.kill()
        assert floor.handler.trading_state is TradingState.REDUCING

    job = let_it_end(floor, price=92)

    assert job.result is FlattenResult.FLAT
    assert job.job_id == on_disk.job_id
    assert_flat(floor.venue.books, job)
    assert_nothing_was_raised(floor.venue.books.executions, before=before, in_flight=in_flight)
    assert_again_sends_nothing(floor, lambda: give(floor, translation))
    assert_invariants(floor)
    assert floor.handler.trading_state is TradingState.REDUCING, "only a person clears the latch"
    assert floor.held(BTC) == 0, "no slice of the TWAP came later"
