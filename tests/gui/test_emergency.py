"""The emergency window, the panic key and the status bar: reachable whatever is open, and nothing by a slip."""

from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.contracts.commands import (
    CancelAllOrders,
    ClearLatch,
    FlattenAll,
    ReduceAll,
    RestrictTrading,
    TradingState,
)
from engine.contracts.execution import ExecutionMode
from engine.contracts.orders import OrderRole
from engine.ports.session import Mode
from gui.app import EXIT_OK, Workstation
from gui.dialogs.reason import ReasonDialog
from gui.models.flatten_preview import SLIPPAGE_BPS, cost_of_closing
from gui.panels.emergency import FlattenState
from gui.panels.emergency_scope import ScopeKind
from gui.workspace.desk import Desk
from tests.gui.conftest import Play
from tests.support.gui import STRATEGY_ID, SYMBOL, ScriptedSession, click_answer, until

pytestmark = pytest.mark.gui
PANIC = (Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)


async def with_something_open(workstation: Workstation, session: ScriptedSession) -> Desk:
    """Wait until a position is held and an entry works, and let the market stand still."""
    await until(lambda: workstation.desk is not None)
    if session.mode is Mode.LIVE:
        assert workstation.host is not None
        workstation.host.start()
    books = session.books
    await until(
        lambda: (
            bool(books.get_open_positions()) and any(order.role is OrderRole.ENTRY for order in books.get_open_orders())
        )
    )
    session.pause()
    assert workstation.desk is not None
    return workstation.desk


def a_session(mode: Mode = Mode.PAPER) -> ScriptedSession:
    return ScriptedSession(bars=400, mode=mode, pace_s=0.002)


def test_the_preview_names_exactly_what_would_be_cancelled_and_closed_and_its_cost(play: Play) -> None:
    session = a_session()

    async def story(workstation: Workstation) -> None:
        desk = await with_something_open(workstation, session)
        desk.emergency.open()
        plan = desk.emergency.plan()
        entries = [order for order in session.books.get_open_orders() if order.role is OrderRole.ENTRY]
        (held,) = session.books.get_open_positions()
        assert list(plan.cancels) == entries
        (line,) = plan.closes
        assert held.mark_price is not None
        market = session.instrument(SYMBOL)
        fee = held.quantity * held.mark_price * market.taker_fee
        spread = held.quantity * market.tick_size / 2
        slippage = held.quantity * held.mark_price * SLIPPAGE_BPS / 10_000
        assert line.cost == fee + spread + slippage == cost_of_closing(-held.quantity, held.mark_price, market)
        assert desk.emergency.preview_rows.rowCount() == 1 + len(entries)
        assert "half a tick" in desk.emergency.cost.text()

        desk.emergency.scope.choose(ScopeKind.STRATEGIES)
        assert desk.emergency.plan().is_empty, "nothing ticked is never taken for everything"
        assert not desk.emergency.flatten_button.isEnabled()
        desk.emergency.scope.choose(ScopeKind.STRATEGIES, STRATEGY_ID)
        assert len(desk.emergency.plan().closes) == 1

    assert play(session, story) == EXIT_OK


def test_the_panic_key_arms_first_and_fires_second_while_a_dialog_is_open(play: Play) -> None:
    session = a_session()

    async def story(workstation: Workstation) -> None:
        desk = await with_something_open(workstation, session)
        dialog = desk.ask_resume_trading()
        QTest.keyClick(dialog.reason, *PANIC)
        assert workstation.panic.is_armed
        assert desk.emergency.isVisible()
        assert "ARMED" in desk.emergency.armed.text()
        assert session.asked == []
        assert dialog.isVisible()

        QTest.keyClick(dialog.reason, Qt.Key.Key_Escape)
        assert not workstation.panic.is_armed
        assert dialog.isVisible(), "Escape was for the panic key"
        QTest.keyClick(dialog.reason, *PANIC)
        QTest.keyClick(dialog.reason, *PANIC)
        assert desk.flatten.state is FlattenState.ASKED, "the pending state comes before any answer"
        await until(lambda: bool(session.asked))
        assert [type(command) for command in session.asked] == [FlattenAll]
        dialog.reject()

    assert play(session, story) == EXIT_OK


