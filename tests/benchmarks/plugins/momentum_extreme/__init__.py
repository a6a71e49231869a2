"""Bars on which momentum is extreme."""
