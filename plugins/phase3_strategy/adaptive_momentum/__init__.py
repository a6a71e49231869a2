"""Momentum, weighed against its dangers."""
