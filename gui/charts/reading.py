"""What the read-outs of a chart say about one bar."""

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import QCoreApplication

from engine.contracts.context import ColumnKind, ColumnSpec
from gui.charts.columns import ChartColumns
from gui.charts.crosshair import Reading
from gui.charts.marks import Mark
from gui.charts.studies import CategoryStudy, FlagStudy, LineStudy
from gui.theme.formats import chart_places, compact_text, float_text, instant_ns_text, places_of, words_text
from gui.theme.tokens import Tone

Study = LineStudy | FlagStudy | CategoryStudy


def bar_readings(columns: ChartColumns, index: int, *, tick_size: Decimal) -> list[Reading]:
    """Return time, open, high, low, close and volume of a bar, in the colour of its direction."""
    places = places_of(tick_size)
    value = {name: float(columns.column(name)[index]) for name in ("open", "high", "low", "close", "volume")}
    tone = Tone.RISE if value["close"] >= value["open"] else Tone.FALL
    change = value["close"] - value["open"]
    sign = "+" if change > 0 else ""
    share = f" ({sign}{float_text(change / value['open'] * 100, 2)} %)" if value["open"] else ""
    gap = QCoreApplication.translate("Chart", "bars are missing before this one")
    is_after_gap = index in columns.gaps
    return [
        Reading(f"{instant_ns_text(int(columns.opened_ns[index]))[:16]} UTC", Tone.MUTED),
        *(Reading(f"{letter} {float_text(value[name], places)}", tone) for letter, name in _LETTERS),
        Reading(f"{sign}{float_text(change, places)}{share}", tone),
        Reading(f"V {compact_text(value['volume'])}", Tone.MUTED),
        *([Reading(gap, Tone.WARNING)] if is_after_gap else []),
    ]


_LETTERS = (("O", "open"), ("H", "high"), ("L", "low"), ("C", "close"))


def study_readings(columns: ChartColumns, index: int, studies: Sequence[Study], *, tick_size: Decimal) -> list[Reading]:
    """Return the value of each study at a bar, in its colour; flags only where they are set."""
    readings = []
    for study in studies:
        value = float(columns.column(study.spec.name)[index])
        name = words_text(study.spec.name)
        match study:
            case LineStudy():
                places = places_of(tick_size) if is_price(study.spec) else _places(columns, study.spec.name)
                readings.append(Reading(f"{name} {float_text(value, places)}", study.tone))
            case FlagStudy():
                if value > 0:
                    readings.append(Reading(f"◆ {name}", study.tone))
            case CategoryStudy():
                readings.append(_category_reading(study, name, value))
    return readings


def mark_readings(marks: Sequence[Mark]) -> list[Reading]:
    """Return what stands at the bar: signals and fills, in whole sentences."""
    return [Reading(mark.text) for mark in marks]


def is_price(spec: ColumnSpec) -> bool:
    """Tell whether a column holds prices, quote per base."""
    return spec.kind in (ColumnKind.PRICE_OVERLAY, ColumnKind.BAND)


def _category_reading(study: CategoryStudy, name: str, value: float) -> Reading:
    if value != value:  # noqa: PLR0124  # NaN is the only value unequal to itself
        warming_up = QCoreApplication.translate("Chart", "warming up")
        return Reading(f"{name}: {warming_up}", Tone.MUTED)
    category = int(value)
    return Reading(f"■ {name}: {study.spec.categories[category].replace('_', ' ').lower()}", study.label_tone(category))


def _places(columns: ChartColumns, name: str) -> int:
    column = columns.column(name)
    newest = column.part(max(len(column) - 200, 0), len(column))
    finite = newest[newest == newest]  # noqa: PLR0124  # NaN is the only value unequal to itself
    return max(chart_places(float(finite.min()), float(finite.max())), 1) if len(finite) else 2
