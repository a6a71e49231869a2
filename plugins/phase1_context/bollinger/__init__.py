"""Bollinger bands."""
