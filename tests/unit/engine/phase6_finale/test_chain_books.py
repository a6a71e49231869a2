"""What became of a batch, as a person reads it behind an id."""

from decimal import Decimal

import pytest

from engine.contracts.batches import BatchPhase, BatchStatus, Residual
from engine.contracts.orders import Trade, TradeStatus
from engine.phase6_finale.chain_books import BookedOutcome, batch_steps, book_steps
from tests.support import notes

pytestmark = pytest.mark.unit


def test_a_batch_is_told_with_how_it_ended_and_each_of_its_parts() -> None:
    report = notes.a_batch_report().model_copy(
        update={
            "phase": BatchPhase.REPORT,
            "status": BatchStatus.COMPENSATED_WITH_RESIDUAL,
            "residuals": (Residual(symbol="BTC/USDT", quantity=Decimal("0.50")),),
            "residual_cost": Decimal("12.0"),
        }
    )

    (step,) = batch_steps([report])

    assert step.identifier == report.batch_id
    assert f"{report.mode}, {report.guarantee}, REPORT: COMPENSATED_WITH_RESIDUAL" in step.lines[0]
    for number, leg in enumerate(report.legs, start=1):
        assert step.lines[number].startswith(f"part {number}, {leg.kind}")
        assert leg.group_id in step.lines[number]
        assert leg.status in step.lines[number]
    assert step.lines[-1] == "left over 0.5 BTC/USDT, at a cost of 12"


def told(trade: Trade) -> str:
    (step,) = book_steps(BookedOutcome((), (), (), (trade,), (), ()), None)
    return "\n".join(step.lines)


def test_a_trade_says_what_of_it_stays_as_dust() -> None:
    held = notes.a_trade(entry_quantity=Decimal(2), exit_quantity=Decimal("1.9995"))

    assert "0.0005 stays held as dust" in told(held.model_copy(update={"status": TradeStatus.CLOSED}))
    assert "dust" not in told(held.model_copy(update={"status": TradeStatus.OPEN}))
