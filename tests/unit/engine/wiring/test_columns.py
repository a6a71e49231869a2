"""Each column has one owner, and is written before it is read."""

import pytest

from engine.contracts.context import AssessedContext, TradingContext
from engine.wiring.columns import WorkerColumns, column_findings
from engine.wiring.findings import Rule
from tests.support.notes import a_column
from tests.support.wiring import T, a_handler, a_map, a_roster, codes, the_one

pytestmark = pytest.mark.unit

ROSTER = a_roster(
    *(a_handler(f"{worker}.on_tick", TradingContext, kind=T.CONTEXT_WORKER) for worker in ("ema", "regime", "twin")),
    a_handler("scout.on_context", AssessedContext, kind=T.OPPORTUNITY_WORKER),
)


def writes(*names: str, reads: tuple[str, ...] = ()) -> WorkerColumns:
    return WorkerColumns(provides=tuple(a_column(name=name) for name in names), requires=reads)


def chain(*workers: str) -> dict[str, list[str]]:
    return {"TICK_RECEIVED": [f"{worker}.on_tick" for worker in workers]}


def test_a_column_written_earlier_in_the_chain_may_be_read() -> None:
    columns = {"ema": writes("ema_20"), "regime": writes("regime", reads=("ema_20",))}

    assert column_findings(a_map(chain("ema", "regime")), ROSTER, columns) == ()


def test_the_bars_own_columns_are_always_there() -> None:
    assert column_findings(a_map(chain("ema")), ROSTER, {"ema": writes("ema_20", reads=("close",))}) == ()


def test_a_column_written_only_later_is_missing_and_the_order_is_offered() -> None:
    columns = {"ema": writes("ema_20"), "regime": writes("regime", reads=("ema_20",))}

    finding = the_one(
        column_findings(a_map(chain("regime", "ema")), ROSTER, columns, lines={(0, 0): 4}), Rule.COLUMN_MISSING
    )

    assert (finding.worker, finding.fix, finding.line) == ("regime", "Put ema before regime.", 4)


def test_a_column_that_nobody_writes_is_named_with_the_nearest() -> None:
    columns = {"ema": writes("ema_20"), "regime": writes(reads=("ema_2O",))}

    finding = the_one(column_findings(a_map(chain("ema", "regime")), ROSTER, columns), Rule.COLUMN_MISSING)

    assert finding.fix == "Did you mean ema_20?"


def test_a_worker_does_not_write_what_it_reads_itself() -> None:
    columns = {"ema": writes("ema_20", reads=("ema_20",))}

    assert codes(column_findings(a_map(chain("ema")), ROSTER, columns)) == [Rule.COLUMN_MISSING]


def test_a_column_with_two_owners_is_an_error() -> None:
    columns = {"ema": writes("ema_20"), "twin": writes("ema_20")}

    finding = the_one(column_findings(a_map(chain("ema", "twin")), ROSTER, columns), Rule.COLUMN_TWICE)

    assert (finding.worker, "belongs to ema" in finding.text) == ("twin", True)


def test_nobody_writes_over_the_bar() -> None:
    assert codes(column_findings(a_map(chain("ema")), ROSTER, {"ema": writes("close")})) == [Rule.COLUMN_TWICE]


def test_a_detector_reads_what_the_whole_chain_has_written() -> None:
    wiring = a_map(chain("ema") | {"CONTEXT_ASSESSMENT_READY": ["scout.on_context"]})
    columns = {"ema": writes("ema_20"), "scout": writes(reads=("ema_20", "gap"))}

    finding = the_one(column_findings(wiring, ROSTER, columns), Rule.COLUMN_MISSING)

    assert (finding.worker, "gap" in finding.text) == ("scout", True)
