"""The memory: everything that came in, was decided, and became of it."""
