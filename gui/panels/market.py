"""The enriched context, live: one chart for each strategy of the session."""

from dataclasses import replace
from decimal import Decimal
from functools import partial

from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from engine.contracts.base import Direction
from engine.contracts.flows import FlowRecord
from engine.contracts.orders import Fill, Order, OrderRole, OrderStatus, Trade, TradeStatus
from engine.contracts.schedules import GroupPlan
from engine.contracts.signals import OpportunitySignal, ThreatSignal
from engine.ports.session import SessionState, SessionStatus, StrategySummary
from engine.primitives.timeframes import ns_from_datetime
from gui.bridge.focus import Chosen
from gui.bridge.host import SessionHost
from gui.bridge.rows import BarRows
from gui.charts.market_chart import MarketChart
from gui.charts.marks import Mark, MarkKind
from gui.charts.plans import ENTRY_DASHES, STOP_DASHES, TARGET_DASHES, PlanLine, PlannedOrder
from gui.dialogs.column_list import ColumnListDialog
from gui.models.books import average_entry
from gui.panels.strategy_charts import StrategyCharts
from gui.theme import formats
from gui.theme.tokens import SPACE, Tone


class MarketPanel(QFrame):
    """Shows the chart of the chosen strategy; the others keep up unseen."""

    def __init__(self, host: SessionHost, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._host = host
        self._charts: dict[str, StrategyCharts] = {}
        self._trades: dict[str, Trade] = {}
        """Those that are pending or open: the others have no lines."""
        self._owners: dict[str, str] = {}
        """The strategy of every trade, by its id: the last fill comes when its trade is over."""
        self._limits: dict[str, Decimal] = {}
        self._strategies: dict[str, StrategySummary] = {}
        self._schedules: dict[str, GroupPlan] = {}
        """The schedule of every group that is under way, by the group's id."""
        self._unsent: dict[str, Order] = {}
        """Orders that are still to be sent, by their id."""
        self._is_live = False
        self.setProperty("role", "panel")
        self.selector = QComboBox(self)
        self.selector.setAccessibleName(self.tr("Strategy on the chart"))
        self.selector.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.beside_selector = QComboBox(self)
        self.beside_selector.setAccessibleName(self.tr("Longer timeframe beside the chart"))
        self.beside_selector.setToolTip(self.tr("Show the same context in a longer timeframe beside this one"))
        self.beside_selector.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._state = QLabel(self)
        self._state.setProperty("role", "message")
        self.pause_button = QPushButton(self)
        self.pause_button.setToolTip(
            self.tr("A paused strategy opens no new trades; its orders and stops go on working")
        )
        self._scores = QLabel(self)
        self._scores.setProperty("role", "caption")
        self._label = QLabel(self)
        self._label.setProperty("role", "data-label")
        self._label.setAccessibleName(self.tr("Where the market data comes from"))
        self._stack = QStackedWidget(self)
        self._lay_out()
        self.selector.currentIndexChanged.connect(self._on_strategy_chosen)
        self.beside_selector.activated.connect(self._on_beside_chosen)
        self.pause_button.clicked.connect(self._on_pause_clicked)
        for strategy in host.status.strategies:
            self._add_strategy(strategy)
        self._on_status_changed(host.status)
        self._offer_beside()
        for trade in host.open_trades():
            self._on_trade_changed(trade)
        for order in host.exposure().orders:
            self._on_order_changed(order)
        for plan in host.group_plans():
            self._on_plan_changed(plan)
        self._listen(host)

    @property
    def chart(self) -> MarketChart | None:
        """The chart that is seen, of two the one with the focus, or None in a session without strategies."""
        charts = self.charts
        return None if charts is None else next((each for each in charts.charts if each.hasFocus()), charts.own)

    @property
    def charts(self) -> StrategyCharts | None:
        """The charts of the chosen strategy, or None in a session without strategies."""
        charts = self._stack.currentWidget()
        return charts if isinstance(charts, StrategyCharts) else None

    def chart_of(self, strategy_id: str) -> MarketChart:
        """Return the chart of a strategy in its own timeframe.

        Raises:
            KeyError: the session has no such strategy.
        """
        return self._charts[strategy_id].own

    def follow(self) -> None:
        """Go to the newest bar of the chart that is seen."""
        if self.chart is not None:
            self.chart.follow()

    def list_columns(self) -> None:
        """List what is drawn on the chart that is seen, and who writes it."""
        chosen = self._strategies.get(self.selector.currentData())
        if chosen is not None:
            ColumnListDialog(chosen, self.window()).open()

    def zoom_in(self) -> None:
        """Show fewer bars."""
        if self.chart is not None:
            self.chart.zoom(1)

    def zoom_out(self) -> None:
        """Show more bars."""
        if self.chart is not None:
            self.chart.zoom(-1)

    def _listen(self, host: SessionHost) -> None:
        feed = host.feed
        feed.bars_arrived.connect(self._on_bars_arrived)
        feed.flow_ended.connect(self._on_flow_ended)
        feed.fill_booked.connect(self._on_fill_booked)
        feed.trade_changed.connect(self._on_trade_changed)
        feed.order_changed.connect(self._on_order_changed)
        feed.plan_changed.connect(self._on_plan_changed)
        host.focus.instant_pointed.connect(self._on_instant_pointed)
        feed.status_changed.connect(self._on_status_changed)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        head.setSpacing(SPACE)
        head.addWidget(self.selector)
        head.addWidget(self.beside_selector)
        head.addWidget(self.pause_button)
        head.addWidget(self._label)
        head.addWidget(self._state)
        head.addStretch(1)
        head.addWidget(self._scores)
        box = QVBoxLayout(self)
        box.setContentsMargins(1, 1, 1, 1)
        box.setSpacing(0)
        box.addLayout(head)
        box.addWidget(self._stack, 1)

    def _add_strategy(self, strategy: StrategySummary) -> None:
        tick_size = self._host.instrument(strategy.symbol).tick_size
        charts = StrategyCharts(strategy, tick_size=tick_size, parent=self._stack)
        charts.load(*self._host.history(strategy.strategy_id))
        charts.pointed.connect(self._host.focus.point_at)
        charts.columns_asked.connect(self.list_columns)
        charts.bar_clicked.connect(partial(self._on_bar_clicked, strategy.strategy_id))
        self._charts[strategy.strategy_id] = charts
        self._strategies[strategy.strategy_id] = strategy
        self._stack.addWidget(charts)
        self.selector.addItem(f"{strategy.name}  ·  {strategy.symbol}  ·  {strategy.timeframe}", strategy.strategy_id)

    def _on_bars_arrived(self, batch: BarRows) -> None:
        charts = self._charts.get(batch.strategy_id)
        if charts is None:
            return
        charts.append(batch)
        newest = batch.rows[-1]
        if charts is self.charts:
            text = self.tr("Strength {strength}   Weakness {weakness}")
            strength, weakness = formats.float_text(newest.strength, 2), formats.float_text(newest.weakness, 2)
            self._scores.setText(text.format(strength=strength, weakness=weakness))

    def _on_flow_ended(self, record: FlowRecord) -> None:
        chart = self._charts.get(record.strategy_id)
        if chart is None:
            return
        for node in record.nodes:
            if isinstance(node.payload, OpportunitySignal | ThreatSignal):
                chart.add_mark(replace(_signal_mark(node.payload), flow_id=record.flow_id))

    def _on_fill_booked(self, fill: Fill) -> None:
        owner = self._owners.get(fill.trade_id)
        mark = self._fill_mark(fill)
        for strategy_id, strategy in self._strategies.items():
            if strategy_id == owner if owner is not None else strategy.symbol == fill.symbol:
                self._charts[strategy_id].add_mark(mark)

    def _on_trade_changed(self, trade: Trade) -> None:
        self._owners[trade.trade_id] = trade.strategy_id
        if trade.status in (TradeStatus.PENDING, TradeStatus.OPEN):
            self._trades[trade.trade_id] = trade
        else:
            self._trades.pop(trade.trade_id, None)
            self._limits.pop(trade.trade_id, None)
        self._draw_plans(trade.strategy_id)

    def _on_order_changed(self, order: Order) -> None:
        if order.role is OrderRole.ENTRY and order.limit_price is not None:
            self._limits[order.trade_id] = order.limit_price
            self._draw_plans(order.strategy_id)
        if order.status is OrderStatus.NEW:
            self._unsent[order.order_id] = order
            self._draw_planned(order.strategy_id)
        elif self._unsent.pop(order.order_id, None) is not None:
            plan = self._schedules.get(order.group_id)
            if plan is not None and not any(each.order_id in self._unsent for each in plan.slices):
                del self._schedules[order.group_id]
            self._draw_planned(order.strategy_id)

    def _on_plan_changed(self, plan: GroupPlan) -> None:
        self._schedules[plan.group_id] = plan
        self._draw_planned(plan.strategy_id)

    def _draw_planned(self, strategy_id: str) -> None:
        """Show the slices whose orders are still to be sent, at their limit or else at the price they were planned against."""
        chart = self._charts.get(strategy_id)
        if chart is None:
            return
        chart.show_planned(
            [
                PlannedOrder(
                    due_ns=ns_from_datetime(each.due_at),
                    price=float(self._unsent[each.order_id].limit_price or plan.arrival_price),
                    is_buy=plan.direction is Direction.BUY,
                )
                for plan in self._schedules.values()
                if plan.strategy_id == strategy_id
                for each in plan.slices
                if each.order_id in self._unsent
            ]
        )

    def _on_instant_pointed(self, at_ns: int | None) -> None:
        for charts in self._charts.values():
            charts.point_at_instant(at_ns)

    def _on_bar_clicked(self, strategy_id: str, from_ns: int, to_ns: int, mark: Mark | None) -> None:
        chosen = Chosen(strategy_id, self._strategies[strategy_id].symbol, from_ns, to_ns)
        if mark is not None:
            chosen = replace(chosen, flow_id=mark.flow_id, trade_id=mark.trade_id, order_id=mark.order_id)
        self._host.focus.choose(chosen)

    def _draw_plans(self, strategy_id: str) -> None:
        chart = self._charts.get(strategy_id)
        if chart is not None:
            mine = [each for each in self._trades.values() if each.strategy_id == strategy_id]
            chart.show_plans([line for each in mine for line in self._plan_lines(each)])

    def _on_status_changed(self, status: SessionStatus) -> None:
        self._label.setText(self.tr("Data: {label}").format(label=status.label))
        self._strategies = {each.strategy_id: each for each in status.strategies}
        self._is_live = status.state in (SessionState.RUNNING, SessionState.PAUSED)
        # While the session stands still no bar is due, so none can be missing.
        is_due = status.state is SessionState.RUNNING and status.now is not None
        now_ns = ns_from_datetime(status.now) if is_due and status.now is not None else None
        for charts in self._charts.values():
            charts.tell_time(now_ns)
        self._show_chosen()

    def _on_strategy_chosen(self, place: int) -> None:
        self._stack.setCurrentIndex(place)
        self._scores.setText("")
        self._show_chosen()
        self._offer_beside()

    def _on_beside_chosen(self, _place: int) -> None:
        if self.charts is not None:
            self.charts.show_beside(self.beside_selector.currentData())

    def _offer_beside(self) -> None:
        """Offer the timeframes that the chosen strategy's bars build, and choose the one that is shown."""
        self.beside_selector.clear()
        self.beside_selector.addItem(self.tr("Alone"), None)
        charts = self.charts
        if charts is None:
            return
        for timeframe in charts.offered:
            self.beside_selector.addItem(self.tr("+ {timeframe}").format(timeframe=timeframe.name), timeframe)
        shown = charts.beside_of
        self.beside_selector.setCurrentIndex(0 if shown is None else 1 + list(charts.offered).index(shown))

    def _on_pause_clicked(self) -> None:
        chosen = self._strategies.get(self.selector.currentData())
        if chosen is None:
            return
        self.pause_button.setEnabled(False)  # until the session tells how the strategy stands
        if chosen.is_paused:
            self._host.commands.resume_strategy(chosen.strategy_id)
        else:
            self._host.commands.pause_strategy(chosen.strategy_id)

    def _show_chosen(self) -> None:
        chosen = self._strategies.get(self.selector.currentData())
        paused = chosen is not None and chosen.is_paused
        self._state.setText(self.tr("Paused: {why}").format(why=chosen.pause_reason) if paused and chosen else "")
        self.pause_button.setText(self.tr("Resume strategy") if paused else self.tr("Pause strategy"))
        self.pause_button.setEnabled(chosen is not None and self._is_live)

    def _plan_lines(self, trade: Trade) -> list[PlanLine]:
        """Return the lines of a trade that is pending (stop and target in grey) or open."""
        tick_size, from_ns = self._host.instrument(trade.symbol).tick_size, ns_from_datetime(trade.opened_at)
        waits = trade.status is TradeStatus.PENDING
        wanted = (
            (average_entry(trade), self.tr("Entry"), Tone.TEXT, ENTRY_DASHES),
            (self._limits.get(trade.trade_id) if waits else None, self.tr("Limit"), Tone.ACCENT, STOP_DASHES),
            (trade.stop_loss_price, self.tr("Stop"), Tone.MUTED if waits else Tone.FALL, STOP_DASHES),
            (trade.take_profit_price, self.tr("Target"), Tone.MUTED if waits else Tone.RISE, TARGET_DASHES),
        )
        return [
            PlanLine(float(price), name, formats.price_text(price, tick_size), tone, dashes, from_ns)
            for price, name, tone, dashes in wanted
            if price is not None
        ]

    def _fill_mark(self, fill: Fill) -> Mark:
        is_entry, is_buy = fill.role is OrderRole.ENTRY, fill.direction is Direction.BUY
        kinds = {
            (True, True): MarkKind.ENTRY_BUY,
            (True, False): MarkKind.ENTRY_SELL,
            (False, True): MarkKind.EXIT_BUY,
            (False, False): MarkKind.EXIT_SELL,
        }
        quantity = formats.quantity_text(fill.quantity)
        price = formats.price_text(fill.price, self._host.instrument(fill.symbol).tick_size)
        label = (self.tr("Buy {quantity}") if is_buy else self.tr("Sell {quantity}")).format(quantity=quantity)
        text = f"{formats.state_text(fill.role)}: {formats.side_text(fill.direction)} {quantity} @ {price}"
        return Mark(
            ns_from_datetime(fill.filled_at),
            kinds[is_entry, is_buy],
            label,
            text,
            float(fill.price),
            trade_id=fill.trade_id,
            order_id=fill.order_id,
        )


def _signal_mark(signal: OpportunitySignal | ThreatSignal) -> Mark:
    """Return the mark of a signal, at the bar that closed when it was given."""
    at_ns = ns_from_datetime(signal.timestamp) - 1
    if isinstance(signal, ThreatSignal):
        name, score = formats.state_text(signal.threat_type), formats.score_text(signal.severity)
        return Mark(at_ns, MarkKind.THREAT, "", f"× {name} {score}")  # noqa: RUF001  # the shape of the mark
    name, score = formats.state_text(signal.signal_type), formats.score_text(signal.confidence)
    kind = MarkKind.SIGNAL_BUY if signal.direction is Direction.BUY else MarkKind.SIGNAL_SELL
    return Mark(at_ns, kind, score, f"○ {name} {formats.side_text(signal.direction)} {score}")
