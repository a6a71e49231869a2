"""A window of its own for the press of the emergency button: ``python -m tests.benchmarks.press_child``.

Prints one JSON object, medians in milliseconds from a press to the paint that shows it: `bare_ms` of a QPushButton,
`button_ms` of the emergency window's Flatten, `asked_ms` from the panic key's second press to the banner that says so.
The account holds 20 positions with 20 working stops and 20 targets, ordered by 5 groups.
"""

import asyncio
import json
import statistics
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from engine.contracts.base import Direction
from engine.contracts.execution import ExecutionGroup
from engine.contracts.intents import ExecutionStyle
from engine.contracts.orders import OrderRole, Trade, TradeStatus
from engine.contracts.plans import OrderType
from engine.primitives import ids
from gui.app import Workstation, application, run_on
from tests.support.gui import STRATEGY_ID, ScriptedSession

POSITIONS: Final = 20
GROUPS: Final = 5
PRESSES: Final = 15
PRICE: Final = Decimal(100)


class Holding(ScriptedSession):
    """A session that holds twenty positions, each with a stop and a target."""

    def hold_much(self) -> None:
        """Book them."""
        groups = [self._group() for _ in range(GROUPS)]
        for number in range(POSITIONS):
            self._hold(groups[number % GROUPS], f"COIN{number}/USDT")

    def _group(self) -> ExecutionGroup:
        group = ExecutionGroup(
            group_id=self.ids.next(ids.GROUP),
            parent_directive_id=self.ids.next(ids.EXECUTION),
            strategy_id=STRATEGY_ID,
            execution_strategy=ExecutionStyle.SINGLE_ORDER,
            created_at=self._clock.now(),
        )
        self.books.register_execution_group(group)
        return group

    def _hold(self, group: ExecutionGroup, symbol: str) -> None:
        trade = Trade(
            trade_id=self.ids.next(ids.TRADE),
            strategy_id=STRATEGY_ID,
            symbol=symbol,
            direction=Direction.BUY,
            status=TradeStatus.PENDING,
            opened_at=self._clock.now(),
            stop_loss_price=PRICE - 5,
            take_profit_price=PRICE + 5,
        )
        self.books.open_trade(trade)
        entry = self._order(group, trade, OrderRole.ENTRY, Direction.BUY, OrderType.MARKET, Decimal(1))
        entry = entry.model_copy(update={"symbol": symbol})
        self._send(entry)
        self._fill(entry, PRICE, self._clock.now())
        for role, kind, limit, stop in (
            (OrderRole.STOP_LOSS, OrderType.STOP_MARKET, None, PRICE - 5),
            (OrderRole.TAKE_PROFIT, OrderType.LIMIT, PRICE + 5, None),
        ):
            order = self._order(group, trade, role, Direction.SELL, kind, Decimal(1), limit, stop)
            self._send(order.model_copy(update={"symbol": symbol}))


class NextPaint(QObject):
    """Waits for the next paint of a widget, and tells when it was over."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self._widget = widget
        self._painted: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Note the paint; it happens now."""
        if event.type() == QEvent.Type.Paint and not self._painted.done():
            self._painted.set_result(time.perf_counter())
        return False

    async def after(self, act: Callable[[], object]) -> float:
        """Do it, and return after how many milliseconds the widget was painted."""
        self._widget.installEventFilter(self)
        began = time.perf_counter()
        act()
        painted = await asyncio.wait_for(self._painted, 5)
        self._widget.removeEventFilter(self)
        return (painted - began) * 1_000


async def _pressed_ms(button: QPushButton) -> float:
    taken = []
    for _ in range(PRESSES):
        taken.append(await NextPaint(button).after(lambda: QTest.mousePress(button, Qt.MouseButton.LeftButton)))
        button.setDown(False)
        await asyncio.sleep(0.03)
    return statistics.median(taken)


async def _measured(workstation: Workstation) -> dict[str, float]:
    bare = QPushButton("Flatten")
    bare.resize(200, 40)
    bare.show()
    while workstation.desk is None:  # noqa: ASYNC110  # the window tells nobody that its desk is there
        await asyncio.sleep(0.05)
    desk = workstation.desk
    desk.emergency.open()
    await asyncio.sleep(1)
    said = {"bare_ms": await _pressed_ms(bare), "button_ms": await _pressed_ms(desk.emergency.flatten_button)}
    said["asked_ms"] = await NextPaint(desk.emergency.stamp).after(desk.emergency.flatten_everything)
    bare.deleteLater()
    return said


def main() -> None:
    """Open the window, press, say."""

    async def work() -> dict[str, float]:
        session = Holding(bars=100_000, pace_s=0.2)
        session.hold_much()
        workstation = Workstation(lambda: session)
        measured: list[dict[str, float]] = []

        async def press() -> None:
            try:
                measured.append(await _measured(workstation))
            finally:
                workstation.ask_quit()

        workstation.tasks.start(press(), name="press")
        await workstation.run()
        return measured[0]

    print(json.dumps(run_on(application([str(Path(__file__))]), work())))  # noqa: T201


if __name__ == "__main__":
    main()
