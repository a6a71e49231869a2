"""The trading engine: pure Python, no window, no venue library."""
