"""Every action of the window, in one list."""
