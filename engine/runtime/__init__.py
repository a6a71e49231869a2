"""The heartbeat: one writer that takes in the market, runs the flows and settles what came of them."""
