"""The smallest words of the engine; they import nothing else of ours."""
