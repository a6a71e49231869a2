"""Bars per second against backtesting.py and backtrader: the same strategy, the same bars, the same trades."""

from collections.abc import Callable

import pytest

from engine.phase0_bootstrap.ahead import Pace
from tests.benchmarks.house import in_house
from tests.benchmarks.measuring import Board, Ran, Took, alternated
from tests.benchmarks.reference import ReferenceWork, a_market

pytestmark = pytest.mark.benchmark
BARS = 100_000
PACES = {Pace.EVERY_BAR: 1.5, Pace.COLUMNS_AHEAD: 2.0, Pace.CANDIDATES: 4.0}
"""How our engine may go through the bars, and how many times the bars of backtesting.py each should do in a second."""


class Counted:
    """A work that remembers how many trades it made."""

    def __init__(self, run: Callable[[], Ran]) -> None:
        self._run = run
        self.trades = 0

    def __call__(self) -> Took:
        ran = self._run()
        self.trades = ran.trades
        return ran.took


def test_bars_per_second_against_the_others(work: ReferenceWork, board: Board) -> None:
    from tests.benchmarks import rivals  # noqa: PLC0415  # libraries that only `make bench` installs

    series = a_market(BARS)
    works = {pace.value: Counted(in_house(work, series, pace=pace)) for pace in PACES}
    works |= {
        "backtesting.py": Counted(rivals.in_backtesting(series)),
        "backtrader": Counted(rivals.in_backtrader(series)),
    }

    taken = dict(zip(works, alternated(*works.values()), strict=True))

    trades = {name: each.trades for name, each in works.items()}
    for pace, goal in PACES.items():
        board.ratio(
            f"{pace}, journal committed, against backtesting.py",
            of=taken["backtesting.py"],
            to=taken[pace.value],
            goal=goal,
            better="more",
            note=f"{taken[pace.value].wall / BARS * 1e6:.2f} against {taken['backtesting.py'].wall / BARS * 1e6:.2f} us a bar",
        )
    board.ratio(
        f"{Pace.EVERY_BAR}, journal committed, against backtrader",
        of=taken["backtrader"],
        to=taken[Pace.EVERY_BAR.value],
        goal=8,
        better="more",
        note=f"trades: {', '.join(f'{name} {count:,}' for name, count in trades.items())}",
    )
    ours = trades[Pace.EVERY_BAR.value]
    assert ours > BARS / 200, "too few trades for a comparison"
    assert all(abs(others - ours) <= 0.01 * ours for others in trades.values()), f"not the same work: {trades}"
