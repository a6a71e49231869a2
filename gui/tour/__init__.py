"""The first minutes: where things are, in a few sentences."""
