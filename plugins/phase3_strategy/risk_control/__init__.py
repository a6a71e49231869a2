"""Closes everything of its strategy when a threat is severe enough, and does nothing else."""
