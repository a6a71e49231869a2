"""Close the round: end flows, count what became of them, and tell why."""
