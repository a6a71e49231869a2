"""What a plugin or connector says about itself, read without importing it."""

from pathlib import Path

import pytest

from engine.config.loading import load
from engine.config.manifest import (
    ConnectorManifest,
    PluginManifest,
    columns_of,
    host_fits,
    load_manifest,
    required_companions_of,
    required_timeframes_of,
)
from tests.support.config import a_file, mistakes_in, swapped
from tests.support.tree import ROOT, name_of

pytestmark = pytest.mark.unit

EMA = """\
schema_version: 1
identification:
  name: EMADetector
  worker_id: ema_detector
  type: ContextWorker
  version: 0.1.0
  host: ">=0.1,<0.2"
  entry_point: "worker:EMADetector"
  description: Averages.
handlers:
  - {method: on_tick, input: TradingContext}
columns:
  - {name: "ema_{periods}", kind: PRICE_OVERLAY, unit: quote}
config_schema: EMADetectorConfig
"""


@pytest.mark.parametrize(
    ("host", "version", "fits"),
    [
        (">=0.1,<0.2", "0.1.0", True),
        (">=0.1,<0.2", "0.1.7", True),
        (">=0.1,<0.2", "0.2.0", False),
        ("~=1.4", "1.9.0", True),
        (">=0.1", "0.2.0rc1", True),
        ("", "9.9.9", True),
    ],
)
def test_a_host_range_says_where_a_plugin_runs(host: str, version: str, fits: bool) -> None:
    assert host_fits(host, version) is fits


def test_a_host_range_that_is_none_is_refused(tmp_path: Path) -> None:
    text = swapped(EMA, ('">=0.1,<0.2"', '"0.1 or so"'))

    (finding,) = mistakes_in(a_file(tmp_path, text), PluginManifest)

    assert (finding.line, finding.key_path) == (7, "identification.host")
    assert "expected one like >=0.1,<0.2" in finding.problem


def test_a_manifest_is_found_in_its_folder(tmp_path: Path) -> None:
    path = a_file(tmp_path, EMA, "manifest.yaml")

    assert load_manifest(tmp_path) == load_manifest(path)


def test_columns_are_named_by_the_configuration(tmp_path: Path) -> None:
    manifest = load_manifest(a_file(tmp_path, EMA))

    assert [column.name for column in columns_of(manifest, {"periods": [20, 50]})] == ["ema_20", "ema_50"]


def test_each_item_of_a_configuration_has_a_band_of_its_own(tmp_path: Path) -> None:
    ema = '{name: "ema_{periods}", kind: PRICE_OVERLAY, unit: quote}'
    band = '{name: "upper_{periods}", kind: BAND, band: "band_{periods}"}'
    manifest = load_manifest(a_file(tmp_path, swapped(EMA, (ema, band))))

    columns = columns_of(manifest, {"periods": [20, 50]})
    assert [(each.name, each.band) for each in columns] == [
        ("upper_20", "band_20"),
        ("upper_50", "band_50"),
    ]


def test_only_a_context_worker_writes_columns(tmp_path: Path) -> None:
    text = swapped(EMA, ("type: ContextWorker", "type: ThreatWorker"))

    (finding,) = mistakes_in(a_file(tmp_path, text), PluginManifest)

    assert (finding.line, finding.key_path) == (12, "columns")


def test_what_a_worker_looks_at_is_named_by_the_configuration(tmp_path: Path) -> None:
    needs = 'dependencies:\n  requires_companions: [SOL/USDT, "{pair}"]\n  requires_timeframes: ["{longer}"]\n'
    manifest = load(a_file(tmp_path, EMA + needs), PluginManifest)

    assert list(required_companions_of(manifest, {"pair": "ETH/USDT"})) == ["SOL/USDT", "ETH/USDT"]
    assert list(required_companions_of(manifest, {"pair": None})) == ["SOL/USDT"]
    assert list(required_timeframes_of(manifest, {"longer": ["1h", "4h"]})) == ["1h", "4h"]


@pytest.mark.parametrize(
    ("needs", "key", "problem"),
    [
        ("  requires_timeframes: [1h, an hour]\n", "dependencies.requires_timeframes[1]", "'an hour' is no timeframe"),
        ("  requires_depth: true\n", "dependencies.requires_depth", "write `depth: true` under capabilities"),
    ],
)
def test_a_need_that_cannot_be_met_is_told(needs: str, key: str, problem: str, tmp_path: Path) -> None:
    (finding,) = mistakes_in(a_file(tmp_path, f"{EMA}dependencies:\n{needs}"), PluginManifest)

    assert finding.key_path == key
    assert problem in finding.problem


def test_a_worker_type_that_does_not_exist_is_told_with_the_nearest(tmp_path: Path) -> None:
    findings = mistakes_in(a_file(tmp_path, swapped(EMA, ("ContextWorker", "ContextWorkr"))), PluginManifest)

    assert [finding.nearest for finding in findings if finding.key_path == "identification.type"] == ["ContextWorker"]


@pytest.mark.parametrize("path", sorted(ROOT.glob("plugins/*/*/manifest.yaml")), ids=name_of)
def test_every_plugin_of_ours_has_a_valid_manifest(path: Path) -> None:
    assert load_manifest(path).identification.host


@pytest.mark.parametrize("path", sorted(ROOT.glob("connectors/*/manifest.yaml")), ids=name_of)
def test_every_connector_of_ours_has_a_valid_manifest(path: Path) -> None:
    assert load(path, ConnectorManifest).id == path.parent.name
