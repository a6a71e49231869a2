"""Specialists in how and when."""
