"""What a person has to be told of at once, and whether somebody has seen it."""
