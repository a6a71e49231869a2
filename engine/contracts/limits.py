"""How much of each limit of the risk guard is used, for people."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class LimitUnit(StrEnum):
    """What a limit is counted in."""

    QUOTE = "QUOTE"
    """Money of the account."""
    RATIO = "RATIO"
    """A share: 0.1 is 10 %."""
    COUNT = "COUNT"


@dataclass(frozen=True, slots=True)
class LimitUse:
    """One limit as it stands. `rule` is what its refusals are called.

    `subject` is the market or the strategy that it is about, empty for the account. `used` is None for a limit that each
    order is held to by itself; `limit` is None for one that is switched off.
    """

    rule: str
    unit: LimitUnit
    limit: Decimal | None
    used: Decimal | None = None
    subject: str = ""

    @property
    def left(self) -> Decimal | None:
        """What may still be used; below zero when more is used than may be."""
        return None if self.limit is None or self.used is None else self.limit - self.used

    @property
    def share(self) -> Decimal | None:
        """The used part of the limit, from 0 up; None where there is no such part."""
        if self.limit is None or self.used is None or not self.limit:
            return None
        return max(self.used, Decimal(0)) / self.limit
