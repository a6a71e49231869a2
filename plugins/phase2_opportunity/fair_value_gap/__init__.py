"""Three-bar gaps after a break of structure."""
