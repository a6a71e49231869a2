"""The recorded markets of an operation: for a backtest, or for a session that plays them as if they were live."""

from collections.abc import Sequence
from pathlib import Path

from engine.backtest.dataset import load_bars
from engine.config.loading import OperationBundle
from engine.config.operation import resolve_symbol
from engine.contracts.market import BarSeries
from engine.primitives.errors import ConfigError


def recordings_of(bundle: OperationBundle) -> Sequence[BarSeries]:
    """Return one series for every market that the operation's strategies look at, in the order of `files_of`. Blocks.

    Raises:
        ConfigError: a market has no file.
        DataError: a file cannot be used as it stands.
    """
    return [load_bars(path, symbol=symbol)[0] for symbol, path in files_of(bundle).items()]


def files_of(bundle: OperationBundle, data: Sequence[str] = ()) -> dict[str, Path]:
    """Return the recording of every market that a strategy looks at, by unified symbol.

    They come in the order of the strategies, each with its companions after it: of bars that close together the first
    market's comes first, in a backtest as in a session.

    Args:
        bundle: The operation.
        data: ``FILE`` or ``SYMBOL=FILE`` from the command line; `data.files` of the operation if there is none.

    Raises:
        ConfigError: a market has no recording, or a recording no market.
    """
    markets = [linked.blueprint.model.market for linked in bundle.strategies]
    known = list(dict.fromkeys(symbol for market in markets for symbol in (market.symbol, *market.companions)))
    if not data:
        files = bundle.recordings
    elif len(data) == 1 and "=" not in data[0] and len(known) == 1:
        files = {known[0]: Path(data[0])}
    else:
        named = [text.partition("=") for text in data]
        nameless = [text for text, sign, _ in named if not sign]
        if nameless:
            raise ConfigError(
                f"Several markets are traded ({', '.join(known)}): say which one each file is, like "
                f"--data {known[0]}={nameless[0]}."
            )
        files = {resolve_symbol(symbol, known): Path(file) for symbol, _, file in named}
    resolved = {resolve_symbol(symbol, known): path for symbol, path in files.items()}
    missing = [symbol for symbol in known if symbol not in resolved]
    if missing:
        raise ConfigError(
            f"There is no recording for {', '.join(missing)}. Give one with --data FILE (or --data SYMBOL=FILE), "
            "or name it under data.files in operation.yaml."
        )
    return {symbol: resolved[symbol] for symbol in known}
