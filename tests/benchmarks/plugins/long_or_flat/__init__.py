"""Long after a cross upwards, flat after one downwards."""
