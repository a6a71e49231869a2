"""Questions to a person; none of them blocks the loop."""
