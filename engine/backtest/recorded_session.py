"""A recorded session as its journal has it, ready to be played once more."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.backtest.variations import Settings, with_settings
from engine.config.loading import OperationBundle, load_all
from engine.config.places import Places
from engine.config.snapshot import lay_out
from engine.contracts.market import BAR_COLUMNS, BarSeries, Instrument, MarketBar, MarketEvent
from engine.journal.inputs import RecordedInput, past_of, read_configuration, read_inputs
from engine.journal.queries import SqliteJournalReader
from engine.phase0_bootstrap.assembly import assemble_session
from engine.phase0_bootstrap.depth import has_depth
from engine.phase0_bootstrap.markets import feed_of
from engine.phase0_bootstrap.recovery import Left
from engine.phase0_bootstrap.shelves import full_catalogue
from engine.ports.journal import SessionHeader, StoredFlow, StoredNode
from engine.ports.market_data import MarketFeed
from engine.ports.session import Mode
from engine.primitives.errors import ConfigError, DataError


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


@dataclass(frozen=True, slots=True)
class RecordedSession:
    """What came in, and the configuration as text. Plugins and the program are those of today.

    Attributes:
        header: What the session was.
        inputs: The market's events, the commands of people and what the session before had left, in order.
        files: The configuration by relative path.
    """

    header: SessionHeader
    inputs: Sequence[RecordedInput]
    files: Mapping[str, str]

    @classmethod
    def read(cls, journal: Path) -> "RecordedSession":
        """Return the session of a journal, which is only read. Blocks on the disk.

        Raises:
            ConfigError: the journal holds no inputs: a backtest has them in files.
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
        with SqliteJournalReader(journal) as reader:
            header = reader.session()
        assert header is not None  # noqa: S101  # a journal with inputs begins with its session
        return cls(header, inputs, files)

    def bundle_in(self, folder: Path) -> OperationBundle:
        """Lay the configuration out in an empty folder and return it.

        Raises:
            ConfigError: it cannot be used, or stands on files of the program that have changed.
        """
        return load_all(lay_out(self.files, folder))

    def play(self, folder: Path, *, places: Places, settings: Settings = ()) -> Path:
        """Play the session again and return its new journal. Blocks until it is done.

        Args:
            folder: Empty; configuration and journal go there.
            places: Where the user's plugins are.
            settings: What the blueprints say otherwise this time.

        Raises:
            ConfigError: the configuration, or one of the settings, cannot be used.
        """
        bundle = self.bundle_in(folder / "configuration")
        if settings:
            bundle = with_settings(bundle, settings, full_catalogue(places))
        inputs = self.inputs
        session = assemble_session(
            bundle,
            _SilentFeed(feed_of(bundle, {}, _bars_in(inputs))),
            past_of(inputs),
            places=places,
            journal_folder=folder / "journals",
            mode=Mode(self.header.mode),
            begins_ns=self.header.started_ns,
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


def flow_lines(reader: SqliteJournalReader, flow: StoredFlow | None) -> list[str]:
    """Return a flow as lines that can be compared: its end first, then every note with all its values."""
    if flow is None:
        return ["no such flow"]
    end = flow.outcome
    head = f"{flow.flow_id} {flow.strategy_id} {flow.birth_event}: {end.kind} {end.stage} {end.rule} {end.reason}"
    return [head, *(_line(node) for node in reader.nodes_of_flow(flow.flow_id))]


def _line(node: StoredNode) -> str:
    return f"  {node.event} by {node.worker}.{node.method}: {node.payload.model_dump_json(exclude_none=True)}"


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
