"""Carry it out, and interpret nothing."""
