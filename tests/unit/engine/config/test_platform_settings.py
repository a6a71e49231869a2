"""What holds for all operations, and what is otherwise for one instrument."""

from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from engine.config.loading import load
from engine.config.platform_settings import ExecutionSettings, PlatformSettings
from engine.config.policies import FillParameters, TranslationPolicy
from tests.support.config import a_file, mistakes_in

pytestmark = pytest.mark.unit


@pytest.fixture
def execution(tmp_path: Path) -> ExecutionSettings:
    text = """\
execution:
  translation: {cex: {twap_above_size: 2.0, max_slices: 9}}
  fills: {slippage_bps: 3}
  instruments:
    ETH/USDT:
      translation: {cex: {twap_above_size: 20.0}}
      fills: {half_spread_bps: 1.5}
"""
    return load(a_file(tmp_path, text), PlatformSettings).execution


def test_an_instrument_has_its_own_numbers_over_those_for_all(execution: ExecutionSettings) -> None:
    eth = execution.translation_for("ETH/USDT").cex

    assert (eth.twap_above_size, eth.max_slices) == (Decimal("20.0"), 9)
    assert execution.fills_for("ETH/USDT") == FillParameters(half_spread_bps=Decimal("1.5"), slippage_bps=Decimal(3))


def test_an_instrument_of_which_nothing_is_said_has_the_numbers_for_all(execution: ExecutionSettings) -> None:
    assert execution.translation_for("BTC/USDT") == execution.translation
    assert execution.fills_for("BTC/USDT").slippage_bps == Decimal(3)


def test_without_a_file_the_documents_thresholds_hold() -> None:
    policy = PlatformSettings().execution.translation

    assert policy == TranslationPolicy()
    assert (policy.cex.twap_above_size, policy.cex.iceberg_above_size) == (Decimal("1.0"), Decimal("5.0"))
    assert (policy.dex.multi_dex_above_size, policy.dex.mev_above_value) == (Decimal("10.0"), Decimal(10_000))
    assert PlatformSettings().supervision.max_failures_in_a_row == 5


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        PlatformSettings().supervision.max_failures_in_a_row = 1  # type: ignore[misc]  # this is the point


def test_a_log_level_that_does_not_exist_is_told_with_the_nearest(tmp_path: Path) -> None:
    (finding,) = mistakes_in(a_file(tmp_path, "logging: {packages: {engine.wiring: warn}}"), PlatformSettings)

    assert (finding.key_path, finding.nearest) == ("logging.packages.engine.wiring", "WARNING")
