"""What our own engine costs: a quiet bar, a decision, a subscriber, a million bars, the journal."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Any
from unittest.mock import patch

import pytest

from engine.backtest.runner import drive
from engine.contracts.base import Contract
from engine.contracts.context import AssessedContext
from engine.contracts.flows import OutcomeKind
from engine.contracts.market import BarSeries
from engine.runtime.strategy import StrategyRun
from engine.sdk.indicators import ATR, EMA, RSI
from tests.benchmarks.house import assembled, in_house
from tests.benchmarks.measuring import LONG_RUNS, Board, Took, Watch, alternated
from tests.benchmarks.reference import ReferenceWork, a_market, saved
from tests.support.sessions import Witness
from tests.support.tree import ROOT

pytestmark = pytest.mark.benchmark
BARS = 100_000
MANY_BARS = 1_000_000
FEW_BARS = 20_000


def _bare_loop(series: BarSeries) -> Took:
    fast, slow, reach, momentum, watch = EMA(20), EMA(50), ATR(14), RSI(14), Watch()
    with watch:
        columns = (series.high.tolist(), series.low.tolist(), series.close.tolist())
        for high, low, close in zip(*columns, strict=True):
            fast.update(close)
            slow.update(close)
            reach.update(high, low, close)
            momentum.update(close)
    return watch.took


def test_a_quiet_bar_against_a_bare_loop(work: ReferenceWork, board: Board) -> None:
    series, quiet = a_market(BARS), work.quiet
    house, remembered = in_house(quiet, series, journal=False), in_house(quiet, series)

    through, with_journal, bare = alternated(
        lambda: house().took, lambda: remembered().took, lambda: _bare_loop(series)
    )

    note = f"{through.wall / BARS * 1e6:.2f} us a bar; with the journal {with_journal.wall / bare.wall:.1f}x"
    board.ratio("a quiet bar against a bare loop", of=through, to=bare, goal=8, better="less", note=note)


def _notes_in(value: object) -> Iterator[Contract]:
    """Give every DTO that a value is made of, itself included."""
    if isinstance(value, AssessedContext):
        yield from _notes_in(value.assessment)
    elif isinstance(value, Contract):
        yield value
        for name in type(value).model_fields:
            yield from _notes_in(getattr(value, name))
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _notes_in(each)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for each in value:
            yield from _notes_in(each)


class _Decisions:
    """What was said and registered in each flow that opened a trade, and how long each took."""

    def __init__(self, work: ReferenceWork, series: BarSeries) -> None:
        self.work = work
        self.series = series
        self.flows: dict[int, list[Contract]] = {}
        """The DTOs by the close of the bar."""
        self.nodes = 0

    def look(self) -> None:
        """Run once to see which bars decide, and what with."""
        ready, witness, run = assembled(self.work, self.series, journal=False), Witness(), StrategyRun.on_bar
        ready.engine.watch(witness)

        def watched(strategy: StrategyRun, bar: Any) -> Any:
            witness.changes.clear()
            found = run(strategy, bar)
            record = found[1]
            opened = [change for change in witness.changes if change.group is not None or change.order is not None]
            if record is not None and record.outcome.kind is OutcomeKind.EXECUTED and "EXG_" in record.outcome.reason:
                made = [_notes_in(node.payload) for node in record.nodes]
                made += [_notes_in(part) for change in opened for part in (change.order, change.group)]
                self.flows[bar.closed_ns] = list({id(note): note for notes in made for note in notes}.values())
                self.nodes = max(self.nodes, len(record.nodes))
            return found

        with patch.object(StrategyRun, "on_bar", watched):
            drive(ready, [self.series], lambda done, total: None)

    def decide(self) -> Took:
        """Run again and time these flows alone."""
        watch = Watch()

        def timed(run: Callable[[], Any], notes: list[Contract]) -> Any:
            with watch:
                return run()

        self._again(timed)
        return watch.took

    def build(self) -> Took:
        """Run again, and before each of these flows only build and validate its DTOs.

        In a loop of their own they would find everything in the processor's caches, which no decision does.
        """
        watch = Watch()

        def timed(run: Callable[[], Any], notes: list[Contract]) -> Any:
            recipes = [(type(note), {name: getattr(note, name) for name in type(note).model_fields}) for note in notes]
            with watch:
                for kind, fields in recipes:
                    kind(**fields)
            return run()

        self._again(timed)
        return watch.took

    def _again(self, at_decision: Callable[[Callable[[], Any], list[Contract]], Any]) -> None:
        ready, run = assembled(self.work, self.series, journal=False), StrategyRun.on_bar

        def watched(strategy: StrategyRun, bar: Any) -> Any:
            notes = self.flows.get(bar.closed_ns)
            return run(strategy, bar) if notes is None else at_decision(lambda: run(strategy, bar), notes)

        with patch.object(StrategyRun, "on_bar", watched):
            drive(ready, [self.series], lambda done, total: None)


def test_a_full_decision_against_building_its_notes(work: ReferenceWork, board: Board) -> None:
    decisions = _Decisions(work, a_market(FEW_BARS))
    decisions.look()
    count = len(decisions.flows)
    assert count > 100

    decided, built = alternated(decisions.decide, decisions.build)

    notes = sum(map(len, decisions.flows.values())) / count
    board.ratio(
        "a full decision against building its DTOs",
        of=decided,
        to=built,
        goal=3,
        better="less",
        note=f"{decided.wall / count * 1e6:.0f} us, {decisions.nodes} nodes, {notes:.0f} DTOs; no journal",
    )


def _calls(work: ReferenceWork, series: BarSeries) -> int:
    """Return how many Python functions a run calls, its journal's thread left out."""
    ready, calls = assembled(work, series, journal=False), 0

    def count(frame: FrameType, event: str, arg: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        drive(ready, [series], lambda done, total: None)
    finally:
        sys.setprofile(None)
    return calls


def test_one_more_subscriber(work: ReferenceWork, board: Board) -> None:
    series, few, quiet = a_market(BARS), a_market(2_000), work.quiet
    more = quiet.with_another_scout()
    usual, with_one_more = in_house(quiet, series, journal=False), in_house(more, series, journal=False)

    without, having = alternated(lambda: usual().took, lambda: with_one_more().took)

    calls = (_calls(more, few) - _calls(quiet, few)) / len(few)
    note = f"{(having.processor - without.processor) / BARS * 1e9:.0f} ns a bar, its own call included"
    board.count("one more subscriber on an event", calls, goal=2, unit=" calls", note=note)


def test_a_million_bars(work: ReferenceWork, board: Board) -> None:
    short, long = (in_house(work, a_market(bars)) for bars in (BARS, MANY_BARS))

    # One run of a million is as long as ten others; the short ones stand before and after it.
    before, many = alternated(lambda: short().took, lambda: long().took, runs=1)
    (after,) = alternated(lambda: short().took, runs=LONG_RUNS - 1 or 1)

    few = Took((before.wall + after.wall) / 2, (before.processor + after.processor) / 2)
    per_bar = Took(many.wall * BARS / MANY_BARS, many.processor * BARS / MANY_BARS)
    note = f"{per_bar.wall / BARS * 1e6:.2f} against {few.wall / BARS * 1e6:.2f} us; one run between short ones"
    board.ratio("cost per bar, 1,000,000 against 100,000", of=per_bar, to=few, goal=1.15, better="less", note=note)


def test_memory_of_a_million_bars(work: ReferenceWork, board: Board, tmp_path: Path) -> None:
    bars = saved(a_market(MANY_BARS), tmp_path / "bars.npy")

    child = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.memory_child", str(work.places.data.parent), str(bars)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )

    note = "1,000,000 bars, bars themselves included, in a process of its own"
    board.count("most memory, over the imports", float(child.stdout), goal=200, unit=" MB", note=note)


def test_a_durable_journal_against_none(work: ReferenceWork, board: Board) -> None:
    series = a_market(BARS)
    keeping, forgetting = in_house(work, series), in_house(work, series, journal=False)

    durable, none = alternated(lambda: keeping().took, lambda: forgetting().took)

    board.by_processor("a durable journal against none", of=durable, to=none, goal=1.5, better="less")
