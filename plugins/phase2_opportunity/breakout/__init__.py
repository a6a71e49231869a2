"""Closes beyond the range of the bars before."""
