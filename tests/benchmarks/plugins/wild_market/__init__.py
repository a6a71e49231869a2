"""Bars that are far longer than usual."""
