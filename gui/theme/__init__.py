"""Colours, spacing and the one place that turns values into text."""
