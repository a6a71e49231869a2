"""Buys for the same amount whenever its schedule is due, whatever the price."""
