"""Each panel before anything has happened, and the small things that a trader leans on."""

import asyncio
from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QWidget,
)
from qasync import QEventLoop

from gui.app import Workstation
from gui.theme.look import palette_of
from gui.theme.tokens import DARK, LIGHT, Preset, Theme, Tone, themed
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.table_view import TableView
from gui.widgets.tree_view import TreeView
from gui.workspace.desk import Desk
from tests.gui.conftest import Play
from tests.support.gui import ScriptedSession, until

pytestmark = pytest.mark.gui


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def of_kinds(desk: Desk, *kinds: type[QWidget]) -> set[QWidget]:
    """Return the widgets of a desk; panels behind others have no parent, so they are looked through one by one."""
    rooms = [desk, *desk.panels.values()]
    found = {widget for room in rooms for kind in kinds for widget in room.findChildren(kind)}
    return found | {room for room in rooms if isinstance(room, kinds)}


def stops_of(panel: QWidget) -> list[QWidget]:
    """Return where the tab key stops in a panel, in its order."""
    stops = []
    each = panel.nextInFocusChain()
    while each is not panel and panel.isAncestorOf(each):
        if each.isVisible() and each.focusPolicy() & Qt.FocusPolicy.TabFocus:
            stops.append(each)
        each = each.nextInFocusChain()
    return stops


THEMES = [themed(theme, preset) for theme in (DARK, LIGHT) for preset in Preset]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", [Tone.WINDOW, Tone.PANEL, Tone.RAISED])
@pytest.mark.parametrize("text", [Tone.TEXT, Tone.MUTED, Tone.RISE, Tone.FALL, Tone.WARNING, Tone.ACCENT])
def test_every_text_can_be_read(theme: Theme, ground: Tone, text: Tone) -> None:
    assert contrast(theme[text], theme[ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("ground", "text"),
    [
        (Tone.DANGER, Tone.ON_COLOUR),
        (Tone.LIVE, Tone.ON_COLOUR),
        (Tone.PAPER, Tone.ON_COLOUR),
        (Tone.REPLAY, Tone.ON_COLOUR),
        (Tone.BACKTEST, Tone.ON_COLOUR),
        (Tone.DEMO, Tone.ON_DEMO),
        (Tone.SELECTION, Tone.ON_SELECTION),
    ],
)
def test_badges_selections_and_the_red_button_can_be_read(theme: Theme, ground: Tone, text: Tone) -> None:
    assert contrast(theme[text], theme[ground]) >= 4.0  # bold


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_a_theme_has_a_colour_for_every_tone(theme: Theme) -> None:
    assert set(theme) == set(Tone)


def test_the_palette_is_ours_and_no_colour_is_left_to_the_desktop(qapp: QApplication) -> None:
    palette = palette_of(DARK)

    assert palette.window().color().name() == DARK[Tone.WINDOW]
    assert palette.text().color().name() == DARK[Tone.TEXT]


def test_every_list_says_what_will_appear_in_it(play: Play) -> None:
    async def story(workstation: Workstation) -> None:
        await until(lambda: workstation.desk is not None)
        assert workstation.desk is not None
        tables = of_kinds(workstation.desk, TableView, TreeView)
        assert len(tables) == 16
        assert all(len(table._empty_text) > 20 for table in tables)
        assert len({table.accessibleName() for table in tables}) == 16

    play(ScriptedSession(bars=0), story)


def test_every_control_has_a_name(play: Play) -> None:
    async def story(workstation: Workstation) -> None:
        await until(lambda: workstation.desk is not None)
        desk = workstation.desk
        for panel in desk.panels:
            desk.show_panel(panel)
            await asyncio.sleep(0)
            for control in of_kinds(desk, QAbstractButton, QLineEdit, QComboBox, QAbstractItemView):
                if control.isVisible() and control.focusPolicy() != Qt.FocusPolicy.NoFocus:
                    text = control.text() if isinstance(control, QAbstractButton) else ""
                    assert text or control.accessibleName(), (panel, control)

    play(ScriptedSession(bars=30), story)


def test_the_tab_key_walks_a_panel_from_top_to_bottom(play: Play) -> None:
    async def story(workstation: Workstation) -> None:
        await until(lambda: workstation.desk is not None)
        desk = workstation.desk
        for name, panel in desk.panels.items():
            desk.show_panel(name)
            await asyncio.sleep(0)
            stops = stops_of(panel)
            tops = [stop.mapTo(panel, QPoint(0, 0)).y() for stop in stops]
            ends = [top + stop.height() for top, stop in zip(tops, stops, strict=True)]
            back = [at for at in range(1, len(stops)) if ends[at] <= tops[at - 1]]
            assert not back, (name, stops)

    play(ScriptedSession(bars=30), story)


def test_no_text_of_the_window_is_cut_off(play: Play) -> None:
    session = ScriptedSession(bars=40)

    async def story(workstation: Workstation) -> None:
        workstation.window.resize(1600, 960)
        await until(
            lambda: workstation.host is not None and not workstation.host.is_running and bool(session.status.flows)
        )
        workstation.desk.refresh()
        await asyncio.sleep(0.05)
        for widget in of_kinds(workstation.desk, QLabel, QAbstractButton):
            if not widget.isVisible() or isinstance(widget, ElidedLabel) or not widget.text():
                continue
            wraps = isinstance(widget, QLabel) and widget.wordWrap()
            assert wraps or widget.width() >= widget.sizeHint().width(), widget.text()

    play(session, story)


def test_a_long_message_is_shortened_and_whole_in_its_tooltip(qapp: QApplication, qt_loop: QEventLoop) -> None:
    label = ElidedLabel()
    label.resize(80, 20)

    label.set_text("3 orders are left as they were; their state is in the journal.")

    assert label.text().endswith("…")
    assert label.toolTip() == label.whole
    label.deleteLater()


def test_fees_of_every_currency_stand_beside_those_in_quote(play: Play) -> None:
    async def story(workstation: Workstation) -> None:
        await until(lambda: workstation.desk is not None)
        assert workstation.desk is not None
        panel = workstation.desk.account
        paid = {"BTC": Decimal("0.002"), "BNB": Decimal("0.03"), "ETH": Decimal(0)}

        panel._show(panel._host.account().model_copy(update={"fees_paid": Decimal("1.5"), "fees_in": paid}))

        assert panel.fees.value.text() == "1.50 + 0.03 BNB + 0.002 BTC"

    assert play(ScriptedSession(bars=5), story) == 0
