"""One suite for all plugins that can work ahead: a recording worked through at once is the one gone through bar by bar."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.contracts.context import ColumnSpec
from engine.contracts.disposition import NOTHING, Envelopes
from engine.contracts.market import BAR_COLUMNS
from engine.contracts.recorded import BoolColumn, RecordedColumns
from engine.ports.worker import Worker
from engine.sdk.made_up_market import rough_market
from tests.support.context import START_NS, assess, class_of, employ, manifest_of
from tests.support.recordings import contexts_of, cut, enriched_bar_by_bar, recording, recordings
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

DETECTOR_SETTINGS: dict[str, tuple[dict[str, object], ...]] = {
    "phase2_opportunity/breakout": ({}, {"channel_bars": 2, "buffer_pct": 0.0}, {"channel_bars": 7}),
    "phase2_opportunity/divergence": (
        {},
        {"swing_bars": 1, "lookback_bars": 9, "lower_zone": None, "upper_zone": None, "min_gap": 0.0},
        {"swing_bars": 2, "lower_zone": 55.0, "upper_zone": 45.0, "min_gap": 0.5},
    ),
    "phase2_opportunity/fair_value_gap": (
        {},
        {"max_bars_since_break": 0, "min_gap_pct": 0.0, "min_gap_atr": 0.0, "atr_periods": 1},
        {"max_bars_since_break": 40, "min_gap_pct": 0.0, "min_gap_atr": 0.05, "atr_periods": 3},
    ),
    "phase2_opportunity/mean_reversion": (
        {},
        {"mean_bars": 5, "min_z": 0.5, "needs_turn": False, "regime_column": "nobody"},
        {"mean_bars": 10, "min_z": 1.0, "max_z": 2.0, "regime_column": "nobody"},
    ),
    "phase2_opportunity/volume_spike": (
        {},
        {"median_bars": 5, "min_multiple": 1.01, "min_body_share": 0.0, "min_body_pct": 0.0},
        {"median_bars": 8, "min_multiple": 2.0},
    ),
    "phase2_threat/flash_crash": ({}, {"window": 2, "drop_pct": 0.001}, {"window": 9, "drop_pct": 0.01}),
    "phase2_threat/liquidity_crisis": (
        {},
        {
            "recent_bars": 1,
            "usual_bars": 10,
            "min_volume_share": 0.9,
            "max_illiquidity": 1.01,
            "full_illiquidity": 1.02,
        },
        {"recent_bars": 4, "usual_bars": 15, "min_volume_share": 0.5, "max_illiquidity": 3.0},
    ),
}
"""Settings under which each detector says ahead where it may speak; some so eager that random markets provoke it."""
FOLDERS = sorted(
    path.parent.relative_to(ROOT / "plugins").as_posix() for path in ROOT.glob("plugins/*/*/manifest.yaml")
)


def enriched(recorded: RecordedColumns) -> tuple[RecordedColumns, list[ColumnSpec]]:
    """Return a recording with the columns of all context plugins that work ahead, as a strategy's chain writes them."""
    columns, specs = dict(recorded.columns), []
    for folder in CONTEXT_SETTINGS:
        worker = employ(folder)
        specs += worker.tools.columns
        names = [spec.name for spec in worker.tools.columns]
        columns.update(zip(names, worker.precompute(recorded), strict=True))
    return recording(recorded.opened_ns, columns), specs


def answers(
    folder: str,
    config: dict[str, object],
    recorded: RecordedColumns,
    *,
    only: BoolColumn | None = None,
    window: int = 320,
) -> list[Envelopes]:
    """Return what a detector says at each bar; if it is called on some bars only, NOTHING at the others."""
    whole, specs = enriched(recorded)
    hear = employ(folder, config).on_context_assessment
    return [
        hear(assess(context)) if only is None or only[at] else NOTHING
        for at, context in enumerate(contexts_of(whole, specs, window=window))
    ]


@pytest.mark.parametrize(
    ("folder", "config"), [(folder, config) for folder, several in CONTEXT_SETTINGS.items() for config in several]
)
@settings(max_examples=30)
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
    chain = {folder for folder in FOLDERS if folder.startswith("phase1_context/")}

    assert set(CONTEXT_SETTINGS) == {folder for folder in chain if not manifest_of(folder).capabilities.depth}


@pytest.mark.parametrize(
    ("folder", "config"), [(folder, config) for folder, several in DETECTOR_SETTINGS.items() for config in several]
)
@settings(max_examples=30)
@given(recorded=recordings(scales=(100.0, 5e4)), share=st.floats(0.0, 1.0), window=st.sampled_from([5, 40, 320]))
def test_a_detector_called_on_its_candidates_alone_says_the_same_and_never_looks_ahead(
    folder: str, config: dict[str, object], recorded: RecordedColumns, share: float, window: int
) -> None:
    whole, _ = enriched(recorded)
    ahead = employ(folder, config).candidates(whole)
    length = 1 + int(share * (len(recorded) - 1))

    assert answers(folder, config, recorded, only=ahead, window=window) == answers(
        folder, config, recorded, window=window
    )
    np.testing.assert_array_equal(employ(folder, config).candidates(cut(whole, length)), ahead[:length])


@pytest.mark.parametrize("folder", DETECTOR_SETTINGS)
def test_on_a_rough_market_a_detector_speaks_and_few_bars_are_candidates(folder: str) -> None:
    # One setting is eased where the market's few hundred bars would not provoke a word.
    config = {"mean_reversion": {"regime_column": "nobody"}, "volume_spike": {"min_multiple": 1.5}}.get(
        folder.partition("/")[2], {}
    )
    bars = list(rough_market(START_NS))
    rows = np.array([[getattr(bar, name) for name in BAR_COLUMNS] for bar in bars]).T
    recorded = recording([bar.opened_ns for bar in bars], dict(zip(BAR_COLUMNS, rows, strict=True)))
    whole, _ = enriched(recorded)
    ahead = employ(folder, config).candidates(whole)
    said = answers(folder, config, recorded)

    assert answers(folder, config, recorded, only=ahead) == said
    assert any(answer is not NOTHING for answer in said)
    assert ahead.mean() < 0.25


def test_no_other_shipped_plugin_says_ahead_where_it_may_speak() -> None:
    ahead = {folder for folder in FOLDERS if class_of(folder).candidates is not Worker.candidates}

    assert ahead == set(DETECTOR_SETTINGS)
