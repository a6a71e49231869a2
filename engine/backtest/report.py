"""What a run came to, as plain data, as text, and as a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from engine.contracts.flows import OutcomeKind
from engine.contracts.orders import Trade
from engine.phase6_finale.performance import figures_of
from engine.primitives.money import ZERO
from engine.primitives.timeframes import datetime_from_ns
from resources import path_of

_CHART_POINTS = 1_000
_CHART_WIDTH, _CHART_HEIGHT = 960, 240


@dataclass(frozen=True, slots=True)
class EquityPoint:
    """The account at one instant: UTC nanoseconds and quote units."""

    at_ns: int
    equity: Decimal


@dataclass(frozen=True, slots=True)
class RunReport:
    """The result of a run. Amounts in quote, ratios as 0.01 = 1 %.

    `largest_drawdown` is the largest fall of equity from an earlier peak, as a ratio of that peak; it counts every
    bar on which a position was held. `outcomes` counts flows, `refusals` counts REJECTED flows by stage and rule.
    """

    operation: str
    data: str
    bars: int
    from_ns: int
    to_ns: int
    currency: str
    starting_cash: Decimal
    final_equity: Decimal
    fees: Decimal
    largest_drawdown: Decimal
    outcomes: Mapping[OutcomeKind, int]
    refusals: Mapping[tuple[str, str], int]
    trades: Sequence[Trade]
    open_trades: int
    equity: Sequence[EquityPoint]
    journal: Path
    digest: str

    @property
    def result(self) -> Decimal:
        """Final equity less starting cash."""
        return self.final_equity - self.starting_cash

    @property
    def winners(self) -> int:
        """Closed trades that earned more than their fees."""
        return figures_of(self.trades).won


def largest_drawdown(equity: Sequence[EquityPoint], starting_cash: Decimal) -> Decimal:
    """Return the largest fall from an earlier peak, as a ratio of the peak (0 when it never fell)."""
    peak, largest = starting_cash, ZERO
    for point in equity:
        peak = max(peak, point.equity)
        if peak > 0:
            largest = max(largest, (peak - point.equity) / peak)
    return largest


def thinned(equity: Sequence[EquityPoint], points: int = _CHART_POINTS) -> list[EquityPoint]:
    """Return at most about so many points that keep every stretch's lowest and highest, so no drawdown is lost."""
    if len(equity) <= points:
        return list(equity)
    stretch = -(-2 * len(equity) // points)
    kept: list[EquityPoint] = []
    for start in range(0, len(equity), stretch):
        part = equity[start : start + stretch]
        low, high = min(part, key=lambda p: p.equity), max(part, key=lambda p: p.equity)
        kept.extend(sorted({low, high}, key=lambda p: p.at_ns))
    return kept


def polyline(curve: Sequence[EquityPoint], *, width: int, height: int) -> str:
    """Return the points of an SVG polyline that fills a box of this size, low values at the bottom."""
    if not curve:
        return ""
    first_ns, last_ns = curve[0].at_ns, curve[-1].at_ns
    low, high = min(p.equity for p in curve), max(p.equity for p in curve)
    span_ns, span = max(last_ns - first_ns, 1), max(high - low, Decimal("0.01"))
    return " ".join(
        f"{(p.at_ns - first_ns) * width / span_ns:.1f},{float(height - (p.equity - low) / span * height):.1f}"
        for p in curve
    )


def write_html(report: RunReport, path: Path) -> None:
    """Write the report as one page that needs no network and no other file.

    Raises:
        OSError: the file cannot be written.
    """
    environment = Environment(
        loader=FileSystemLoader(path_of("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template("report.html.j2").render(
        report=report,
        line=polyline(thinned(report.equity), width=_CHART_WIDTH, height=_CHART_HEIGHT),
        width=_CHART_WIDTH,
        height=_CHART_HEIGHT,
        low=min((point.equity for point in report.equity), default=report.starting_cash),
        high=max((point.equity for point in report.equity), default=report.starting_cash),
        begin=datetime_from_ns(report.from_ns),
        end=datetime_from_ns(report.to_ns),
    )
    path.write_text(page, encoding="utf-8")
