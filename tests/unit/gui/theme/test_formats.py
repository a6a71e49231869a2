"""Numbers, times and states are written in one way."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine.contracts.base import Direction
from engine.contracts.orders import OrderStatus
from gui.theme import formats

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        ("60000", 2, "60,000.00"),
        ("0.00183", None, "0.00183"),
        ("0.10000", None, "0.1"),
        ("1E+3", None, "1,000"),
        ("-12.5", 2, "\N{MINUS SIGN}12.50"),
        ("-0.001", 2, "0.00"),
        ("1.00000000000000000000000000009", None, "1"),
    ],
)
def test_a_number_is_grouped_and_never_scientific(value: str, places: int | None, text: str) -> None:
    assert formats.decimal_text(Decimal(value), places) == text


def test_what_is_not_there_is_a_dash() -> None:
    assert (
        formats.decimal_text(None) == formats.money_text(None, "USDT") == formats.instant_text(None) == formats.NOTHING
    )
    assert formats.float_text(float("nan"), 2) == formats.NOTHING


def test_a_price_has_as_many_decimals_as_its_tick() -> None:
    assert formats.price_text(Decimal("60000.1"), Decimal("0.01")) == "60,000.10"
    assert formats.price_text(Decimal(60000), Decimal(1)) == "60,000"


@pytest.mark.parametrize(
    ("amount", "text"), [("3", "+3.00"), ("-3", "\N{MINUS SIGN}3.00"), ("0", "0.00"), ("0.001", "0.00")]
)
def test_a_result_says_its_sign_unless_it_is_nothing(amount: str, text: str) -> None:
    assert formats.signed_money_text(Decimal(amount)) == text


def test_times_are_utc() -> None:
    at = datetime(2026, 1, 5, 4, 19, tzinfo=UTC)

    assert formats.instant_utc_text(at) == "2026-01-05 04:19:00 UTC"
    assert formats.time_text(at) == "04:19:00"


def test_the_axis_writes_the_date_where_a_day_begins() -> None:
    midnight_ns = 1_767_571_200_000_000_000

    assert formats.axis_time_text(midnight_ns, is_first=False) == "05 Jan"
    assert formats.axis_time_text(midnight_ns + 60_000_000_000, is_first=False) == "00:01"
    assert formats.axis_time_text(midnight_ns + 60_000_000_000, is_first=True) == "05 Jan 00:01"


def test_sides_are_told_by_word_and_shape() -> None:
    assert formats.side_text(Direction.BUY) == "▲ Buy"
    assert formats.side_text(Direction.SELL) == "▼ Sell"
    assert formats.position_side_text(Decimal("-0.1")) == "▼ Short"


def test_states_are_words_and_abbreviations_stay_capital() -> None:
    assert formats.state_text(OrderStatus.PARTIALLY_FILLED) == "Partially filled"
    assert formats.words_text("fvg_entry") == "FVG entry"
    assert formats.words_text("ema_20") == "EMA 20"


def test_volumes_are_short() -> None:
    assert [formats.compact_text(value) for value in (4.84, 12_345.0, 1.5e6)] == ["4.84", "12.3k", "1.5M"]
