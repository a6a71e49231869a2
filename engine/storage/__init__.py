"""The cellar: SQLite, and nobody else in the engine speaks it."""
