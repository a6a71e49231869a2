"""The whole window on a prepared session: what a trader does with it, and what it says."""

import asyncio
import signal
from collections.abc import Callable
from decimal import Decimal

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QWidget
from qasync import QEventLoop

from engine.contracts.commands import (
    AbortFlatten,
    CancelGroup,
    ClearLatch,
    FlattenAll,
    OrderClaim,
    PauseGroupCancelOrders,
    PauseGroupKeepOrders,
    PauseStrategy,
    ResolveOrder,
    ResumeGroup,
    ResumeStrategy,
    TradingState,
)
from engine.contracts.execution import ExecutionGroupStatus
from engine.contracts.flatten import FlattenResult
from engine.contracts.flows import OutcomeKind
from engine.ports.session import Mode, SessionState, TradingSession
from engine.primitives.errors import ConfigError
from gui.app import EXIT_FAILED, EXIT_OK, Workstation, run_window
from gui.bridge.host import Exposure, SessionHost
from gui.panels.emergency import FlattenState
from gui.workspace.desk import Desk
from gui.workspace.panel_names import PanelName
from tests.gui.conftest import Play
from tests.support import notes
from tests.support.gui import ScriptedSession, click_answer, until

pytestmark = pytest.mark.gui


async def opened(workstation: Workstation) -> tuple[Desk, SessionHost]:
    """Wait until the session runs in the window."""
    await until(lambda: workstation.host is not None and workstation.host.status.state is not SessionState.READY)
    assert workstation.desk is not None
    assert workstation.host is not None
    return workstation.desk, workstation.host


async def after_bars(session: ScriptedSession, bars: int) -> None:
    await until(lambda: sum(session.status.flows.values()) >= bars)


def test_a_session_is_watched_from_its_first_bar_to_its_last(play: Play) -> None:
    session = ScriptedSession(bars=40)

    async def story(workstation: Workstation) -> None:
        desk, _ = await opened(workstation)
        await until(lambda: session.status.state is SessionState.STOPPED)
        desk.refresh()
        assert desk.market.chart is not None
        assert desk.market.chart.bar_count == 280
        kinds = {desk.decisions.model.row_at(row).outcome.kind for row in range(desk.decisions.model.rowCount())}
        assert kinds == {OutcomeKind.EXECUTED, OutcomeKind.REJECTED, OutcomeKind.FAILED}
        assert desk.models.positions.rowCount() == 1
        assert desk.models.fills.rowCount() == 1
        assert desk.account.equity.value.text().endswith("USDT")
        assert desk.notes.model().rowCount() >= 3

    assert play(session, story) == EXIT_OK


def test_nobody_can_mistake_the_mode_or_the_made_up_market(play: Play) -> None:
    async def story(workstation: Workstation) -> None:
        desk, _ = await opened(workstation)
        assert desk.session_bar.mode.text() == "PAPER"
        assert desk.session_bar.label.text() == "DEMO"
        assert desk.market._label.text() == "Data: DEMO"
        assert workstation.window.windowTitle().startswith("PAPER · DEMO · Demo on paper")

    play(ScriptedSession(), story)


def test_each_mode_has_a_frame_of_its_own_colour(play: Play) -> None:
    seen = {}
    for mode in Mode:

        async def story(workstation: Workstation, mode: Mode = mode) -> None:
            await until(lambda: workstation.desk is not None)
            await asyncio.sleep(0.05)
            picture = workstation.window.grab().toImage()
            below_menu = workstation.window.menuBar().height() + 1
            seen[mode] = picture.pixelColor(1, below_menu + 5).name()
            assert workstation.window.windowTitle().startswith(mode.value)

        play(ScriptedSession(bars=5, mode=mode), story)

    assert len(set(seen.values())) == len(Mode)


