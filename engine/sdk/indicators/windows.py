"""What is known of the last `periods` values, at constant cost and without the drift of adding and taking away.

Values are laid into blocks of `periods`. A window is the tail of one block and the head of the next, and both are
known: heads grow by one value at a time, tails are built backwards when their block is full. So nothing is ever
subtracted from a running sum, and an error cannot build up over a year of bars. The cost is constant per value on
average: once in `periods` values a block is closed. Sources: van Herk 1992, "A fast algorithm for local minimum and
maximum filters" (blocks); Welford 1962 (growing moments); Chan, Golub and LeVeque 1979, "Updating formulae and a
pairwise algorithm for computing sample variances" (joining them).

The arithmetic is written once, for one float or for one column of floats: over a whole history all blocks grow side by
side, with the same operations in the same order.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

import numpy as np

from engine.contracts.market import FloatColumn
from engine.sdk.indicators.columns import NAN, as_columns, unknown

Number = TypeVar("Number", float, FloatColumn)


@dataclass(frozen=True, slots=True)
class Knowledge(Generic[Number]):
    """What is kept of a window, as a tuple of numbers, and how it is found.

    Attributes:
        width: How many numbers; of no value, each is 0.
        grown: Returns what is known with one value more: (so far, count with the new one, value).
        joined: Returns what is known of two parts together: (tail, head, share of the head, n_tail * n_head / n).
    """

    width: int
    grown: Callable[[tuple[Number, ...], int, tuple[Number, ...]], tuple[Number, ...]]
    joined: Callable[[tuple[Number, ...], tuple[Number, ...], float, float], tuple[Number, ...]]


class Window(Generic[Number]):
    """The last `periods` values, in blocks: see the module."""

    __slots__ = ("_block", "_grown", "_head", "_joined", "_none", "_periods", "_tails")

    def __init__(self, periods: int, knowledge: Knowledge[Number], zero: Number) -> None:
        self._periods = periods
        self._grown: Callable[[tuple[Number, ...], int, tuple[Number, ...]], tuple[Number, ...]] = knowledge.grown
        self._joined: Callable[[tuple[Number, ...], tuple[Number, ...], float, float], tuple[Number, ...]] = (
            knowledge.joined
        )
        self._none: tuple[Number, ...] = (zero,) * knowledge.width
        self._head: tuple[Number, ...] = self._none
        self._block: list[tuple[Number, ...]] = []
        self._tails: list[tuple[Number, ...]] = []

    def update(self, *value: Number) -> tuple[Number, ...] | None:
        """Take the next value; return what is known of the window that ends with it, or None while it warms up."""
        block, periods = self._block, self._periods
        block.append(value)
        filled = len(block)
        self._head = head = self._grown(self._head, filled, value)
        if filled == periods:
            self._tails = self._tails_of(block)
            self._block, self._head = [], self._none
            return head
        if not self._tails:
            return None
        return self._joined(self._tails[filled], head, filled / periods, (periods - filled) * filled / periods)

    def _tails_of(self, block: list[tuple[Number, ...]]) -> list[tuple[Number, ...]]:
        known, tails = self._none, []
        for count, value in enumerate(reversed(block), 1):
            known = self._grown(known, count, value)
            tails.append(known)
        tails.reverse()
        return tails


def over_history(periods: int, knowledge: Knowledge[FloatColumn], *columns: FloatColumn) -> tuple[FloatColumn, ...]:
    """Return what is known of every window of a history: columns of shape ``(n,)``, the first ``periods - 1`` NaN."""
    columns = as_columns(*columns)
    length = len(columns[0])
    if length < periods:
        return (unknown(length),) * knowledge.width
    blocks = -(-length // periods)
    # One lane per block. In the second round each lane sees the block after its own, and joins it to its tail.
    lanes = [np.zeros((blocks + 1, periods)) for _ in columns]
    for lane, column in zip(lanes, columns, strict=True):
        lane.reshape(-1)[:length] = column
    window = Window(periods, knowledge, np.zeros(blocks))
    found = np.full((knowledge.width, blocks + 1, periods), NAN)
    # Python's floats overflow to infinity in silence; so that both forms say the same, numpy's do so here.
    with np.errstate(over="ignore", invalid="ignore"):
        own = [window.update(*(lane[:-1, at] for lane in lanes)) for at in range(periods)][-1]
        found[:, 0, -1] = [column[0] for column in own or ()]
        for at in range(periods):
            found[:, 1:, at] = window.update(*(lane[1:, at] for lane in lanes))
    return tuple(found.reshape(knowledge.width, -1)[:, :length])


def _sum_grown(total: tuple[Number, ...], _count: int, value: tuple[Number, ...]) -> tuple[Number, ...]:
    return (total[0] + value[0],)


def _sum_joined(
    tail: tuple[Number, ...], head: tuple[Number, ...], _share: float, _weight: float
) -> tuple[Number, ...]:
    return (tail[0] + head[0],)


def _moments_grown(moments: tuple[Number, ...], count: int, value: tuple[Number, ...]) -> tuple[Number, ...]:
    mean, squares = moments
    (new,) = value
    before = new - mean
    mean = mean + before / count
    return mean, squares + before * (new - mean)


def _moments_joined(
    tail: tuple[Number, ...], head: tuple[Number, ...], share: float, weight: float
) -> tuple[Number, ...]:
    apart = head[0] - tail[0]
    return tail[0] + apart * share, tail[1] + head[1] + apart * apart * weight


def _comoments_grown(moments: tuple[Number, ...], count: int, pair: tuple[Number, ...]) -> tuple[Number, ...]:
    mean_1, mean_2, squares_1, squares_2, products = moments
    new_1, new_2 = pair
    before_1, before_2 = new_1 - mean_1, new_2 - mean_2
    mean_1, mean_2 = mean_1 + before_1 / count, mean_2 + before_2 / count
    after_1, after_2 = new_1 - mean_1, new_2 - mean_2
    return mean_1, mean_2, squares_1 + before_1 * after_1, squares_2 + before_2 * after_2, products + before_1 * after_2


def _comoments_joined(
    tail: tuple[Number, ...], head: tuple[Number, ...], share: float, weight: float
) -> tuple[Number, ...]:
    apart_1, apart_2 = head[0] - tail[0], head[1] - tail[1]
    return (
        tail[0] + apart_1 * share,
        tail[1] + apart_2 * share,
        tail[2] + head[2] + apart_1 * apart_1 * weight,
        tail[3] + head[3] + apart_2 * apart_2 * weight,
        tail[4] + head[4] + apart_1 * apart_2 * weight,
    )


SUM: Final[Knowledge[float]] = Knowledge(1, _sum_grown, _sum_joined)
"""The sum."""
SUM_OF_COLUMNS: Final[Knowledge[FloatColumn]] = Knowledge(1, _sum_grown, _sum_joined)
MOMENTS: Final[Knowledge[float]] = Knowledge(2, _moments_grown, _moments_joined)
"""The mean, and the sum of squared distances from it: exactly 0 if all values are equal."""
MOMENTS_OF_COLUMNS: Final[Knowledge[FloatColumn]] = Knowledge(2, _moments_grown, _moments_joined)
COMOMENTS: Final[Knowledge[float]] = Knowledge(5, _comoments_grown, _comoments_joined)
"""Of pairs: two means, two sums of squared distances from them, and the sum of the products of both distances."""
COMOMENTS_OF_COLUMNS: Final[Knowledge[FloatColumn]] = Knowledge(5, _comoments_grown, _comoments_joined)
