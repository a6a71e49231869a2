"""Twice the usual risk."""

from decimal import Decimal

import pytest

from engine.contracts.plans import SizePlan
from engine.primitives.errors import PluginError
from tests.support.context import employ
from tests.support.ledger import Books
from tests.support.notes import a_size_directive, a_strategy_directive

pytestmark = pytest.mark.unit

D = Decimal


def a_plan(folder: str, max_risk_amount: str | None = None) -> SizePlan:
    limit = None if max_risk_amount is None else D(max_risk_amount)
    directive = a_strategy_directive(size_directive=a_size_directive(max_risk_amount=limit))
    plan: SizePlan = employ(f"phase4_size/{folder}", ledger=Books("100000").ledger).plan(directive)
    return plan


def test_a_stopped_trade_loses_two_per_cent_when_there_is_room() -> None:
    directive = a_strategy_directive(size_directive=a_size_directive(max_risk_amount=None)).model_copy(
        update={
            "exit_directive": a_strategy_directive().exit_directive.model_copy(  # type: ignore[union-attr]  # a new trade has one
                update={"stop_loss_tolerance": D("0.05")}
            )
        }
    )
    plan = employ("phase4_size/aggressive", ledger=Books("100000").ledger).plan(directive)

    assert D(1999) < plan.risk_amount <= 2000


def test_the_directives_limit_holds_it_like_everybody() -> None:
    assert a_plan("aggressive", "300").position_size == a_plan("fixed_risk", "300").position_size


def test_it_cannot_work_without_the_ledger() -> None:
    with pytest.raises(PluginError, match="AggressiveSizer reads the ledger"):
        employ("phase4_size/aggressive")
