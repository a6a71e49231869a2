from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from connectors.demo_market.settings import DemoSettings

pytestmark = pytest.mark.unit


def test_settings_may_come_out_of_yaml() -> None:
    settings = DemoSettings.model_validate(
        {"seed": 3, "start": "2026-02-01T12:00:00Z", "symbols": ["ETH/USDT"], "speed": 10, "bars": 5}
    )

    assert settings.start == datetime(2026, 2, 1, 12, tzinfo=UTC)
    assert settings.symbols == ("ETH/USDT",)
    assert settings.speed == 10.0


@pytest.mark.parametrize(
    "wrong",
    [
        {"seed": -1},
        {"start": datetime(2026, 1, 5)},  # noqa: DTZ001  # the point of the test
        {"start": datetime(2026, 1, 5, 0, 0, 30, tzinfo=UTC)},
        {"start": datetime(1969, 1, 5, tzinfo=UTC)},
        {"symbols": ()},
        {"symbols": ("BTC/USDT", "BTC/USDT")},
        {"speed": -1.0},
        {"speed": float("inf")},
        {"bars": 0},
        {"history_days": -1},
        {"sped": 10},
    ],
)
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        DemoSettings.model_validate(wrong)
