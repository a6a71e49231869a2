"""The confrontation: four quadrants in, one decision out."""
