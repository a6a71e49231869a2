"""The truth about money: groups, orders, positions, trades, and cash."""
