"""Bars that many traders take part in."""
