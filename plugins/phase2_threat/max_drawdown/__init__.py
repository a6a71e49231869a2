"""How far equity has fallen from its peak."""