def test_a_group_is_cancelled_and_stays_pending_until_the_ledger_says_so(play: Play) -> None:
    session = ScriptedSession(bars=2_000, pace_s=0.001)

    async def story(workstation: Workstation) -> None:
        desk, _ = await opened(workstation)
        await after_bars(session, 20)
        session.pause()
        desk.refresh()
        desk.show_panel(PanelName.GROUPS)
        desk.groups.table.setCurrentIndex(desk.models.groups.index(0, 0))
        assert desk.groups.cancel_button.isEnabled()

        desk.groups.cancel_button.click()

        assert not desk.groups.cancel_button.isEnabled()
        assert "Cancelling EXG_" in desk.groups.hint.text()
        group_id = desk.groups.table.chosen().group.group_id
        session.resume()
        await until(lambda: session.books.get_group(group_id).status is ExecutionGroupStatus.CANCELLED)
        await until(lambda: desk.groups.table.chosen().group.status is ExecutionGroupStatus.CANCELLED)
        assert [type(command) for command in session.asked] == [CancelGroup]
        await until(lambda: desk.groups.hint.text() == "Nothing works in this group any more.")

    play(session, story)


def test_flatten_asks_first_and_a_no_changes_nothing(play: Play) -> None:
    session = ScriptedSession(bars=2_000, pace_s=0.001)

    async def story(workstation: Workstation) -> None:
        desk, _ = await opened(workstation)
        await after_bars(session, 20)
        desk.session_bar.flatten_button.click()
        await asyncio.sleep(0.02)
        (box,) = (box for box in workstation.window.findChildren(QMessageBox) if box.isVisible())
        assert box.text() == "Cancel 3 working orders and close 1 position at market?"
        assert "close ▲ Long 0.05 BTC/USDT, about 3,0" in box.informativeText()
        assert "cancel ▼ Sell 0.05 BTC/USDT" in box.informativeText()
        assert box.defaultButton().text().replace("&", "") == "Cancel"
        before = sum(session.status.flows.values())

        QTest.keyClick(box, Qt.Key.Key_Return)

        await after_bars(session, before + 3)  # the session went on while the question was open
        assert session.asked == []
        assert desk.flatten.state is FlattenState.IDLE

    play(session, story)


def test_flatten_cancels_and_closes_everything_and_proves_it(play: Play) -> None:
    session = ScriptedSession(bars=2_000, pace_s=0.001)

    async def story(workstation: Workstation) -> None:
        desk, host = await opened(workstation)
        await after_bars(session, 20)
        states: list[FlattenState] = []
        desk.flatten.state_changed.connect(states.append)
        desk.session_bar.flatten_button.click()
        await asyncio.sleep(0.02)

        click_answer(workstation.window, "Flatten all")

        assert desk.flatten.isVisible()
        await until(lambda: desk.flatten.state is FlattenState.FLAT)
        assert states == [FlattenState.ASKED, FlattenState.UNDER_WAY, FlattenState.FLAT]
        assert host.exposure().is_flat
        assert "FLAT, verified from the ledger" in desk.flatten.text.text()
        assert [type(command) for command in session.asked] == [FlattenAll]
        await until(lambda: desk.session_bar.trading.text().endswith("No new trades"))
        await until(lambda: desk.models.positions.rowCount() == 0)

    play(session, story)


def test_a_flatten_under_way_is_aborted_with_a_reason_and_not_called_flat(play: Play) -> None:
    session = ScriptedSession(bars=2_000, pace_s=0.001)
    session.flatten_job = notes.a_flatten_job().model_copy(update={"result": FlattenResult.WORKING})

    async def story(workstation: Workstation) -> None:
        desk, _ = await opened(workstation)
        await until(lambda: desk.flatten.state is FlattenState.UNDER_WAY)
        assert desk.flatten.abort_button.isVisible()

        dialog = desk.flatten.ask_to_abort()
        assert not dialog.accept_button.isEnabled()
        dialog.reason.setText("the wrong account")
        dialog.accept_button.click()

        await until(lambda: desk.flatten.state is FlattenState.ABORTED)
        assert [type(command) for command in session.asked] == [AbortFlatten]
        assert desk.flatten.text.text().startswith("ABORTED")
        assert "the wrong account" in desk.flatten.text.text()
        assert not desk.flatten.abort_button.isVisible()

    play(session, story)


