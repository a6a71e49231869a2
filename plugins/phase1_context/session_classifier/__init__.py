"""Trading sessions and killzones by the clock of their own cities."""
