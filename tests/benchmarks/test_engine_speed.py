"""What the house costs per bar, as a ratio to a bare loop over the same indicators in the same run. No timed assertion."""

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from connectors.demo_market.generator import DemoMarket
from engine.backtest.runner import drive
from engine.config.loading import OperationBundle, load_all
from engine.config.places import Places
from engine.contracts.market import BarSeries
from engine.phase0_bootstrap.assembly import assemble_backtest
from engine.phase0_bootstrap.operations import copy_operation, operation_path
from engine.sdk.indicators import ADX, EMA, RollingMax, RollingMin

pytestmark = pytest.mark.benchmark
BARS = 20_000
RUNS = 5
MINUTE_NS = 60 * 10**9
START_NS = 1_767_571_200 * 10**9


def _bars() -> BarSeries:
    return DemoMarket(seed=7).bars("BTC/USDT", from_ns=START_NS, to_ns=START_NS + BARS * MINUTE_NS)


def _an_operation(home: Path, *, quiet: bool) -> tuple[OperationBundle, Places]:
    """Return the shipped backtest on one-minute bars; the quiet one sees no gap that is large enough."""
    places = Places(data=home / "data", config=home / "config", state=home / "state")
    operation = copy_operation(operation_path("backtest-btc", places), "bench", places)
    blueprint = next((operation.parent / "strategies").glob("*.yaml"))
    text = blueprint.read_text(encoding="utf-8").replace("timeframe: 5m", "timeframe: 1m")
    if quiet:
        text = text.replace("min_gap_atr: 0.3", "min_gap_atr: 1000")
    blueprint.write_text(text, encoding="utf-8")
    return load_all(operation), places


def _bare_loop(series: BarSeries) -> None:
    emas, adx, highest, lowest = [EMA(n) for n in (20, 50, 200)], ADX(14), RollingMax(7), RollingMin(7)
    columns = (series.high.tolist(), series.low.tolist(), series.close.tolist())
    for high, low, close in zip(*columns, strict=True):
        for ema in emas:
            ema.update(close)
        adx.update(high, low, close)
        highest.update(high)
        lowest.update(low)


def _timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


@pytest.mark.parametrize("kind", ["quiet", "trading"])
def test_a_bar_through_the_whole_house_against_a_bare_loop(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    series = _bars()
    bundle, places = _an_operation(tmp_path, quiet=kind == "quiet")

    def through_the_house(run: int) -> None:
        assembled = assemble_backtest(
            bundle, recordings=[series], label="bench", places=places, journal=tmp_path / f"{run}.sqlite", facts={}
        )
        drive(assembled, [series], lambda done, total: None)
        assembled.journal.close()

    # One after the other, so that a slow moment of the machine falls on both.
    house, bare = zip(
        *((_timed(lambda run=run: through_the_house(run)), _timed(lambda: _bare_loop(series))) for run in range(RUNS)),  # type: ignore[misc]  # run is bound at once
        strict=True,
    )
    with capsys.disabled():
        ratio = statistics.median(house) / statistics.median(bare)
        print(  # noqa: T201  # a benchmark's result is its output
            f"\n{kind}: {BARS:,} bars, journal committed: "
            f"{statistics.median(house) / BARS * 1e6:.1f} us a bar, bare loop {statistics.median(bare) / BARS * 1e6:.1f} us, "
            f"ratio {ratio:.1f}"
        )
