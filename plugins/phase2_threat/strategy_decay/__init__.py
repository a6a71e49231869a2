"""A strategy that has stopped earning."""
