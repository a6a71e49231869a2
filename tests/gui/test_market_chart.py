"""The chart: what it shows, how it moves, and that it stays cheap."""

import gc
import itertools
import sys
from decimal import Decimal
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from engine.contracts.context import ColumnKind, ColumnSpec
from gui.bridge.rows import BarRow
from gui.charts.exports import TableFormat
from gui.charts.market_chart import MarketChart
from gui.charts.marks import Mark, MarkKind
from gui.charts.plans import STOP_DASHES, PlanLine, PlannedOrder
from gui.theme.formats import instant_ns_text
from gui.theme.tokens import DARK, Tone
from tests.support.gui import NAMES, SPECS, demo_columns

pytestmark = pytest.mark.gui

BARS = 240


@pytest.fixture
def chart(qtbot: QtBot) -> MarketChart:
    made = MarketChart(SPECS, tick_size=Decimal("0.01"))
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.load(*demo_columns(BARS))
    made.show()
    return made


def a_row(number: int) -> BarRow:
    series, columns = demo_columns(BARS + number + 1)
    bar = BARS + number
    values = [float(getattr(series, name)[bar]) for name in ("open", "high", "low", "close", "volume")]
    values += [float(columns[spec.name][bar]) for spec in SPECS]
    opened_ns = int(series.opened_ns[bar])
    return BarRow(opened_ns, opened_ns + 60_000_000_000, tuple(values), 0.5, 0.5)


def colours_of(chart: MarketChart) -> set[str]:
    picture = chart.grab().toImage()
    return {picture.pixelColor(x, y).name() for x in range(0, picture.width(), 2) for y in range(picture.height())}


def test_columns_are_drawn_where_their_kind_belongs(chart: MarketChart) -> None:
    assert chart.pane_names == ("price", "volume", "0-100")
    assert "EMA 20" in chart.read_out("price")
    assert "Regime: " in chart.read_out("price")
    assert "ADX 14" in chart.read_out("0-100")


def test_candles_overlays_and_categories_are_painted(chart: MarketChart) -> None:
    colours = colours_of(chart)

    assert {DARK[Tone.RISE], DARK[Tone.FALL], DARK[Tone.PANEL], DARK[Tone.GRID]} <= colours
    assert {DARK[Tone.CATEGORY_1], DARK[Tone.CATEGORY_2]} & colours


def test_the_room_between_the_boundaries_of_a_band_is_tinted(qtbot: QtBot) -> None:
    series, _ = demo_columns(BARS)
    wide = {"upper": series.close * 1.02, "lower": series.close * 0.98}
    wide["upper"][100:110] = float("nan")

    def painted(band: str | None) -> set[str]:
        chart = MarketChart(
            [ColumnSpec(name=name, kind=ColumnKind.BAND, unit="USDT", band=band) for name in wide],
            tick_size=Decimal("0.01"),
        )
        qtbot.addWidget(chart)
        chart.resize(900, 600)
        chart.load(series, wide)
        chart.show()
        return colours_of(chart)

    assert len(painted("channel") - painted(None)) > 0, "columns of one band have a room between them, others do not"


def test_a_chart_without_bars_says_what_will_appear(qtbot: QtBot) -> None:
    chart = MarketChart(SPECS, tick_size=Decimal("0.01"))
    qtbot.addWidget(chart)
    chart.show()

    assert chart._empty.isVisible()
    chart.append(NAMES, [a_row(0)])
    assert not chart._empty.isVisible()


def test_the_newest_bar_is_followed_until_somebody_looks_back(chart: MarketChart) -> None:
    left, right = chart.span
    chart.append(NAMES, [a_row(0), a_row(1)])
    assert chart.span == (left + 2, right + 2)

    chart.pan(-30)
    held = chart.span
    chart.append(NAMES, [a_row(2)])

    assert not chart.follows
    assert chart.span == held
    assert chart._follow_button.isVisible()
    QTest.mouseClick(chart._follow_button, Qt.MouseButton.LeftButton)
    assert chart.follows
    assert chart.span[1] > chart.bar_count - 1


def test_the_bar_under_the_pointer_stays_there_while_zooming(chart: MarketChart) -> None:
    chart.pan(-60)
    left, right = chart.span
    at = left + (right - left) * 0.25

    chart.zoom(3, at=at)

    new_left, new_right = chart.span
    assert (at - new_left) / (new_right - new_left) == pytest.approx(0.25)
    assert new_right - new_left < right - left


