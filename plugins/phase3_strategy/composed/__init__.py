"""Entries, trailing stop and risk control in one strategy."""
