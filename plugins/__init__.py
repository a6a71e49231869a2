"""What quants write: one folder is one specialist, with its manifest, its card and its test."""
