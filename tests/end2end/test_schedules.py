"""A strategy that trades on a schedule, in the market's own time."""

from decimal import Decimal
from pathlib import Path

import pytest

from engine.contracts.flows import OutcomeKind
from engine.contracts.updates import ScheduleTick
from tests.support.sessions import Witness, a_demo_session, notes_of, run_to_the_end

pytestmark = pytest.mark.end2end


def test_a_purchase_is_made_whenever_the_schedule_is_due_and_at_no_other_time(tmp_path: Path) -> None:
    witness = Witness()
    session = a_demo_session(tmp_path, bars=24 * 60 + 5, name="demo-dca")
    run_to_the_end(session, witness)

    born = [record for record in witness.flows if record.birth_event == "SCHEDULE_DUE"]
    ticks = notes_of(born, "SCHEDULE_DUE")
    assert [tick.timestamp.hour for tick in ticks if isinstance(tick, ScheduleTick)] == [4, 8, 12, 16, 20, 0]
    assert all(record.flow_id.startswith("SCH_") for record in born)
    assert {record.outcome.kind for record in born} == {OutcomeKind.EXECUTED}

    spent = [change.fill.price * change.fill.quantity for change in witness.changes if change.fill is not None]
    assert len(spent) == 6
    assert all(abs(value - Decimal(250)) < Decimal(3) for value in spent)
