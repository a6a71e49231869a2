"""Trending or ranging, by ADX."""
