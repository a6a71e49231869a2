"""Relative strength index."""
