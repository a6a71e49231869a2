"""One suite for all plugins that can work ahead: a recording worked through at once is the one gone through bar by bar."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.contracts.recorded import RecordedColumns
from tests.support.context import employ, manifest_of
from tests.support.recordings import cut, enriched_bar_by_bar, recordings
from tests.support.tree import ROOT

pytestmark = pytest.mark.conformance

CONTEXT_SETTINGS: dict[str, tuple[dict[str, object], ...]] = {
    "phase1_context/adx_regime": ({}, {"periods": 2}, {"periods": 5, "trending_from": 50}),
    "phase1_context/atr_detector": ({}, {"periods": 1}, {"periods": 7}),
    "phase1_context/bollinger": ({}, {"periods": 2, "deviations": 0.3}, {"periods": 7}),
    "phase1_context/ema_detector": ({}, {"periods": [1, 2, 17]}),
    "phase1_context/macd": ({}, {"fast": 1, "slow": 2, "signal": 1}, {"fast": 3, "slow": 7, "signal": 4}),
    "phase1_context/market_structure": ({}, {"swing_bars": 1}, {"swing_bars": 5}),
    "phase1_context/rsi_detector": ({}, {"periods": 2}, {"periods": 7}),
    "phase1_context/session_classifier": (
        {},
        {"weekdays_only": False, "asia": {"zone": "Asia/Kolkata", "opens": "22:00", "closes": "22:00"}},
    ),
    "phase1_context/volume_profile": ({"periods": 30}, {"periods": 1}, {"periods": 7, "value_area": 1.0}),
    "phase1_context/vwap": ({}, {"periods": 1}, {"periods": 7}),
}
"""Settings under which each context plugin works ahead; short ones, so that most bars are past the warm-up."""


@pytest.mark.parametrize(
    ("folder", "config"), [(folder, config) for folder, several in CONTEXT_SETTINGS.items() for config in several]
)
@settings(max_examples=25)
@given(recorded=recordings(), share=st.floats(0.0, 1.0))
def test_columns_worked_out_ahead_are_those_of_going_bar_by_bar_and_never_look_ahead(
    folder: str, config: dict[str, object], recorded: RecordedColumns, share: float
) -> None:
    ahead = employ(folder, config).precompute(recorded)
    by_bar = enriched_bar_by_bar(employ(folder, config), recorded)
    length = 1 + int(share * (len(recorded) - 1))
    sooner = employ(folder, config).precompute(cut(recorded, length))

    for column, other, then in zip(ahead, by_bar, sooner, strict=True):
        # To the last bit: a replay must not depend on whether the platform worked ahead.
        np.testing.assert_array_equal(column, other)
        np.testing.assert_array_equal(then, column[:length])


def test_every_shipped_context_plugin_works_ahead_unless_it_looks_at_books() -> None:
    folders = [
        path.parent.relative_to(ROOT / "plugins").as_posix() for path in ROOT.glob("plugins/phase1_*/*/manifest.yaml")
    ]

    assert set(CONTEXT_SETTINGS) == {folder for folder in folders if not manifest_of(folder).capabilities.depth}
