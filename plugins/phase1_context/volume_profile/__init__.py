"""Volume profile."""
