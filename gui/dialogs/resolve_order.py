"""Say how an order ended that the venue's books do not settle: only a person does this, and says why."""

from decimal import Decimal, InvalidOperation

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from engine.contracts.commands import OrderClaim
from engine.contracts.orders import Order
from gui.dialogs.reason import ReasonDialog

_CLAIMS = (OrderClaim.CANCELLED, OrderClaim.EXPIRED, OrderClaim.REJECTED, OrderClaim.FILLED)


class ResolveOrderDialog(ReasonDialog):
    """Asks how an order ended and where that was seen; `resolved` carries both.

    A fill is believed only with the venue's own trade id and price, by which it is booked once, whoever else tells of it.
    """

    resolved = Signal(object, str, object, object)  # OrderClaim, reason, trade id or None, price (Decimal) or None

    def __init__(self, order: Order, parent: QWidget | None = None) -> None:
        translate = QCoreApplication.translate
        self.claim = QComboBox()
        said = {
            OrderClaim.CANCELLED: translate("ResolveOrderDialog", "Cancelled: what was left of it is gone"),
            OrderClaim.EXPIRED: translate("ResolveOrderDialog", "Expired: its time ran out"),
            OrderClaim.REJECTED: translate("ResolveOrderDialog", "Rejected: it never arrived"),
            OrderClaim.FILLED: translate("ResolveOrderDialog", "Filled: all that was left executed at once"),
        }
        for claim in _CLAIMS:
            self.claim.addItem(said[claim])
        self.venue_trade_id, self.price = QLineEdit(), QLineEdit()
        self.venue_trade_id.setPlaceholderText(translate("ResolveOrderDialog", "The venue's id of the execution"))
        self.price.setPlaceholderText(translate("ResolveOrderDialog", "Its price, for example 64250.10"))
        details = QWidget()
        box = QVBoxLayout(details)
        box.setContentsMargins(0, 0, 0, 0)
        for widget in (self.claim, self.venue_trade_id, self.price):
            box.addWidget(widget)
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
            details=details,
        )
        self.claim.setAccessibleName(translate("ResolveOrderDialog", "What became of the order"))
        self.venue_trade_id.setAccessibleName(translate("ResolveOrderDialog", "Trade id of the venue"))
        self.price.setAccessibleName(translate("ResolveOrderDialog", "Price of the execution"))
        self.confirmed.connect(self._on_confirmed)
        self.claim.currentIndexChanged.connect(self._on_claim_changed)
        self.venue_trade_id.textChanged.connect(self.check)
        self.price.textChanged.connect(self.check)
        self._on_claim_changed()

    def is_complete(self) -> bool:
        """Return whether a reason is there, and with a fill the venue's trade id and a price above zero."""
        is_named = bool(self.venue_trade_id.text().strip()) and self._given_price() is not None
        return super().is_complete() and (is_named or not self._is_filled)

    @property
    def _is_filled(self) -> bool:
        return _CLAIMS[self.claim.currentIndex()] is OrderClaim.FILLED

    def _given_price(self) -> Decimal | None:
        try:
            price = Decimal(self.price.text().strip())
        except InvalidOperation:
            return None
        return price if price.is_finite() and price > 0 else None

    def _on_claim_changed(self) -> None:
        self.venue_trade_id.setVisible(self._is_filled)
        self.price.setVisible(self._is_filled)
        self.check()

    def _on_confirmed(self, reason: str) -> None:
        claim = _CLAIMS[self.claim.currentIndex()]
        if self._is_filled:
            self.resolved.emit(claim, reason, self.venue_trade_id.text().strip(), self._given_price())
        else:
            self.resolved.emit(claim, reason, None, None)
