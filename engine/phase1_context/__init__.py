"""The cartographer: what is there, and how strong and how weak it is."""
