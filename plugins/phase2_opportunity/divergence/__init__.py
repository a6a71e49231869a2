"""Swings that the oscillator does not follow."""
