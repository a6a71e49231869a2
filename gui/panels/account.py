"""How the account stands: equity, cash, open result, drawdown."""

from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.contracts.orders import AccountSnapshot, Position
from gui.bridge.host import SessionHost
from gui.theme import formats
from gui.theme.look import give_font
from gui.theme.tokens import SPACE, Tone
from gui.widgets.colours import set_tone

_SAMPLE = "+10,000.00"
"""Figures keep the room for this, so that they do not jump while they change."""


class Figure(QWidget):
    """A caption over a number."""

    def __init__(self, caption: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._caption = QLabel(caption, self)
        self._caption.setProperty("role", "caption")
        self.value = QLabel(formats.NOTHING, self)
        give_font(self.value, 12, is_bold=True)
        self.value.setMinimumWidth(self.value.fontMetrics().horizontalAdvance(_SAMPLE))
        self.value.setAccessibleName(caption)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(1)
        box.addWidget(self._caption)
        box.addWidget(self.value)

    def show_text(self, text: str, tone: Tone | None = None) -> None:
        """Show a value, in the usual tone if none is given."""
        if text != self.value.text():
            self.value.setText(text)
        set_tone(self.value, tone)


class AccountPanel(QWidget):
    """A strip of figures; all amounts in the account's quote currency, which stands beside equity."""

    def __init__(self, host: SessionHost, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._host = host
        self.setProperty("role", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.equity = Figure(self.tr("Equity"), self)
        self.cash = Figure(self.tr("Cash"), self)
        self.open_pnl = Figure(self.tr("Open P&L"), self)
        self.realised = Figure(self.tr("Realised P&L"), self)
        self.fees = Figure(self.tr("Fees paid"), self)
        self.drawdown = Figure(self.tr("Drawdown"), self)
        self.realised.setToolTip(self.tr("Of closed quantities, before fees"))
        self.drawdown.setToolTip(self.tr("Equity below its highest value since the session began"))
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, SPACE)
        row.setSpacing(4 * SPACE)
        for figure in (self.equity, self.open_pnl, self.drawdown, self.cash, self.realised, self.fees):
            row.addWidget(figure)
        row.addStretch(1)
        host.feed.account_changed.connect(self._show)
        host.feed.position_changed.connect(self._on_position_changed)
        self._show(host.account())

    def _on_position_changed(self, _position: Position) -> None:
        self._show(self._host.account())  # a fill between two marks changes the account as well

    def _show(self, account: AccountSnapshot) -> None:
        positions = self._host.exposure().positions
        open_pnl = sum((position.open_pnl or Decimal(0) for position in positions), Decimal(0))
        peak = self._host.peak_equity()
        drawdown = (account.equity - peak) / peak if peak > 0 else Decimal(0)
        self.equity.show_text(formats.money_text(account.equity, account.currency))
        self.cash.show_text(formats.money_text(account.cash))
        self.open_pnl.show_text(formats.signed_money_text(open_pnl), _tone(open_pnl))
        self.realised.show_text(formats.signed_money_text(account.realised_pnl), _tone(account.realised_pnl))
        self._show_fees(account)
        self.drawdown.show_text(formats.percent_text(drawdown), Tone.FALL if drawdown < 0 else None)

    def _show_fees(self, account: AccountSnapshot) -> None:
        """Show those in quote, and all others beside them: amounts of different currencies are never added up."""
        others = [
            f"{formats.decimal_text(amount)} {currency}"
            for currency, amount in sorted(account.fees_in.items())
            if amount
        ]
        self.fees.show_text(" + ".join((formats.money_text(account.fees_paid), *others)))
        self.fees.value.setToolTip(
            "\n".join((formats.money_text(account.fees_paid, account.currency), *others)) if others else ""
        )


def _tone(amount: Decimal) -> Tone | None:
    if amount == 0:
        return None
    return Tone.RISE if amount > 0 else Tone.FALL
