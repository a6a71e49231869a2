"""Random numbers that come out the same on every machine.

Only the raw 64-bit words of PCG64 are used (numpy promises that stream, NEP 19), and they are turned into numbers with
integer arithmetic, addition, multiplication, division and square roots alone: IEEE 754 rounds those the same everywhere,
which it does not promise for `exp`, `log` or `sin`.
"""

from typing import Final

import numpy as np
from numpy.random import PCG64, SeedSequence
from numpy.typing import NDArray

from engine.sdk.connector import FloatColumn, IntColumn

_UNIT: Final = 2.0**-53
_HALF_WORDS: Final = 12  # the sum of twelve uniforms has variance one (Irwin and Hall, 1927)
_TAIL_FLOOR: Final = 0.04
_TAIL_VARIANCE: Final = 3.3530  # mean of 1/u over u in (0.04, 1): ln(25) / 0.96


class Draws:
    """A stream of random numbers named by a path of integers.

    Args:
        path: Seed first, then what the stream is for; the same path gives the same numbers.
    """

    def __init__(self, *path: int) -> None:
        self._words = PCG64(SeedSequence(path))

    def raw(self, count: int) -> NDArray[np.uint64]:
        """Return so many 64-bit words."""
        return np.asarray(self._words.random_raw(count), dtype=np.uint64)

    def uniforms(self, count: int) -> FloatColumn:
        """Return so many numbers in [0, 1)."""
        drawn: FloatColumn = (self.raw(count) >> np.uint64(11)).astype(np.float64) * _UNIT
        return drawn

    def uniform(self) -> float:
        """Return one number in [0, 1)."""
        return float(self.uniforms(1)[0])

    def normals(self, count: int) -> FloatColumn:
        """Return so many nearly normal numbers of mean 0 and variance 1, within plus or minus 6."""
        halves = self.raw(count * _HALF_WORDS // 4).view(np.uint16).reshape(count, _HALF_WORDS)
        centred: IntColumn = halves.sum(axis=1, dtype=np.int64) * 2 - _HALF_WORDS * 65_535
        return centred / 131_072.0

    def heavy_tailed(self, count: int) -> FloatColumn:
        """Return so many numbers of mean 0 and variance 1 whose kurtosis is about 6.6 (normal: 3).

        A normal number over the square root of a uniform one, as in Student's t, with the divisor held above 0.2.
        """
        scale = np.sqrt((self.uniforms(count) * (1 - _TAIL_FLOOR) + _TAIL_FLOOR) * _TAIL_VARIANCE)
        drawn: FloatColumn = self.normals(count) / scale
        return drawn
