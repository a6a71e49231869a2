"""The books in front of a person: filtering, exporting, the group tree, and what is pending."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication

from engine.contracts.commands import CancelGroup, CancelOrder
from engine.contracts.orders import Order, OrderRole, OrderStatus
from gui.app import Workstation
from gui.models.group_tree import CANCEL, GroupRow, OrderRow
from gui.workspace.desk import Desk
from gui.workspace.panel_names import PanelName
from tests.gui.conftest import Play
from tests.support.gui import ScriptedSession, until

pytestmark = pytest.mark.gui
Told = Callable[[Desk, ScriptedSession], Awaitable[None]]


def after_twenty_bars(play: Play, told: Told) -> None:
    """Play until a trade is held and a patient entry works, stop the market, and let a story be told on the desk."""
    session = ScriptedSession(bars=2_000, pace_s=0.001)

    async def story(workstation: Workstation) -> None:
        await until(lambda: workstation.desk is not None and len(session.books.get_execution_groups()) == 2)
        session.pause()
        desk = workstation.desk
        assert desk is not None
        await until(lambda: len(desk.models.groups.keys) == 2)
        desk.refresh()
        await told(desk, session)

    play(session, story)


def test_every_model_of_the_books_keeps_to_the_rules_of_qt(play: Play) -> None:
    async def told(desk: Desk, session: ScriptedSession) -> None:
        models = desk.models
        for model in (models.orders, models.groups, models.fills, models.trades, models.positions, models.balances):
            QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
        session.resume()
        await until(lambda: session._bar > 280)
        desk.refresh()

    after_twenty_bars(play, told)


def test_orders_are_narrowed_to_open_ones_and_by_words(play: Play) -> None:
    async def told(desk: Desk, _session: ScriptedSession) -> None:
        tools, model = desk.orders.tools, desk.models.orders
        everything = model.rowCount()

        tools.choice.setCurrentIndex(1)
        assert 0 < model.rowCount() < everything
        tools.search.setText("take  PROFIT")
        tools.apply()
        assert [model.row_at(place).role.value for place in range(model.rowCount())] == ["TAKE_PROFIT"]
        assert tools.count.text() == f"1 of {everything}"

    after_twenty_bars(play, told)


def test_rows_are_copied_and_exported_as_they_are_shown(play: Play, tmp_path: Path) -> None:
    async def told(desk: Desk, _session: ScriptedSession) -> None:
        heard: list[str] = []
        desk.fills.tools.told.connect(heard.append)
        desk.fills.table.column_choice.show_column(1, False)

        desk.fills.table.selectRow(0)
        QTest.keyClick(desk.fills.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        desk.fills.tools.export_csv(str(tmp_path / "fills.csv"))
        await until(lambda: bool(heard))

        header, *lines = (tmp_path / "fills.csv").read_text().splitlines()
        assert "Symbol" not in header
        assert len(lines) == desk.models.fills.rowCount()
        assert QGuiApplication.clipboard().text().startswith("Time (UTC)\tSide")
        assert heard == ["fills.csv is written."]
        desk.fills.tools.export_csv(str(tmp_path / "no folder" / "fills.csv"))
        await until(lambda: len(heard) == 2)
        assert "was not written" in heard[1]

    after_twenty_bars(play, told)


def test_a_list_is_held_while_the_pointer_is_over_it_and_says_so(play: Play) -> None:
    async def told(desk: Desk, session: ScriptedSession) -> None:
        desk.show_panel(PanelName.ORDERS)
        view, model = desk.orders.table, desk.models.orders
        before = model.keys
        QApplication.sendEvent(view.viewport(), QEvent(QEvent.Type.Enter))

        session.schedule_first_group()
        await until(lambda: len(model.keys) > len(before))

        assert model.keys[: len(before)] == before
        assert view.pointer_hold.chip.isVisible()
        QApplication.sendEvent(view.viewport(), QEvent(QEvent.Type.Leave))
        assert model.keys[-len(before) :] == before
        assert not view.pointer_hold.chip.isVisible()

    after_twenty_bars(play, told)


def test_the_state_of_the_columns_is_taken_up_again_and_nonsense_is_passed_over(play: Play) -> None:
    async def told(desk: Desk, _session: ScriptedSession) -> None:
        choice = desk.orders.table.column_choice
        choice.show_column(4, False)
        desk.orders.table.horizontalHeader().moveSection(0, 2)
        desk.orders.table.setColumnWidth(1, 77)
        kept, shown = choice.state(), choice.shown

        other = desk.trades.table.column_choice
        other.restore({"order": 3, "hidden": ["Nowhere"], "widths": {"Status": -5}, "sorted_by": "Nowhere"})
        assert len(other.shown) == len(desk.models.trades.columns)
        choice.show_column(4, True)
        desk.orders.table.setColumnWidth(1, 120)
        desk.orders.table.horizontalHeader().moveSection(0, 3)
        choice.restore(kept)

        assert choice.shown == shown
        assert desk.orders.table.columnWidth(1) == 77

    after_twenty_bars(play, told)


def test_a_group_leads_to_its_orders_and_their_fills(play: Play) -> None:
    async def told(desk: Desk, session: ScriptedSession) -> None:
        model = desk.models.groups
        group = session.books.get_execution_groups()[0]
        index = model.index_of(group.group_id)

        assert model.rowCount(index) == len(group.order_ids)
        entry = model.index_of(group.order_ids[0])
        assert entry.parent() == index
        assert model.rowCount(entry) == 1

    after_twenty_bars(play, told)


def test_the_button_of_an_order_cancels_that_order_alone_and_it_waits_until_the_books_say_so(play: Play) -> None:
    async def told(desk: Desk, session: ScriptedSession) -> None:
        desk.show_panel(PanelName.GROUPS)
        panel, model = desk.groups, desk.models.groups
        group = session.books.get_execution_groups()[1]
        order_id = group.order_ids[0]
        assert panel.table.choose(order_id)

        panel.table.button_pressed.emit(model.row_of(model.index_of(order_id)), CANCEL)

        assert desk.models.pending.is_cancelling(order_id)
        assert "Cancelling" in str(model.index_of(order_id).siblingAtColumn(1).data())
        assert not panel.cancel_button.isEnabled()
        session.resume()
        await until(lambda: not desk.models.pending.is_pending(order_id))
        assert [type(command) for command in session.asked] == [CancelOrder]
        assert session.books.get_order(order_id).status is OrderStatus.CANCELLED

    after_twenty_bars(play, told)


def the_stop(session: ScriptedSession) -> Order:
    """The order that protects what is held."""
    return next(order for order in session.books.get_open_orders() if order.role is OrderRole.STOP_LOSS)


def test_no_row_offers_to_cancel_a_stop_and_it_says_what_would_be_naked(play: Play) -> None:
    async def told(desk: Desk, session: ScriptedSession) -> None:
        desk.show_panel(PanelName.GROUPS)
        stop, panel, model = the_stop(session), desk.groups, desk.models.groups
        assert panel.table.choose(stop.order_id)

        row = model.row_of(model.index_of(stop.order_id))
        assert not any(column.buttons(row) for column in model.columns if column.buttons is not None)
        assert not panel.cancel_button.isEnabled()
        assert f"{stop.remaining_quantity.normalize()} {stop.symbol} would be naked" in panel.hint.text()
        assert panel.hint.toolTip() == panel.hint.text()

    after_twenty_bars(play, told)


@pytest.mark.parametrize("name", [PanelName.GROUPS, PanelName.ORDERS])
def test_delete_leaves_a_stop_alone(play: Play, name: PanelName) -> None:
    async def told(desk: Desk, session: ScriptedSession) -> None:
        desk.show_panel(name)
        stop = the_stop(session)
        desk.orders.choose(stop.order_id)
        desk.groups.table.choose(stop.order_id)

        QTest.keyClick(desk.groups.table if name is PanelName.GROUPS else desk.orders.table, Qt.Key.Key_Delete)
        await asyncio.sleep(0)
        await asyncio.sleep(0)

        assert not session.asked
        assert not the_stop(session).is_terminal

    after_twenty_bars(play, told)


def test_of_all_chosen_orders_only_the_entries_are_cancelled(play: Play) -> None:
    async def told(desk: Desk, session: ScriptedSession) -> None:
        desk.show_panel(PanelName.ORDERS)
        desk.orders.table.selectAll()
        entries = {it.order_id for it in session.books.get_open_orders() if it.role is OrderRole.ENTRY}

        QTest.keyClick(desk.orders.table, Qt.Key.Key_Delete)
        await until(lambda: len(session.asked) == len(entries))

        assert entries
        assert {it.order_id for it in session.asked if isinstance(it, CancelOrder)} == entries

    after_twenty_bars(play, told)


def test_delete_cancels_the_group_of_the_chosen_row(play: Play) -> None:
    async def told(desk: Desk, session: ScriptedSession) -> None:
        desk.show_panel(PanelName.GROUPS)
        group = session.books.get_execution_groups()[1]
        assert desk.groups.table.choose(group.group_id)

        QTest.keyClick(desk.groups.table, Qt.Key.Key_Delete)
        await until(lambda: bool(session.asked))

        assert isinstance(session.asked[0], CancelGroup)
        assert session.asked[0].group_id == group.group_id

    after_twenty_bars(play, told)


def test_an_execution_of_an_order_that_was_over_is_marked_as_late(play: Play) -> None:
    async def told(desk: Desk, session: ScriptedSession) -> None:
        group = session.books.get_execution_groups()[1]
        order = session.books.get_order(group.order_ids[0])
        desk.groups.table.choose(group.group_id)
        desk.groups.cancel_chosen()
        session.resume()
        await until(lambda: session.books.get_order(order.order_id).is_terminal)
        session.pause()

        session._fill(order, session._price(session._bar), session._clock.now())
        desk.refresh()

        row = desk.models.groups.row_of(desk.models.groups.index_of(group.group_id))
        assert isinstance(row, GroupRow)
        assert row.late_fills == 1
        entry = desk.models.groups.index_of(order.order_id)
        assert isinstance(desk.models.groups.row_of(entry), OrderRow)
        assert "Late fill" in str(desk.models.groups.index(0, 0, entry).data())

    after_twenty_bars(play, told)
