"""Closes that have run too far from their mean."""
