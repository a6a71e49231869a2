"""The scout and the watchdog, side by side."""
