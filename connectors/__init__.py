"""Plugs into the outer wall: one folder and one manifest each; they import engine.sdk and nothing else of ours."""
