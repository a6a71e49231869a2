"""operation.yaml's own rules, and names of markets."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.config.operation import InstrumentOverrides, OperationSettings, resolve_symbol
from engine.contracts.market import Instrument
from engine.primitives.errors import ConfigError
from tests.support.config import OPERATION, a_file, mistakes_in, swapped

SPOT = ["BTC/USDT", "ETH/USDT", "ETH/BTC"]
coins = st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=3, max_size=5)


@pytest.mark.unit
@pytest.mark.parametrize("written", ["BTC/USDT", "BTCUSDT", "btcusdt", "btc/usdt", "BTC-USDT", "btc_usdt"])
def test_a_market_may_be_written_as_venues_write_it(written: str) -> None:
    assert resolve_symbol(written, SPOT) == "BTC/USDT"


@pytest.mark.unit
def test_an_unknown_market_is_refused_with_the_near_one() -> None:
    with pytest.raises(ConfigError, match=r"'BTCUSTD' is not one of the markets.*Did you mean 'BTC/USDT'\?"):
        resolve_symbol("BTCUSTD", SPOT)


@pytest.mark.unit
def test_a_name_that_means_two_markets_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"may mean more than one market. Expected one of BTC/USDT, BTC/USDT:USDT"):
        resolve_symbol("BTCUSDT", ["BTC/USDT", "BTC/USDT:USDT"])


@pytest.mark.unit
def test_a_perpetual_is_never_taken_for_the_spot_market_of_the_same_name() -> None:
    with pytest.raises(ConfigError, match="Did you mean 'BTC/USDT:USDT'"):
        resolve_symbol("BTC/USDT", ["BTC/USDT:USDT"])


@pytest.mark.unit
def test_the_only_market_of_a_pair_may_be_a_perpetual() -> None:
    assert resolve_symbol("BTCUSDT", ["BTC/USDT:USDT", "ETH/USDT"]) == "BTC/USDT:USDT"


@pytest.mark.unit
def test_where_there_is_no_market_it_says_so() -> None:
    with pytest.raises(ConfigError, match="No market can be had"):
        resolve_symbol("BTCUSDT", [])


@pytest.mark.property
@given(pairs=st.sets(st.tuples(coins, coins), min_size=1), text=st.text())
def test_a_name_is_resolved_to_a_known_market_or_refused(pairs: set[tuple[str, str]], text: str) -> None:
    known = [f"{base}/{quote}" for base, quote in sorted(pairs)]
    try:
        found = resolve_symbol(text, known)
    except ConfigError:
        found = ""

    assert found in {*known, ""}


@pytest.mark.property
@given(pairs=st.sets(st.tuples(coins, coins), min_size=1))
def test_a_squeezed_name_gives_back_its_market_unless_two_share_it(pairs: set[tuple[str, str]]) -> None:
    known = [f"{base}/{quote}" for base, quote in sorted(pairs)]
    for symbol in known:
        squeezed = symbol.replace("/", "")
        shared = [other for other in known if other.replace("/", "") == squeezed]
        if len(shared) == 1:
            assert resolve_symbol(squeezed, known) == symbol
        else:
            with pytest.raises(ConfigError, match="more than one"):
                resolve_symbol(squeezed, known)


@pytest.mark.unit
def test_overrides_change_what_they_say_and_nothing_else() -> None:
    market = Instrument(
        symbol="BTC/USDT", base="BTC", quote="USDT", tick_size=Decimal("0.1"), lot_step=Decimal("0.001")
    )

    own = InstrumentOverrides(taker_fee=Decimal("0.0005"), may_short=True).over(market)

    assert own == market.model_copy(update={"taker_fee": Decimal("0.0005"), "may_short": True})


@pytest.mark.unit
def test_two_connectors_may_not_have_one_id(tmp_path: Path) -> None:
    text = swapped(OPERATION, ("data:\n", "  - {id: demo, connector: replay}\ndata:\n"))

    (finding,) = mistakes_in(a_file(tmp_path, text), OperationSettings)

    assert (finding.line, finding.key_path) == (12, "connectors[1].id")
