"""Moving average convergence and divergence."""
