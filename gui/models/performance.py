"""What closed trades came to, for each strategy and all together, as rows of a list. It knows no widgets."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from engine.phase6_finale.performance import TradeFigures
from gui.models.table import Column
from gui.theme import formats
from gui.theme.tokens import Tone
from gui.translation import translate


@dataclass(frozen=True, slots=True)
class StrategyFigures:
    """The figures of one strategy; an empty id stands for all."""

    strategy_id: str
    figures: TradeFigures


def performance_columns(name_of: Callable[[str], str]) -> Sequence[Column[StrategyFigures]]:
    """Return the columns of the list of strategies."""
    return (
        Column(
            translate("Performance", "Strategy"),
            lambda row: name_of(row.strategy_id) if row.strategy_id else translate("Performance", "All"),
            sample="Demo momentum BTC",
        ),
        _count(translate("Performance", "Closed"), lambda figures: figures.closed),
        _count(translate("Performance", "Won"), lambda figures: figures.won),
        _count(translate("Performance", "Lost"), lambda figures: figures.lost),
        Column(
            translate("Performance", "Hit rate"),
            lambda row: formats.percent_text(row.figures.hit_rate, 1),
            sort_key=lambda row: row.figures.hit_rate or 0,
            is_number=True,
            exact=lambda row: row.figures.hit_rate,
            sample="100.0 %",
        ),
        _money(translate("Performance", "Result"), lambda figures: figures.result, is_signed=True),
        _money(translate("Performance", "Per trade"), lambda figures: figures.expectancy, is_signed=True),
        Column(
            translate("Performance", "Profit factor"),
            lambda row: formats.decimal_text(row.figures.profit_factor, 2),
            sort_key=lambda row: row.figures.profit_factor or 0,
            is_number=True,
            exact=lambda row: row.figures.profit_factor,
            tooltip=lambda _row: translate("Performance", "What was won for each unit that was lost"),
            sample="10.00",
        ),
        _money(translate("Performance", "Best"), lambda figures: figures.best, is_signed=True),
        _money(translate("Performance", "Worst"), lambda figures: figures.worst, is_signed=True),
        _money(translate("Performance", "Fees"), lambda figures: figures.fees),
    )


def _count(header: str, read: Callable[[TradeFigures], int]) -> Column[StrategyFigures]:
    return Column(
        header,
        lambda row: formats.count_text(read(row.figures)),
        sort_key=lambda row: read(row.figures),
        is_number=True,
        exact=lambda row: read(row.figures),
        sample="10,000",
    )


def _money(
    header: str, read: Callable[[TradeFigures], Decimal | None], *, is_signed: bool = False
) -> Column[StrategyFigures]:
    def tone(row: StrategyFigures) -> Tone | None:
        amount = read(row.figures)
        if not is_signed or not amount:
            return None
        return Tone.RISE if amount > 0 else Tone.FALL

    write = formats.signed_money_text if is_signed else formats.money_text
    return Column(
        header,
        lambda row: write(read(row.figures)),
        sort_key=lambda row: read(row.figures) or 0,
        is_number=True,
        exact=lambda row: read(row.figures),
        tone=tone,
        sample="+10,000.00",
    )
