"""A whole house that is run again and again over made markets, and what its journal then holds."""

import itertools
import shutil
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Final

from engine.backtest.runner import drive
from engine.config.blueprint import DirectPlanning, StrategyBlueprint, StrategyMarket, WorkerEntry
from engine.config.loading import SHIPPED, load_all
from engine.config.places import Places
from engine.config.schedules import ScheduleSettings
from engine.contracts.market import BarSeries
from engine.phase0_bootstrap.ahead import Pace
from engine.phase0_bootstrap.assembly import assemble_backtest
from engine.phase0_bootstrap.discovery import user_shelf
from tests.support.every_plugin import OTHER, OWN, Settings, a_workforce, an_operation_of, recorded_in
from tests.support.strangers import a_scout, a_writer
from tests.support.tree import ROOT
from tests.support.wild_market import a_wild_market

IMPATIENT: Final[Settings] = {
    "MarketStructureDetector": {"swing_bars": 2},
    "EMADetector": {"periods": [5, 20, 50]},
    "ADXRegimeClassifier": {"periods": 5},
    "VolumeProfileDetector": {"periods": 30},
    "VWAPDetector": {"periods": 20},
    "FVGEntryDetector": {
        "trend_column": "ema_20",
        "min_gap_atr": 0.0,
        "min_gap_pct": 0.0001,
        "max_bars_since_break": 60,
    },
    "BreakoutDetector": {"channel_bars": 10},
    "MeanReversionDetector": {"mean_bars": 20, "min_z": 1.5},
    "DivergenceScanner": {"swing_bars": 2, "lookback_bars": 30},
    "StatisticalArbitrageDetector": {"spread_bars": 30, "min_z": 1.5, "min_correlation": 0.0, "companion": OTHER},
    "VolumeSpikeRefiner": {"median_bars": 10, "min_multiple": 1.5},
    "CorrelationBreachDetector": {"recent_bars": 10, "usual_bars": 30, "companion": OTHER},
    "LiquidityCrisisDetector": {"recent_bars": 3, "usual_bars": 20},
    "KellyCriterionSizer": {"min_trades": 2},
    "StrategyDecayMonitor": {"trades": 4, "min_trades": 2},
    "ComposedPlanner": {
        "risk_control": {"emergency_severity": "0.95"},
        "cooldown_minutes": 5,
        "trailing": {"atr_periods": 5, "min_step_pct": "0.0001"},
        "entries": {
            "min_confidence": "0.1",
            "max_open_trades": 3,
            "stop_loss_tolerance": "0.2",
            "account_risk_pct": "0.1",
        },
    },
    "RebalancePlanner": {"minutes_between": 5, "band": "0.01"},
    "DCAPlanner": {"amount_quote": "500", "stop_loss_tolerance": "0.02"},
}
"""Every plugin with windows short enough for a market of some hours, and planners that trade on little."""

LONG_VIEW: Final = """\
from engine.sdk.plugin import NOTHING, Direction, OpportunityWorker


class {name}(OpportunityWorker):
    def on_context_assessment(self, assessed):
        view = assessed.context.higher("5m")
        if view is None or view.close == view.open:
            return NOTHING
        direction = Direction.BUY if view.close > view.open else Direction.SELL
        price = assessed.context.close
        return self.signal(
            assessed,
            direction=direction,
            signal_type="long_view",
            confidence=0.9,
            invalidation_price=price * (0.97 if direction is Direction.BUY else 1.03),
        )
"""
LONG_CLOSE: Final = """\
from engine.sdk.plugin import ContextWorker


class {name}(ContextWorker):
    def enrich(self, context):
        view = context.higher("5m")
        return [float("nan") if view is None else view.close]
"""
LONG_CLOSE_COLUMN: Final = "long_close"
COMPOSED, DIRECT, SCHEDULED, CROSSING = "composed", "direct", "scheduled", "crossing"
WARMUP_BARS: Final = 40


