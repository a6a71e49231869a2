"""In at several prices, each better than the one before."""
