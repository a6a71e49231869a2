"""From what somebody clicked to the flow that it came from. It knows no widgets."""

from collections.abc import Iterable, Mapping
from typing import Final

from engine.contracts.flows import FlowRecord, OutcomeKind
from engine.primitives.ids import GroupId
from gui.bridge.focus import Chosen
from gui.models.decisions import OrdersOf, groups_made_in

_GROUPS_MAX: Final = 5_000


class FlowFinder:
    """Remembers which flow brought forth which group, for the newest groups, and finds flows by what came of them.

    Args:
        orders_of: The orders of a group, as the window has seen them.
    """

    def __init__(self, orders_of: OrdersOf) -> None:
        self._orders_of = orders_of
        self._makers: dict[GroupId, str] = {}

    def learn(self, record: FlowRecord) -> None:
        """Remember the groups of a flow."""
        for group_id in groups_made_in(record):
            self._makers[group_id] = record.flow_id
        while len(self._makers) > _GROUPS_MAX:
            del self._makers[next(iter(self._makers))]

    def flow_of(self, chosen: Chosen, records: Mapping[str, FlowRecord]) -> FlowRecord | None:
        """Return the flow behind a click; None where none of those that are known is.

        The narrowest word of the click decides alone: a flow, then an order, then a trade (the flow that opened it), then
        the flows that were born in the bar, of which one that traded goes before the others and a later before an earlier.
        """
        if chosen.flow_id:
            return records.get(chosen.flow_id)
        if chosen.order_id or chosen.trade_id:
            return records.get(self._maker_of(chosen))
        if chosen.from_ns is None or chosen.to_ns is None:
            return None
        born = (each for each in records.values() if chosen.from_ns < each.born_ns <= chosen.to_ns)
        return _most_telling(each for each in born if chosen.strategy_id in ("", each.strategy_id))

    def _maker_of(self, chosen: Chosen) -> str:
        for group_id, flow_id in self._makers.items():
            for order in self._orders_of(group_id):
                if order.order_id == chosen.order_id if chosen.order_id else order.trade_id == chosen.trade_id:
                    return flow_id
        return ""


def _most_telling(records: Iterable[FlowRecord]) -> FlowRecord | None:
    return max(records, key=lambda record: (record.outcome.kind is OutcomeKind.EXECUTED, record.born_ns), default=None)