def test_the_keyboard_moves_the_chart(chart: MarketChart) -> None:
    width = chart.span[1] - chart.span[0]
    QTest.keyClick(chart, Qt.Key.Key_Left)
    assert not chart.follows
    QTest.keyClick(chart, Qt.Key.Key_Plus)
    assert chart.span[1] - chart.span[0] < width
    QTest.keyClick(chart, Qt.Key.Key_Home)
    assert chart.span[0] == pytest.approx(0)
    QTest.keyClick(chart, Qt.Key.Key_End)
    assert chart.follows


def test_the_read_out_tells_the_bar_under_the_pointer(chart: MarketChart, qtbot: QtBot) -> None:
    newest = chart.read_out()
    chart._on_mouse_moved(QPointF(200, 200))

    assert chart.read_out() != newest
    assert "2026-01-05 0" in chart.read_out()
    chart._point_at(None, None, 0.0)
    assert chart.read_out() == newest


def test_a_mark_is_told_in_words_at_its_bar(chart: MarketChart) -> None:
    series, _ = demo_columns(BARS)
    chart.add_mark(Mark(int(series.opened_ns[200]), MarkKind.SIGNAL_BUY, "0.82", "Fair value gap, buy, 0.82"))
    chart.add_mark(Mark(int(series.opened_ns[201]), MarkKind.ENTRY_BUY, "Buy 1", "Entry: bought", 62_000.0))

    chart._point_at(200, None, 0.0)

    assert chart.read_out().endswith("Fair value gap, buy, 0.82")


def test_a_plan_line_is_named_at_the_axis_and_may_widen_the_pane_only_so_far(chart: MarketChart) -> None:
    low, high = chart._panes[0].view.viewRange()[1]

    chart.show_plans([PlanLine(high * 3, "Stop", "far away", Tone.FALL, STOP_DASHES, 0)])

    new_low, new_high = chart._panes[0].view.viewRange()[1]
    assert new_low <= low
    assert high < new_high < high + (high - low) * 2
    assert [tag.text for tag in chart._panes[0].axis._tags][1:] == ["far away"]


def test_prices_at_the_axis_keep_their_order_when_they_make_room(chart: MarketChart) -> None:
    low, high = chart._panes[0].view.viewRange()[1]
    middle = (low + high) / 2
    prices = [middle + number * (high - low) / 1_000 for number in range(-3, 4)]
    chart.show_plans([PlanLine(price, "Stop", f"{price}", Tone.FALL, STOP_DASHES, 0) for price in prices])

    axis = chart._panes[0].axis
    placed = axis._placed(*chart._panes[0].view.viewRange()[1], axis.size().height())

    assert [tag.value for _, tag in placed] == sorted((tag.value for _, tag in placed), reverse=True)
    heights = [y for y, _ in placed]
    assert all(after - before >= axis._metrics.height() for before, after in itertools.pairwise(heights))


def test_a_click_tells_the_bar_and_the_nearest_mark(chart: MarketChart, qtbot: QtBot) -> None:
    series, _ = demo_columns(BARS)
    opened_ns = int(series.opened_ns[200])
    low, high = float(series.low[200]), float(series.high[200])
    chart.add_mark(Mark(opened_ns, MarkKind.ENTRY_BUY, "", "bought", low, order_id="ORD_1"))
    chart.add_mark(Mark(opened_ns, MarkKind.EXIT_SELL, "", "sold", high, order_id="ORD_2"))

    with qtbot.waitSignal(chart.bar_clicked) as told:
        chart._panes[0].view.clicked.emit(200.2, high)

    assert told.args[:2] == [opened_ns, opened_ns + 60_000_000_000]
    assert told.args[2].order_id == "ORD_2"


def test_the_cursor_of_another_chart_is_followed(chart: MarketChart) -> None:
    series, _ = demo_columns(BARS)
    newest = chart.read_out()

    chart.point_at_instant(int(series.opened_ns[150]) + 1)
    assert instant_ns_text(int(series.opened_ns[150]))[:16] in chart.read_out()
    chart.point_at_instant(0)
    assert chart.read_out() == newest, "it is before the first bar"


def test_missing_bars_are_shaded_and_named(chart: MarketChart) -> None:
    before = colours_of(chart)
    late = a_row(5)
    chart.append(NAMES, [late])

    assert chart._columns.gaps.tolist() == [BARS]
    assert "bars are missing before this one" in chart.read_out()
    assert colours_of(chart) - before


def test_a_market_that_went_silent_is_shaded(chart: MarketChart) -> None:
    series, _ = demo_columns(BARS)
    newest_ns = int(series.opened_ns[-1])
    before = colours_of(chart)

    chart.tell_time(newest_ns + 2 * 60_000_000_000)
    assert not chart.is_stale, "the next bar closes only now"
    chart.tell_time(newest_ns + 3 * 60_000_000_000)
    assert chart.is_stale
    assert "No bar since" in chart.read_out()
    assert colours_of(chart) - before
    chart.tell_time(None)
    assert not chart.is_stale, "no bar is due while the session stands still"


