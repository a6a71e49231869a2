"""The result of a backtest in lines for people."""

from collections.abc import Sequence

from engine.backtest.runner import BacktestResult
from engine.primitives.timeframes import datetime_from_ns


def describe(result: BacktestResult) -> Sequence[str]:
    """Return the summary: data, flows by outcome, trades, fees, equity and drawdown, and where to look further."""
    report = result.report
    begin, end = datetime_from_ns(report.from_ns), datetime_from_ns(report.to_ns)
    money = report.currency
    lines = [line for dataset in result.datasets for line in dataset.describe()]
    lines += [
        f"{report.operation} on {report.data}: {report.bars:,} bars, {begin:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M} UTC",
        "Flows: " + (", ".join(f"{kind} {count:,}" for kind, count in report.outcomes.items()) or "none"),
    ]
    lines += [f"  refused by {stage}: {rule} {count:,}" for (stage, rule), count in report.refusals.items()]
    lines += [
        f"Trades: {len(report.trades)} closed, {report.winners} won, {report.open_trades} still open",
        f"Fees: {report.fees:,.2f} {money}",
        (
            f"Equity: {report.starting_cash:,.2f} -> {report.final_equity:,.2f} {money} "
            f"({report.result:+,.2f}, {report.result / report.starting_cash:+.2%}), largest drawdown {report.largest_drawdown:.2%}"
        ),
        f"Journal: {report.journal}",
        f"Digest: {report.digest}",
    ]
    if report.trades:
        lines.append(f"Explain a trade: s1mpletrader why {report.trades[-1].trade_id} --journal {report.journal}")
    return lines
