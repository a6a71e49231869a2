"""A fall that is too fast."""
