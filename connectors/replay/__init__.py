"""Recorded markets as if live, always labelled REPLAY."""