def test_orders_that_are_still_to_be_sent_are_seen(chart: MarketChart) -> None:
    series, _ = demo_columns(BARS)
    before = chart.grab().toImage()
    due_ns = int(series.opened_ns[-1]) + 3 * 60_000_000_000

    chart.show_planned([PlannedOrder(due_ns, float(series.close[-1]), True)])

    assert chart.grab().toImage() != before


def test_a_chart_is_saved_as_a_picture_and_as_a_table(chart: MarketChart, tmp_path: Path) -> None:
    series, columns = demo_columns(BARS)

    chart.export_menu.write_picture(tmp_path / "chart.png")
    chart.export_menu.write_table(TableFormat.CSV, tmp_path / "chart.csv")
    chart.export_menu.write_table(TableFormat.PARQUET, tmp_path / "chart.parquet")

    assert QImage(str(tmp_path / "chart.png")).size() == chart.grab().toImage().size()
    table = pl.read_parquet(tmp_path / "chart.parquet")
    assert table["close"].to_list() == series.close.tolist()
    assert table["ema_50"].null_count() == int(np.isnan(columns["ema_50"]).sum()), "what is unknown is empty"
    assert table["opened_at"].dtype == pl.Datetime("ns", "UTC")
    assert pl.read_csv(tmp_path / "chart.csv").shape == table.shape


def test_a_table_that_cannot_be_written_is_told(chart: MarketChart, tmp_path: Path) -> None:
    chart.export_menu.write_table(TableFormat.CSV, tmp_path / "nowhere" / "chart.csv")

    box = next(box for box in chart.window().findChildren(QMessageBox) if box.isVisible())
    assert "nowhere" in box.text()
    box.close()


def test_following_moves_nothing_by_less_than_a_pixel(qtbot: QtBot) -> None:
    chart = MarketChart((), tick_size=Decimal("0.01"))
    qtbot.addWidget(chart)
    chart.resize(500, 400)
    series, _ = demo_columns(20_000)
    chart.load(series, {})
    chart.show()
    chart.zoom(-60)
    held, opened_ns = chart.span, int(series.opened_ns[-1]) + 60_000_000_000
    close = float(series.close[-1])

    chart.append(NAMES[:5], [BarRow(opened_ns, opened_ns + 1, (close, close, close, close, 1.0), 0.5, 0.5)])

    assert chart.span == held, "zoomed out a bar is less than a pixel: nothing has to move"


def test_an_empty_column_and_a_flat_market_do_no_harm(qtbot: QtBot) -> None:
    specs = [
        ColumnSpec(name="nothing", kind=kind, categories=("A",) if kind is ColumnKind.CATEGORY else ())
        for kind in ColumnKind
    ]
    specs = [spec.model_copy(update={"name": f"nothing_{number}"}) for number, spec in enumerate(specs)]
    chart = MarketChart(specs, tick_size=Decimal("0.01"))
    qtbot.addWidget(chart)
    chart.resize(600, 400)
    chart.show()
    for number in range(30):
        opened_ns = number * 60_000_000_000
        row = BarRow(opened_ns, opened_ns + 1, (5.0, 5.0, 5.0, 5.0, 0.0), float("nan"), float("nan"))
        chart.append(("open", "high", "low", "close", "volume"), [row])

    assert QColor(DARK[Tone.PANEL]).name() in colours_of(chart)
    assert "nothing" in chart.read_out().lower()


def test_many_bars_in_few_pixels_keep_their_extremes(qtbot: QtBot) -> None:
    chart = MarketChart((), tick_size=Decimal("0.01"))
    qtbot.addWidget(chart)
    chart.resize(500, 400)
    chart.load(demo_columns(20_000)[0], {})
    chart.show()
    chart.zoom(-60)

    low, high = chart._panes[0].view.viewRange()[1]
    series = demo_columns(20_000)[0]
    assert low < series.low.min()
    assert high > series.high.max()
    assert DARK[Tone.FALL] in colours_of(chart)


def test_painting_loses_no_reference_to_none(chart: MarketChart) -> None:
    """PySide6 6.12.0 drops one on every void call and aborts Python 3.11 after some ninety frames."""
    chart.repaint()
    gc.collect()
    before = sys.getrefcount(None)
    for _ in range(200):
        chart.repaint()

    assert sys.getrefcount(None) > before - 200
