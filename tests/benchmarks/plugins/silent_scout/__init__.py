"""Somebody who listens and has nothing to say."""
