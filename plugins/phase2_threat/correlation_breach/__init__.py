"""Two markets that no longer move as they used to."""
