"""In at a better price, or not at all."""
