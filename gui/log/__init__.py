"""What the program says of itself: collected for a list, and written to a file."""
