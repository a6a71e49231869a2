"""The composed demo: several planners in every slot, and stops that follow the price, through every phase."""

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from engine.contracts.base import Direction
from engine.contracts.directives import DirectiveScope, StrategyDirective
from engine.contracts.flows import FlowRecord, OutcomeKind
from engine.contracts.orders import OrderRole, OrderStatus, Trade
from engine.primitives.ids import TradeId
from engine.runtime.explain import explain_id
from tests.support.sessions import Witness, a_demo_session, notes_of, run_to_the_end

pytestmark = pytest.mark.end2end

BARS = 2_000


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Witness, Path]:
    """One run over a day and a half of the demo market, its flash crash included."""
    witness = Witness()
    session = a_demo_session(tmp_path_factory.mktemp("composed"), bars=BARS, name="demo-composed")
    run_to_the_end(session, witness)
    assert session.status.journal_path is not None
    return witness, session.status.journal_path


def directives(witness: Witness, scope: DirectiveScope) -> list[tuple[FlowRecord, StrategyDirective]]:
    return [
        (record, note)
        for record in witness.flows
        for note in notes_of([record], "STRATEGY_DIRECTIVE_ISSUED")
        if isinstance(note, StrategyDirective) and note.scope is scope
    ]


def lives_of_trades(witness: Witness) -> dict[TradeId, list[Trade]]:
    """Return what the books said of each trade, in order."""
    lives: dict[TradeId, list[Trade]] = {}
    for change in witness.changes:
        if change.trade is not None:
            lives.setdefault(change.trade.trade_id, []).append(change.trade)
    return lives


def test_no_flow_fails_and_every_part_has_had_its_say(run: tuple[Witness, Path]) -> None:
    witness, _ = run
    outcomes = Counter(record.outcome.kind for record in witness.flows)

    assert witness.ticks == BARS
    assert outcomes[OutcomeKind.FAILED] == 0
    for scope in DirectiveScope:
        assert directives(witness, scope), f"nothing of the scope {scope} in {BARS} bars"


def test_a_trailing_stop_moves_in_the_books_and_at_the_venue(run: tuple[Witness, Path]) -> None:
    witness, _ = run
    moved = [record for record, _ in directives(witness, DirectiveScope.MODIFY_EXISTING)]
    assert len(moved) > 20
    assert {record.outcome.kind for record in moved} == {OutcomeKind.EXECUTED}

    ((_, first), *_) = directives(witness, DirectiveScope.MODIFY_EXISTING)
    (trade_id,), exit_ = first.target_trade_ids, first.exit_directive
    assert exit_ is not None
    stops = [
        change.order.stop_price
        for change in witness.changes
        if change.order is not None and change.order.trade_id == trade_id and change.order.role is OrderRole.STOP_LOSS
    ]
    assert exit_.new_stop_price in stops
    assert stops[0] != exit_.new_stop_price, "the trade began with another stop"


def test_no_stop_ever_goes_back(run: tuple[Witness, Path]) -> None:
    witness, _ = run
    steps = 0
    for life in lives_of_trades(witness).values():
        heights = [trade.stop_loss_price for trade in life if trade.stop_loss_price is not None]
        signed = [height * life[0].direction.sign for height in heights]
        assert signed == sorted(signed), life[0].trade_id
        steps += len(set(signed)) - 1
    assert steps > 20


def test_a_trade_that_a_moved_stop_ends_keeps_what_the_stop_had_gained(run: tuple[Witness, Path]) -> None:
    witness, _ = run
    saved = [
        life[-1]
        for life in lives_of_trades(witness).values()
        if (result := life[-1].realised_pnl) is not None and result > 0 and _left_at_its_stop(life[-1])
    ]

    assert saved, "in a day and a half of trends some trade must leave its stop with a gain"


def _left_at_its_stop(trade: Trade) -> bool:
    left_at, stop = trade.exit_value / trade.exit_quantity, trade.stop_loss_price
    return stop is not None and abs(left_at - stop) / stop < Decimal("0.002")


def test_planners_of_every_confidence_have_been_asked(run: tuple[Witness, Path]) -> None:
    witness, _ = run
    said = {node.worker for record in witness.flows for node in record.nodes if node.event == "EXIT_PLAN_CREATED"}
    sized = {node.worker for record in witness.flows for node in record.nodes if node.event == "SIZE_PLAN_CREATED"}

    assert {"aggressive_exit_planner", "structure_based_exit_planner", "atr_exit_planner"} == said
    assert {"aggressive_sizer", "kelly_sizer"} == sized


def test_a_layered_entry_is_filled_layer_by_layer_in_one_trade(run: tuple[Witness, Path]) -> None:
    witness, _ = run
    orders = {change.order.order_id: change.order for change in witness.changes if change.order is not None}
    filled: dict[TradeId, list[Decimal]] = {}
    for order in orders.values():
        if order.role is OrderRole.ENTRY and order.status is OrderStatus.FILLED and order.limit_price is not None:
            filled.setdefault(order.trade_id, []).append(order.limit_price)

    layered = {trade_id: prices for trade_id, prices in filled.items() if len(prices) == 3}
    assert layered
    for trade_id, prices in layered.items():
        direction = lives_of_trades(witness)[trade_id][0].direction
        assert prices == sorted(prices, reverse=direction is Direction.BUY)


def test_both_directions_are_traded(run: tuple[Witness, Path]) -> None:
    witness, _ = run
    assert {life[0].direction for life in lives_of_trades(witness).values()} == set(Direction)


def test_a_moved_stop_is_explained_from_the_journal(run: tuple[Witness, Path]) -> None:
    witness, journal = run
    record, directive = directives(witness, DirectiveScope.MODIFY_EXISTING)[0]
    text = "\n".join(explain_id(journal, record.flow_id))

    assert directive.directive_id in text
    assert "EXT_" in text