def test_the_panic_key_forgets_the_first_press(play: Play) -> None:
    session = a_session()

    async def story(workstation: Workstation) -> None:
        desk = await with_something_open(workstation, session)
        QTest.keyClick(workstation.window, *PANIC)
        workstation.panic.disarmed.emit()  # what its timer does after three seconds
        assert "ARMED" not in desk.emergency.armed.text()
        assert session.asked == []
        workstation.panic.disarm()

    assert play(session, story) == EXIT_OK


def test_the_buttons_of_the_emergency_window_work_while_a_dialog_is_open(play: Play) -> None:
    session = a_session()

    async def story(workstation: Workstation) -> None:
        desk = await with_something_open(workstation, session)
        dialog = desk.ask_resume_trading()
        desk.emergency.open()
        emergency = desk.emergency
        assert QApplication.activeModalWidget() is dialog
        QTest.mouseClick(emergency.cancel_button, Qt.MouseButton.LeftButton)
        click_answer(emergency, "Cancel orders")
        assert "Asked" in emergency.answer.text()
        await until(lambda: "under way" in emergency.answer.text())
        emergency.batch_mode.setCurrentIndex(1)
        QTest.mouseClick(emergency.reduce_buttons[1], Qt.MouseButton.LeftButton)
        click_answer(emergency, "Reduce by 50 %, SEQUENTIAL")
        await until(lambda: len(session.asked) == 2)
        cancel, reduce = session.asked
        assert isinstance(cancel, CancelAllOrders)
        assert isinstance(reduce, ReduceAll)
        assert (reduce.share, reduce.mode) == (Decimal("0.5"), ExecutionMode.SEQUENTIAL)
        dialog.reject()

    assert play(session, story) == EXIT_OK


def test_in_live_a_click_does_nothing_and_holding_flattens(play: Play) -> None:
    session = a_session(Mode.LIVE)

    async def story(workstation: Workstation) -> None:
        desk = await with_something_open(workstation, session)
        desk.session_bar.flatten_button.click()
        emergency = desk.emergency
        assert emergency.isVisible()
        QTest.mouseClick(emergency.flatten_button, Qt.MouseButton.LeftButton)
        assert desk.flatten.state is FlattenState.IDLE
        QTest.mousePress(emergency.flatten_button, Qt.MouseButton.LeftButton)
        await until(lambda: emergency.flatten_button.progress > 0.2)
        QTest.mouseRelease(emergency.flatten_button, Qt.MouseButton.LeftButton)
        assert desk.flatten.state is FlattenState.IDLE, "it was let go too early"
        QTest.keyPress(emergency.flatten_button, Qt.Key.Key_Space)
        await until(lambda: bool(session.asked))
        QTest.keyRelease(emergency.flatten_button, Qt.Key.Key_Space)
        assert [type(command) for command in session.asked] == [FlattenAll]

    assert play(session, story) == EXIT_OK


def test_trading_is_made_careful_with_one_click_and_allowed_with_a_reason(play: Play) -> None:
    session = a_session()

    async def story(workstation: Workstation) -> None:
        desk = await with_something_open(workstation, session)
        bar = desk.status_bar
        QTest.mouseClick(bar.reduce_button, Qt.MouseButton.LeftButton)
        assert "asked" in bar.trading.text()
        await until(lambda: "reducing" in bar.trading.text())
        QTest.mouseClick(bar.halt_button, Qt.MouseButton.LeftButton)
        await until(lambda: "halted" in bar.trading.text())
        QTest.mouseClick(bar.resume_button, Qt.MouseButton.LeftButton)
        assert session.status.trading_state is TradingState.HALTED
        (dialog,) = workstation.window.findChildren(ReasonDialog)
        dialog.reason.setText("looked at it")
        dialog.accept_button.click()
        await until(lambda: "active" in bar.trading.text())
        assert [type(it) for it in session.asked] == [RestrictTrading, RestrictTrading, ClearLatch]

    assert play(session, story) == EXIT_OK


def test_the_status_bar_tells_by_shape_and_word_and_invents_nothing(play: Play) -> None:
    session = a_session()

    async def story(workstation: Workstation) -> None:
        desk = await with_something_open(workstation, session)
        bar = desk.status_bar
        for lamp in (bar.private, bar.ping, bar.clock_skew, bar.budget, bar.dead_man):
            assert lamp.text().startswith("○")
            assert "simulated" in lamp.toolTip()
        assert "UTC" in bar.clock.text()
        assert bar.mode.text() == "PAPER"
        await until(lambda: "ms" in bar.gui.text())

    assert play(session, story) == EXIT_OK
