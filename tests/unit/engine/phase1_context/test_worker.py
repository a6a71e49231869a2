"""The base of context workers keeps them to their columns."""

from collections.abc import Sequence

import pytest

from engine.contracts.context import TradingContext
from engine.contracts.disposition import NOTHING
from engine.phase1_context.worker import ContextWorker
from engine.ports.worker import WorkerConfig
from engine.primitives.errors import OutputContractBroken
from tests.support.context import columns_named, contexts, tools

pytestmark = pytest.mark.unit


class Doubler(ContextWorker[WorkerConfig]):
    def enrich(self, context: TradingContext) -> Sequence[float]:
        return (context.close * 2,)


def test_it_writes_its_columns_and_says_nothing() -> None:
    (context,) = contexts([3.0], {"doubled": [float("nan")]})
    worker = Doubler(WorkerConfig(), tools(columns=tuple(columns_named(["doubled"]))))

    assert worker.on_tick(context) is NOTHING
    assert context.value("doubled") == 6.0


def test_a_worker_that_writes_more_columns_than_it_owns_is_stopped_before_it_touches_those_of_others() -> None:
    (context,) = contexts([3.0], {"mine": [1.0], "yours": [2.0]})
    worker = Doubler(WorkerConfig(), tools("doubler", columns=tuple(columns_named(["mine", "also_mine"]))))

    with pytest.raises(OutputContractBroken, match="one value for each") as refusal:
        worker.on_tick(context)

    assert refusal.value.facts == {"worker": "doubler", "columns": "mine, also_mine", "returned": 1}
    assert (context.value("mine"), context.value("yours")) == (1.0, 2.0)
