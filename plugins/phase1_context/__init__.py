"""Specialists that describe the market."""
