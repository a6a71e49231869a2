"""Specialists in how much."""