class ProofHouse:
    """An operation of four strategies: every plugin but some planners, two that look at longer bars, one that works ahead.

    Args:
        folder: For its files and journals.
        strategies: Other strategies than the four.
        places: Another house's, whose plugins are then there too; None makes them anew.
    """

    def __init__(
        self, folder: Path, strategies: Sequence[StrategyBlueprint] | None = None, *, places: Places | None = None
    ) -> None:
        self.places = places or Places(data=folder / "data", config=folder / "config", state=folder / "state")
        if places is None:
            a_writer(user_shelf(self.places), LONG_CLOSE_COLUMN, source=LONG_CLOSE)
            a_scout(user_shelf(self.places), "long_view", source=LONG_VIEW)
            shutil.copytree(ROOT / "tests/benchmarks/plugins/ema_cross", user_shelf(self.places) / "ema_cross")
        recordings = recorded_in(folder, [a_wild_market(symbol, 60, seed=0) for symbol in (OWN, OTHER)])
        operation = an_operation_of(
            folder, four_strategies() if strategies is None else strategies, recordings, warmup_bars=WARMUP_BARS
        )
        self._bundle = load_all(operation)
        self._journals = (folder / f"{number}.sqlite" for number in itertools.count())

    def run(self, markets: Sequence[BarSeries], pace: Pace = Pace.EVERY_BAR) -> Path:
        """Run it over these markets, as fast as it is told to, and return the journal."""
        assembled = assemble_backtest(
            self._bundle,
            recordings=markets,
            label="",
            places=self.places,
            journal=next(self._journals),
            facts={},
            pace=pace,
        )
        try:
            drive(assembled, markets, lambda *_: None)
        finally:
            assembled.journal.close()
        return assembled.journal.path


def four_strategies() -> Sequence[StrategyBlueprint]:
    """Return a composed strategy, a direct one on longer bars, a scheduled one, and one that can be gone through by candidates."""
    composed = a_workforce("ComposedPlanner", turn=0, settings=IMPATIENT)
    direct = a_workforce(None, turn=1, settings=IMPATIENT)
    longer = {
        "context_workers": (*direct.context_workers, WorkerEntry(plugin="LongClose")),
        "opportunity_workers": (WorkerEntry(plugin="LongView"),),
    }
    works_ahead = {"MarketStructureDetector", "EMADetector", "ADXRegimeClassifier"}
    crossing = {
        "context_workers": tuple(one for one in direct.context_workers if one.plugin in works_ahead),
        "opportunity_workers": (WorkerEntry(plugin="EmaCrossDetector", config={"fast": "ema_5", "slow": "ema_20"}),),
        "threat_workers": (),
    }
    return [
        _strategy(COMPOSED, strategy=composed, timeframe="1m"),
        _strategy(
            DIRECT,
            strategy=direct.model_copy(update=longer),
            timeframe="1m",
            direct_planning=a_free_hand(long_view="0.5"),
        ),
        _strategy(
            SCHEDULED,
            strategy=a_workforce("DCAPlanner", turn=2, settings=IMPATIENT),
            timeframe="2m",
            schedules={"often": ScheduleSettings(every="15m")},
        ),
        _strategy(
            CROSSING,
            strategy=direct.model_copy(update=crossing),
            timeframe="1m",
            direct_planning=a_free_hand(ema_cross="0.5"),
        ),
    ]


def a_free_hand(**least_confidence: str) -> DirectPlanning:
    """Return the terms of direct planning that allow nearly everything; by signal type, the least confidence."""
    return DirectPlanning(
        minimum_confidence={kind: Decimal(least) for kind, least in least_confidence.items()},
        max_open_trades=5,
        account_risk_pct=Decimal("0.1"),
        stop_loss_tolerance=Decimal("0.2"),
    )


def _strategy(name: str, *, strategy: object, timeframe: str, **more: object) -> StrategyBlueprint:
    market = StrategyMarket(
        symbol=OWN,
        timeframe=timeframe,
        window=100,
        higher_timeframes=("5m", "1h") if timeframe == "1m" else ("1h",),
        companions=(OTHER,),
        wide_warmup_bars=0,
    )
    return StrategyBlueprint.model_validate(
        {
            "strategy_id": name,
            "name": name,
            "market": market,
            "workforce": strategy,
            "aggregation_policy": f"{SHIPPED}aggregation_policy.yaml",
            **more,
        }
    )
