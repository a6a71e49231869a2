"""Item models over the notes of the engine."""
