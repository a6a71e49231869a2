"""Say how an order ended that the venue's books do not settle: only a person does this, and says why."""

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from engine.contracts.commands import OrderClaim
from engine.contracts.orders import Order
from gui.dialogs.reason import ReasonDialog

_CLAIMS = (OrderClaim.CANCELLED, OrderClaim.EXPIRED, OrderClaim.REJECTED)
"""A fill needs the venue's own trade id and price: `s1mpletrader resolve` takes them."""


class ResolveOrderDialog(ReasonDialog):
    """Asks how an order ended and where that was seen; `resolved` carries both."""

    resolved = Signal(object, str)  # OrderClaim, reason

    def __init__(self, order: Order, parent: QWidget | None = None) -> None:
        translate = QCoreApplication.translate
        self.claim = QComboBox()
        said = {
            OrderClaim.CANCELLED: translate("ResolveOrderDialog", "Cancelled: what was left of it is gone"),
            OrderClaim.EXPIRED: translate("ResolveOrderDialog", "Expired: its time ran out"),
            OrderClaim.REJECTED: translate("ResolveOrderDialog", "Rejected: it never arrived"),
        }
        for claim in _CLAIMS:
            self.claim.addItem(said[claim])
        question = translate(
            "ResolveOrderDialog",
            "What do the venue's own pages show of {order}? Its books are read again after it: what works there all"
            " the same is cancelled, and what executed is booked.",
        )
        super().__init__(
            parent,
            title=translate("ResolveOrderDialog", "Resolve order"),
            question=question.format(order=order.order_id),
            accept=translate("ResolveOrderDialog", "Resolve order"),
            details=self.claim,
        )
        self.claim.setAccessibleName(translate("ResolveOrderDialog", "What became of the order"))
        self.confirmed.connect(self._on_confirmed)

    def _on_confirmed(self, reason: str) -> None:
        self.resolved.emit(_CLAIMS[self.claim.currentIndex()], reason)
