"""A market that has run away from its companion."""
