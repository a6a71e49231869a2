"""Which side of the order book is heavier."""
