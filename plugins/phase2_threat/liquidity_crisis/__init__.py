"""A market that one can no longer get out of."""
