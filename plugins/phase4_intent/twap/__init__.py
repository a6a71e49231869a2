"""In slices over time: for orders that would move the market."""
