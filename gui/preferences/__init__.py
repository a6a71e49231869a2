"""What a person chose for the window: look, language, keys. Kept in one file."""
