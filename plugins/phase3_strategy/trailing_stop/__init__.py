"""Lets stops follow the price, and never back."""
