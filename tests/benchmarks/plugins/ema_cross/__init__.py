"""The bar on which one average crosses another."""
