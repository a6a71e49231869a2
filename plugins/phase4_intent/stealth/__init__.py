"""Seen by few: for orders that others would trade against."""
