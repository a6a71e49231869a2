"""A small, valid operation on disk, and ways to break it."""

from pathlib import Path
from typing import Final

from pydantic import BaseModel
from ruamel.yaml import YAML

from engine.config.findings import ConfigFinding, ConfigRefused
from engine.config.loading import load, load_all

OPERATION: Final = """\
schema_version: 1
operation:
  id: small
  name: Small operation
environment: paper
account:
  currency: USDT
connectors:
  - id: demo
    connector: demo_market
    settings: {seed: 7}
data:
  feed: demo
  warmup_bars: 100
instruments:
  BTC/USDT: {tick_size: 0.01, maker_fee: 0.001}
strategy_links:
  - blueprint: strategy.yaml
    enabled: true
"""

BLUEPRINT: Final = """\
strategy_id: small
name: Small strategy
market:
  symbol: BTC/USDT
  timeframe: 5m
  window: 200
workforce:
  opportunity_workers:
    - plugin: FVGEntryDetector
      config: {gap_min: 5}
  strategy_planner: {plugin: AdaptiveMomentumPlanner}
  planning_workers:
    entry:
      - plugin: AggressiveMarketEntryPlanner
        triggers: {confidence: [0.8, 1.0]}
    size: [{plugin: FixedRiskSizer}]
    exit: [{plugin: FixedRRExitPlanner}]
    execution_intent: [{plugin: BalancedIntentPlanner}]
match_policy: first
aggregation_policy: policy.yaml
"""

POLICY: Final = """\
aggregation:
  method: weighted_average
  weights: {trend: 0.7, calm: 0.3}
  factors:
    trend: {column: adx, side: STRENGTH, zero_at: 15, one_at: 45}
    calm: {column: regime, side: WEAKNESS, categories: {ranging: 0.8, trending: 0.1}}
"""


def swapped(text: str, *pairs: tuple[str, str]) -> str:
    """Return a text with pieces of it replaced; each piece must be there exactly once."""
    for old, new in pairs:
        assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in the text"
        text = text.replace(old, new)
    return text


def an_operation(folder: Path, *, operation: str = OPERATION, blueprint: str = BLUEPRINT, policy: str = POLICY) -> Path:
    """Write the three files of an operation into a folder and return the path of its operation.yaml."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (("operation.yaml", operation), ("strategy.yaml", blueprint), ("policy.yaml", policy)):
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "operation.yaml"


def a_file(folder: Path, text: str | bytes, name: str = "file.yaml") -> Path:
    """Write one file and return its path."""
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def mistakes_in(path: Path, model: type[BaseModel]) -> tuple[ConfigFinding, ...]:
    """Return what is wrong with a file; nothing when it can be loaded."""
    try:
        load(path, model)
    except ConfigRefused as refused:
        return tuple(refused.findings)
    return ()


def mistakes_in_all(path: Path) -> tuple[ConfigFinding, ...]:
    """Return what is wrong with an operation and everything that it refers to."""
    try:
        load_all(path)
    except ConfigRefused as refused:
        return tuple(refused.findings)
    return ()


def written_again(model: BaseModel, path: Path) -> Path:
    """Write a model back as YAML and return the path."""
    with path.open("w", encoding="utf-8") as file:
        YAML().dump(model.model_dump(mode="json"), file)
    return path
