"""A target at a fixed multiple of the risk."""
