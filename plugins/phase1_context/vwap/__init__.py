"""Volume-weighted average price."""
