"""Bars per second against backtesting.py and backtrader: the same strategy, the same bars, the same trades."""

import pytest

from tests.benchmarks.house import in_house
from tests.benchmarks.measuring import Board, Ran, Took, alternated
from tests.benchmarks.reference import ReferenceWork, a_market

pytestmark = pytest.mark.benchmark
BARS = 100_000
WAYS: dict[str, dict[str, object]] = {"bar by bar": {}}
"""How our engine may go through the bars: words for `drive`."""


class Counted:
    """A work that remembers how many trades it made."""

    def __init__(self, run) -> None:
        self._run = run
        self.trades = 0

    def __call__(self) -> Took:
        ran: Ran = self._run()
        self.trades = ran.trades
        return ran.took


def test_bars_per_second_against_the_others(work: ReferenceWork, board: Board) -> None:
    from tests.benchmarks import rivals  # noqa: PLC0415  # libraries that only `make bench` installs

    series = a_market(BARS)
    works = {name: Counted(in_house(work, series, way=way)) for name, way in WAYS.items()}
    works |= {
        "backtesting.py": Counted(rivals.in_backtesting(series)),
        "backtrader": Counted(rivals.in_backtrader(series)),
    }

    taken = dict(zip(works, alternated(*works.values()), strict=True))

    trades = {name: each.trades for name, each in works.items()}
    for name, took in taken.items():
        print(f"{name}: {took.wall / BARS * 1e6:.2f} us a bar, {trades[name]:,} trades")  # noqa: T201
    for name, goal in (("bar by bar", 1.5), ("precompute", 2.0), ("candidates", 4.0)):
        if name in taken:
            note = f"{taken[name].wall / BARS * 1e6:.2f} us a bar"
            board.ratio(
                f"{name}, journal committed, against backtesting.py",
                of=taken["backtesting.py"],
                to=taken[name],
                goal=goal,
                better="more",
                note=note,
            )
    board.ratio(
        "bar by bar, journal committed, against backtrader",
        of=taken["backtrader"],
        to=taken["bar by bar"],
        goal=8,
        better="more",
    )
    ours = trades["bar by bar"]
    assert ours > BARS / 200, "too few trades for a comparison"
    assert all(abs(others - ours) <= 0.01 * ours for others in trades.values()), f"not the same work: {trades}"
