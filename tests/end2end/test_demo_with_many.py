"""Many shipped specialists at one table: all of them work, and none breaks a flow."""

from pathlib import Path

import pytest

from engine.contracts.flows import OutcomeKind
from engine.contracts.signals import OpportunitySignal
from engine.runtime.session import Session
from tests.support.sessions import Witness, a_demo_session, notes_of, run_to_the_end

pytestmark = pytest.mark.end2end

BARS = 2_000


@pytest.fixture(scope="module")
def witness(tmp_path_factory: pytest.TempPathFactory) -> Witness:
    home: Path = tmp_path_factory.mktemp("many")
    session: Session = a_demo_session(home, bars=BARS, name="demo-many")
    seen = Witness()
    run_to_the_end(session, seen)
    return seen


def test_no_flow_fails(witness: Witness) -> None:
    failed = [record.outcome for record in witness.flows if record.outcome.kind is OutcomeKind.FAILED]

    assert failed == []
    assert witness.ticks == BARS


def test_every_scout_is_heard(witness: Witness) -> None:
    signals = notes_of(witness.flows, "OPPORTUNITY_DETECTED")
    heard = {signal.signal_type for signal in signals if isinstance(signal, OpportunitySignal)}

    assert heard == {
        "fvg_entry",
        "breakout",
        "volume_spike",
        "mean_reversion",
        "divergence",
        "statistical_arbitrage",
    }


def test_several_kinds_of_signal_become_trades(witness: Witness) -> None:
    executed = [record for record in witness.flows if record.outcome.kind is OutcomeKind.EXECUTED]
    traded = {
        signal.signal_type
        for signal in notes_of(executed, "OPPORTUNITY_DETECTED")
        if isinstance(signal, OpportunitySignal)
    }

    assert len(traded) >= 4
