"""Twice the usual risk, for trades that the planner is sure of."""
