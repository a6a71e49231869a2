"""Specialists that see dangers."""
