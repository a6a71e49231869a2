"""Specialists in where out."""
