"""Swings, breaks of structure and changes of character."""
