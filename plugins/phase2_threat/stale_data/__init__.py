"""Bars that are missing, late, or stand still."""
