"""Specialists in what and where."""
