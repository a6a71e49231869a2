"""How texts outside of widgets are translated; widgets use Qt's own `tr`."""

from PySide6.QtCore import QCoreApplication


def translate(context: str, text: str) -> str:
    """Return a text in the user's language. Context and text must be literals: `pyside6-lupdate` reads them from source."""
    return QCoreApplication.translate(context, text)


def counted(count: int, *, one: str, many: str) -> str:
    """Return ``1 order`` or ``3 orders``; both texts hold ``{count}`` and are translated by the caller."""
    return (one if count == 1 else many).format(count=f"{count:,}")
