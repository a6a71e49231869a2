"""Keeps an asset near its share of the equity."""
