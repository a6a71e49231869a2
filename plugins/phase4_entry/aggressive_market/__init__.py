"""In now, at the market."""
