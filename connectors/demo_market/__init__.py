"""A made-up market for a first look: no file, no network, always labelled DEMO."""
