"""The methods of the workers at hand take what their contracts say."""

from typing import Any

import pytest

from engine.contracts.base import Contract
from engine.contracts.disposition import NOTHING, Envelopes
from engine.contracts.plans import EntryPlan, SizePlan
from engine.wiring.annotations import check_annotations
from engine.wiring.findings import Rule, Severity, WiringFinding
from tests.support.wiring import a_handler, a_roster, codes

pytestmark = pytest.mark.unit


class Worker:
    def exact(self, plan: EntryPlan) -> Envelopes:
        return NOTHING

    def wider(self, plan: Contract) -> Envelopes:
        return NOTHING

    def either(self, plan: EntryPlan | SizePlan) -> Envelopes:
        return NOTHING

    def quoted(self, plan: "EntryPlan") -> Envelopes:
        return NOTHING

    def spare(self, plan: EntryPlan, loud: bool = False) -> Envelopes:
        return NOTHING

    def other(self, plan: SizePlan) -> Envelopes:
        return NOTHING

    def anything(self, plan: Any) -> Envelopes:
        return NOTHING

    def bare(self, plan):  # type: ignore[no-untyped-def]  # as a quant may write it
        return NOTHING

    def unread(self, plan: "OnlyForTheTypeChecker") -> Envelopes:  # type: ignore[name-defined]  # noqa: F821  # the point
        return NOTHING

    def none(self) -> Envelopes:
        return NOTHING

    def two(self, plan: EntryPlan, size: SizePlan) -> Envelopes:
        return NOTHING


def findings_for(method: str) -> tuple[WiringFinding, ...]:
    return check_annotations({"worker": Worker()}, a_roster(a_handler(f"worker.{method}", EntryPlan)))


@pytest.mark.parametrize("method", ["exact", "wider", "either", "quoted", "spare"])
def test_a_method_that_takes_the_note_is_fine(method: str) -> None:
    assert findings_for(method) == ()


def test_a_method_written_for_another_note_is_an_error() -> None:
    (finding,) = findings_for("other")

    assert (finding.code, finding.severity) == (Rule.ANNOTATION_MISMATCH, Severity.ERROR)
    assert finding.text == "worker.other is written for SizePlan, but is given EntryPlan."


@pytest.mark.parametrize("method", ["anything", "bare", "unread"])
def test_a_method_whose_type_cannot_be_read_is_a_warning(method: str) -> None:
    (finding,) = findings_for(method)

    assert (finding.severity, finding.fix) == (Severity.WARNING, "Annotate it with EntryPlan.")


@pytest.mark.parametrize("method", ["none", "two"])
def test_a_handler_takes_exactly_one_note(method: str) -> None:
    (finding,) = findings_for(method)

    assert finding.severity is Severity.ERROR
    assert "exactly one note" in finding.text


def test_a_method_that_is_not_there_is_named_with_the_nearest() -> None:
    (finding,) = findings_for("exakt")

    assert (finding.code, finding.fix) == (Rule.UNKNOWN_METHOD, "Did you mean exact?")


def test_a_worker_without_a_contract_is_not_looked_at() -> None:
    assert codes(check_annotations({"stranger": Worker()}, {})) == []
