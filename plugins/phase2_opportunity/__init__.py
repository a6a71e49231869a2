"""Specialists that see chances."""
