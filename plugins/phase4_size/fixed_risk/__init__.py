"""The same share of equity at risk in every trade."""
