"""Published indicator values, and the quotes that they were computed from: `reference_market()`, `reference("rsi", "rsi")`."""

import csv
import gzip
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

from engine.contracts.market import FloatColumn
from tests.support.tree import ROOT

FOLDER = ROOT.parent / "shared/data/reference/indicators"


@dataclass(frozen=True, slots=True)
class ReferenceMarket:
    """Two years of daily bars as columns."""

    high: FloatColumn
    low: FloatColumn
    close: FloatColumn

    def bars(self) -> list[tuple[float, float, float]]:
        """Return (high, low, close) of each bar."""
        return list(zip(self.high.tolist(), self.low.tolist(), self.close.tolist(), strict=True))


def _skip_without_values() -> None:
    if not FOLDER.is_dir():
        pytest.skip("the reference values are not here: expected shared/data/reference/indicators beside the project")


@cache
def reference_market() -> ReferenceMarket:
    """Return the quotes; skip the test without them."""
    _skip_without_values()
    with (FOLDER / "quotes_default.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return ReferenceMarket(*(np.array([float(row[name]) for row in rows]) for name in ("high", "low", "close")))


@cache
def _rows(name: str) -> list[dict[str, float | None]]:
    _skip_without_values()
    rows: list[dict[str, float | None]] = json.loads(
        gzip.decompress((FOLDER / f"{name}.standard.json.gz").read_bytes())
    )
    return rows


def reference(name: str, field: str) -> list[float | None]:
    """Return a published column; None while it warms up."""
    return [row[field] for row in _rows(name)]


def agree(ours: Sequence[float] | FloatColumn, theirs: Sequence[float | None]) -> None:
    """Require 1e-6 wherever the published column has a value, and NaN wherever it has none."""
    pairs = list(zip(ours, theirs, strict=True))
    known = [(mine, other) for mine, other in pairs if other is not None]
    assert len(known) > 400
    assert [at for at, (mine, other) in enumerate(pairs) if math.isnan(mine) != (other is None)] == []
    assert max(abs(mine - other) for mine, other in known) < 1e-6
