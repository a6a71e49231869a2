"""Average true range."""
