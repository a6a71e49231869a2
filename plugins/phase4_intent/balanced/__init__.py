"""Urgency, stealth and price, weighed for everyday trades."""
