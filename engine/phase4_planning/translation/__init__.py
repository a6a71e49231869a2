"""Universal trade-offs in, the terms of one family of venues out."""
