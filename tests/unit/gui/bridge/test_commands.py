"""What a person asks: pending first, then one answer."""

import asyncio

import pytest
from pydantic import ValidationError
from qasync import QEventLoop

from engine.contracts.commands import CancelGroup, Command, CommandAnswer, CommandStatus, FlattenAll, TradingState
from engine.primitives.errors import PlanError
from engine.primitives.ids import GroupId
from gui.bridge.commands import SessionCommands
from gui.bridge.tasks import TaskKeeper
from tests.support.gui import ScriptedSession

pytestmark = pytest.mark.unit

GROUP = GroupId("EXG_20260105_000000_00000")


class RefusingSession(ScriptedSession):
    """Raises instead of answering."""

    def ask(self, command: Command) -> CommandAnswer:
        raise PlanError("There is no such group", group=GROUP)


def test_a_command_is_seen_as_pending_before_the_session_hears_it(qt_loop: QEventLoop) -> None:
    session, order = ScriptedSession(), list[str]()
    commands = SessionCommands(session, TaskKeeper())
    commands.asked.connect(lambda _command: order.append(f"asked, session heard {len(session.asked)}"))
    commands.answered.connect(lambda _command, answer: order.append(f"answered {answer.status}"))

    async def story() -> None:
        commands.flatten_all()
        await asyncio.sleep(0.01)

    qt_loop.run_until_complete(story())

    assert order == ["asked, session heard 0", "answered ACCEPTED"]


def test_the_command_carries_an_id_of_the_session_and_its_time(qt_loop: QEventLoop) -> None:
    session = ScriptedSession()
    commands = SessionCommands(session, TaskKeeper())

    async def story() -> Command:
        command = commands.cancel_group(GROUP)
        await asyncio.sleep(0.01)
        return command

    command = qt_loop.run_until_complete(story())

    assert isinstance(command, CancelGroup)
    assert command.command_id.startswith("USR_20260105_")
    assert command.asked_at == session.status.now
    assert session.asked == [command]


def test_an_error_of_the_session_is_an_answer_too(qt_loop: QEventLoop) -> None:
    commands, answers = SessionCommands(RefusingSession(), TaskKeeper()), list[CommandAnswer]()
    commands.answered.connect(lambda _command, answer: answers.append(answer))

    async def story() -> None:
        commands.cancel_group(GROUP)
        await asyncio.sleep(0.01)

    qt_loop.run_until_complete(story())

    assert [answer.status for answer in answers] == [CommandStatus.REFUSED]
    assert "There is no such group" in answers[0].text


def test_new_risk_is_allowed_again_only_with_a_reason(qt_loop: QEventLoop) -> None:
    session = ScriptedSession()
    commands = SessionCommands(session, TaskKeeper())

    async def story() -> None:
        commands.flatten_all()
        await asyncio.sleep(0.01)
        with pytest.raises(ValidationError):
            commands.clear_latch("ok")
        assert session.status.trading_state is TradingState.REDUCING
        commands.clear_latch("checked the venue")
        await asyncio.sleep(0.01)

    qt_loop.run_until_complete(story())

    assert session.status.trading_state is TradingState.ACTIVE
    assert isinstance(session.asked[0], FlattenAll)
