"""Specialists that decide."""
