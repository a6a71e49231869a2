"""A far target, for trades that the planner is sure of."""
