"""Exponential moving averages."""