def test_one_group_is_flattened_after_a_question_and_one_strategy_too(play: Play) -> None:
    session = ScriptedSession(bars=2_000, pace_s=0.001)

    async def story(workstation: Workstation) -> None:
        desk, _ = await opened(workstation)
        await after_bars(session, 20)
        desk.show_panel(PanelName.GROUPS)
        desk.refresh()
        desk.groups.table.setCurrentIndex(desk.models.groups.index(0, 0))
        chosen = desk.groups.table.chosen()
        assert chosen is not None

        desk.groups.ask_to_flatten()
        await asyncio.sleep(0.02)
        click_answer(workstation.window, "Flatten")
        desk.groups.ask_to_flatten_strategy()
        await asyncio.sleep(0.02)
        click_answer(workstation.window, "Flatten")
        await until(lambda: len(session.asked) == 2)

        group, strategy = session.asked
        assert isinstance(group, FlattenAll)
        assert group.groups == (chosen.group.group_id,)
        assert isinstance(strategy, FlattenAll)
        assert (strategy.groups, strategy.strategies) == ((), (chosen.group.strategy_id,))

    play(session, story)


def test_an_order_is_resolved_with_a_claim_and_a_reason_and_the_answer_is_shown(play: Play) -> None:
    session = ScriptedSession(bars=2_000, pace_s=0.001)

    async def story(workstation: Workstation) -> None:
        desk, host = await opened(workstation)
        await after_bars(session, 20)
        desk.refresh()
        working = host.exposure().orders[0]
        desk.orders.table.selectRow(desk.models.orders.keys.index(working.order_id))

        dialog = desk.orders.ask_to_resolve()
        assert dialog is not None
        dialog.claim.setCurrentIndex(1)
        dialog.reason.setText("seen at the venue")
        dialog.accept_button.click()
        await until(lambda: bool(session.asked))

        (asked,) = session.asked
        assert isinstance(asked, ResolveOrder)
        assert (asked.order_id, asked.claim) == (working.order_id, OrderClaim.EXPIRED)
        await until(lambda: "not in doubt" in desk.orders._hint.text())

    play(session, story)


def test_an_order_is_called_filled_only_with_the_trade_id_and_the_price_of_the_venue(play: Play) -> None:
    session = ScriptedSession(bars=2_000, pace_s=0.001)

    async def story(workstation: Workstation) -> None:
        desk, host = await opened(workstation)
        await after_bars(session, 20)
        desk.refresh()
        working = host.exposure().orders[0]
        desk.orders.table.selectRow(desk.models.orders.keys.index(working.order_id))

        dialog = desk.orders.ask_to_resolve()
        assert dialog is not None
        assert not dialog.price.isVisible()
        dialog.claim.setCurrentIndex(3)
        assert dialog.price.isVisible()
        dialog.reason.setText("seen at the venue")
        dialog.venue_trade_id.setText("T-77")
        for nonsense in ("", "a lot", "0", "NaN", "-5"):
            dialog.price.setText(nonsense)
            assert not dialog.accept_button.isEnabled()
        dialog.price.setText("64250.10")
        dialog.accept_button.click()
        await until(lambda: bool(session.asked))

        (asked,) = session.asked
        assert isinstance(asked, ResolveOrder)
        assert (asked.claim, asked.venue_trade_id, asked.price) == (OrderClaim.FILLED, "T-77", Decimal("64250.10"))

    play(session, story)


