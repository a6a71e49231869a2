"""operation.yaml: what is traded where, with whose money, and by which strategies."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from engine.config.base import SNAKE, ConfigModel, FileModel, Misfit, Money, at_key
from engine.config.findings import nearest
from engine.config.policies import FaultParameters
from engine.contracts.market import Instrument
from engine.primitives.errors import ConfigError

Name = Annotated[str, StringConstraints(pattern=SNAKE)]


class Environment(StrEnum):
    """What orders meet: a recorded market, a live market with simulated fills, or a venue."""

    BACKTEST = "backtest"
    PAPER = "paper"
    LIVE = "live"


class OperationIdentity(ConfigModel):
    """How the operation is called."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_\-]*$")]
    """Names its journals on disk, so it is not changed later."""
    name: str
    """What a person reads in the window."""
    description: str = ""


class AccountSettings(ConfigModel):
    """The money that the operation trades with."""

    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{2,10}$")]
    """What cash, equity and fees are counted in: the quote currency of every market that is traded, like USDT."""
    starting_cash: Annotated[Money, Field(gt=0)] | None = None
    """Cash at the start of a backtest or paper session, in `currency`; that of platform.yaml if not given. A live
    account has what its venue says."""


class ConnectorLink(ConfigModel):
    """One connection to the outside, under a name of its own: a connector may be used twice, with other settings."""

    id: Name
    """How this file calls it."""
    connector: Name
    """The connector's id in its manifest, like demo_market."""
    settings: Mapping[str, object] = Field(default_factory=dict)
    """As the connector's manifest lists them. Never a secret: those are kept by the system's key ring."""


class MarketSource(ConfigModel):
    """Where market data comes from."""

    feed: Name
    """The id of one of the connectors above."""
    warmup_bars: Annotated[int, Field(ge=0, le=100_000)] = 300
    """Closed bars of the strategy's timeframe that fill its window before it may act, so that the slowest indicator
    has settled."""
    files: Mapping[str, str] = Field(default_factory=dict)
    """Recorded bars for a backtest: symbol to Parquet or CSV file, relative to this file. `--data` on the command line
    comes before it."""


class InstrumentOverrides(ConfigModel):
    """What is otherwise than the connector says, or not said by it (a file of bars has no fees and no lot size)."""

    tick_size: Annotated[Money, Field(gt=0)] | None = None
    """Price step, quote per base."""
    lot_step: Annotated[Money, Field(gt=0)] | None = None
    """Quantity step, base units."""
    min_quantity: Annotated[Money, Field(ge=0)] | None = None
    """Smallest order, base units."""
    min_notional: Annotated[Money, Field(ge=0)] | None = None
    """Smallest order, quote units."""
    maker_fee: Annotated[Money, Field(ge=0, lt=1)] | None = None
    """Ratio of the traded quote value; 0.001 is 0.1 %."""
    taker_fee: Annotated[Money, Field(ge=0, lt=1)] | None = None
    """Ratio of the traded quote value; 0.001 is 0.1 %."""
    may_short: bool | None = None
    """Whether more may be sold than is held."""

    def over(self, instrument: Instrument) -> Instrument:
        """Return the instrument with what is said here in place of its own."""
        return Instrument.model_validate({**instrument.model_dump(), **self.model_dump(exclude_none=True)})


class StrategyLink(ConfigModel):
    """One strategy of the operation."""

    blueprint: str
    """Path of its strategy_blueprint.yaml, relative to this file."""
    enabled: bool = True
    """Whether it is started; a strategy that is not is not even read."""


class OnRestart(StrEnum):
    """What becomes of groups with slices still to be sent, when their session was ended or killed and another begins."""

    PAUSE = "pause"
    """They wait, paused, for a person."""
    RESUME = "resume"
    """They go on by themselves as soon as the venue was read, as after a pause."""


class OperationSettings(FileModel):
    """The whole of operation.yaml. Paths are relative to this file; ``shipped:`` begins a path in the program's own."""

    operation: OperationIdentity
    environment: Environment
    account: AccountSettings
    connectors: Annotated[tuple[ConnectorLink, ...], Field(min_length=1)]
    data: MarketSource
    instruments: Mapping[str, InstrumentOverrides] = Field(default_factory=dict)
    """By symbol."""
    strategy_links: Annotated[tuple[StrategyLink, ...], Field(min_length=1)]
    faults: FaultParameters | None = None
    """Paper sessions: what goes wrong between this operation and its simulated venue, for drills; as platform.yaml says
    if not given."""
    on_restart: OnRestart = OnRestart.PAUSE
    """Paper sessions: whether a schedule that was interrupted waits for you or goes on. One that you paused waits."""
    platform: str | None = None
    """Path of a platform.yaml; the program's own if not given."""

    @classmethod
    def misfits(cls, raw: Mapping[str, object]) -> Iterator[Misfit]:
        """Name connectors of one id, a feed that is no connector, and an operation without an enabled strategy."""
        ids = [at_key(link, "id") for link in _items(raw, "connectors")]
        for place, name in enumerate(ids):
            if isinstance(name, str) and name in ids[:place]:
                problem = f"two connectors are called '{name}'"
                yield Misfit(("connectors", place, "id"), problem, "another id for each")
        feed, known = at_key(raw, "data", "feed"), tuple(dict.fromkeys(name for name in ids if isinstance(name, str)))
        if isinstance(feed, str) and feed not in known:
            expected = f"one of {', '.join(known)}" if known else "a connector to be listed under connectors"
            problem = f"'{feed}' is not one of the connectors"
            yield Misfit(("data", "feed"), problem, expected, known=known, written=feed)
        links = _items(raw, "strategy_links")
        if links and all(at_key(link, "enabled") is False for link in links):
            yield Misfit(("strategy_links",), "no strategy is enabled", "enabled: true for at least one")


def _items(raw: Mapping[str, object], key: str) -> Sequence[object]:
    items = raw.get(key)
    return items if isinstance(items, list | tuple) else ()


def resolve_symbol(text: str, known: Sequence[str]) -> str:
    """Return the unified symbol that a person means: ``BTCUSDT``, ``btc-usdt`` or ``BTC/USDT`` for ``BTC/USDT``.

    A name with a slash means exactly that market: a perpetual is never taken for the spot market of the same pair.

    Args:
        text: As it stands in a file.
        known: Unified symbols of the markets that can be had.

    Raises:
        ConfigError: no market or more than one is meant; names the near ones.
    """
    if text in known:
        return text
    plain = str.casefold if "/" in text else _squeezed
    meant = [symbol for symbol in known if plain(text) == plain(symbol if "/" in text else symbol.partition(":")[0])]
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise ConfigError(f"'{text}' may mean more than one market. Expected one of {', '.join(meant)}.")
    squeezed = {_squeezed(symbol): symbol for symbol in known}
    close = nearest(_squeezed(text), squeezed)
    hint = f" Did you mean '{squeezed[close]}'?" if close else ""
    listed = f" Expected one of {', '.join(known)}." if known else " No market can be had."
    raise ConfigError(f"'{text}' is not one of the markets.{listed}{hint}")


def _squeezed(symbol: str) -> str:
    return "".join(letter for letter in symbol.casefold() if letter not in "/-_ ")
