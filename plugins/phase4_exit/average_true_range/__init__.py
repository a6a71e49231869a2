"""A stop beyond the noise of the last bars."""