class FirstPaint(QObject):
    """Remembers what was true when a widget was painted first."""

    def __init__(self, widget: QWidget, look: Callable[[], object]) -> None:
        super().__init__(widget)
        self.seen: list[object] = []
        self._look = look
        widget.installEventFilter(self)

    def eventFilter(self, _widget: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        if event.type() is QEvent.Type.Paint and not self.seen:
            self.seen.append(self._look())
        return False


def test_a_flatten_is_painted_before_the_venue_has_answered_anything(play: Play) -> None:
    session = ScriptedSession(bars=2_000, pace_s=0.001)

    async def story(workstation: Workstation) -> None:
        desk, host = await opened(workstation)
        await after_bars(session, 20)
        desk.session_bar.flatten_button.click()
        await asyncio.sleep(0.02)
        held = host.exposure()
        first = FirstPaint(desk.flatten, host.exposure)

        click_answer(workstation.window, "Flatten all")

        assert (desk.flatten.state, session.asked) == (FlattenState.ASKED, [])
        assert desk.flatten.isVisible()
        await until(lambda: bool(first.seen))
        (at_paint,) = first.seen
        assert isinstance(at_paint, Exposure)
        assert at_paint.positions
        assert [each.quantity for each in at_paint.positions] == [each.quantity for each in held.positions]
        await until(lambda: desk.flatten.state is FlattenState.FLAT)

    play(session, story)


def test_trading_is_resumed_only_with_a_reason(play: Play) -> None:
    session = ScriptedSession(bars=2_000, pace_s=0.001)

    async def story(workstation: Workstation) -> None:
        desk, host = await opened(workstation)
        host.commands.flatten_all()
        await until(desk.session_bar.resume_button.isVisible)
        dialog = desk.ask_resume_trading()
        dialog.reason.setText("ok")
        assert not dialog.resume_button.isEnabled()
        dialog.reason.setText("checked the venue")
        dialog.resume_button.click()

        await until(lambda: session.status.trading_state is TradingState.ACTIVE)
        assert [command.reason for command in session.asked if isinstance(command, ClearLatch)] == ["checked the venue"]
        await until(lambda: not desk.session_bar.resume_button.isVisible())

    play(session, story)


def test_a_decision_is_explained_when_it_is_chosen(play: Play) -> None:
    session = ScriptedSession(bars=30)

    async def story(workstation: Workstation) -> None:
        desk, _ = await opened(workstation)
        await until(lambda: session.status.state is SessionState.STOPPED)
        desk.refresh()
        desk.decisions.filters[OutcomeKind.FAILED].setChecked(True)
        assert desk.decisions.model.rowCount() == 1
        desk.decisions.choose(0)
        assert desk.chain.heading.text().startswith("Failed")
        assert "division by zero" in desk.chain.reason.text()
        desk.decisions.filters[OutcomeKind.FAILED].setChecked(False)
        desk.decisions.search.setText("stop_loss_tolerance")
        assert desk.decisions.model.rowCount() == 1
        desk.decisions.choose(0)
        titles = [desk.chain.tree.topLevelItem(row).text(0) for row in range(desk.chain.tree.topLevelItemCount())]
        assert titles == ["Tick received", "Context", "Opportunity"]

    play(session, story)


def test_space_pauses_and_continues(play: Play) -> None:
    session = ScriptedSession(bars=5_000, pace_s=0.001)

    async def story(workstation: Workstation) -> None:
        desk, _ = await opened(workstation)
        assert desk.market.chart is not None
        desk.market.chart.setFocus()
        QTest.keyClick(desk.market.chart, Qt.Key.Key_Space)
        await until(lambda: session.status.state is SessionState.PAUSED)
        await until(lambda: desk.session_bar.pause_button.text() == "Continue")
        QTest.keyClick(desk.market.chart, Qt.Key.Key_Space)
        await until(lambda: session.status.state is SessionState.RUNNING)

    play(session, story)


def test_a_strategy_is_paused_and_resumed_by_name(play: Play) -> None:
    session = ScriptedSession(bars=100_000, pace_s=0.001)

    async def story(workstation: Workstation) -> None:
        desk, _ = await opened(workstation)
        await until(desk.market.pause_button.isEnabled)
        desk.market.pause_button.click()
        assert not desk.market.pause_button.isEnabled()
        await until(lambda: desk.market._state.text() == "Paused: paused by the user")
        assert desk.market.pause_button.text() == "Resume strategy"
        desk.market.pause_button.click()
        await until(lambda: desk.market._state.text() == "")
        assert [type(command) for command in session.asked] == [PauseStrategy, ResumeStrategy]

    play(session, story)


def test_closing_a_running_session_ends_it_orderly_first(play: Play) -> None:
    session = ScriptedSession(bars=100_000, pace_s=0.001)

    async def story(workstation: Workstation) -> None:
        await opened(workstation)
        await after_bars(session, 5)

        assert not workstation.window.close()

        assert workstation.window.isVisible(), "it stays until everything is on disk"
        await workstation.host.wait_ended()
        assert session.status.state is SessionState.STOPPED

    assert play(session, story) == EXIT_OK


def test_a_session_that_cannot_be_opened_says_why_in_the_window(qapp: QApplication, qt_loop: QEventLoop) -> None:
    def refuse() -> TradingSession:
        raise ConfigError("operation.yaml, line 3: unknown key 'speeed', did you mean 'speed'?")

    async def story() -> tuple[str, int]:
        workstation = Workstation(refuse)
        task = asyncio.get_running_loop().create_task(workstation.run())
        await until(lambda: "did you mean" in said(workstation))
        text = said(workstation)
        workstation.ask_quit()
        code = await task
        workstation.deleteLater()
        return text, code

    text, code = qt_loop.run_until_complete(story())

    assert "The session cannot be opened" in text
    assert "Nothing was started" in text
    assert code == EXIT_FAILED


def said(workstation: Workstation) -> str:
    """Return all text of the page that is shown instead of a desk."""
    page = workstation.window.centralWidget()
    return " ".join(label.text() for label in page.findChildren(QLabel))


class BrokenSession(ScriptedSession):
    """Fails on its tenth bar."""

    def step(self) -> None:
        if sum(self.status.flows.values()) == 10:
            raise RuntimeError("the books are on fire")
        super().step()


@pytest.mark.allow_warnings
def test_a_session_that_fails_leaves_the_window_and_says_so(play: Play) -> None:
    session = BrokenSession(bars=100)

    async def story(workstation: Workstation) -> None:
        await until(lambda: workstation.desk is not None and not workstation.host.is_running)
        desk = workstation.desk
        desk.refresh()
        notes = [desk.notes.model().index(row, 2).data() for row in range(desk.notes.model().rowCount())]
        assert any("the books are on fire" in note for note in notes)
        assert workstation.window.isVisible()

    assert play(session, story) == EXIT_FAILED


def test_a_new_session_can_be_started_after_the_first(qapp: QApplication, qt_loop: QEventLoop) -> None:
    made: list[ScriptedSession] = []

    def make() -> TradingSession:
        made.append(ScriptedSession(bars=10))
        return made[-1]

    async def story() -> int:
        workstation = Workstation(make)
        task = asyncio.get_running_loop().create_task(workstation.run())
        await until(lambda: made and made[0].status.state is SessionState.STOPPED)
        await until(lambda: workstation.desk.session_bar.start_button.text() == "Start anew")
        workstation.desk.session_bar.start_button.click()
        await until(lambda: len(made) == 2 and made[1].status.state is SessionState.STOPPED)
        workstation.ask_quit()
        code = await task
        workstation.deleteLater()
        return code

    assert qt_loop.run_until_complete(story()) == EXIT_OK


def test_control_c_ends_the_session_and_the_window(qapp: QApplication) -> None:
    session = ScriptedSession(bars=100_000, pace_s=0.001)
    original = session.step

    def step_then_interrupt() -> None:
        original()
        if sum(session.status.flows.values()) == 20:
            signal.raise_signal(signal.SIGINT)

    session.step = step_then_interrupt

    assert run_window(lambda: session) == EXIT_OK
    assert session.status.state is SessionState.STOPPED
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_every_action_is_reachable_and_no_key_means_two_things(play: Play) -> None:
    async def story(workstation: Workstation) -> None:
        await opened(workstation)
        actions = [action for menu in workstation.window.menuBar().actions() for action in menu.menu().actions()]
        assert all(action.isEnabled() for action in actions)
        keys = [key.toString() for action in actions for key in action.shortcuts()]
        assert len(set(keys)) == len(keys)

    play(ScriptedSession(), story)


def test_a_schedule_is_paused_in_two_ways_and_resumed_by_hand(play: Play) -> None:
    session = ScriptedSession(bars=2_000, pace_s=0.001)

    async def story(workstation: Workstation) -> None:
        desk, _ = await opened(workstation)
        await after_bars(session, 20)
        session.pause()
        plan = session.schedule_first_group()
        panel = desk.groups
        await until(lambda: plan.group_id in desk.models._plans)
        desk.refresh()
        desk.show_panel(PanelName.GROUPS)
        place = desk.models.groups.keys.index(plan.group_id)
        panel.table.setCurrentIndex(desk.models.groups.index(place, 0))
        assert panel.bar.isVisible()
        assert not panel.resume_button.isEnabled()

        panel.keep_button.click()
        await until(panel.resume_button.isEnabled)
        assert panel.hint.text() == "Paused: asked by the user"
        assert not panel.keep_button.isEnabled()
        assert panel.table.chosen().is_paused

        panel.resume_button.click()
        await until(panel.keep_button.isEnabled)
        panel.take_back_button.click()
        await until(panel.resume_button.isEnabled)

        assert [type(command) for command in session.asked] == [
            PauseGroupKeepOrders,
            ResumeGroup,
            PauseGroupCancelOrders,
        ]

    play(session, story)
