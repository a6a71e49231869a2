"""As much as the strategy's own record says is worth risking."""
