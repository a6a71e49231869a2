"""What goes wrong between us and a venue: drawn from a seed, or planned one by one."""

from collections import deque
from enum import StrEnum

import numpy as np

from engine.config.policies import FaultParameters


class FaultPoint(StrEnum):
    """Where something may go wrong."""

    PLACE = "PLACE"
    CANCEL = "CANCEL"
    REPORT = "REPORT"
    QUESTION = "QUESTION"


class Fault(StrEnum):
    """What goes wrong there; `FaultParameters` says what each of them is."""

    REFUSED = "REFUSED"
    LOST_BEFORE = "LOST_BEFORE"
    LOST_AFTER = "LOST_AFTER"
    ANSWER_LATE = "ANSWER_LATE"
    ARRIVES_LATE = "ARRIVES_LATE"
    ANSWER_WITHOUT_ID = "ANSWER_WITHOUT_ID"
    RATE_LIMITED = "RATE_LIMITED"
    MAINTENANCE = "MAINTENANCE"
    DOUBLED = "DOUBLED"
    MISSING = "MISSING"
    REORDERED = "REORDERED"
    UNANSWERED = "UNANSWERED"


class Faults:
    """Says for each message what goes wrong with it, mostly nothing.

    Every point has dice of its own, so that one more report does not change what becomes of the next order.

    Args:
        parameters: How often, and the seed.
    """

    def __init__(self, parameters: FaultParameters | None = None) -> None:
        self.parameters = parameters or FaultParameters()
        self._planned: dict[FaultPoint, deque[Fault | None]] = {point: deque() for point in FaultPoint}
        seed = abs(self.parameters.seed)
        self._dice = {point: np.random.default_rng([seed, place]) for place, point in enumerate(FaultPoint)}
        self._coin = np.random.default_rng([seed, len(FaultPoint)])
        self._shares = {point: _shares(point, self.parameters) for point in FaultPoint}

    def plan(self, point: FaultPoint, *faults: Fault | None) -> None:
        """Let the next messages at a point go wrong so, one each and None for not at all; after them it is dice again."""
        self._planned[point].extend(faults)

    def at(self, point: FaultPoint) -> Fault | None:
        """Return what goes wrong with the next message at a point."""
        if self._planned[point]:
            return self._planned[point].popleft()
        shares = self._shares[point]
        if not shares:
            return None
        thrown = float(self._dice[point].random())
        for fault, share in shares:
            thrown -= share
            if thrown < 0:
                return fault
        return None

    def toss(self) -> bool:
        """Decide what nobody can know, half and half: whether a request got through while the line was cut."""
        return bool(self._coin.random() < 0.5)


def _shares(point: FaultPoint, of: FaultParameters) -> tuple[tuple[Fault, float], ...]:
    both = (
        (Fault.LOST_BEFORE, of.lost_before),
        (Fault.LOST_AFTER, of.lost_after),
        (Fault.ANSWER_LATE, of.answer_late),
        (Fault.ARRIVES_LATE, of.arrives_late),
        (Fault.RATE_LIMITED, of.rate_limited),
    )
    shares = {
        FaultPoint.PLACE: (*both, (Fault.REFUSED, of.refused), (Fault.ANSWER_WITHOUT_ID, of.answer_without_id)),
        FaultPoint.CANCEL: both,
        FaultPoint.REPORT: (
            (Fault.DOUBLED, of.doubled),
            (Fault.MISSING, of.missing),
            (Fault.REORDERED, of.reordered),
        ),
        FaultPoint.QUESTION: ((Fault.UNANSWERED, of.unanswered), (Fault.RATE_LIMITED, of.rate_limited)),
    }
    return tuple((fault, float(share)) for fault, share in shares[point] if share)
