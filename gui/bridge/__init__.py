"""The one door between the window and a running session."""
