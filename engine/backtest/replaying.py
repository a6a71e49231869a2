"""Plays a recorded session again and looks for the first decision that comes out otherwise."""

import tempfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from itertools import zip_longest
from pathlib import Path

import numpy as np

from engine.config.loading import load_all
from engine.config.places import Places
from engine.config.snapshot import lay_out
from engine.contracts.market import BAR_COLUMNS, BarSeries, Instrument, MarketBar, MarketEvent
from engine.journal.digest import journal_digest
from engine.journal.inputs import RecordedInput, past_of, read_configuration, read_inputs
from engine.journal.queries import SqliteJournalReader
from engine.phase0_bootstrap.assembly import assemble_session
from engine.phase0_bootstrap.depth import has_depth
from engine.phase0_bootstrap.markets import feed_of
from engine.phase0_bootstrap.recovery import Left
from engine.ports.journal import SessionHeader, StoredFlow, StoredNode
from engine.ports.market_data import MarketFeed
from engine.ports.session import Mode
from engine.primitives.errors import ConfigError, DataError


@dataclass(frozen=True, slots=True)
class ReplayResult:
    """What came of playing a session again.

    `difference` is a diff of the first two flows that differ, empty when there is none. `is_identical` says that the
    whole journals are the same, order by order and fill by fill, ids included.
    """

    inputs: int
    flows: int
    is_identical: bool
    difference: Sequence[str]


class _SilentFeed:
    """Stands in for the feed of a session: it says the same of itself and delivers nothing."""

    def __init__(self, feed: MarketFeed) -> None:
        self.label = feed.label
        self.timeframe = feed.timeframe
        self.delivers_books = has_depth(feed)
        self._instruments = feed.instruments()

    def instruments(self) -> Sequence[Instrument]:
        return self._instruments

    def history(self, *, symbol: str, timeframe: str, bars: int) -> BarSeries:
        raise DataError("A replay has its past from the journal.", symbol=symbol, timeframe=timeframe, bars=bars)

    async def events(self) -> AsyncIterator[MarketEvent]:
        return
        yield  # an async generator that ends at once


def replay(journal: Path, *, places: Places) -> ReplayResult:
    """Play a session again from its journal alone. Blocks until it is done; the journal is only read.

    The market's bars, the user's commands and the configuration come from the journal; plugins and the program are
    those of today. So a difference means that one of those two has changed, or that something decides by chance.

    Args:
        journal: The journal of a session: paper, live, or one that played recorded bars.
        places: Where the user's plugins are.

    Raises:
        ConfigError: the journal holds no inputs (a backtest has them in files), or its configuration cannot be used.
        LedgerMismatch: the file is no journal, or is damaged.
    """
    inputs = list(read_inputs(journal))
    files = read_configuration(journal)
    if not inputs or not files:
        raise ConfigError(
            "This journal holds no inputs to play again: it is a backtest's, whose inputs are its file of bars, or an older "
            "one. Run `s1mpletrader backtest` again with the same operation and --data, and compare the digests that both "
            "print; or play the file as a session (`s1mpletrader run` with data.files), which can be played again."
        )
    with tempfile.TemporaryDirectory(prefix="s1mpletrader-replay-") as folder:
        with SqliteJournalReader(journal) as reader:
            header = reader.session()
        assert header is not None  # noqa: S101  # a journal with inputs begins with its session
        again = _play(inputs, files, Path(folder), places, header)
        difference = _first_difference(journal, again)
        with SqliteJournalReader(again) as reader:
            flows = sum(1 for _ in reader.all_flows())
        return ReplayResult(
            inputs=len(inputs),
            flows=flows,
            is_identical=journal_digest(journal) == journal_digest(again),
            difference=difference,
        )


def _play(
    inputs: Sequence[RecordedInput], files: dict[str, str], folder: Path, places: Places, header: SessionHeader
) -> Path:
    bundle = load_all(lay_out(files, folder / "configuration"))
    session = assemble_session(
        bundle,
        _SilentFeed(feed_of(bundle, {}, _bars_in(inputs))),
        past_of(inputs),
        places=places,
        journal_folder=folder / "journals",
        mode=Mode(header.mode),
        begins_ns=header.started_ns,
        left=Left(
            states=[one.state for one in inputs if one.state is not None],
            books=next((one.books for one in inputs if one.books is not None), None),
            venue=next((one.venue for one in inputs if one.venue is not None), None),
        ),
    )
    for one in inputs:
        if one.command is not None:
            # The id was given out at this place: asking for one keeps the order of ids.
            session.ask(one.command.model_copy(update={"command_id": session.next_command_id()}))
        elif one.at_ns is not None:
            session.pass_time(one.at_ns)
        elif one.job is not None:
            session.resume_flatten(one.job)
        elif one.event is not None and one.is_live:
            session.take(one.event)
    session.close()
    path = session.status.journal_path
    assert path is not None  # noqa: S101  # a session that was assembled has a journal
    return path


def _bars_in(inputs: Sequence[RecordedInput]) -> Sequence[BarSeries]:
    """Return the bars that came in, by symbol: a feed of recorded bars is built from them."""
    found: dict[str, list[MarketBar]] = {}
    for one in inputs:
        if isinstance(one.event, MarketBar):
            bars = found.setdefault(one.event.symbol, [])
            if not bars or one.event.opened_ns > bars[-1].opened_ns:  # one that did not follow was skipped then, too
                bars.append(one.event)
    return [_series_of(bars) for bars in found.values()]


def _series_of(bars: Sequence[MarketBar]) -> BarSeries:
    opened_ns = np.array([bar.opened_ns for bar in bars], dtype=np.int64)
    columns = (np.array([getattr(bar, name) for bar in bars]) for name in BAR_COLUMNS)
    return BarSeries(bars[0].symbol, bars[0].timeframe, opened_ns, *columns)


def _first_difference(recorded: Path, again: Path) -> Sequence[str]:
    with SqliteJournalReader(recorded) as before, SqliteJournalReader(again) as after:
        for old, new in zip_longest(before.all_flows(), after.all_flows()):
            lines = [_told(reader, flow) for reader, flow in ((before, old), (after, new))]
            if lines[0] != lines[1]:
                return list(unified_diff(lines[0], lines[1], "recorded", "played again", lineterm="", n=2))
    return ()


def _told(reader: SqliteJournalReader, flow: StoredFlow | None) -> list[str]:
    if flow is None:
        return ["no such flow"]
    end = flow.outcome
    head = f"{flow.flow_id} {flow.strategy_id} {flow.birth_event}: {end.kind} {end.stage} {end.rule} {end.reason}"
    return [head, *(_line(node) for node in reader.nodes_of_flow(flow.flow_id))]


def _line(node: StoredNode) -> str:
    return f"  {node.event} by {node.worker}.{node.method}: {node.payload.model_dump_json(exclude_none=True)}"
